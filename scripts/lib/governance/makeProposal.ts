/** From what a person asks for to the files that a Safe signs: built, checked and simulated; sends nothing. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { keccak256 } from "ethers";

import type { Deployment } from "../../../sdk/src/deployments";
import type { Layer } from "../../config/localChains";
import type { RecordedLayout, UpgradeableContract } from "../layouts";
import type { LocalNode } from "../localNode";
import { readPowers } from "../verify/accessManager";
import { encodeCall } from "./arguments";
import type { WantedCall } from "./authority";
import { UnknownOperationError } from "./errors";
import { type Proposal, delayedCalls, propose } from "./proposal";
import { type SafeBatch, type SafeTransaction, safeBatch } from "./safeBatch";
import { type Simulation, simulate, simulateCancel } from "./simulate";
import { type Target, describeCall, targetNamed, targetsOf } from "./targets";
import { expectCompatibleLayout, expectPresentBuild, upgradeCall } from "./upgrade";

/** What a person asks for. */
export type Request =
  | { readonly type: "call"; readonly contract: string; readonly function: string; readonly arguments: string }
  | { readonly type: "upgrade"; readonly contract: UpgradeableContract; readonly implementation: string }
  /** Calls off an announced operation, by the AccessManager's name for it. */
  | { readonly type: "cancel"; readonly operation: string };

/** Where a proposal is made. */
export interface ProposalGround {
  /** A fork of the chain, which is not what it was afterwards. */
  readonly node: LocalNode;
  readonly network: string;
  readonly layer: Layer;
  readonly deployment: Deployment;
  /** The Safe that acts. */
  readonly caller: string;
  /** Of what is deployed now. */
  readonly deployedLayout: (contract: UpgradeableContract) => Promise<RecordedLayout>;
  /** Of the present build, by contract, the halves among them. */
  readonly presentLayouts: () => Promise<ReadonlyMap<string, RecordedLayout>>;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

/** A file to sign. */
export interface ProposalFile {
  readonly name: string;
  readonly batch: SafeBatch;
}

/** A proposal that was simulated. */
export interface MadeProposal {
  /** The act in words. */
  readonly act: string;
  /** How it gets done; a cancellation is a call of its own. */
  readonly proposal: Proposal;
  readonly simulation: Simulation;
  readonly files: readonly ProposalFile[];
}

/**
 * Makes the files for what is asked for.
 *
 * @throws GovernanceError of the kind that fits: unknown names, arguments that do not fit, no power, an implementation that is not the
 * present build, a layout that would misread storage, a simulation that reverts.
 */
export async function makeProposal(ground: ProposalGround, request: Request): Promise<MadeProposal> {
  const { node, layer, deployment } = ground;
  const targets = targetsOf(deployment, layer);
  if (request.type === "cancel") return makeCancel(ground, targets, request.operation);
  const wanted = await wantedCall(ground, targets, request);
  const proposal = await propose(node, wanted);
  const act = describeCall(targets, wanted.target.address, wanted.data);
  const simulation = await simulate({ node, targets }, proposal);
  return { act, proposal, simulation, files: filesOf(ground, act, proposal) };
}

/** Writes the files and returns their paths. */
export async function writeProposal(
  folder: string,
  { files }: Pick<MadeProposal, "files">,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const paths = files.map(({ name }) => path.join(folder, name));
  for (const [index, { batch }] of files.entries()) {
    await writeFile(paths[index] ?? folder, `${JSON.stringify(batch, null, 2)}\n`);
  }
  return paths;
}

async function wantedCall(
  ground: ProposalGround,
  targets: readonly Target[],
  request: Exclude<Request, { readonly type: "cancel" }>,
): Promise<WantedCall> {
  const { caller, deployment, layer } = ground;
  const common = { caller, accessManager: deployment[layer].accessManager };
  if (request.type === "call") {
    const target = targetNamed(targets, request.contract);
    return { ...common, target, data: encodeCall(target, request.function, request.arguments) };
  }
  const call = upgradeCall(targets, request);
  await expectPresentBuild(ground.node, deployment, request);
  const deployed = await ground.deployedLayout(request.contract);
  expectCompatibleLayout(request.contract, deployed, await ground.presentLayouts());
  return { ...common, ...call };
}

async function makeCancel(
  ground: ProposalGround,
  targets: readonly Target[],
  operation: string,
): Promise<MadeProposal> {
  const { node, layer, deployment, caller } = ground;
  const { accessManager, startBlock } = deployment[layer];
  const { operations } = await readPowers(node, accessManager, startBlock, layer);
  const found = operations.find(({ id }) => id === operation.toLowerCase());
  if (found === undefined) {
    const waiting = operations.map(({ id }) => id).join(", ");
    throw new UnknownOperationError(`no operation ${operation} waits: ${waiting === "" ? "none does" : waiting}`);
  }
  const manager = targetNamed(targets, "AccessManager");
  const { cancel: call } = delayedCalls({
    accessManager,
    caller: found.caller,
    target: { address: found.target },
    data: found.data,
  });
  const simulation = await simulateCancel({ node, targets }, caller, call);
  const wanted: WantedCall = { accessManager, caller, target: manager, data: call.data };
  const proposal: Proposal = { type: "direct", wanted, call };
  const act = `calls off ${describeCall(targets, found.target, found.data)}`;
  return { act, proposal, simulation, files: filesOf(ground, act, proposal) };
}

function filesOf(ground: ProposalGround, act: string, proposal: Proposal): readonly ProposalFile[] {
  const { network, layer, deployment, caller: safe, createdAt } = ground;
  const { target, data } = proposal.wanted;
  const call = target.contract.parseTransaction({ data })?.name ?? "call";
  const mark = (proposal.type === "scheduled" ? proposal.operation : keccak256(data)).slice(2, 10);
  const base = `${network}-${layer}-${target.name}.${call}-${mark}`;
  const file = (step: string, transaction: SafeTransaction): ProposalFile => ({
    name: `${base}.${step}.json`,
    batch: safeBatch({
      chainId: deployment[layer].chainId,
      createdAt,
      safe,
      name: `${network} ${layer}: ${step} ${target.name}.${call}`,
      description: act,
      transactions: [transaction],
    }),
  });
  if (proposal.type === "direct") return [file("call", proposal.call)];
  return [file("schedule", proposal.schedule), file("execute", proposal.execute)];
}

/** What a made proposal says to a person. */
export function describeProposal(made: MadeProposal): readonly string[] {
  const { act, proposal, simulation } = made;
  const { target, caller } = proposal.wanted;
  const events = simulation.events.map(({ contract, event }) => `  ${contract} ${event}`);
  const head = [act, `by ${caller}, on ${target.name} at ${target.address}`];
  const result = ["simulated; it does this:", ...(events.length === 0 ? ["  nothing that a log tells"] : events)];
  if (proposal.type === "direct") return [...head, "no delay: one call, at once", ...result];
  const { readyAt = 0, expiresAt = 0 } = simulation.window ?? {};
  return [
    ...head,
    `operation ${proposal.operation}`,
    `delay ${proposal.delay} s: announced now, it can be carried out from ${timeOf(readyAt)} until before ${timeOf(expiresAt)}`,
    ...result,
  ];
}

/** Unix seconds for people. */
export function timeOf(timestamp: number): string {
  return `${new Date(timestamp * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
