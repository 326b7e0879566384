/** What a run of the deployment begins with: the plan that was begun or a new one, checked against chains, setup and sources. */
import type { Layer } from "../../config/localChains";
import type { Chain } from "../chain/chain";
import type { External } from "../external";
import type { Setup } from "../setup";
import type { PlanParameters } from "./addresses";
import { FinishedPlanError, OtherPlanError, PlanChangedError } from "./errors";
import { type EncodedLayout, digestsOf, encode, layOut } from "./layout";
import { type PlanFile, type PlannedStart, readPlanFile } from "./planFile";
import { checkDeployment, checkSigners } from "./refuse";
import { type Rehearsal, rehearse } from "./rehearse";
import { isDone, readStart } from "./survey";

/** What is deployed where, by whom. */
export interface DeployContext {
  /** The network's name. */
  readonly network: string;
  /** Of its records. */
  readonly folder: string;
  readonly chains: Readonly<Record<Layer, Chain>>;
  readonly deployer: string;
  readonly setup: Setup;
  readonly external: External;
  /** The commit of the sources, for a new plan. */
  readonly commit: string;
}

/** A plan that can be shown and carried out. */
export interface Prepared {
  readonly context: DeployContext;
  readonly plan: PlanFile;
  /** Whether `plan.json` is there; a new plan is written when it is sent. */
  readonly isBegun: boolean;
  /** Whether a plan that was begun has to be set aside for this one. */
  readonly isRestart: boolean;
  readonly layout: EncodedLayout;
  readonly rehearsal: Rehearsal;
  readonly warnings: readonly string[];
}

/** How a deployment is prepared. */
export interface PrepareOptions {
  /** Whether to begin a new plan although there is one. @defaultValue false */
  readonly isRestart?: boolean;
  /** @defaultValue {@link rehearse} */
  readonly rehearse?: typeof rehearse;
}

/**
 * Prepares a deployment; sends nothing and writes nothing.
 *
 * @throws {@link RefusedError}, {@link OtherPlanError}, {@link PlanChangedError}, {@link PendingTransactionError}, {@link FinishedPlanError},
 * and what the reads throw.
 */
export async function prepareDeployment(context: DeployContext, options: PrepareOptions = {}): Promise<Prepared> {
  const { isRestart = false, rehearse: run = rehearse } = options;
  const begun = await readPlanFile(context.folder);
  if (isRestart && begun !== undefined) await checkUnfinished(context, begun);
  const plan = begun === undefined || isRestart ? await newPlan(context) : begun;
  checkSame(context, plan);
  const layout = await encode(layOut(startOf(plan), context.setup, context.external));
  const warnings = await checkDeployment({ ...context, layout });
  const digests = digestsOf(layout);
  const isBegun = begun !== undefined && !isRestart;
  if (isBegun) checkDigests(plan, digests);
  else await checkSigners({ ...context, layout });
  const rehearsal = await run(startOf(plan), layout, context.external);
  return {
    context,
    plan: { ...plan, digests },
    isBegun,
    isRestart: begun !== undefined && isRestart,
    layout,
    rehearsal,
    warnings,
  };
}

/** Where a plan starts, as its addresses follow from it. */
export function startOf({ l1, l2 }: PlanFile): PlanParameters {
  const start = ({ chainId, deployer, nonce }: PlannedStart) => ({ chainId: BigInt(chainId), deployer, nonce });
  return { l1: start(l1), l2: start(l2) };
}

async function newPlan({ network, commit, chains, deployer }: DeployContext): Promise<PlanFile> {
  const l1 = await readStart(chains.l1, deployer);
  const l2 = await readStart(chains.l2, deployer);
  return { network, commit, l1, l2, digests: {}, transactions: { l1: {}, l2: {} } };
}

function checkSame({ network, chains, deployer }: DeployContext, plan: PlanFile): void {
  const pairs = [
    ["network", plan.network, network],
    ["chain", String(plan.l1.chainId), String(chains.l1.settings.chainId)],
    ["chain", String(plan.l2.chainId), String(chains.l2.settings.chainId)],
    ["deployer", plan.l1.deployer, deployer],
    ["deployer", plan.l2.deployer, deployer],
  ] as const;
  for (const [field, planned, given] of pairs) if (planned !== given) throw new OtherPlanError(field, planned, given);
}

function checkDigests(plan: PlanFile, digests: Readonly<Record<string, string>>): void {
  const names = new Set([...Object.keys(plan.digests), ...Object.keys(digests)]);
  const changed = [...names].filter((name) => plan.digests[name] !== digests[name]);
  if (changed.length > 0) throw new PlanChangedError(changed, plan.commit);
}

/** A protocol whose power is handed over is in use: its records must not make room by an option. */
async function checkUnfinished({ folder, chains, setup, external }: DeployContext, plan: PlanFile): Promise<void> {
  const { steps } = layOut(startOf(plan), setup, external);
  const lasts = steps.filter(({ name }) => name.endsWith("renounced"));
  const done = await Promise.all(lasts.map(async (step) => isDone(chains[step.layer].provider, step, new Map())));
  if (done.some(Boolean)) throw new FinishedPlanError(folder);
}
