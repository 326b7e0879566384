/** What one reading of both chains found: all that the keeper decides from. Amounts in wei of METIS, times in Unix seconds of the chain they are read on. */
import type { LedgerCounters, SequencerVault, Solvency, VaultTotals } from "../../../sdk/src";
import type { MessageContent } from "../../../sdk/src/progress/readMessage";
import type { ReportRefusal } from "../../../sdk/src/math/ledger";
import type { BlockStamp } from "../../../sdk/src/rpc/readBatch";
import type { Address, Hex, Side } from "../../../sdk/src/types";

/** Who sends, and what sending costs now. */
export interface Purse {
  /** Wei of the chain's own coin that the keeper has. */
  readonly balance: bigint;
  /** Wei of the chain's own coin for a unit of gas. */
  readonly gasPrice: bigint;
  /** Wei of the chain's own coin that the keeper paid in the last 24 hours. */
  readonly spent: bigint;
}

/** A position that somebody gave to a vault. */
export interface Donation {
  readonly sequencerId: bigint;
  readonly isActive: boolean;
  /** When its exit can end; 0 while there is none. */
  readonly claimableAt: bigint;
  readonly reward: bigint;
}

/** A vault, with what the keeper asks beyond the SDK. */
export interface VaultState extends SequencerVault {
  /** Whether a position can be opened: a key is set whose signer LockingPool has not seen. */
  readonly canOpen: boolean;
  /** The batch in which the position last went down. */
  readonly updatedBatch: bigint;
  readonly donation: Donation | undefined;
  /** METIS that lies in the vault itself. */
  readonly surplus: bigint;
}

/** What Metis's LockingPool lets everybody do. */
export interface PoolLimits {
  /** False while it is paused, or does not tell its limits. */
  readonly isOpen: boolean;
  readonly minLock: bigint;
  readonly maxLock: bigint;
  readonly currentBatch: bigint;
}

/** What the keeper may recall now. */
export type RecallAllowance =
  { readonly type: "allowed"; readonly available: bigint; readonly daily: bigint } | { readonly type: "noRole" };

/** Ethereum in one block. */
export interface L1State {
  readonly block: BlockStamp;
  /** METIS that LockManager holds: more than `idle` by arrivals that are not booked. */
  readonly held: bigint;
  readonly totals: VaultTotals;
  readonly counters: { readonly receivedFromL2: bigint; readonly sentToL2: bigint; readonly l1Deposits: bigint };
  readonly need: { readonly number: bigint; readonly target: bigint; readonly unreachedSince: bigint };
  readonly pausedUntil: bigint;
  /** When LockManager last booked a loss; 0 while there was none. */
  readonly lossSeenAt: bigint;
  readonly recall: RecallAllowance;
  readonly pool: PoolLimits;
  readonly l2Gateway: string;
  /** Wei of ETH for the bridge; undefined when Metis's oracle does not tell. */
  readonly fees: { readonly message: bigint; readonly metis: bigint } | undefined;
  readonly vaults: readonly VaultState[];
}

/** A need that was signalled on Metis. */
export interface SignalledNeed {
  readonly number: bigint;
  readonly target: bigint;
  readonly signalledAt: bigint;
}

/** Metis in one block. */
export interface L2State {
  readonly block: BlockStamp;
  readonly solvency: Solvency;
  readonly counters: LedgerCounters;
  readonly pausedUntil: bigint;
  readonly stoppedUntil: bigint;
  readonly reserveBps: bigint;
  /** What deposits from Ethereum may mint now. */
  readonly depositsAvailable: bigint;
  /** METIS for 1e18 wei of eMetis. */
  readonly redemptionRate: bigint;
  /** eMetis that waits in the queue. */
  readonly pending: bigint;
  /** When the first ticket that waits was asked for; undefined when none waits. */
  readonly oldestPendingAt: bigint | undefined;
  /** METIS that the queue would be paid now, arrivals included. */
  readonly fundable: bigint;
  /** eMetis that the queue would be paid now. */
  readonly fundableLine: bigint;
  /** METIS that it would be paid more if a report taken now were applied. */
  readonly awaitingReport: bigint;
  /** What `sentToL2` on Ethereum must reach for the queue to be filled; 0 when it is. */
  readonly needTarget: bigint;
  /** METIS in L2Gateway that is not booked. */
  readonly arrived: bigint;
  /** METIS and eMetis in the queue beyond its books. */
  readonly skimmable: bigint;
  /** When METIS was last sent up; undefined when that is more than a day ago. */
  readonly lastSentAt: bigint | undefined;
  /** eMetis in seMetis that has not vested. */
  readonly unvested: bigint;
  /** METIS for a withdrawal. */
  readonly bridgeFee: bigint;
  readonly lastNeed: SignalledNeed | undefined;
}

/** A message of LockManager that may still matter. */
export interface MessageState {
  readonly number: bigint;
  readonly payload: Hex;
  readonly content: MessageContent;
  /** When its hash was last sent. */
  readonly sentAt: bigint;
  /** What L2Gateway knows of its hash. */
  readonly state: "unknown" | "known" | "used";
  /** eMetis minted for it. */
  readonly minted: bigint;
  /** Why a report would be refused. */
  readonly refusal: ReportRefusal | undefined;
}

/** What crosses in a message of Metis's messenger. */
export type Cargo =
  { readonly type: "hash"; readonly number: bigint } | { readonly type: "metis"; readonly assets: bigint };

/** A message of Metis's messenger to our gateway that Metis has not carried out. */
export interface Crossing {
  readonly cargo: Cargo;
  /** Names it on both chains. */
  readonly hash: Hex;
  readonly target: string;
  readonly sender: string;
  readonly message: string;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
  /** How often it was put into the queue, and when last. */
  readonly attempts: number;
  readonly lastAttemptAt: bigint;
  /** How often Metis tried and failed. */
  readonly failures: number;
}

/** Messages from Ethereum to Metis that are not done. */
export interface BridgeState {
  readonly messages: readonly MessageState[];
  readonly crossings: readonly Crossing[];
  /** When the newest report was taken, delivered or not. */
  readonly lastReportAt: bigint;
}

/** Both chains. */
export interface State {
  readonly l1: L1State;
  readonly l2: L2State;
  readonly bridge: BridgeState;
  readonly keeper: Address;
  readonly purses: Readonly<Record<Side, Purse>>;
}

/** A reading of both chains, and Ethereum as it was some blocks earlier: what shows in both survives a reorganisation. */
export interface Observation {
  readonly state: State;
  readonly settledL1: L1State;
}
