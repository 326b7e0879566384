import { isHexString } from "ethers";

import { RpcAnswerError } from "../errors";
import type { NodeName } from "../types";

/** Of a header, what the package uses. */
export interface BlockHeader {
  readonly number: number;
  /** `null` of a block that is not mined yet. */
  readonly hash: string | null;
  /** Unix seconds. */
  readonly timestamp: number;
}

/**
 * A node's answer for block `blockNumber`, which must be that block's header; `undefined` when the node has none.
 *
 * @throws {@link RpcAnswerError} when it is no header, or another block's.
 * @example
 * const header = checkBlock("l2", 7, await provider.getBlock(7));
 */
export function checkBlock(side: NodeName, blockNumber: number, found: unknown): BlockHeader | undefined {
  if (found === null) return undefined;
  const method = "eth_getBlockByNumber";
  if (!isHeader(found)) throw new RpcAnswerError(side, method, `what it gives for block ${blockNumber} is no header`);
  if (found.number === blockNumber) return found;
  throw new RpcAnswerError(side, method, `block ${blockNumber} was asked for, it gave ${found.number}`);
}

function isHeader(found: unknown): found is BlockHeader {
  const isObject = typeof found === "object" && found !== null;
  if (!isObject || !("number" in found && "hash" in found && "timestamp" in found)) return false;
  const { number, hash, timestamp } = found;
  return [number, timestamp].every(Number.isSafeInteger) && (hash === null || isHexString(hash, 32));
}
