/** Carries out a plan, step by step. Killed at any moment and run again it goes on and ends in the same state. */
import { Transaction, type TransactionReceipt, keccak256 } from "ethers";

import type { Layer } from "../../config/localChains";
import type { Account } from "../chain/account";
import { NonceTakenError, OrderRevertedError } from "../chain/errors";
import { type Order, type SendOrderOptions, sendOrder } from "../chain/sender";
import { actorsOf } from "../setup";
import { ForeignNonceError, NoEffectError, NotArrivedError } from "./errors";
import { encodedOf } from "./layout";
import { type PlanFile, setPlanAside, withTransaction, writePlanFile } from "./planFile";
import { proveNoPower } from "./power";
import { type Prepared } from "./prepare";
import { keepRecord } from "./record";
import type { SentStep, Step, WaitStep } from "./steps";
import { checkNonce, isDone } from "./survey";

/** How a plan is carried out. Times are milliseconds. */
export interface RunOptions {
  readonly account: Account;
  /** How long a message from Ethereum may take. @defaultValue an hour */
  readonly patience?: number;
  /** Between two looks at a chain. @defaultValue 4,000 */
  readonly pollingInterval?: number;
  /** Of each order. */
  readonly sending?: Omit<SendOrderOptions, "nonce" | "pollingInterval">;
  /** Told in a line what happens. */
  readonly log?: (line: string) => void;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** A run under way. */
interface Run extends Prepared {
  readonly options: Required<Omit<RunOptions, "sending">> & Pick<RunOptions, "sending">;
  /** With what was signed so far. */
  plan: PlanFile;
}

/**
 * Sends what of a plan is not done yet, writes the records, and proves at the end that power is where the setup has it.
 *
 * @throws Before it sends a step: {@link ForeignNonceError}, {@link StrangeCodeError}, {@link VaultMismatchError}; while it waits for the bridge:
 * {@link NotArrivedError}; at the end: {@link PowerError}; and what {@link sendOrder} throws.
 */
export async function carryOut(prepared: Prepared, options: RunOptions): Promise<void> {
  const run = await begin(prepared, options);
  for (const step of run.layout.steps) {
    if (step.type === "wait") await arrive(run, step);
    else await complete(run, step);
    if (step.type === "create") await keepRecord(recordParts(run, step.layer), step);
  }
  for (const layer of ["l1", "l2"] as const) await proveNoPower(powerOf(run, layer));
  run.options.log("Done: power is where the setup has it, and nowhere else.");
}

/** What {@link proveNoPower} asks of a chain of a deployment. */
export function powerOf({ context, plan, layout }: Pick<Prepared, "context" | "plan" | "layout">, layer: Layer) {
  const { l1, l2 } = layout.deployment;
  const governed =
    layer === "l1"
      ? [l1.vaultBeacon, l1.lockManager, l1.l1Gateway]
      : [l2.stakingPool, l2.redemptionQueue, l2.l2Gateway];
  return {
    layer,
    provider: context.chains[layer].provider,
    accessManager: layout.deployment[layer].accessManager,
    governed,
    actors: actorsOf(context.setup, layer),
    deployer: context.deployer,
    startBlock: plan[layer].block,
  };
}

async function begin(prepared: Prepared, options: RunOptions): Promise<Run> {
  const { isBegun, isRestart, plan } = prepared;
  const { folder } = prepared.context;
  const defaults = {
    patience: 3_600_000,
    pollingInterval: 4_000,
    log: () => undefined,
    sleep: async (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  };
  const run: Run = { ...prepared, options: { ...defaults, ...options } };
  if (isRestart) run.options.log(`The old plan is ${await setPlanAside(folder)} now.`);
  if (!isBegun) await writePlanFile(folder, plan);
  return run;
}

/** Waits until the bridge has brought the message. */
async function arrive(run: Run, step: WaitStep): Promise<void> {
  const { patience, pollingInterval, sleep, log } = run.options;
  for (let waited = 0; ; waited += pollingInterval) {
    if (await isSettled(run, step)) return;
    if (waited >= patience) throw new NotArrivedError(step.name, waited, run.context.external.messenger);
    log(`${step.name}: waiting for Metis, ${Math.round(waited / 1000)} s so far. It may be stopped and run again.`);
    await sleep(pollingInterval);
  }
}

/** Sends a step until it is done and confirmed. */
async function complete(run: Run, step: SentStep): Promise<void> {
  const { provider } = run.context.chains[step.layer];
  for (let sent: TransactionReceipt | undefined; !(await isSettled(run, step));) {
    // Nonce and state of one block: a step that is mined after it has used up this nonce.
    const block = await provider.getBlockNumber();
    const next = await provider.getTransactionCount(run.context.deployer, block);
    if (await isDone(provider, step, run.rehearsal.code, block)) {
      await run.options.sleep(run.options.pollingInterval);
      continue;
    }
    if (sent !== undefined) throw new NoEffectError(step.name, sent.hash);
    await checkNonce(provider, step, run.plan, next);
    sent = await send(run, step, step.nonce ?? next);
  }
}

/** Whether a step is done as deep in the chain as its settings ask. */
async function isSettled({ context, rehearsal }: Run, step: Step): Promise<boolean> {
  const { provider, settings } = context.chains[step.layer];
  const head = await provider.getBlockNumber();
  return isDone(provider, step, rehearsal.code, Math.max(0, head - settings.confirmations + 1));
}

/** @returns The receipt; `undefined` when the nonce was used meanwhile, and what for is to be seen on the chain. */
async function send(run: Run, step: SentStep, nonce: number): Promise<TransactionReceipt | undefined> {
  const { context, options } = run;
  const chain = context.chains[step.layer];
  const value = step.type === "call" ? await step.readValue?.(chain.provider) : undefined;
  const to = step.type === "call" ? step.to : null;
  const order: Order = { to, data: encodedOf(run.layout, step), value: value ?? 0n, label: step.name };
  const { pollingInterval } = options;
  const settings = { log: logTo(options.log), sleep: options.sleep, ...options.sending, pollingInterval, nonce };
  try {
    return await sendOrder(chain, remembering(run, step), order, settings);
  } catch (error) {
    if (error instanceof NonceTakenError) return undefined;
    throw asNonceError(run, step, nonce, error);
  }
}

/** A creation that reverted in its block has used up its nonce. */
function asNonceError({ context }: Run, step: SentStep, nonce: number, error: unknown): unknown {
  if (!(error instanceof OrderRevertedError) || error.receipt === undefined || step.nonce === undefined) return error;
  return new ForeignNonceError(step.name, step.layer, context.deployer, nonce, nonce + 1, error.receipt.hash);
}

/** Signs as the account does, and writes down what is signed before anybody sees it: a run after this one finds it again. */
function remembering(run: Run, { layer }: Step): Account {
  const { account } = run.options;
  return {
    address: account.address,
    signTransaction: async (transaction) => {
      const raw = await account.signTransaction(transaction);
      run.plan = withTransaction(run.plan, layer, Transaction.from(raw).nonce, keccak256(raw));
      await writePlanFile(run.context.folder, run.plan);
      return raw;
    },
  };
}

function recordParts({ context, plan, layout, rehearsal }: Run, layer: Layer) {
  return { chain: context.chains[layer], folder: context.folder, plan, layout, expected: rehearsal.code };
}

function logTo(log: (line: string) => void): NonNullable<SendOrderOptions["log"]> {
  return (progress, label) => {
    const detail = "hash" in progress ? progress.hash : progress.reason;
    log(`${label}: ${progress.type} ${detail}`);
  };
}
