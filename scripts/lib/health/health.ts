/** What a person on duty must know of the protocol, as the chains tell it at one moment. Amounts in wei, times in Unix seconds. */
import type { LimitsOnL2 } from "../../../sdk/src/reads/readLimits";
import type { Queue } from "../../../sdk/src/reads/readQueue";
import type { Solvency } from "../../../sdk/src/reads/readSolvency";
import type { Vaults } from "../../../sdk/src/reads/readVaults";
import type { ReservesVerdict } from "../../../sdk/src/reserves/verifyReserves";
import type { Reading } from "./reading";

/** The last block of a chain. */
export interface Head {
  readonly blockNumber: number;
  readonly timestamp: number;
}

/** The ticket that waits longest. Hours are what the queue remembers. */
export type OldestTicket =
  | { readonly type: "none" }
  /** Asked for in the hour that ended at `askedBefore`, or before it when `isAtLeast`: the queue remembers 256 hours. */
  | { readonly type: "waiting"; readonly askedBefore: number; readonly isAtLeast: boolean };

/** What stands still on Metis, and until when; the past and 0 mean that it does not. */
export interface L2Stops {
  readonly pausedUntil: number;
  /** By a loss that nobody confirmed. */
  readonly stoppedUntil: number;
}

/** What stands still on Ethereum. */
export interface L1Stops {
  readonly pausedUntil: number;
  /** When LockManager last saw a loss; 0: never. */
  readonly lossSeenAt: number;
}

/** What the queue asked Ethereum for. */
export interface Need {
  readonly number: bigint;
  /** What `sentToL2` must reach. */
  readonly target: bigint;
  /** METIS still to be sent down for it. */
  readonly missing: bigint;
  /** Since when recalling could not reach it; 0: it is reached, or was not tried. */
  readonly unreachedSince: number;
}

/** Metis's LockingPool as a whole. */
export interface LockingPoolState {
  readonly isPaused: boolean;
  /** Sequencers that earn, and that wait for the end of their exit: all, not ours alone. */
  readonly active: number;
  readonly inactive: number;
  /** Whether its code knows the rule that two thirds must stay active. */
  readonly isExitRestricted: boolean;
  /** How many may begin a voluntary exit one after another, now. */
  readonly exitHeadroom: number;
  readonly exitDelay: number;
  readonly minLock: bigint;
  readonly maxLock: bigint;
}

/** Where Metis takes sequencers' rewards from. */
export interface RewardPayer {
  readonly payer: string;
  readonly balance: bigint;
  /** What LockingInfo may still take of it. */
  readonly allowance: bigint;
  /** Wei of METIS for a block of Metis. */
  readonly rewardPerBlock: bigint;
}

/** A message that LockManager sent and that has not done its work. */
export interface PendingMessage {
  readonly number: bigint;
  /** Of a report: when it was taken. Of a deposit: the time of its block. */
  readonly sentAt: number;
  /** `inBridge`: its hash has not arrived; `deliverable`: anyone may deliver it, or the rest of it. */
  readonly state: "inBridge" | "deliverable";
}

/** Messages down. */
export interface Messages {
  readonly lastNumber: bigint;
  /** The newest report that LockManager took, as far as logs were read; applied or not. */
  readonly newestReport: { readonly number: bigint; readonly takenAt: number } | undefined;
  /** Reports newer than the applied one, oldest first. */
  readonly reports: readonly PendingMessage[];
  /** Deposits from Ethereum that are not minted in full, oldest first. */
  readonly deposits: readonly PendingMessage[];
  /** METIS of deposits of which eMetis is not minted, from the counters of both chains: complete whatever logs were read. */
  readonly depositAssets: bigint;
  /** Messages sent before this block of Ethereum were not looked at. */
  readonly fromBlock: number;
}

/** METIS that left one chain and is not booked on the other. */
export interface Transit {
  readonly assets: bigint;
  /** When the oldest of it left; `undefined` when there is none, or its log is older than the logs that were read. */
  readonly since: number | undefined;
}

/** Acts that governance scheduled with an AccessManager and that were neither carried out nor withdrawn. */
export interface ScheduledOperations {
  readonly count: number;
  /** When the first can be carried out; `undefined` when there is none. */
  readonly nextAt: number | undefined;
}

/** What one crank costs Metis's bridge on Ethereum, wei of ETH. */
export interface L1Fees {
  readonly message: bigint;
  readonly metis: bigint;
}

/** The keeper's purse on both chains. */
export interface KeeperBalances {
  readonly address: string;
  readonly l1: Reading<bigint>;
  readonly l2: Reading<bigint>;
}

/** Everything, each part by itself known or unknown. */
export interface Health {
  /** The deployment's name. */
  readonly network: string;
  /** When it was read, by the clock of the machine that reads. */
  readonly readAt: number;
  readonly l1Head: Reading<Head>;
  readonly l2Head: Reading<Head>;
  readonly solvency: Reading<Solvency>;
  readonly queue: Reading<Queue>;
  readonly oldestTicket: Reading<OldestTicket>;
  readonly limits: Reading<LimitsOnL2>;
  readonly l2Stops: Reading<L2Stops>;
  readonly l1Stops: Reading<L1Stops>;
  readonly need: Reading<Need>;
  readonly vaults: Reading<Vaults>;
  readonly lockingPool: Reading<LockingPoolState>;
  readonly rewardPayer: Reading<RewardPayer>;
  /** Seconds between two blocks of Metis, over the last thousands of them. */
  readonly l2BlockTime: Reading<number>;
  readonly l1Fees: Reading<L1Fees>;
  /** METIS for a withdrawal to Ethereum. */
  readonly l2Fee: Reading<bigint>;
  readonly l1GasPrice: Reading<bigint>;
  readonly l2GasPrice: Reading<bigint>;
  /** `undefined` when no keeper was named. */
  readonly keeper: KeeperBalances | undefined;
  readonly l1Operations: Reading<ScheduledOperations>;
  readonly l2Operations: Reading<ScheduledOperations>;
  readonly messages: Reading<Messages>;
  readonly transitDown: Reading<Transit>;
  readonly transitUp: Reading<Transit>;
  /** Both chains compared, line by line. */
  readonly reserves: Reading<ReservesVerdict>;
}
