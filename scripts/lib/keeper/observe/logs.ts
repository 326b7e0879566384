/** Reads logs backwards, and the times of blocks. */
import type { Log, Provider } from "ethers";

import type { ReadOptions } from "../../../../sdk/src";
import { type LogFilter, readLogsOf } from "../../../../sdk/src/rpc/readLogs";
import { blockAt } from "../../../../sdk/src/rpc/blockAt";
import type { BlockStamp } from "../../../../sdk/src/rpc/readBatch";
import { ask } from "../../../../sdk/src/rpc/ask";
import type { Side } from "../../../../sdk/src/types";

/** A chain up to a block. */
export interface ChainPart extends ReadOptions {
  readonly side: Side;
  readonly provider: Provider;
  /** No log is before it. */
  readonly startBlock: number;
  readonly last: BlockStamp;
}

/** Blocks of the first step backwards. */
const firstStep = 2_000;

/** The first block of the last `seconds`. */
export async function windowStart(part: ChainPart, seconds: bigint): Promise<number> {
  const { startBlock, last } = part;
  const second = last.timestamp > seconds ? last.timestamp - seconds : 0n;
  const { blockNumber } = await blockAt({ ...part, first: Math.min(startBlock, last.blockNumber) }, second);
  return blockNumber;
}

/** Logs of the blocks from `fromBlock` on, in the order of the chain. */
export async function logsSince(
  part: ChainPart,
  filters: readonly LogFilter[],
  fromBlock: number,
): Promise<readonly Log[]> {
  return readLogsOf(
    { ...part, fromBlock: Math.max(fromBlock, part.startBlock), toBlock: part.last.blockNumber },
    filters,
  );
}

/** Logs backwards from the last block, in ever longer steps, until `isEnough` says so or there are no more. In the order of the chain. */
export async function logsBackTo(
  part: ChainPart,
  filters: readonly LogFilter[],
  isEnough: (logs: readonly Log[]) => boolean,
): Promise<readonly Log[]> {
  let logs: readonly Log[] = [];
  let toBlock = part.last.blockNumber;
  for (let step = firstStep; toBlock >= part.startBlock; step *= 2) {
    const fromBlock = Math.max(part.startBlock, toBlock - step + 1);
    logs = [...(await readLogsOf({ ...part, fromBlock, toBlock }, filters)), ...logs];
    if (isEnough(logs)) return logs;
    toBlock = fromBlock - 1;
  }
  return logs;
}

/** The time of each log's block, Unix seconds. */
export async function timesOf(
  part: ChainPart,
  logs: readonly Pick<Log, "blockNumber">[],
): Promise<ReadonlyMap<number, bigint>> {
  const numbers = [...new Set(logs.map(({ blockNumber }) => blockNumber))];
  const times = await Promise.all(
    numbers.map(async (number): Promise<readonly [number, bigint]> => {
      const block = await ask(part.side, "eth_getBlockByNumber", part, () => part.provider.getBlock(number));
      return [number, BigInt(block?.timestamp ?? 0)];
    }),
  );
  return new Map(times);
}
