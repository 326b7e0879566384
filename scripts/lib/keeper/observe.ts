/** One reading of both chains, each in one block. */
import type { Context } from "../../../sdk/src";
import { RpcError } from "../../../sdk/src/errors";
import { ask } from "../../../sdk/src/rpc/ask";
import type { BlockStamp } from "../../../sdk/src/rpc/readBatch";
import type { Address, Side } from "../../../sdk/src/types";
import { type Messengers, findCrossings } from "./observe/crossings";
import { observeL1 } from "./observe/l1";
import { observeL2 } from "./observe/l2";
import { findMessages } from "./observe/messages";
import type { Observation, Purse } from "./state";

/** Whose eyes, and how far. */
export interface ObserveParameters extends Messengers {
  readonly keeper: Address;
  /** What shows only in so many last blocks of Ethereum is not acted upon. */
  readonly depth: number;
  /** How far back messages are followed, seconds. */
  readonly window: bigint;
  /** What the keeper paid in the last 24 hours, wei of each chain's coin. */
  readonly spent: Readonly<Record<Side, bigint>>;
  /** Blocks that were seen already: a node that has them not yet knows too little. */
  readonly notBefore: Readonly<Record<Side, number>>;
}

/** A chain whose latest block lies before one that was seen on it. */
export class StaleNodeError extends Error {
  override readonly name = "StaleNodeError";

  constructor(
    readonly side: Side,
    readonly blockNumber: number,
    readonly seen: number,
  ) {
    super(
      `${side} is at block ${blockNumber}, ${seen} was seen before: ask another node, or wait until this one has caught up`,
    );
  }
}

/**
 * Reads both chains.
 *
 * @throws {@link StaleNodeError}, and the SDK's errors of reading.
 */
export async function observe(context: Context, parameters: ObserveParameters): Promise<Observation> {
  const { keeper, depth, window } = parameters;
  const [l1Block, l2Block] = await Promise.all([latest(context, "l1"), latest(context, "l2")]);
  checkFreshness("l1", l1Block, parameters);
  checkFreshness("l2", l2Block, parameters);
  const settledBlock = Math.max(l1Block.blockNumber - depth, context.deployment.l1.startBlock);
  const onL1 = observeL1(context, { keeper, blockNumber: l1Block.blockNumber });
  const isSettled = settledBlock === l1Block.blockNumber;
  const [l1, settledL1, l2, l1Purse, l2Purse] = await Promise.all([
    onL1,
    isSettled ? onL1 : observeL1(context, { keeper, blockNumber: settledBlock }),
    observeL2(context, { blockNumber: l2Block.blockNumber, l1Time: l1Block.timestamp, window }),
    readPurse(context, "l1", parameters),
    readPurse(context, "l2", parameters),
  ]);
  const { messages, lastReportAt, hashLogs } = await findMessages(context, { l1, l2, window });
  const crossings = await findCrossings(context, { ...parameters, l1, l2, messages, hashLogs });
  const purses = { l1: l1Purse, l2: l2Purse };
  return { state: { l1, l2, bridge: { messages, crossings, lastReportAt }, keeper, purses }, settledL1 };
}

function checkFreshness(side: Side, { blockNumber }: BlockStamp, { notBefore }: ObserveParameters): void {
  if (blockNumber < notBefore[side]) throw new StaleNodeError(side, blockNumber, notBefore[side]);
}

async function latest(context: Context, side: Side): Promise<BlockStamp> {
  const block = await ask(side, "eth_getBlockByNumber", context, () => context[side].getBlock("latest"));
  return { blockNumber: block?.number ?? 0, timestamp: BigInt(block?.timestamp ?? 0) };
}

async function readPurse(context: Context, side: Side, { keeper, spent }: ObserveParameters): Promise<Purse> {
  const provider = context[side];
  const [balance, fees] = await Promise.all([
    ask(side, "eth_getBalance", context, () => provider.getBalance(keeper)),
    ask(side, "eth_gasPrice", context, () => provider.getFeeData()),
  ]);
  // ethers tells of no failure here, and at a price of 0 everything would be worth it.
  if (fees.gasPrice === null) throw new RpcError(side, "eth_gasPrice", "it tells no price");
  return { balance, gasPrice: fees.gasPrice, spent: spent[side] };
}
