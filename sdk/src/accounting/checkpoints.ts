import { max } from "../math/integers";
import { applyEvent } from "./applyEvent";
import type { Head } from "./blocks";
import type { BlockId, Checkpoint } from "./cursor";
import type { ProtocolEvent, TimedEvent } from "./events";
import { type ReplayState, copyState } from "./state";

/** How many blocks with events lie between the end and each checkpoint that is kept beside the newest. */
const distances: ReadonlySet<number> = new Set([1, 4, 16, 64, 256]);

/** The last blocks that were read. */
export interface ReadHeads {
  readonly l1: BlockId;
  readonly l2: Head;
}

/** A replay to the heads. */
export interface Replayed {
  /** After all events. */
  readonly state: ReplayState;
  /** The newest first. */
  readonly checkpoints: readonly Checkpoint[];
}

interface End {
  readonly position: number;
  /** The block of the next event of Ethereum. */
  readonly nextL1: number | undefined;
}

/**
 * Replays events from `start` to the heads and keeps checkpoints on the way. A checkpoint leaves out deposits on Ethereum that are
 * later than its events of Metis, to be read again: what Metis does before them may still come.
 *
 * @throws {@link MissingLogsError} when an event does not follow from those before.
 */
export function replayWithCheckpoints(start: Checkpoint, events: readonly TimedEvent[], heads: ReadHeads): Replayed {
  const ends = endsOfBlocks(events);
  const kept = new Map(ends.map((end, distance) => [end.position, { ...end, distance }]));
  const checkpoints: Checkpoint[] = [];
  const walk = { ...start, state: copyState(start.state) };
  // Whether a finalisation of an unknown second came after the clock: a window may begin between them.
  let isLate = false;
  const keep = (checkpoint: Checkpoint, nextL1: number | undefined) => {
    // A block of Ethereum that is only half in it could not be gone on from.
    const isWhole = nextL1 === undefined || checkpoint.l1?.blockNumber !== nextL1;
    if (isWhole) checkpoints.unshift({ ...checkpoint, state: copyState(checkpoint.state) });
  };
  if (ends.length === 0) keep({ ...walk, l1: events.length === 0 ? heads.l1 : walk.l1, l2: heads.l2 }, undefined);
  for (const [position, { event, time }] of events.entries()) {
    applyEvent(walk.state, event);
    walk.clock = max(walk.clock, time ?? walk.clock);
    isLate = time === undefined && (isLate || event.type === "finalised");
    walk[event.at.side] = idOf(event);
    const end = kept.get(position);
    if (end?.distance === 0) {
      const clock = isLate ? max(walk.clock, heads.l2.timestamp) : walk.clock;
      keep({ ...walk, clock, l1: end.nextL1 === undefined ? heads.l1 : walk.l1, l2: heads.l2 }, end.nextL1);
    } else if (end !== undefined && !isLate && distances.has(end.distance)) keep(walk, end.nextL1);
  }
  return { state: walk.state, checkpoints };
}

/** Where blocks of Metis end, the last first. */
function endsOfBlocks(events: readonly TimedEvent[]): readonly End[] {
  const ends: End[] = [];
  const next: { l1?: number; l2?: number } = {};
  for (let position = events.length - 1; position >= 0; position--) {
    const at = events[position]?.event.at;
    if (at === undefined) continue;
    if (at.side === "l2" && at.blockNumber !== next.l2) ends.push({ position, nextL1: next.l1 });
    next[at.side] = at.blockNumber;
  }
  return ends;
}

function idOf({ at }: ProtocolEvent): BlockId {
  return { blockNumber: at.blockNumber, blockHash: at.blockHash };
}
