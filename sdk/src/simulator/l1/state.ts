/** All that the simulator of Ethereum's side knows: plain data, never changed in place. Amounts in wei, times in Unix seconds. */
import type { Bucket } from "../../math/rateLimit";
import type { Status } from "../../math/sequencerPositions";
import type { Book } from "../../math/vaultBook";

/** Ethereum's side at one moment. Addresses are checksummed. */
export interface L1State {
  /** The chain's time: the timestamp of the block that the next action is in. */
  readonly time: bigint;
  readonly network: L1Network;
  readonly powers: L1Powers;
  readonly metis: MetisState;
  readonly manager: LockManagerState;
  readonly pool: LockingPoolState;
  readonly bridge: BridgeState;
}

/** Who is where. */
export interface L1Network {
  readonly l1ChainId: bigint;
  readonly l2ChainId: bigint;
  readonly lockManager: string;
  readonly l1Gateway: string;
  /** The zero address while it is not known. */
  readonly l2Gateway: string;
  /** Metis's LockingInfo, which holds what is locked. */
  readonly lockingInfo: string;
  /** Metis's L1StandardBridge. */
  readonly bridge: string;
}

/** Who may do what at once. The delays of AccessManager are not simulated: an act is done when it is due. */
export interface L1Powers {
  readonly governance: readonly string[];
  readonly tightener: readonly string[];
  readonly guardian: readonly string[];
  readonly keeper: readonly string[];
}

/** METIS on Ethereum. */
export interface MetisState {
  /** By holder; who is not here has 0. */
  readonly balances: Readonly<Record<string, bigint>>;
  /** By owner, then spender. Those that the contracts give each other within one call are not kept. */
  readonly allowances: Readonly<Record<string, Readonly<Record<string, bigint>>>>;
}

/** LockManager's storage, with the names of `LockManagerStorage.Layout`. */
export interface LockManagerState {
  readonly idle: bigint;
  readonly owed: bigint;
  readonly lossSeenAt: bigint;
  readonly unreachedSince: bigint;
  readonly receivedFromL2: bigint;
  readonly sentToL2: bigint;
  readonly lastMessage: bigint;
  readonly readAt: bigint;
  readonly l1Deposits: bigint;
  readonly needTarget: bigint;
  readonly needNumber: bigint;
  readonly pausedAt: bigint;
  readonly pausedUntil: bigint;
  readonly parameters: Parameters;
  readonly recalled: Bucket;
  /** That of message 1 comes first. */
  readonly payloadHashes: readonly string[];
  readonly books: readonly Book[];
}

/** As `IVaultOperations.Parameters`. */
export interface Parameters {
  /** What the keeper may recall a day, of l1Assets. */
  readonly recallLimitBps: bigint;
}

/** Metis's LockingPool and LockingInfo, as far as LockManager feels them. */
export interface LockingPoolState {
  /** Mainnet's keeps two thirds of the sequencers from leaving, and takes any new owner. */
  readonly variant: "mainnet" | "sepolia";
  readonly isPaused: boolean;
  readonly minLock: bigint;
  readonly maxLock: bigint;
  readonly currentBatch: bigint;
  readonly rewardPerBlock: bigint;
  /** Seconds from the beginning of an exit to its end. */
  readonly exitDelayPeriod: bigint;
  readonly rewardPayer: string;
  readonly totalLocked: bigint;
  readonly whitelist: Readonly<Record<string, boolean>>;
  /** That of id 1 comes first. */
  readonly positions: readonly PoolPosition[];
  /** Ids by owner. */
  readonly owners: Readonly<Record<string, bigint>>;
  /** Ids by signer; `BURNED` for a signer that was used up. */
  readonly signers: Readonly<Record<string, bigint>>;
}

/** The id of a signer that LockingPool never takes again. */
export const BURNED = 2n ** 256n - 1n;

/** A position in LockingPool. */
export interface PoolPosition {
  readonly status: Status;
  readonly amount: bigint;
  readonly reward: bigint;
  readonly updatedBatch: bigint;
  /** `unlockClaimTime` of LockingPool. */
  readonly claimableAt: bigint;
  readonly owner: string;
  readonly signer: string;
  /** On Metis. */
  readonly rewardRecipient: string;
}

/** What Metis's bridge asks, and what it was given to carry down. */
export interface BridgeState {
  /** Wei of ETH for one unit of gas on Metis. */
  readonly discount: bigint;
  /** The least gas on Metis that is charged. */
  readonly minL2Gas: bigint;
  /** Oldest first, and all of them until `takeCrossings`. */
  readonly crossings: readonly Crossing[];
}

/** Something on its way from Ethereum to Metis. */
export type Crossing =
  | { readonly type: "metis"; readonly from: string; readonly to: string; readonly assets: bigint }
  | { readonly type: "message"; readonly hash: string };

/**
 * Hands over what the bridge carries down, and the state without it.
 *
 * @example
 * const { crossings, state: left } = takeCrossings(state);
 */
export function takeCrossings(state: L1State): {
  readonly state: L1State;
  readonly crossings: readonly Crossing[];
} {
  const { crossings } = state.bridge;
  return { crossings, state: { ...state, bridge: { ...state.bridge, crossings: [] } } };
}

/**
 * The state at a later moment.
 *
 * @param time - Unix seconds.
 * @throws RangeError when the time lies back.
 * @example
 * const tomorrow = atTime(state, state.time + 86_400n);
 */
export function atTime(state: L1State, time: bigint): L1State {
  if (time < state.time)
    throw new RangeError(
      `Time ${time.toString()} is before ${state.time.toString()}: Ethereum's clock never goes back.`,
    );
  return { ...state, time };
}
