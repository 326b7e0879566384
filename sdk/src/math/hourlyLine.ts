import { lastReached } from "./checkpoints";

/** Seconds in an hour. */
export const HOUR = 3_600n;
/** How many hours with growth a line remembers, and how many hours it looks back. */
const SIZE = 256;

/** Where a line ended after `hour`, counted from 1970. */
export interface HourlyEnd {
  readonly hour: bigint;
  readonly end: bigint;
}

/** A line that only grows, as `HourlyLine.Line`. */
export interface HourlyLine {
  /** Where it ends. */
  readonly end: bigint;
  /** The last hour with growth, or in which it began; counted from 1970. */
  readonly hour: bigint;
  /** The last 256 hours with growth before that, oldest first. */
  readonly past: readonly HourlyEnd[];
}

/**
 * A line that begins at 0.
 *
 * @param currentTime - Unix seconds of Metis.
 * @example
 * beginLine(7_300n); // { end: 0n, hour: 2n, past: [] }
 */
export function beginLine(currentTime: bigint): HourlyLine {
  return { end: 0n, hour: currentTime / HOUR, past: [] };
}

/**
 * The line after it grew to `end`. The clock may go back; hours do not.
 *
 * @param currentTime - Unix seconds of Metis.
 * @example
 * growTo({ end: 5n, hour: 2n, past: [] }, 9n, 14_400n); // { end: 9n, hour: 4n, past: [{ hour: 2n, end: 5n }] }
 */
export function growTo(line: HourlyLine, end: bigint, currentTime: bigint): HourlyLine {
  const hour = currentTime / HOUR;
  if (hour <= line.hour) return { ...line, end };
  const past = [...line.past.slice(1 - SIZE), { hour: line.hour, end: line.end }];
  return { end, hour, past };
}

/**
 * Where the line ended at `timestamp`, Unix seconds: what grew in an hour counts from its end. 0 if that is 256 hours or more
 * before the last growth.
 *
 * @example
 * endAt({ end: 9n, hour: 4n, past: [{ hour: 2n, end: 5n }] }, 12_000n); // 5n
 */
export function endAt(line: HourlyLine, timestamp: bigint): bigint {
  const endedHours = timestamp / HOUR;
  if (endedHours > line.hour) return line.end;
  if (line.hour - endedHours >= BigInt(SIZE)) return 0n;
  return lastReached(line.past, ({ hour }) => hour < endedHours)?.end ?? 0n;
}
