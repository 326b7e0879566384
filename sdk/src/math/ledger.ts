import { max, saturatingSub } from "./integers";

/** How far a report's L1 time must lie beyond a snapshot's to judge it, and how far it may lie ahead of L2: 3 days. */
export const CLOCK_MARGIN = 3n * 86_400n;

/** What the protocol holds on Ethereum at one moment, as `Messages.Report`; wei of METIS. All counters only grow. */
export interface Report {
  /** L1 time at which it was taken, Unix seconds. */
  readonly takenAt: bigint;
  /** Locked + unclaimed rewards + idle − owed to operators. */
  readonly l1Assets: bigint;
  /** METIS that ever reached LockManager from Metis. */
  readonly receivedFromL2: bigint;
  /** METIS ever sent down to L2Gateway. */
  readonly sentToL2: bigint;
  /** METIS ever deposited on Ethereum. */
  readonly l1Deposits: bigint;
}

/** The lines that Metis itself keeps; wei of METIS. All but `buffer` only grow. */
export interface Counters {
  /** Free METIS in the pool. */
  readonly buffer: bigint;
  /** METIS ever sent up. */
  readonly sentToL1: bigint;
  /** METIS that L1 received beyond all that was ever sent up. */
  readonly attributedUp: bigint;
  /** METIS ever booked as arrived from Ethereum. */
  readonly receivedFromL1: bigint;
  /** Arrivals proved to be none of what L1 sent. */
  readonly attributedDown: bigint;
  /** eMetis ever minted for deposits on Ethereum. */
  readonly mintedForL1: bigint;
}

/** What was received by `takenAt`, to be judged by a report taken {@link CLOCK_MARGIN} later. */
export interface Snapshot {
  /** `receivedFromL1` at that moment, wei. */
  readonly receivedFromL1: bigint;
  /** The greater of the greatest L2 time ever seen and the last report's L1 time, Unix seconds. */
  readonly takenAt: bigint;
}

/** Why a report with a higher number cannot be applied. */
export type ReportRefusal = "fromTheFuture" | "tooOld" | "counterFell";

/**
 * METIS on the way up, as far as the last report knows; signed wei. Negative where L1 was given METIS that hides behind none
 * on the way.
 *
 * @example
 * outboundAssets({ ...counters, sentToL1: 9n, attributedUp: 0n }, { ...report, receivedFromL2: 4n }); // 5n
 */
export function outboundAssets(counters: Counters, report: Report): bigint {
  return counters.sentToL1 + counters.attributedUp - report.receivedFromL2;
}

/**
 * METIS on the way down, as far as the last report knows; signed wei. Negative where METIS arrived that no report knows yet.
 *
 * @example
 * inboundAssets({ ...counters, receivedFromL1: 9n, attributedDown: 0n }, { ...report, sentToL2: 4n }); // −5n
 */
export function inboundAssets(counters: Counters, report: Report): bigint {
  return report.sentToL2 + counters.attributedDown - counters.receivedFromL1;
}

/**
 * The sum of all lines before the floor; signed wei.
 *
 * @example
 * ledgerSum(counters, report);
 */
export function ledgerSum(counters: Counters, report: Report): bigint {
  return (
    counters.buffer +
    outboundAssets(counters, report) +
    report.l1Assets +
    inboundAssets(counters, report) +
    (counters.mintedForL1 - report.l1Deposits)
  );
}

/**
 * Wei of METIS that back eMetis on both chains as of the last report; {@link ledgerSum} floored at 0.
 *
 * @example
 * totalAssets(counters, report);
 */
export function totalAssets(counters: Counters, report: Report): bigint {
  return max(0n, ledgerSum(counters, report));
}

/**
 * `attributedUp` after `report`: L1 cannot have received more than was ever sent up, so the excess was given to it.
 *
 * @example
 * attributeUp({ ...counters, sentToL1: 5n, attributedUp: 0n }, { ...report, receivedFromL2: 7n }); // 2n
 */
export function attributeUp(counters: Counters, report: Report): bigint {
  return max(counters.attributedUp, report.receivedFromL2 - counters.sentToL1);
}

/**
 * Whether `report` was taken so long after `snapshot` that what had arrived by then must have left L1 before it.
 *
 * @example
 * isJudgedBy({ receivedFromL1: 0n, takenAt: 0n }, 3n * 86_400n); // false
 */
export function isJudgedBy(snapshot: Snapshot, reportTakenAt: bigint, margin = CLOCK_MARGIN): boolean {
  return reportTakenAt > snapshot.takenAt + margin;
}

/**
 * `attributedDown` after `report` judged `snapshot`: what had arrived and is not covered by all that L1 ever sent.
 *
 * @example
 * attributeDown({ ...counters, attributedDown: 1n }, { receivedFromL1: 9n, takenAt: 0n }, { ...report, sentToL2: 6n }); // 3n
 */
export function attributeDown(counters: Counters, snapshot: Snapshot, report: Report): bigint {
  return max(counters.attributedDown, snapshot.receivedFromL1 - report.sentToL2);
}

/**
 * Why `report`, whose number is higher than the last one's, is refused; `undefined` when it is not.
 *
 * @param currentTime - L2 time, Unix seconds.
 * @example
 * reportRefusal(last, { ...last, takenAt: last.takenAt - 1n }, currentTime); // "tooOld"
 */
export function reportRefusal(last: Report, report: Report, currentTime: bigint): ReportRefusal | undefined {
  if (report.takenAt > currentTime + CLOCK_MARGIN) return "fromTheFuture";
  if (report.takenAt < last.takenAt) return "tooOld";
  const hasFallen =
    report.receivedFromL2 < last.receivedFromL2 ||
    report.sentToL2 < last.sentToL2 ||
    report.l1Deposits < last.l1Deposits;
  return hasFallen ? "counterFell" : undefined;
}

/**
 * eMetis minted for deposits that Ethereum neither reported nor announced, wei; 0 unless there is a fault.
 *
 * @param announced - The greatest running total that a delivered deposit carried, wei.
 * @example
 * unbackedL1Mints({ ...counters, mintedForL1: 7n }, { ...report, l1Deposits: 2n }, 5n); // 2n
 */
export function unbackedL1Mints(counters: Counters, report: Report, announced: bigint): bigint {
  return saturatingSub(counters.mintedForL1, max(report.l1Deposits, announced));
}
