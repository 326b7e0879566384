import type { Hex, Side } from "../types";
import type { ProtocolEvent } from "./events";
import { type Lines, sumOfLines, totalOf } from "./lines";
import type { Slice } from "./slices";

/** What a row is about. */
export type RowSubject =
  /** Up to and with a transaction of the account. */
  | {
      readonly type: "event";
      readonly side: Side;
      readonly blockNumber: number;
      readonly transactionHash: Hex;
      readonly events: readonly ProtocolEvent["type"][];
    }
  /** Up to and with a report that brought rewards or a loss. */
  | { readonly type: "report"; readonly number: bigint }
  /** A day of UTC, like "2026-11-22", or the part of it that is in the window. */
  | { readonly type: "day"; readonly date: string }
  /** The rest of the window, or the whole. */
  | { readonly type: "period" };

/** One row of a statement: `opening` plus all lines is `closing`; wei of METIS, eMetis one for one. */
export type Row = RowSubject &
  Lines & {
    /** Unix seconds; what happens at `from` is before the row, what happens at `to` is in it. */
    readonly from: bigint;
    readonly to: bigint;
    readonly opening: bigint;
    readonly closing: bigint;
    /**
     * The account's part of the fees that the protocol took of rewards in this time: at each report its shares' part of all shares,
     * rounded down. No line of the sum, for it never was part of the value: without the fee, rewards would be more by this.
     */
    readonly protocolFee: bigint;
  };

/** By what a window is divided into rows. */
export type RowDivision = "event" | "report" | "day" | "period";

const secondsOfDay = 86_400n;

/**
 * What opening and lines of a row miss of its closing, wei: 0.
 *
 * @example
 * const isExact = history.byDay.every((row) => residualOf(row) === 0n);
 */
export function residualOf(row: Lines & Pick<Row, "opening" | "closing">): bigint {
  return row.closing - row.opening - totalOf(row);
}

/**
 * Slices added up to rows.
 *
 * @example
 * const days = rowsOf(slices, "day");
 */
export function rowsOf(slices: readonly Slice[], by: RowDivision): readonly Row[] {
  const rows: Row[] = [];
  let parts: Slice[] = [];
  const close = () => {
    const row = rowOf(parts, by);
    if (row !== undefined) rows.push(row);
    parts = [];
  };
  for (const slice of slices) {
    parts.push(slice);
    if (endsRow(slice, by)) close();
  }
  close();
  return rows;
}

/**
 * Midnights of UTC after `from` and before `to`, Unix seconds.
 *
 * @example
 * midnights(1_800_000_000n, 1_800_100_000n); // [1_800_057_600n]
 */
export function midnights(from: bigint, to: bigint): readonly bigint[] {
  const found: bigint[] = [];
  for (let midnight = startOfDay(from) + secondsOfDay; midnight < to; midnight += secondsOfDay) found.push(midnight);
  return found;
}

/** The midnight at or before a second. */
export function startOfDay(time: bigint): bigint {
  return time - (time % secondsOfDay);
}

function endsRow({ movement, report, isMark }: Slice, by: RowDivision): boolean {
  switch (by) {
    case "event":
      return movement !== undefined;
    case "report":
      return report !== undefined;
    case "day":
      return isMark;
    case "period":
      return false;
  }
}

function rowOf(parts: readonly Slice[], by: RowDivision): Row | undefined {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { from, opening } = first;
  const { to, closing } = last;
  const protocolFee = parts.reduce((sum, part) => sum + part.protocolFee, 0n);
  return { ...subjectOf(first, last, by), from, to, opening, closing, ...sumOfLines(parts), protocolFee };
}

function subjectOf({ from }: Slice, { movement, report }: Slice, by: RowDivision): RowSubject {
  if (by === "day") return { type: "day", date: dateOf(from) };
  if (by === "report" && report !== undefined) return { type: "report", number: report };
  if (by !== "event" || movement === undefined) return { type: "period" };
  const { side, blockNumber, transactionHash } = movement.transaction;
  return { type: "event", side, blockNumber, transactionHash, events: movement.events };
}

function dateOf(time: bigint): string {
  return new Date(Number(time) * 1_000).toISOString().slice(0, 10);
}
