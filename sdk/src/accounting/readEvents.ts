import type { Deployment } from "../deployments";
import { type LogFilter, readLogsOf } from "../rpc/readLogs";
import type { Side } from "../types";
import type { Head, Node } from "./blocks";
import { decodeEvents } from "./decodeEvents";
import type { ProtocolEvent } from "./events";

/** What the readers of logs are given beside the filters. */
export interface ReadEventsOptions {
  readonly deployment: Deployment;
  readonly range: number | undefined;
  readonly onProgress: ((side: Side, blockNumber: number) => void) | undefined;
}

/** The events of one chain after a block, to a head. */
export async function readEvents(
  node: Node,
  filters: readonly LogFilter[],
  { after, head }: { readonly after: number; readonly head: Head },
  { deployment, range, onProgress }: ReadEventsOptions,
): Promise<readonly ProtocolEvent[]> {
  const progress = (blockNumber: number) => onProgress?.(node.side, blockNumber);
  const logs = await readLogsOf(
    {
      ...node,
      ...{ fromBlock: after + 1, toBlock: head.blockNumber, onProgress: progress },
      ...(range === undefined ? {} : { range }),
    },
    filters,
  );
  return decodeEvents(deployment, node.side, logs);
}
