import type { Log } from "ethers";

import { checkHex } from "../check";
import { ReorgError, RpcAnswerError } from "../errors";
import type { Address, Side } from "../types";

/** What was asked for. */
export interface AskedLogs {
  readonly side: Side;
  readonly address: Address | readonly Address[];
  readonly fromBlock: number;
  readonly toBlock: number;
}

/**
 * A node's answer in the order of the chain. A node that answers logs nobody asked for, or one twice, is not to be believed.
 *
 * @param found - What the node answered to the request `asked`.
 * @throws {@link RpcAnswerError} when it cannot be the answer, {@link ReorgError} when a log was taken back.
 * @example
 * const logs = checkLogs({ side: "l2", address: pool, fromBlock: 1, toBlock: 9 }, await provider.getLogs(filter));
 */
export function checkLogs(asked: AskedLogs, found: unknown): readonly Log[] {
  if (!isLogs(found)) return fail(asked, "it is no list of logs");
  const { side, address, fromBlock, toBlock } = asked;
  const addresses = (typeof address === "string" ? [address] : address).map((one) => one.toLowerCase());
  const logs = [...found].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  for (const [position, log] of logs.entries()) {
    const last = logs[position - 1];
    if (log.removed) throw new ReorgError(side, log.blockNumber, checkHex("block hash", log.blockHash), undefined);
    if (!(log.blockNumber >= fromBlock && log.blockNumber <= toBlock))
      fail(asked, `a log is of block ${log.blockNumber}`);
    if (!addresses.includes(log.address.toLowerCase())) fail(asked, `a log is of ${log.address}`);
    if (last?.blockNumber === log.blockNumber && last.index === log.index) fail(asked, `log ${log.index} came twice`);
  }
  return logs;
}

function fail({ side, fromBlock, toBlock }: AskedLogs, reason: string): never {
  throw new RpcAnswerError(side, "eth_getLogs", `${reason}, asked were blocks ${fromBlock} to ${toBlock}`);
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
