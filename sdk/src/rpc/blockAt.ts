import type { Provider } from "ethers";

import type { ReadOptions } from "../context";
import { RpcAnswerError } from "../errors";
import type { Side } from "../types";
import { ask } from "./ask";
import { checkBlock } from "./checkBlock";
import type { BlockStamp } from "./readBatch";

/** Where to look for a block. */
export interface BlockQuery extends ReadOptions {
  readonly side: Side;
  readonly provider: Provider;
  /** The first block that can be meant. */
  readonly first: number;
  /** The last one, whose time is known. */
  readonly last: BlockStamp;
}

/**
 * The last block at or before a second; `first` when that is later. Asks for headers only, which every node has: one after another,
 * about 10 of a million blocks whose times are even, and 2 · log₂ of their number at most.
 *
 * @param second - Unix seconds of the chain.
 * @throws {@link RpcError}, {@link RpcTimeoutError}, {@link AbortedError}, {@link RpcAnswerError} when the node lacks a header, or
 * gives another block's.
 * @example
 * const { blockNumber } = await blockAt({ ...context, side: "l2", provider: context.l2, first: 0, last: rates.block }, second);
 */
export async function blockAt(query: BlockQuery, second: bigint): Promise<BlockStamp> {
  const { first, last } = query;
  if (last.timestamp <= second || last.blockNumber <= first) return last;
  let low = await stampOf(query, first);
  let high = last;
  if (low.timestamp >= second) return low;
  for (let isEven = true; high.blockNumber - low.blockNumber > 1; isEven = !isEven) {
    const guess = isEven ? interpolated(low, high, second) : (low.blockNumber + high.blockNumber) >> 1;
    const stamp = await stampOf(query, guess);
    if (stamp.timestamp <= second) low = stamp;
    else high = stamp;
  }
  return low;
}

/** The block between the two, both left out, that would be it if time passed evenly. */
function interpolated(low: BlockStamp, high: BlockStamp, second: bigint): number {
  const blocks = BigInt(high.blockNumber - low.blockNumber);
  const guess = low.blockNumber + Number((blocks * (second - low.timestamp)) / (high.timestamp - low.timestamp));
  return Math.min(Math.max(guess, low.blockNumber + 1), high.blockNumber - 1);
}

async function stampOf(query: BlockQuery, blockNumber: number): Promise<BlockStamp> {
  const { side, provider } = query;
  const found = await ask(side, "eth_getBlockByNumber", query, () => provider.getBlock(blockNumber));
  const block = checkBlock(side, blockNumber, found);
  if (block === undefined) throw new RpcAnswerError(side, "eth_getBlockByNumber", `it has no block ${blockNumber}`);
  return { blockNumber, timestamp: BigInt(block.timestamp) };
}
