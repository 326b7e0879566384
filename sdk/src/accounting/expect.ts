import { MissingLogsError } from "../errors";
import type { ProtocolEvent } from "./events";

/**
 * Does nothing when an event says what follows from all events before it.
 *
 * @throws {@link MissingLogsError} otherwise: some of those before were not given.
 * @example
 * expectSame(event, "finalisedUntil", state.finalisedUntil, event.from);
 */
export function expectSame(event: ProtocolEvent, name: string, replayed: bigint, said: bigint): void {
  if (replayed === said) return;
  throw missingBefore(event, `${event.type} says ${name} ${said}, the logs make it ${replayed}`);
}

/**
 * Does nothing when `isTrue`.
 *
 * @throws {@link MissingLogsError} with `reason` otherwise.
 * @example
 * expectThat(event, assets >= 0n, "an account holds less than nothing");
 */
export function expectThat(event: ProtocolEvent, isTrue: boolean, reason: string): void {
  if (!isTrue) throw missingBefore(event, reason);
}

/** The error for a gap before `event`. */
export function missingBefore({ at }: ProtocolEvent, reason: string): MissingLogsError {
  return new MissingLogsError(at.side, at.blockNumber, reason);
}
