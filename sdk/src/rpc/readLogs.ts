import type { Log, Provider, TopicFilter } from "ethers";

import type { ReadOptions } from "../context";
import { LogRangeError, ParameterError, RpcAnswerError, RpcError, RpcTimeoutError } from "../errors";
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
 * What a node leaves out silently cannot be seen here: who reads logs checks that they follow from each other.
 *
 * @throws {@link LogRangeError} when it refuses a single block, {@link RpcAnswerError} when it answers others than were asked for,
 * {@link ParameterError} when a block or the range is no number, {@link AbortedError}.
 * @example
 * const logs = await readLogs({ side: "l2", provider, address: pool, fromBlock: 1, toBlock: 90_000 });
 */
export async function readLogs(query: LogQuery): Promise<readonly Log[]> {
  checkInteger("fromBlock", query.fromBlock, 0);
  checkInteger("toBlock", query.toBlock, 0);
  const logs: Log[] = [];
  let range = checkInteger("range", query.range ?? Math.max(1, query.toBlock - query.fromBlock + 1), 1);
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
    return inOrder(query, found, { fromBlock, toBlock });
  } catch (error) {
    const isRefusal = error instanceof RpcError || error instanceof RpcTimeoutError;
    if (!isRefusal) throw error;
    if (fromBlock === toBlock) throw new LogRangeError(side, fromBlock, error);
    return undefined;
  }
}

/** A node that answers logs nobody asked for, or one twice, is not to be believed. */
function inOrder(
  { side, address }: LogQuery,
  found: unknown,
  { fromBlock, toBlock }: Pick<LogQuery, "fromBlock" | "toBlock">,
): readonly Log[] {
  const fail = (reason: string): never => {
    throw new RpcAnswerError(side, "eth_getLogs", `${reason}, asked were blocks ${fromBlock} to ${toBlock}`);
  };
  if (!isLogs(found)) return fail("it is no list of logs");
  const addresses = (typeof address === "string" ? [address] : address).map((one) => one.toLowerCase());
  const logs = [...found].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  for (const [position, log] of logs.entries()) {
    const last = logs[position - 1];
    if (!(log.blockNumber >= fromBlock && log.blockNumber <= toBlock)) fail(`a log is of block ${log.blockNumber}`);
    if (!addresses.includes(log.address.toLowerCase())) fail(`a log is of ${log.address}`);
    if (last?.blockNumber === log.blockNumber && last.index === log.index) fail(`log ${log.index} came twice`);
  }
  return logs;
}

function isLogs(found: unknown): found is readonly Log[] {
  return Array.isArray(found) && found.every(isLog);
}

/** By its fields: a log may come from another copy of ethers. */
function isLog(value: unknown): boolean {
  const isObject = typeof value === "object" && value !== null;
  if (!isObject || !("blockNumber" in value && "index" in value && "address" in value)) return false;
  return [value.blockNumber, value.index].every(Number.isSafeInteger) && typeof value.address === "string";
}

function checkInteger(parameter: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new ParameterError(parameter, value, `give an integer of at least ${minimum}`);
}
