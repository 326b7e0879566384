import { max, min, saturatingSub } from "./integers";
import { CLOCK_MARGIN } from "./ledger";
import type { Report } from "../messages";

/** A ticket must have been asked for this long before all vaults were read, in seconds. */
export const FINALISATION_DELAY = 6n * 3_600n;
/** Without news of the vaults for this long, in seconds, age alone lets tickets through. */
export const REPORT_TIMEOUT = 7n * 86_400n;

/** The ledger across both chains, as `Ledger.Book`; amounts in wei of METIS, times in Unix seconds. */
export interface Book {
  /** Free METIS in the pool. */
  readonly buffer: bigint;
  /** Signed sum of all lines but the buffer. */
  readonly elsewhere: bigint;
  readonly pausedUntil: bigint;
  readonly stoppedUntil: bigint;
  /** Whether eMetis was minted for deposits that Ethereum does not know. */
  readonly hasUnbackedL1Mints: boolean;
  /** Number of the last report, 0 for none. */
  readonly reportNumber: bigint;
  /** L1 time at which it was taken. */
  readonly reportTakenAt: bigint;
  /** L1 time at which every vault could be read, of all reports. */
  readonly reportReadAt: bigint;
  /** L2 time of its application. */
  readonly reportAppliedAt: bigint;
  readonly l1Assets: bigint;
  /** Whole METIS, for estimates only. */
  readonly withdrawable: bigint;
  readonly receivedFromL2: bigint;
  readonly sentToL2: bigint;
  readonly l1Deposits: bigint;
  readonly mintedForL1: bigint;
  readonly sentToL1: bigint;
  readonly attributedUp: bigint;
  readonly lastSentAt: bigint;
  readonly receivedFromL1: bigint;
  readonly attributedDown: bigint;
  /** `receivedFromL1` when the last snapshot was taken, and a time that no clock had passed then. */
  readonly snapshotReceived: bigint;
  readonly snapshotAt: bigint;
  /** Greatest L2 time seen at a report. */
  readonly latestTime: bigint;
  /** Free buffer at which the instant fee is lowest. */
  readonly reserveTarget: bigint;
}

/** The book of a pool in which nothing has happened. */
export const emptyBook: Book = {
  buffer: 0n,
  elsewhere: 0n,
  pausedUntil: 0n,
  stoppedUntil: 0n,
  hasUnbackedL1Mints: false,
  reportNumber: 0n,
  reportTakenAt: 0n,
  reportReadAt: 0n,
  reportAppliedAt: 0n,
  l1Assets: 0n,
  withdrawable: 0n,
  receivedFromL2: 0n,
  sentToL2: 0n,
  l1Deposits: 0n,
  mintedForL1: 0n,
  sentToL1: 0n,
  attributedUp: 0n,
  lastSentAt: 0n,
  receivedFromL1: 0n,
  attributedDown: 0n,
  snapshotReceived: 0n,
  snapshotAt: 0n,
  latestTime: 0n,
  reserveTarget: 0n,
};

/**
 * Wei of METIS behind eMetis on both chains.
 *
 * @example
 * bookedAssets({ ...emptyBook, buffer: 5n, elsewhere: -7n }); // 0n
 */
export function bookedAssets({ buffer, elsewhere }: Book): bigint {
  return max(0n, buffer + elsewhere);
}

/**
 * `elsewhere`, added up from its lines; signed wei.
 *
 * @example
 * elsewhereFromLines({ ...emptyBook, sentToL1: 5n, l1Assets: 3n }); // 8n
 */
export function elsewhereFromLines(book: Book): bigint {
  const { sentToL1, attributedUp, receivedFromL2, l1Assets, mintedForL1, l1Deposits } = book;
  return sentToL1 + attributedUp - receivedFromL2 + l1Assets + inbound(book) + mintedForL1 - l1Deposits;
}

/**
 * METIS on the way down, signed wei; negative when METIS arrived that no report covers yet.
 *
 * @example
 * inbound({ ...emptyBook, sentToL2: 4n, receivedFromL1: 9n }); // -5n
 */
export function inbound({ sentToL2, attributedDown, receivedFromL1 }: Book): bigint {
  return sentToL2 + attributedDown - receivedFromL1;
}

/**
 * The book after `assets` wei arrived from Ethereum: the sum stays.
 *
 * @example
 * bookArrival(emptyBook, 5n).buffer; // 5n
 */
export function bookArrival(book: Book, assets: bigint): Book {
  const { buffer, elsewhere, receivedFromL1 } = book;
  return {
    ...book,
    buffer: buffer + assets,
    elsewhere: elsewhere - assets,
    receivedFromL1: receivedFromL1 + assets,
  };
}

/**
 * The book after `assets` wei were sent up: the sum stays.
 *
 * @param currentTime - Unix seconds of Metis.
 * @example
 * bookSending({ ...emptyBook, buffer: 5n }, 5n, 1_000n).sentToL1; // 5n
 */
export function bookSending(book: Book, assets: bigint, currentTime: bigint): Book {
  const { buffer, elsewhere, sentToL1 } = book;
  return {
    ...book,
    buffer: buffer - assets,
    elsewhere: elsewhere + assets,
    sentToL1: sentToL1 + assets,
    lastSentAt: currentTime,
  };
}

/**
 * The book after `assets` wei of eMetis were minted for a deposit on Ethereum.
 *
 * @example
 * bookL1Mint(emptyBook, 5n).mintedForL1; // 5n
 */
export function bookL1Mint(book: Book, assets: bigint): Book {
  return { ...book, elsewhere: book.elsewhere + assets, mintedForL1: book.mintedForL1 + assets };
}

/**
 * The book with `report` in place of the last one; its counters must not have fallen.
 *
 * @param currentTime - Unix seconds of Metis.
 * @example
 * const next = attribute(replaceReport(emptyBook, 7n, report, currentTime), currentTime);
 */
export function replaceReport(book: Book, number: bigint, report: Report, currentTime: bigint): Book {
  const { l1Assets, receivedFromL2, sentToL2, l1Deposits, takenAt, readAt, withdrawable } = report;
  const replaced = {
    ...book,
    reportNumber: number,
    reportTakenAt: takenAt,
    reportReadAt: max(readAt, book.reportReadAt),
    reportAppliedAt: currentTime,
    l1Assets,
    withdrawable: min(withdrawable / 10n ** 18n, 2n ** 32n - 1n),
    receivedFromL2,
    sentToL2,
    l1Deposits,
  };
  return { ...replaced, elsewhere: elsewhereFromLines(replaced) };
}

/**
 * The book with METIS counted that nobody announced, once it is proved to be that.
 *
 * Up: Ethereum cannot have received more than was ever sent. Down: what had arrived by the snapshot must be covered by a report
 * that read all vaults more than the clock margin later; only then the next snapshot is taken.
 *
 * @param currentTime - Unix seconds of Metis.
 * @example
 * attribute({ ...emptyBook, receivedFromL2: 7n, sentToL1: 5n }, 1_000n).attributedUp; // 2n
 */
export function attribute(book: Book, currentTime: bigint): Book {
  const { sentToL1, attributedUp, receivedFromL2, elsewhere } = book;
  const excess = saturatingSub(receivedFromL2, sentToL1 + attributedUp);
  const counted = { ...book, attributedUp: attributedUp + excess, elsewhere: elsewhere + excess };
  return judgeSnapshot(counted, currentTime);
}

/**
 * Tickets asked for at or before this can be finalised, Unix seconds.
 *
 * @param currentTime - Unix seconds of Metis.
 * @example
 * finalisationCutoff({ ...emptyBook, reportReadAt: 700_000n }, 710_000n); // 678_400n
 */
export function finalisationCutoff({ reportReadAt }: Book, currentTime: bigint): bigint {
  return max(saturatingSub(reportReadAt, FINALISATION_DELAY), saturatingSub(currentTime, REPORT_TIMEOUT));
}

function judgeSnapshot(book: Book, currentTime: bigint): Book {
  const latestTime = max(currentTime, book.latestTime);
  const { reportReadAt, snapshotAt, sentToL2, attributedDown, elsewhere } = book;
  if (reportReadAt <= snapshotAt + CLOCK_MARGIN && snapshotAt !== 0n) return { ...book, latestTime };
  const excess = saturatingSub(book.snapshotReceived, sentToL2 + attributedDown);
  return {
    ...book,
    latestTime,
    attributedDown: attributedDown + excess,
    elsewhere: elsewhere + excess,
    snapshotReceived: book.receivedFromL1,
    snapshotAt: max(latestTime, book.reportTakenAt),
  };
}
