import type { Address } from "../types";
import type { ProtocolEvent } from "./events";
import type { OpenLines } from "./lines";
import { nobody } from "../check";

/** The contracts that turn one form of a holding into another. */
export interface Converters {
  readonly seMetis: Address;
  readonly redemptionQueue: Address;
}

/** The lines of one transaction while its events are added up. */
export interface Booking {
  readonly lines: OpenLines;
  /**
   * What the forms of the holding gave to each other, wei: 0 once a conversion is complete. What remains when the transaction is
   * over came from others, or went to them: as when one account stakes for another.
   */
  conversion: bigint;
}

/** Whether `event` names `account` as one that gives, gets or owns. */
export function concerns(event: ProtocolEvent, account: Address): boolean {
  if ("owner" in event && event.owner === account) return true;
  if ("from" in event && (event.from === account || ("to" in event && event.to === account))) return true;
  return (
    (event.type === "deposited" || event.type === "l1DepositMinted" || event.type === "l1Deposited") &&
    event.receiver === account
  );
}

/**
 * Books that an event changed the value of `account`'s whole position by `delta` wei.
 *
 * @param delta - The value after the event less the value before it, both at the event's second.
 */
export function book(booking: Booking, event: ProtocolEvent, account: Address, delta: bigint, converters: Converters) {
  if (event.type === "lossAbsorbed") booking.lines.losses += delta;
  else if (event.type === "finalised") booking.lines.haircuts += delta;
  else if (!concerns(event, account)) booking.lines.rewards += delta;
  else bookOwn(booking, event, delta, account, converters);
}

/** Ends a transaction: what no other form of the holding gave or took came from others, or went to them. */
export function settle(booking: Booking): void {
  bookTransfer(booking.lines, booking.conversion);
  booking.conversion = 0n;
}

function bookOwn(
  booking: Booking,
  event: ProtocolEvent,
  delta: bigint,
  account: Address,
  converters: Converters,
): void {
  if (event.type === "staked" || event.type === "requested") convert(booking, event.assets, delta);
  else if (event.type === "unstaked" || event.type === "l1DepositMinted") convert(booking, -event.assets, delta);
  else if (event.type === "eMetisMoved" && isConversion(event, account, converters)) booking.conversion += delta;
  else if (isTransfer(event)) bookTransfer(booking.lines, delta);
  else bookMoney(booking, event, delta);
}

function isTransfer({ type }: ProtocolEvent): boolean {
  return type === "eMetisMoved" || type === "sharesMoved" || type === "ticketMoved";
}

/** METIS that comes into the position or leaves it. */
function bookMoney(booking: Booking, event: ProtocolEvent, delta: bigint): void {
  const { lines } = booking;
  if (event.type === "claimed") lines.claims += delta;
  else if (event.type === "l1Deposited") lines.l1Deposits += delta;
  else if (event.type === "deposited") {
    lines.deposits += event.assets;
    booking.conversion -= event.assets;
  } else if (event.type === "redeemedInstantly") {
    lines.instantRedemptions -= event.paid;
    lines.instantFees -= event.fee;
    lines.haircuts -= event.assets - event.paid - event.fee;
    booking.conversion += event.assets;
  }
}

/** One form of the holding became another one of `assets` wei; what the value shows beyond that is rounding. */
function convert(booking: Booking, assets: bigint, delta: bigint): void {
  booking.conversion += assets;
  booking.lines.rounding += delta - assets;
}

function isConversion(
  { from, to }: { readonly from: Address; readonly to: Address },
  account: Address,
  { seMetis, redemptionQueue }: Converters,
): boolean {
  const other = from === account ? to : from;
  return other === nobody || other === seMetis || other === redemptionQueue;
}

function bookTransfer(lines: OpenLines, assets: bigint): void {
  if (assets > 0n) lines.transfersIn += assets;
  else lines.transfersOut += assets;
}
