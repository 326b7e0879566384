/** Waiting that a signal can end. */
import { setTimeout } from "node:timers/promises";

import { AbortedError } from "../../../sdk/src/errors";

/** Waits so many milliseconds, or rejects when the signal comes. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** The clock's own {@link Sleep}. */
export const sleepReally: Sleep = async (milliseconds, signal) => {
  await setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal });
};

/** @throws {@link AbortedError} when the signal has come. */
export function throwIfAborted(operation: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortedError(operation, signal.reason);
}

/** Waits; the signal's end is an {@link AbortedError} of the operation. */
export async function pause(
  operation: string,
  milliseconds: number,
  sleep: Sleep,
  signal: AbortSignal | undefined,
): Promise<void> {
  throwIfAborted(operation, signal);
  try {
    await sleep(milliseconds, signal);
  } catch (error) {
    throwIfAborted(operation, signal);
    throw error;
  }
}
