import type { Context } from "../context";
import type { Address, Hex, Side } from "../types";
import { type Node, blockAt, nodesOf } from "./blocks";
import { type BlockId, type Checkpoint, type Cursor, readCursor } from "./cursor";
import { emptyState } from "./state";

/** A checkpoint that is no longer on the chain. */
export interface Reorg {
  readonly side: Side;
  readonly blockNumber: number;
  /** The hash that the block had. */
  readonly expected: Hex;
  /** The hash that it has; `undefined` when it is gone. */
  readonly actual: Hex | undefined;
}

/** What a history goes on from. */
export interface ResumeParameters {
  readonly account: Address;
  readonly from: bigint;
  /** The last blocks that are read. */
  readonly heads: { readonly l1: BlockId; readonly l2: BlockId };
  readonly cursor?: Cursor;
  readonly onReorg?: (reorg: Reorg) => void;
}

/**
 * The newest checkpoint of the cursor that is before the window and still on both chains; else the beginning.
 *
 * @throws {@link CursorError} for a cursor that cannot be used.
 */
export async function startFrom(context: Context, parameters: ResumeParameters): Promise<Checkpoint> {
  const { account, cursor, from, heads, onReorg } = parameters;
  const checkpoints = cursor === undefined ? [] : readCursor(context.deployment, account, cursor);
  let isOnChain = false;
  for (const checkpoint of checkpoints) {
    const { l1, l2, clock } = checkpoint;
    const isRead = l2.blockNumber <= heads.l2.blockNumber && (l1?.blockNumber ?? 0) <= heads.l1.blockNumber;
    // What is older than one that is on the chain is on it too.
    const reorg: Reorg | undefined = isOnChain ? undefined : await reorgOf(context, checkpoint);
    if (reorg !== undefined) onReorg?.(reorg);
    isOnChain = reorg === undefined;
    if (isOnChain && isRead && clock <= from) return checkpoint;
  }
  return beginning(context, account);
}

/** Before all logs. */
export function beginning({ deployment }: Context, account: Address): Checkpoint {
  const none: Hex = `0x${"00".repeat(32)}`;
  const l2 = { blockNumber: deployment.l2.startBlock - 1, blockHash: none };
  return { l1: undefined, l2, clock: 0n, state: emptyState({ type: "account", account }) };
}

async function reorgOf(context: Context, { l1, l2 }: Checkpoint): Promise<Reorg | undefined> {
  const nodes = nodesOf(context);
  const [ofL1, ofL2] = await Promise.all([l1 === undefined ? undefined : changed(nodes.l1, l1), changed(nodes.l2, l2)]);
  return ofL2 ?? ofL1;
}

async function changed(node: Node, { blockNumber, blockHash }: BlockId): Promise<Reorg | undefined> {
  const found = await blockAt(node, blockNumber);
  if (found?.blockHash === blockHash) return undefined;
  return { side: node.side, blockNumber, expected: blockHash, actual: found?.blockHash };
}
