import { applyEvent } from "./applyEvent";
import type { ProtocolEvent } from "./events";
import { type ReplayState, copyState } from "./state";

/**
 * The protocol after `events`, which follow on `state` in the order of their chain; those of Ethereum come before those of Metis
 * that mint for them.
 *
 * @throws {@link MissingLogsError} when an event does not follow from those before.
 * @example
 * const state = replay(emptyState({ type: "everyone" }), [...decodeEvents(deployment, "l1", l1Logs), ...l2Events]);
 */
export function replay(state: ReplayState, events: readonly ProtocolEvent[]): ReplayState {
  const next = copyState(state);
  for (const event of events) applyEvent(next, event);
  return next;
}
