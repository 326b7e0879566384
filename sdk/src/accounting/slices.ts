import type { Address } from "../types";
import { applyEvent } from "./applyEvent";
import { type Booking, type Converters, book, concerns, settle } from "./classify";
import type { ProtocolEvent, TimedEvent } from "./events";
import { type Lines, lineNames, noLines } from "./lines";
import { type ReplayState, copyState, positionOf } from "./state";
import { type Valuation, valueAt } from "./valuation";

/** A transaction that moved the account. */
export interface Movement {
  readonly transaction: ProtocolEvent["at"];
  /** What happened to the account in it, in order. */
  readonly events: readonly ProtocolEvent["type"][];
}

/** A stretch of an account's time that nothing of interest divides. `opening` and all lines add up to `closing`, wei. */
export interface Slice extends Lines {
  /** Unix seconds. */
  readonly from: bigint;
  readonly to: bigint;
  readonly opening: bigint;
  readonly closing: bigint;
  /** The account's part of the fee that the protocol took of rewards, wei. Not a line: it never was in the account's value. */
  readonly protocolFee: bigint;
  /** What ends the slice. */
  readonly movement: Movement | undefined;
  /** The report that ends the slice. */
  readonly report: bigint | undefined;
  /** Whether a mark ends the slice. */
  readonly isMark: boolean;
}

/** What is to be sliced. */
export interface Slicing {
  readonly state: ReplayState;
  /** The latest second that `state` knows of. */
  readonly clock: bigint;
  readonly events: readonly TimedEvent[];
  readonly account: Address;
  readonly converters: Converters;
  /** The window, in Unix seconds: events at `from` are before it, those at `to` are in it. */
  readonly from: bigint;
  readonly to: bigint;
  /** Seconds within the window that end a slice, rising. */
  readonly marks: readonly bigint[];
}

/** An account's window, in slices. */
export interface Sliced {
  readonly slices: readonly Slice[];
  readonly opening: Valuation;
  readonly closing: Valuation;
}

interface Walk extends Slicing {
  readonly slices: Slice[];
  booking: Booking;
  clock: bigint;
  openedAt: bigint;
  openedWith: bigint;
  /** The account's value when it was last looked at. */
  value: bigint;
  protocolFee: bigint;
  movement: { transaction: ProtocolEvent["at"]; events: ProtocolEvent["type"][] } | undefined;
  report: bigint | undefined;
  transaction: string | undefined;
}

/**
 * Cuts an account's window at its own transactions, at reports that moved the protocol, and at marks. In each slice what remains
 * between the flows is rewards; a flow is the value of the whole position after it less before it, at one second.
 *
 * @throws {@link MissingLogsError} when an event does not follow from those before.
 */
export function sliceHistory(slicing: Slicing): Sliced {
  const walk = beginWalk(slicing);
  let position = 0;
  const applyUntil = (second: bigint) => {
    for (; position < slicing.events.length; position++) {
      const timed = slicing.events[position];
      if (timed === undefined || (timed.time ?? walk.clock) > second) break;
      step(walk, timed);
    }
    endTransaction(walk);
  };
  applyUntil(slicing.from);
  const opening = open(walk);
  for (const mark of slicing.marks) {
    applyUntil(mark);
    cut(walk, mark, true);
  }
  applyUntil(slicing.to);
  cut(walk, slicing.to, false);
  return { slices: walk.slices, opening, closing: valueAt(walk.state, slicing.account, slicing.to) };
}

function beginWalk(slicing: Slicing): Walk {
  return {
    ...slicing,
    state: copyState(slicing.state),
    slices: [],
    booking: { lines: noLines(), conversion: 0n },
    ...{ openedAt: slicing.from, openedWith: 0n, value: 0n, protocolFee: 0n },
    ...{ movement: undefined, report: undefined, transaction: undefined },
  };
}

/** Forgets all before the window. */
function open(walk: Walk): Valuation {
  const opening = valueAt(walk.state, walk.account, walk.from);
  walk.slices.length = 0;
  restart(walk, walk.from, opening.total);
  return opening;
}

function step(walk: Walk, { event, time }: TimedEvent): void {
  if (event.at.transactionHash !== walk.transaction) endTransaction(walk);
  walk.transaction = event.at.transactionHash;
  if (time !== undefined && time > walk.clock) walk.clock = time;
  const isOwn = concerns(event, walk.account);
  if (!isOwn && !movesValue(event)) {
    applyEvent(walk.state, event);
    return;
  }
  const before = accrue(walk, walk.clock);
  applyEvent(walk.state, event);
  walk.value = valueAt(walk.state, walk.account, walk.clock).total;
  book(walk.booking, event, walk.account, walk.value - before, walk.converters);
  if (event.type === "rewardsMinted") bookFee(walk, event.fee);
  if (event.type === "lossAbsorbed" || event.type === "rewardAdded") walk.report = walk.state.reportNumber;
  if (!isOwn) return;
  walk.movement ??= { transaction: event.at, events: [] };
  walk.movement.events.push(event.type);
}

/** What of others' events moves the value of an account by more than rounding, or ends a slice. */
function movesValue({ type }: ProtocolEvent): boolean {
  return type === "lossAbsorbed" || type === "finalised" || type === "rewardsMinted" || type === "rewardAdded";
}

/** Who holds shares bears the fee by its part of all of them, rounded down; the treasury gets it as eMetis. */
function bookFee(walk: Walk, fee: bigint): void {
  const { state, account, booking } = walk;
  if (state.shares > 0n) walk.protocolFee += (fee * positionOf(state, account).shares) / state.shares;
  if (state.treasury !== account) return;
  booking.lines.feeIncome += fee;
  booking.conversion -= fee;
}

function endTransaction(walk: Walk): void {
  if (walk.transaction === undefined) return;
  walk.transaction = undefined;
  settle(walk.booking);
  if (walk.movement !== undefined || walk.report !== undefined) cut(walk, walk.clock, false);
}

function cut(walk: Walk, at: bigint, isMark: boolean): void {
  const { openedAt, openedWith, movement, report, protocolFee } = walk;
  accrue(walk, at);
  const { lines } = walk.booking;
  // Others may still move the account in the second in which the last slice ended.
  const isMoved = lineNames.some((name) => lines[name] !== 0n);
  const isWanted = isMark || at > openedAt || isMoved || movement !== undefined || report !== undefined;
  const ends = { from: openedAt, to: at, opening: openedWith, closing: walk.value };
  if (isWanted) walk.slices.push({ ...ends, ...lines, protocolFee, movement, report, isMark });
  restart(walk, at, walk.value);
}

/** Books what the account earned by itself since it was last looked at; gives its value. */
function accrue(walk: Walk, at: bigint): bigint {
  const value = valueAt(walk.state, walk.account, at).total;
  walk.booking.lines.rewards += value - walk.value;
  walk.value = value;
  return value;
}

function restart(walk: Walk, at: bigint, value: bigint): void {
  walk.booking = { lines: noLines(), conversion: 0n };
  Object.assign(walk, {
    openedAt: at,
    openedWith: value,
    value,
    protocolFee: 0n,
    movement: undefined,
    report: undefined,
  });
}
