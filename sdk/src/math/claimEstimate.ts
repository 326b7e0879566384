import { max } from "./integers";

/** What an estimate of the queue rests on. */
export interface QueueOutlook {
  /** Up to where the line is finalised, wei of eMetis. */
  readonly finalisedUntil: bigint;
  /** Free METIS in the pool, wei. */
  readonly buffer: bigint;
  /** Reported METIS on the way down, wei. */
  readonly inboundAssets: bigint;
  /** METIS that Ethereum could withdraw at once, wei. */
  readonly withdrawableOnL1: bigint;
  /** Tickets asked for at or before this Unix second can be finalised. */
  readonly finalisationCutoff: bigint;
}

/** Where a ticket ends on the line, and when it was asked for. */
export interface TicketPlace {
  /** Wei of eMetis. */
  readonly end: bigint;
  /** Unix seconds of Metis. */
  readonly askedAt: bigint;
}

const hour = 3_600n;
const day = 24n * hour;
/** Reports are expected this often. */
const reportPeriod = day;
/** From the cutoff of a report to its delivery. */
const reportDelay = 8n * hour;
/** From the moment at which the queue can be funded to the call that does it. */
const rebalanceDelay = hour;
/** METIS takes this long from Ethereum to Metis. */
const bridgeDelay = 4n * hour;
/** The keeper recalls within this time. */
const recallDelay = day;
/** The need's way to Ethereum, the wait before a sequencer exits for it, and the exit. */
const exitDelay = 35n * day;

/**
 * When a ticket should be claimable in full, Unix seconds; the present when it is. The queue's `estimateClaimTime`, also for a
 * ticket that is not asked for yet.
 *
 * An estimate, no promise: it rests on keepers and reports that come daily. The clock of Metis must not have gone back by an hour.
 *
 * @param currentTime - Unix seconds of Metis, at which the outlook was read.
 * @example
 * const askedAt = queue.block.timestamp;
 * estimateClaimTime(queue, { end: queue.requestedUntil + 10n ** 18n, askedAt }, askedAt); // of a ticket for 1 METIS
 */
export function estimateClaimTime(queue: QueueOutlook, ticket: TicketPlace, currentTime: bigint): bigint {
  const { end, askedAt } = ticket;
  if (end <= queue.finalisedUntil) return currentTime;
  const fundedAt = currentTime + fundingDelay(queue, end - queue.finalisedUntil);
  return max(fundedAt, countedAt(queue.finalisationCutoff, askedAt, currentTime)) + rebalanceDelay;
}

/** From now until there is METIS for all that stands before the end of the ticket. */
function fundingDelay({ buffer, inboundAssets, withdrawableOnL1 }: QueueOutlook, assets: bigint): bigint {
  if (assets <= buffer) return 0n;
  if (assets <= buffer + inboundAssets) return bridgeDelay;
  if (assets <= buffer + inboundAssets + withdrawableOnL1) return recallDelay + bridgeDelay;
  return exitDelay + bridgeDelay;
}

/** When the report should be here that the ticket is old enough for: the last one, the next, or the one after. */
function countedAt(cutoff: bigint, askedAt: bigint, currentTime: bigint): bigint {
  if (isCounted(askedAt, cutoff)) return currentTime;
  const next = cutoff + reportPeriod;
  const due = (isCounted(askedAt, next) ? next : next + reportPeriod) + reportDelay;
  return due >= currentTime ? due : currentTime + reportPeriod;
}

/** A ticket counts as asked for at the end of its hour. */
function isCounted(askedAt: bigint, cutoff: bigint): boolean {
  return cutoff / hour > askedAt / hour;
}
