/**
 * What the keeper paid in the last 24 hours, from the chains alone, so that a restart forgets nothing. Found are its transactions that left a log of the
 * protocol or of LockingPool. Not found are those that left none: replays of Metis's messages, and what reverted; a process adds its own of these.
 * Counted is all value that was sent along, also where a surplus came back.
 */
import type { Provider, TransactionReceipt, TransactionResponse } from "ethers";

import type { Context } from "../../../sdk/src";
import {
  L2Gateway__factory,
  RedemptionQueue__factory,
  StakingPool__factory,
} from "../../../sdk/src/generated/contracts";
import { ask } from "../../../sdk/src/rpc/ask";
import type { BlockStamp } from "../../../sdk/src/rpc/readBatch";
import type { LogFilter } from "../../../sdk/src/rpc/readLogs";
import type { Address, Side } from "../../../sdk/src/types";
import { type ChainPart, logsSince, windowStart } from "./observe/logs";

/** A transaction of the keeper. */
export interface Expense {
  readonly side: Side;
  readonly hash: string;
  /** Wei of the chain's coin: gas and value. */
  readonly cost: bigint;
  /** Unix seconds of the chain. */
  readonly at: bigint;
}

/** Within this time the cap holds, seconds. */
export const capPeriod = 86_400n;

/** The keeper's transactions of the last 24 hours that left a log. */
export async function findExpenses(context: Context, side: Side, keeper: Address): Promise<readonly Expense[]> {
  const provider = context[side];
  const block = await ask(side, "eth_getBlockByNumber", context, () => provider.getBlock("latest"));
  const last: BlockStamp = { blockNumber: block?.number ?? 0, timestamp: BigInt(block?.timestamp ?? 0) };
  const { startBlock } = context.deployment[side];
  const part: ChainPart = { ...context, side, provider, startBlock, last };
  const logs = await logsSince(part, filtersOf(context, side), await windowStart(part, capPeriod));
  const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))];
  const expenses = await Promise.all(hashes.map((hash) => expenseOf(part, keeper, hash)));
  return expenses.flatMap((expense) => expense ?? []);
}

/** What was paid on a chain: what is found there, and what this process knows beyond it. */
export function sumOfExpenses(
  side: Side,
  found: readonly Expense[],
  own: readonly Expense[],
  currentTime: bigint,
): bigint {
  const known = new Set(found.map(({ hash }) => hash));
  const more = own.filter(({ hash, at }) => !known.has(hash) && at + capPeriod > currentTime);
  return [...found, ...more].filter((expense) => expense.side === side).reduce((sum, { cost }) => sum + cost, 0n);
}

/** What a transaction cost: gas, and all value that was sent along. */
export async function costOf(provider: Provider, receipt: TransactionReceipt): Promise<bigint> {
  const transaction = await provider.getTransaction(receipt.hash);
  return transaction === null ? receipt.fee : costFrom(transaction, receipt);
}

/** All that a keeper's transaction may leave, and on Metis little of what users leave. */
function filtersOf({ deployment: { l1, l2 } }: Context, side: Side): readonly LogFilter[] {
  if (side === "l1") return [{ address: [l1.lockManager, l1.l1Gateway, l1.lockingPool] }];
  const gateway = L2Gateway__factory.createInterface();
  const pool = StakingPool__factory.createInterface();
  const queue = RedemptionQueue__factory.createInterface();
  const topics = [
    gateway.getEvent("ArrivalsForwarded"),
    gateway.getEvent("NeedSignalled"),
    gateway.getEvent("MessageDelivered"),
    gateway.getEvent("MessagePartlyDelivered"),
    pool.getEvent("QueueFunded"),
    pool.getEvent("SentToL1"),
    queue.getEvent("SurplusSkimmed"),
  ];
  const address = [l2.l2Gateway, l2.stakingPool, l2.redemptionQueue];
  return [{ address, topics: [topics.map(({ topicHash }) => topicHash)] }];
}

async function expenseOf(part: ChainPart, keeper: Address, hash: string): Promise<Expense | undefined> {
  const { side, provider, last } = part;
  const transaction = await ask(side, "eth_getTransactionByHash", part, () => provider.getTransaction(hash));
  if (transaction?.from !== keeper) return undefined;
  const receipt = await ask(side, "eth_getTransactionReceipt", part, () => provider.getTransactionReceipt(hash));
  // Gone meanwhile: then nothing was paid.
  if (receipt === null) return undefined;
  return { side, hash, cost: costFrom(transaction, receipt), at: last.timestamp };
}

/** Receipts of a chain without a base fee carry no price. */
function costFrom({ gasPrice, value }: TransactionResponse, receipt: TransactionReceipt): bigint {
  return receipt.gasUsed * (receipt.gasPrice === 0n ? gasPrice : receipt.gasPrice) + value;
}
