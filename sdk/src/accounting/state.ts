import type { RateCheckpoint } from "../math/queue";
import type { Stream } from "../math/rewardStream";
import { nobody } from "../check";
import type { Address } from "../types";

/** Whose holdings a replay keeps: of everyone, or of one account. */
export type Scope = { readonly type: "everyone" } | { readonly type: "account"; readonly account: Address };

/** What an account holds. */
export interface Position {
  /** Wei of eMetis. */
  eMetis: bigint;
  /** Wei of shares of seMetis. */
  shares: bigint;
  /** Ids of its tickets. */
  readonly tickets: Set<bigint>;
  /** Wei of METIS deposited on Ethereum that nothing was minted for yet, by message number. */
  readonly l1Deposits: Map<bigint, bigint>;
}

/** The part of the line that is unclaimed of a ticket: from `claimedUntil` to `end`. */
export interface Ticket {
  readonly claimedUntil: bigint;
  readonly end: bigint;
}

/** The sums that only a replay of everyone can follow; wei. */
export interface Sums {
  /** Of eMetis. */
  supply: bigint;
  buffer: bigint;
  receivedFromL1: bigint;
  sentToL1: bigint;
  mintedForL1: bigint;
}

/** The protocol as the logs tell it. Only `applyEvent` writes to it. */
export interface ReplayState {
  readonly scope: Scope;
  stream: Stream;
  /** Wei of shares of seMetis in existence. */
  shares: bigint;
  /** A stream that was announced, and waits for the stake that it is of. */
  announced: Stream | undefined;
  requestedUntil: bigint;
  finalisedUntil: bigint;
  /** Wei of METIS paid out by the queue. */
  handedOut: bigint;
  readonly rates: RateCheckpoint[];
  /** All tickets of the line, whoever owns them. */
  readonly tickets: Map<bigint, Ticket>;
  treasury: Address | undefined;
  reportNumber: bigint;
  /** All that was ever deposited on Ethereum, wei. */
  l1Deposits: bigint;
  readonly sums: Sums;
  readonly positions: Map<Address, Position>;
}

/**
 * The protocol before its first log.
 *
 * @example
 * const state = emptyState({ type: "everyone" });
 */
export function emptyState(scope: Scope): ReplayState {
  return {
    scope,
    stream: { assets: 0n, unvested: 0n, vestedAt: 0n, endsAt: 0n },
    ...{ shares: 0n, announced: undefined },
    ...{ requestedUntil: 0n, finalisedUntil: 0n, handedOut: 0n, rates: [], tickets: new Map() },
    ...{ treasury: undefined, reportNumber: 0n, l1Deposits: 0n },
    sums: { supply: 0n, buffer: 0n, receivedFromL1: 0n, sentToL1: 0n, mintedForL1: 0n },
    positions: new Map(),
  };
}

/**
 * A copy that shares nothing with `state`.
 *
 * @example
 * const before = copyState(state);
 */
export function copyState(state: ReplayState): ReplayState {
  const positions = [...state.positions].map(([address, position]): [Address, Position] => [
    address,
    { ...position, tickets: new Set(position.tickets), l1Deposits: new Map(position.l1Deposits) },
  ]);
  return {
    ...state,
    rates: [...state.rates],
    tickets: new Map(state.tickets),
    sums: { ...state.sums },
    positions: new Map(positions),
  };
}

/**
 * What `account` holds; nothing when no log named it.
 *
 * @example
 * const { shares } = positionOf(state, account);
 */
export function positionOf(state: ReplayState, account: Address): Readonly<Position> {
  return state.positions.get(account) ?? emptyPosition();
}

/** What `account` holds, to be written to; `undefined` when the replay does not keep it. */
export function keptPosition(state: ReplayState, account: Address): Position | undefined {
  if (account === nobody || (state.scope.type === "account" && state.scope.account !== account)) return undefined;
  const found = state.positions.get(account);
  if (found !== undefined) return found;
  const position = emptyPosition();
  state.positions.set(account, position);
  return position;
}

function emptyPosition(): Position {
  return { eMetis: 0n, shares: 0n, tickets: new Set(), l1Deposits: new Map() };
}
