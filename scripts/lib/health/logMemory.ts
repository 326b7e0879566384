/** Logs that were read before, so that a loop asks its nodes only for new ones. */
import type { Log } from "ethers";

import { type LogQuery, readLogs } from "../../../sdk/src/rpc/readLogs";

/** Reads logs as the SDK's `readLogs`, and remembers them for the next call. */
export interface LogMemory {
  readonly read: (query: LogQuery) => Promise<readonly Log[]>;
}

interface Remembered {
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly logs: readonly Log[];
}

/**
 * A memory that is empty.
 *
 * @param depth - Blocks that a reorganisation may take back: the last so many are read again each time.
 */
export function createLogMemory(depth = 64): LogMemory {
  const memory = new Map<string, Remembered>();
  return {
    read: async (query) => {
      const key = JSON.stringify([query.side, query.address, query.topics ?? []]);
      const kept = keep(memory.get(key), query, depth);
      const next = { ...query, fromBlock: kept === undefined ? query.fromBlock : kept.toBlock + 1 };
      const fresh = next.fromBlock > query.toBlock ? [] : await readLogs(next);
      const logs = [...(kept?.logs ?? []), ...fresh];
      memory.set(key, { fromBlock: query.fromBlock, toBlock: query.toBlock, logs });
      return logs;
    },
  };
}

/** What of a former answer holds for this query and is deep enough not to change. */
function keep(former: Remembered | undefined, query: LogQuery, depth: number): Remembered | undefined {
  if (former === undefined || former.fromBlock > query.fromBlock) return undefined;
  const toBlock = Math.min(former.toBlock, query.toBlock) - depth;
  if (toBlock < query.fromBlock) return undefined;
  const logs = former.logs.filter(({ blockNumber }) => blockNumber >= query.fromBlock && blockNumber <= toBlock);
  return { fromBlock: query.fromBlock, toBlock, logs };
}
