import type { Provider } from "ethers";

import { checkHex } from "../check";
import type { Context, ReadOptions } from "../context";
import { ChainMismatchError, ParameterError, ReorgError, RpcAnswerError } from "../errors";
import { ask } from "../rpc/ask";
import { type BlockHeader, checkBlock } from "../rpc/checkBlock";
import type { Hex, Side } from "../types";
import type { BlockId } from "./cursor";
import type { ProtocolEvent } from "./events";

/** One chain, to be asked. */
export interface Node extends ReadOptions {
  readonly side: Side;
  readonly provider: Provider;
}

/** A block and its second. */
export interface Head extends BlockId {
  /** Unix seconds. */
  readonly timestamp: bigint;
}

/** So many blocks are asked for at once. */
const together = 25;

/** Both chains of a context, each to be asked by itself. */
export function nodesOf({ l1, l2, timeout, signal }: Context): { readonly l1: Node; readonly l2: Node } {
  const options = { ...(timeout === undefined ? {} : { timeout }), ...(signal === undefined ? {} : { signal }) };
  return { l1: { side: "l1", provider: l1, ...options }, l2: { side: "l2", provider: l2, ...options } };
}

/** Fails unless both nodes are on the deployment's chains. */
export async function checkChains(context: Context): Promise<void> {
  const nodes = nodesOf(context);
  const { l1, l2 } = context.deployment;
  const [l1Id, l2Id] = await Promise.all([chainIdOf(nodes.l1), chainIdOf(nodes.l2)]);
  const isSwapped = l1Id === l2.chainId && l2Id === l1.chainId;
  if (l1Id !== l1.chainId) throw new ChainMismatchError("l1", l1.chainId, l1Id, isSwapped);
  if (l2Id !== l2.chainId) throw new ChainMismatchError("l2", l2.chainId, l2Id, isSwapped);
}

/** The last block with so many blocks after it. */
export async function headOf(node: Node, confirmations: number): Promise<Head> {
  if (!Number.isSafeInteger(confirmations) || confirmations < 0) {
    throw new ParameterError("confirmations", confirmations, "give a whole number of blocks, 0 or more");
  }
  const latest = await ask(node.side, "eth_blockNumber", node, () => node.provider.getBlockNumber());
  if (!Number.isSafeInteger(latest) || latest < 0) {
    throw new RpcAnswerError(node.side, "eth_blockNumber", `${String(latest)} is no number of a block`);
  }
  const number = Math.max(0, latest - confirmations);
  const block = await blockAt(node, number);
  if (block === undefined)
    throw new RpcAnswerError(node.side, "eth_getBlockByNumber", `it does not know block ${number}`);
  return block;
}

/** The block of that number; `undefined` when the node has none. */
export async function blockAt(node: Node, blockNumber: number): Promise<Head | undefined> {
  const found = await ask(node.side, "eth_getBlockByNumber", node, () => node.provider.getBlock(blockNumber));
  const block = checkBlock(node.side, blockNumber, found);
  return block === undefined ? undefined : headFrom(node.side, block);
}

/** The seconds of blocks with events; each must still be the block that the event was in. */
export async function timesOfBlocks(
  node: Node,
  blockNumbers: readonly number[],
  events: readonly ProtocolEvent[],
): Promise<ReadonlyMap<number, bigint>> {
  const wanted = new Set(blockNumbers);
  const own = events.filter(({ at }) => wanted.has(at.blockNumber));
  const hashes = [...new Map(own.map(({ at }) => [at.blockNumber, at.blockHash]))];
  const times = new Map<number, bigint>();
  for (let first = 0; first < hashes.length; first += together) {
    const part = hashes.slice(first, first + together);
    const found = await Promise.all(
      part.map(([number, blockHash]) => sameBlock(node, { blockNumber: number, blockHash })),
    );
    for (const { blockNumber, timestamp } of found) times.set(blockNumber, timestamp);
  }
  return times;
}

/** The block, if it is still on the chain. */
export async function sameBlock(node: Node, { blockNumber, blockHash }: BlockId): Promise<Head> {
  const found = await blockAt(node, blockNumber);
  if (found?.blockHash === blockHash) return found;
  throw new ReorgError(node.side, blockNumber, blockHash, found?.blockHash);
}

async function chainIdOf(node: Node): Promise<number> {
  const found: unknown = await ask(node.side, "eth_chainId", node, () => node.provider.getNetwork());
  const isNetwork = typeof found === "object" && found !== null && "chainId" in found;
  const chainId = isNetwork ? Number(found.chainId) : NaN;
  if (!Number.isSafeInteger(chainId)) throw new RpcAnswerError(node.side, "eth_chainId", "it is no chain id");
  return chainId;
}

function headFrom(side: Side, { number, hash, timestamp }: BlockHeader): Head {
  if (hash === null) throw new RpcAnswerError(side, "eth_getBlockByNumber", `block ${number} has no hash`);
  const blockHash: Hex = checkHex("blockHash", hash, 32);
  return { blockNumber: number, blockHash, timestamp: BigInt(timestamp) };
}
