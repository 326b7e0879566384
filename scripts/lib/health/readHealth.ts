import type { Provider } from "ethers";

import type { Deployment } from "../../../sdk/src/deployments";
import { readLimits } from "../../../sdk/src/reads/readLimits";
import { readQueue } from "../../../sdk/src/reads/readQueue";
import { readSolvency } from "../../../sdk/src/reads/readSolvency";
import { readVaults } from "../../../sdk/src/reads/readVaults";
import { verifyReserves } from "../../../sdk/src/reserves/verifyReserves";
import { ask } from "../../../sdk/src/rpc/ask";
import type { Side } from "../../../sdk/src/types";
import type { Head, Health, KeeperBalances } from "./health";
import { type LogMemory, createLogMemory } from "./logMemory";
import { readL1Fees, readL1Stops, readLockingPool, readNeed, readRewardPayer } from "./readL1";
import { readL2BlockTime, readL2Fee, readL2Stops, readOldestTicket } from "./readL2";
import { type CrossCounters, readCounters, readMessages, readTransitDown, readTransitUp } from "./readMessages";
import { readOperations } from "./readOperations";
import { type Reading, attempt } from "./reading";
import { type Source, l2Only, providerOf, readHead } from "./source";

/** What to read, and with what. */
export interface HealthOptions {
  readonly l1: Provider;
  readonly l2: Provider;
  readonly deployment: Deployment;
  /** The keeper's address, for its balances. */
  readonly keeper?: string;
  /** The machine's clock, Unix seconds. @defaultValue the present */
  readonly now?: number;
  /** Logs read before: give a loop's reads the same one. @defaultValue none */
  readonly logs?: LogMemory;
  /** Blocks back from each head whose logs are looked at. @defaultValue 450,000: the 42 days of governance and more, on both chains */
  readonly window?: number;
  /** Milliseconds that a node may take for one answer. @defaultValue the SDK's 30,000 */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads what a person on duty must know, from both chains. Never throws for a node or a contract: each part that could not be read is
 * unknown, with the reason. What needs one chain only is read whatever becomes of the other.
 *
 * @example
 * const health = await readHealth({ l1, l2, deployment, keeper });
 * if (health.solvency.type === "known") console.log(health.solvency.value.margin);
 */
export async function readHealth(options: HealthOptions): Promise<Health> {
  const {
    keeper,
    now = Math.floor(Date.now() / 1_000),
    logs = createLogMemory(),
    window = 450_000,
    ...context
  } = options;
  const source: Source = { ...context, logs, window };
  const [l1Head, l2Head, counters] = await Promise.all([
    attempt(() => readHead(source, "l1")),
    attempt(() => readHead(source, "l2")),
    attempt(() => readCounters(source)),
  ]);
  const heads: Heads = { l1Head, l2Head, counters };
  const [l2, l1, both, own] = await Promise.all([
    readL2Part(source, heads),
    readL1Part(source, heads),
    readBoth(source, heads),
    keeper === undefined ? undefined : readBalances(source, keeper),
  ]);
  return { network: source.deployment.name, readAt: now, l1Head, l2Head, ...l2, ...l1, ...both, keeper: own };
}

interface Heads {
  readonly l1Head: Reading<Head>;
  readonly l2Head: Reading<Head>;
  readonly counters: Reading<CrossCounters>;
}

async function readL2Part(source: Source, { l2Head }: Heads) {
  const [solvency, queue, oldestTicket, limits, l2Stops, l2BlockTime, l2Fee, l2GasPrice, l2Operations] =
    await Promise.all([
      attempt(() => readSolvency(source)),
      attempt(() => readQueue(source)),
      after(l2Head, (head) => readOldestTicket(source, head.timestamp)),
      attempt(async () => (await readLimits(l2Only(source))).l2),
      attempt(() => readL2Stops(source)),
      after(l2Head, (head) => readL2BlockTime(source, head)),
      attempt(() => readL2Fee(source)),
      attempt(() => readGasPrice(source, "l2")),
      after(l2Head, (head) => readOperations(source, "l2", head)),
    ]);
  return { solvency, queue, oldestTicket, limits, l2Stops, l2BlockTime, l2Fee, l2GasPrice, l2Operations };
}

async function readL1Part(source: Source, { l1Head }: Heads) {
  const [vaults, lockingPool, rewardPayer, need, l1Stops, l1Fees, l1GasPrice, l1Operations] = await Promise.all([
    attempt(() => readVaults(source)),
    attempt(() => readLockingPool(source)),
    attempt(() => readRewardPayer(source)),
    attempt(() => readNeed(source)),
    attempt(() => readL1Stops(source)),
    attempt(() => readL1Fees(source)),
    attempt(() => readGasPrice(source, "l1")),
    after(l1Head, (head) => readOperations(source, "l1", head)),
  ]);
  return { vaults, lockingPool, rewardPayer, need, l1Stops, l1Fees, l1GasPrice, l1Operations };
}

async function readBoth(source: Source, { l1Head, l2Head, counters }: Heads) {
  const [messages, transitDown, transitUp, reserves] = await Promise.all([
    after(counters, (found) => orThrow(l1Head, (head) => readMessages(source, head, found))),
    after(counters, (found) => orThrow(l1Head, (head) => readTransitDown(source, head, found))),
    after(counters, (found) => orThrow(l2Head, (head) => readTransitUp(source, head, found))),
    attempt(() => verifyReserves(source)),
  ]);
  return { messages, transitDown, transitUp, reserves };
}

async function readBalances(source: Source, address: string): Promise<KeeperBalances> {
  const balance = (side: Side) =>
    attempt(() => ask(side, "eth_getBalance", source, () => providerOf(source, side).getBalance(address)));
  const [l1, l2] = await Promise.all([balance("l1"), balance("l2")]);
  return { address, l1, l2 };
}

async function readGasPrice(source: Source, side: Side): Promise<bigint> {
  const { gasPrice } = await ask(side, "eth_gasPrice", source, () => providerOf(source, side).getFeeData());
  if (gasPrice === null) throw new Error(`The node of ${side} tells no gas price: use another node.`);
  return gasPrice;
}

/** What is read with the help of something read before; unknown for its reason when that is. */
async function after<T, R>(reading: Reading<T>, read: (value: T) => Promise<R>): Promise<Reading<R>> {
  return reading.type === "known" ? attempt(() => read(reading.value)) : reading;
}

async function orThrow<T, R>(reading: Reading<T>, read: (value: T) => Promise<R>): Promise<R> {
  if (reading.type === "unknown") throw new Error(reading.reason);
  return read(reading.value);
}
