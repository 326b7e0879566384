import { max, min } from "../math/integers";
import { payoutAt } from "../math/queue";
import { convertToAssets } from "../math/shares";
import type { Address } from "../types";
import { streamAt } from "./applyStream";
import { type ReplayState, type Ticket, positionOf } from "./state";

/** What an account holds at one second, in wei of METIS; eMetis counts one for one. */
export interface Valuation {
  /** eMetis in the account. */
  readonly eMetis: bigint;
  /** What its shares of seMetis convert to at that second, rounded down. */
  readonly staked: bigint;
  /** eMetis of its tickets that waits in the queue. */
  readonly pending: bigint;
  /** METIS that its tickets can claim. */
  readonly claimable: bigint;
  /** METIS deposited on Ethereum that nothing was minted for yet. */
  readonly l1Deposits: bigint;
  /** The sum of all. */
  readonly total: bigint;
}

/**
 * What `account` holds at second `time`, to the wei what the contracts' views say in a block with that time: eMetis at its face,
 * shares by `convertToAssets`, tickets as pending eMetis at face and claimable METIS, deposits on Ethereum that are not minted.
 *
 * @param time - Unix seconds of Metis; before the last event of `state` it reads as the time of that event.
 * @example
 * const { state, l2 } = await readProtocol(context);
 * const { total } = valueAt(state, account, l2.timestamp);
 */
export function valueAt(state: ReplayState, account: Address, time: bigint): Valuation {
  const { eMetis, shares, tickets, l1Deposits } = positionOf(state, account);
  const staked = shares === 0n ? 0n : convertToAssets(shares, vaultAt(state, time));
  let pending = 0n;
  let claimable = 0n;
  for (const id of tickets) {
    const parts = partsOf(state, state.tickets.get(id));
    pending += parts.pending;
    claimable += parts.claimable;
  }
  let inFlight = 0n;
  for (const assets of l1Deposits.values()) inFlight += assets;
  const total = eMetis + staked + pending + claimable + inFlight;
  return { eMetis, staked, pending, claimable, l1Deposits: inFlight, total };
}

/**
 * What shares of seMetis stand for at second `time`.
 *
 * @example
 * convertToAssets(shares, vaultAt(state, time));
 */
export function vaultAt(state: Pick<ReplayState, "stream" | "shares">, time: bigint) {
  return { totalAssets: streamAt(state, time).assets, totalSupply: state.shares };
}

/**
 * Wei of METIS that the queue holds for claims.
 *
 * @example
 * reservedOf(state);
 */
export function reservedOf({ rates, finalisedUntil, handedOut }: ReplayState): bigint {
  return payoutAt(rates, finalisedUntil) - handedOut;
}

/** The parts of a ticket: what waits, in wei of eMetis, and what can be claimed, in wei of METIS. */
function partsOf({ rates, finalisedUntil }: ReplayState, ticket: Ticket | undefined) {
  if (ticket === undefined) return { pending: 0n, claimable: 0n };
  const { claimedUntil, end } = ticket;
  const until = max(claimedUntil, min(end, finalisedUntil));
  const claimable = until === claimedUntil ? 0n : payoutAt(rates, until) - payoutAt(rates, claimedUntil);
  return { pending: end - until, claimable };
}
