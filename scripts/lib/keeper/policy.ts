/** What the keeper goes by. */
import type { Side } from "../../../sdk/src/types";

/** A crank. */
export type Action = keyof typeof gasOf;

/** Gas that each crank takes with two vaults, rounded up generously: for what it is worth, not for sending. */
export const gasOf = {
  sync: 120_000n,
  allocate: 550_000n,
  harvest: 550_000n,
  report: 380_000n,
  recall: 550_000n,
  recallForNeed: 550_000n,
  beginExitForNeed: 650_000n,
  finishExit: 450_000n,
  expelDonation: 450_000n,
  sweepVault: 120_000n,
  refreshRewardRecipient: 120_000n,
  resend: 270_000n,
  replay: 200_000n,
  payCommission: 120_000n,
  deliver: 300_000n,
  rebalance: 350_000n,
  forwardArrivals: 120_000n,
  signalNeed: 250_000n,
  fundQueue: 200_000n,
  skim: 120_000n,
} as const;

/** When a crank is turned. Times in seconds. */
export interface Policy {
  /** A crank must bring so many times what it costs, unless it is due by time. */
  readonly worth: bigint;
  /** METIS for one ETH, whole: what gas on Ethereum is compared with. */
  readonly metisPerEth: bigint;
  /** What METIS earns where it is locked, basis points a year. */
  readonly yieldBps: bigint;
  /** Locking must pay for itself within this time. */
  readonly payback: bigint;
  /** A report is taken at least this often; after half as much again whatever it costs. */
  readonly reportPeriod: bigint;
  /** Reports that tickets or rewards wait for keep this distance. */
  readonly reportGap: bigint;
  /** Reports of a loss or a forced exit keep this distance. */
  readonly urgentGap: bigint;
  /** What users wait for is done after this time whatever it costs. */
  readonly patience: bigint;
  /** A message that Metis has not carried out in this time is put into the queue again. */
  readonly replayAfter: bigint;
  /** A hash that has not arrived in this time is sent again. */
  readonly resendAfter: bigint;
  /** Messages are followed for this long. */
  readonly window: bigint;
  /** Recalls for the queue a day, when the daily limit cannot fill it. */
  readonly recallsPerDay: bigint;
  /** Whether operators are paid what they are owed; they can do it themselves. */
  readonly paysCommission: boolean;
  /** Wei of the chain's coin for a unit of gas; above it only what is overdue is done. */
  readonly maxGasPrice: Readonly<Record<Side, bigint>>;
  /** Wei of the chain's coin that may be paid in 24 hours, gas and bridge fees. */
  readonly dailyCap: Readonly<Record<Side, bigint>>;
}

const minute = 60n;
const hour = 60n * minute;
const day = 24n * hour;
const gwei = 10n ** 9n;

/** What the keeper goes by unless it is told otherwise. */
export const defaultPolicy: Policy = {
  worth: 5n,
  metisPerEth: 250n,
  yieldBps: 1_000n,
  payback: 30n * day,
  reportPeriod: 22n * hour,
  reportGap: 6n * hour,
  urgentGap: 10n * minute,
  patience: day,
  replayAfter: 3n * hour,
  resendAfter: 12n * hour,
  window: 14n * day,
  recallsPerDay: 4n,
  paysCommission: false,
  maxGasPrice: { l1: 60n * gwei, l2: 100n * gwei },
  dailyCap: { l1: 2n * 10n ** 17n, l2: 5n * 10n ** 18n },
};
