import type { Log, Provider, TopicFilter } from "ethers";

import type { ReadOptions } from "../context";
import { AbortedError, LogRangeError, ReorgError } from "../errors";
import type { Address, Side } from "../types";
import { ask } from "./ask";

/** Of which contracts, and with which topics. */
export interface LogFilter {
  readonly address: Address | readonly Address[];
  readonly topics?: TopicFilter;
}

/** How logs are read, whatever they are of. */
export interface LogRange extends ReadOptions {
  readonly side: Side;
  readonly provider: Provider;
  /** Both blocks are part of the range. */
  readonly fromBlock: number;
  readonly toBlock: number;
  /** Blocks to ask for at first. @defaultValue the whole range */
  readonly range?: number;
  /** Told after each answer how far the logs are there. */
  readonly onProgress?: (blockNumber: number) => void;
}

/** Which logs, of which chain. */
export interface LogQuery extends LogRange, LogFilter {}

/** After so many answers in a row a range that was refused before is tried again: the logs may be fewer here. */
const patience = 64;

/**
 * Reads logs in the order of the chain, in as few requests as the node allows: a range that it refuses is cut to a quarter, and
 * grows again towards what was refused while it answers.
 *
 * @throws {@link LogRangeError} when it refuses a single block, {@link ReorgError} when a log was taken back, {@link AbortedError}.
 * @example
 * const logs = await readLogs({ side: "l2", provider, address: pool, fromBlock: 1, toBlock: 90_000 });
 */
export function readLogs(query: LogQuery): Promise<readonly Log[]> {
  const { address, topics } = query;
  return readLogsOf(query, [{ address, ...(topics === undefined ? {} : { topics }) }]);
}

/**
 * As {@link readLogs}, of several filters at once: the requests for one range leave together, and a log that fits two filters
 * comes once.
 *
 * @throws as {@link readLogs}.
 * @example
 * const logs = await readLogsOf(range, [{ address: pool }, { address: [eMetis], topics: [transfer, account] }]);
 */
export async function readLogsOf(range: LogRange, filters: readonly LogFilter[]): Promise<readonly Log[]> {
  const logs: Log[] = [];
  const size = adaptiveSize(range.range ?? range.toBlock - range.fromBlock + 1);
  let fromBlock = range.fromBlock;
  while (fromBlock <= range.toBlock) {
    const toBlock = Math.min(range.toBlock, fromBlock + size.current() - 1);
    const found = await tryRange(range, filters, fromBlock, toBlock);
    if (found === undefined) {
      size.refused(toBlock - fromBlock + 1);
      continue;
    }
    for (const log of found) logs.push(log);
    range.onProgress?.(toBlock);
    fromBlock = toBlock + 1;
    size.answered();
  }
  return logs;
}

/** How many blocks to ask for: between what was answered and what was refused. */
function adaptiveSize(first: number) {
  let current = first;
  let ceiling = Infinity;
  let answers = 0;
  return {
    current: () => current,
    refused: (size: number) => {
      ceiling = size;
      current = Math.ceil(size / 4);
      answers = 0;
    },
    answered: () => {
      answers++;
      if (answers % patience === 0) ceiling = Infinity;
      const middle = Math.floor((current + ceiling) / 2);
      // Not nearer than an eighth: each refusal costs a request too.
      if (middle - current > current / 8) current = Math.min(current * 2, middle);
    },
  };
}

/** The logs of a range in order; `undefined` when the node refuses it and a smaller one may do. */
async function tryRange(
  range: LogRange,
  filters: readonly LogFilter[],
  fromBlock: number,
  toBlock: number,
): Promise<readonly Log[] | undefined> {
  const { side, provider } = range;
  const get = ({ address, topics }: LogFilter) => {
    const addresses = typeof address === "string" ? address : [...address];
    return provider.getLogs({ address: addresses, ...(topics === undefined ? {} : { topics }), fromBlock, toBlock });
  };
  try {
    const found = await Promise.all(filters.map((filter) => ask(side, "eth_getLogs", range, () => get(filter))));
    return ordered(side, found.flat());
  } catch (error) {
    if (error instanceof AbortedError || error instanceof ReorgError) throw error;
    if (fromBlock === toBlock) throw new LogRangeError(side, fromBlock, error);
    return undefined;
  }
}

/** The order of the chain, each log once. */
function ordered(side: Side, logs: readonly Log[]): readonly Log[] {
  const removed = logs.find((log) => log.removed);
  if (removed !== undefined) throw new ReorgError(side, removed.blockNumber, hashOf(removed), undefined);
  const sorted = [...logs].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  return sorted.filter((log, position) => {
    const last = sorted[position - 1];
    return last?.blockNumber !== log.blockNumber || last.index !== log.index || last.blockHash !== log.blockHash;
  });
}

function hashOf({ blockHash }: Log): `0x${string}` {
  return `0x${blockHash.slice(2)}`;
}
