/** Snapshots of local nodes that can be restored more than once. */
import type { LocalNode } from "./localNode";

/** Brings a chain back to where it was when the snapshot was taken; as often as wanted. */
export interface Snapshot {
  /** @returns Whether it could: a snapshot is gone once an older one was restored. */
  readonly restore: () => Promise<boolean>;
}

/**
 * Takes snapshots of one chain. The node forgets a snapshot and all later ones when it restores it, and also when it is
 * asked for one that it has forgotten: hence the list of those that it still knows.
 */
export function createSnapshots(node: Pick<LocalNode, "send">): () => Promise<Snapshot> {
  const known: Snapshot[] = [];
  return async () => {
    let id: unknown = await node.send("evm_snapshot", []);
    const snapshot: Snapshot = {
      restore: async () => {
        const position = known.indexOf(snapshot);
        if (position === -1) return false;
        await node.send("evm_revert", [id]);
        known.length = position + 1;
        id = await node.send("evm_snapshot", []);
        return true;
      },
    };
    known.push(snapshot);
    return snapshot;
  };
}
