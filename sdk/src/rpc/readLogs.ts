import type { Log, Provider, TopicFilter } from "ethers";

import type { ReadOptions } from "../context";
import { AbortedError, LogRangeError } from "../errors";
import type { Address, Side } from "../types";
import { ask } from "./ask";

/** Which logs, of which chain. */
export interface LogQuery extends ReadOptions {
  readonly side: Side;
  readonly provider: Provider;
  readonly address: Address | readonly Address[];
  readonly topics?: TopicFilter;
  /** Both blocks are part of the range. */
  readonly fromBlock: number;
  readonly toBlock: number;
  /** Blocks to ask for at first. @defaultValue the whole range */
  readonly range?: number;
  /** Told after each answer how far the logs are there. */
  readonly onProgress?: (blockNumber: number) => void;
}

/**
 * Reads logs in the order of the chain, in as few requests as the node allows: a range that it refuses is cut to a quarter, and
 * grows again while it answers.
 *
 * @throws {@link LogRangeError} when it refuses a single block, {@link AbortedError}.
 * @example
 * const logs = await readLogs({ side: "l2", provider, address: pool, fromBlock: 1, toBlock: 90_000 });
 */
export async function readLogs(query: LogQuery): Promise<readonly Log[]> {
  const logs: Log[] = [];
  let range = query.range ?? query.toBlock - query.fromBlock + 1;
  let fromBlock = query.fromBlock;
  while (fromBlock <= query.toBlock) {
    const toBlock = Math.min(query.toBlock, fromBlock + range - 1);
    const found = await tryRange(query, fromBlock, toBlock);
    if (found === undefined) {
      range = Math.ceil((toBlock - fromBlock + 1) / 4);
      continue;
    }
    for (const log of found) logs.push(log);
    query.onProgress?.(toBlock);
    fromBlock = toBlock + 1;
    range *= 2;
  }
  return logs;
}

/** The logs of a range in order; `undefined` when the node refuses it and a smaller one may do. */
async function tryRange(query: LogQuery, fromBlock: number, toBlock: number): Promise<readonly Log[] | undefined> {
  const { side, provider, address, topics } = query;
  const filter = {
    address: typeof address === "string" ? address : [...address],
    ...(topics === undefined ? {} : { topics }),
    fromBlock,
    toBlock,
  };
  try {
    const found = await ask(side, "eth_getLogs", query, () => provider.getLogs(filter));
    return [...found].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    if (fromBlock === toBlock) throw new LogRangeError(side, fromBlock, error);
    return undefined;
  }
}
