import type { Log, Provider, TopicFilter } from "ethers";

import type { ReadOptions } from "../context";
import { LogRangeError, ParameterError, RpcError, RpcTimeoutError } from "../errors";
import type { Address, Side } from "../types";
import { ask } from "./ask";
import { checkLogs } from "./checkLogs";

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
 * What a node leaves out silently cannot be seen here: who reads logs checks that they follow from each other.
 *
 * @throws {@link LogRangeError} when it refuses a single block, {@link RpcAnswerError} when it answers others than were asked for,
 * {@link ReorgError} when a log was taken back, {@link ParameterError} when a block or the range is no number,
 * {@link AbortedError}.
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
  checkInteger("fromBlock", range.fromBlock, 0);
  checkInteger("toBlock", range.toBlock, 0);
  const logs: Log[] = [];
  const size = adaptiveSize(checkInteger("range", range.range ?? Math.max(1, range.toBlock - range.fromBlock + 1), 1));
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
  const read = async ({ address, topics }: LogFilter) => {
    const addresses = typeof address === "string" ? address : [...address];
    const filter = { address: addresses, ...(topics === undefined ? {} : { topics }), fromBlock, toBlock };
    const found = await ask(side, "eth_getLogs", range, () => provider.getLogs(filter));
    return checkLogs({ side, address, fromBlock, toBlock }, found);
  };
  try {
    return merged(await Promise.all(filters.map(read)));
  } catch (error) {
    const isRefusal = error instanceof RpcError || error instanceof RpcTimeoutError;
    if (!isRefusal) throw error;
    if (fromBlock === toBlock) throw new LogRangeError(side, fromBlock, error);
    return undefined;
  }
}

/** The order of the chain, each log once. */
function merged(found: readonly (readonly Log[])[]): readonly Log[] {
  const sorted = found.flat().sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  return sorted.filter((log, position) => {
    const last = sorted[position - 1];
    return last?.blockNumber !== log.blockNumber || last.index !== log.index || last.blockHash !== log.blockHash;
  });
}

function checkInteger(parameter: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new ParameterError(parameter, value, `give an integer of at least ${minimum}`);
}
