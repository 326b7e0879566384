/** All that the simulator of Metis's side knows: plain data, never changed in place. Amounts in wei, times in Unix seconds. */
import { type Book, emptyBook } from "../../math/book";
import { type HourlyLine, beginLine } from "../../math/hourlyLine";
import type { RateCheckpoint } from "../../math/queue";
import type { Bucket } from "../../math/rateLimit";
import type { Stream } from "../../math/rewardStream";
import type { Need } from "../../messages";

/** Metis's side at one moment. Addresses are checksummed. */
export interface L2State {
  /** The chain's time: the timestamp of the block that the next action is in. */
  readonly time: bigint;
  readonly network: L2Network;
  readonly powers: L2Powers;
  /** METIS, the chain's own coin, by holder; who is not here has 0. */
  readonly metis: Readonly<Record<string, bigint>>;
  /** Contracts that refuse METIS that is sent to them. The protocol's own are known and need not be here. */
  readonly refusers: Readonly<Record<string, boolean>>;
  readonly eMetis: TokenState;
  readonly seMetis: TokenState;
  readonly vault: VaultState;
  readonly pool: PoolState;
  readonly queue: QueueState;
  readonly gateway: GatewayState;
  readonly bridge: L2BridgeState;
}

/** Who is where. */
export interface L2Network {
  readonly l1ChainId: bigint;
  readonly l2ChainId: bigint;
  readonly eMetis: string;
  readonly seMetis: string;
  readonly stakingPool: string;
  readonly redemptionQueue: string;
  readonly l2Gateway: string;
  /** On Ethereum. */
  readonly lockManager: string;
}

/** Who may do what at once. The delays of AccessManager are not simulated: an act is done when it is due. */
export interface L2Powers {
  /** `setParameters`, `setTreasury`. */
  readonly governance: readonly string[];
  /** `tightenParameters`, `unpause`. */
  readonly tightener: readonly string[];
  readonly lossConfirmer: readonly string[];
  /** `pause`. */
  readonly guardian: readonly string[];
}

/** A token of the protocol. */
export interface TokenState {
  /** By holder; who is not here has 0. */
  readonly balances: Readonly<Record<string, bigint>>;
  /** By owner, then spender. */
  readonly allowances: Readonly<Record<string, Readonly<Record<string, bigint>>>>;
  readonly totalSupply: bigint;
}

/** SEMetis's storage beyond the token's. */
export interface VaultState {
  readonly stream: Stream;
  /** As stored: `closedUntil` may have passed. */
  readonly isClosed: boolean;
  readonly closedUntil: bigint;
}

/** As `IStakingPool.Parameters`. */
export interface PoolParameters {
  readonly protocolFeeBps: bigint;
  readonly maxRewardRateBps: bigint;
  readonly lossThresholdBps: bigint;
  readonly reserveBps: bigint;
  readonly minInstantFeeBps: bigint;
  readonly maxInstantFeeBps: bigint;
  /** Seconds. */
  readonly streamPeriod: bigint;
  /** Wei of eMetis a day. */
  readonly l1DepositLimit: bigint;
}

/** StakingPool's storage. */
export interface PoolState {
  readonly book: Book;
  readonly parameters: PoolParameters;
  readonly treasury: string;
  readonly unrecoveredLoss: bigint;
  readonly l1DepositBucket: Bucket;
  readonly highestRunningTotal: bigint;
  readonly pausedAt: bigint;
  /** Wei minted for each deposit from Ethereum, by message number. */
  readonly mintedOf: Readonly<Record<string, bigint>>;
}

/** RedemptionQueue's storage. */
export interface QueueState {
  /** Up to where the line was asked for, and when. */
  readonly requested: HourlyLine;
  readonly finalised: Trace;
  /** By id, in decimal digits; a ticket that is claimed in full is gone. */
  readonly tickets: Readonly<Record<string, TicketState>>;
  /** Who may handle all tickets, by owner. */
  readonly operators: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}

/** The paid part of the line, as `RateCheckpoints.Trace`. */
export interface Trace {
  readonly end: bigint;
  readonly handedOut: bigint;
  readonly checkpoints: readonly RateCheckpoint[];
}

/** A redemption ticket. */
export interface TicketState {
  readonly owner: string;
  readonly assets: bigint;
  /** Its id while nothing was claimed. */
  readonly claimedUntil: bigint;
  /** Who may handle it; the zero address for nobody. */
  readonly approved: string;
}

/** L2Gateway's storage. */
export interface GatewayState {
  /** The zero address while it is not known. */
  readonly l1Gateway: string;
  readonly lastNeed: bigint;
  readonly isNeedy: boolean;
  /** What is known of each hash. */
  readonly states: Readonly<Record<string, "known" | "used">>;
}

/** What Metis's bridge asks, and what it was given to carry up. */
export interface L2BridgeState {
  /** Wei of METIS for a withdrawal, `minErc20BridgeCost`. */
  readonly fee: bigint;
  /** Oldest first, and all of them until `takeDepartures`. */
  readonly departures: readonly Departure[];
}

/** Something on its way from Metis to Ethereum. */
export type Departure =
  | { readonly type: "metis"; readonly to: string; readonly assets: bigint }
  | { readonly type: "need"; readonly need: Need };

/** What a deployment starts with. */
export interface L2Start {
  /** Unix seconds. */
  readonly time: bigint;
  /** When the queue was initialised, Unix seconds. */
  readonly initialisedAt: bigint;
  readonly network: L2Network;
  readonly powers: L2Powers;
  readonly parameters: PoolParameters;
  readonly treasury: string;
  /** The zero address while it is not known. */
  readonly l1Gateway: string;
  /** Wei of METIS for a withdrawal. */
  readonly bridgeFee: bigint;
  /** Wei of METIS by holder. */
  readonly metis: Readonly<Record<string, bigint>>;
  /** Contracts of others that refuse METIS. @defaultValue none */
  readonly refusers?: Readonly<Record<string, boolean>>;
}

const noTokens: TokenState = { balances: {}, allowances: {}, totalSupply: 0n };

/**
 * The state of a deployment in which nothing has happened.
 *
 * @example
 * const state = startL2({ ...start, bridgeFee: 5n * 10n ** 17n });
 */
export function startL2(start: L2Start): L2State {
  const { time, initialisedAt, network, powers, parameters, treasury, l1Gateway, bridgeFee, metis } = start;
  const { refusers = {} } = start;
  return {
    time,
    network,
    powers,
    metis,
    refusers,
    eMetis: noTokens,
    seMetis: noTokens,
    vault: { stream: { assets: 0n, unvested: 0n, vestedAt: 0n, endsAt: 0n }, isClosed: false, closedUntil: 0n },
    pool: {
      book: emptyBook,
      parameters,
      treasury,
      unrecoveredLoss: 0n,
      l1DepositBucket: { used: 0n, usedAt: 0n },
      highestRunningTotal: 0n,
      pausedAt: 0n,
      mintedOf: {},
    },
    queue: {
      requested: beginLine(initialisedAt),
      finalised: { end: 0n, handedOut: 0n, checkpoints: [] },
      tickets: {},
      operators: {},
    },
    gateway: { l1Gateway, lastNeed: 0n, isNeedy: false, states: {} },
    bridge: { fee: bridgeFee, departures: [] },
  };
}

/**
 * Hands over what the bridge carries up, and the state without it.
 *
 * @example
 * const { departures, state } = takeDepartures(metis);
 */
export function takeDepartures(state: L2State): {
  readonly state: L2State;
  readonly departures: readonly Departure[];
} {
  const { departures } = state.bridge;
  return { departures, state: { ...state, bridge: { ...state.bridge, departures: [] } } };
}

/**
 * The state at a later moment.
 *
 * @param time - Unix seconds.
 * @throws RangeError when the time lies back.
 * @example
 * const tomorrow = atL2Time(metis, metis.time + 86_400n);
 */
export function atL2Time(state: L2State, time: bigint): L2State {
  if (time < state.time)
    throw new RangeError(`Time ${time} is before ${state.time}: give the present or a later moment.`);
  return { ...state, time };
}
