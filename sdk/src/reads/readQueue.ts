import type { L2Context } from "../context";
import {
  type RedemptionQueue,
  type StakingPool,
  RedemptionQueue__factory,
  StakingPool__factory,
} from "../generated/contracts";
import type { QueueOutlook } from "../math/claimEstimate";
import type { BlockStamp } from "../rpc/readBatch";
import { readL2 } from "../rpc/readPinned";
import { type Ticket, ticketStates } from "./ticketState";

/** The queue and the METIS for it; wei. With it `estimateClaimTime` tells when a ticket asked for now should be claimable. */
export interface Queue extends QueueOutlook {
  readonly block: BlockStamp;
  /** Where the line ends: eMetis ever asked for, and the id of the next ticket. */
  readonly requestedUntil: bigint;
  /** eMetis that waits: requestedUntil − finalisedUntil. */
  readonly pending: bigint;
  /** METIS held for finalised tickets that are not claimed yet. */
  readonly reserved: bigint;
  /** METIS for 1e18 wei of eMetis if it were finalised now, rounded down. */
  readonly redemptionRate: bigint;
  /** What METIS ever sent down must reach for the queue to be filled; 0 when what is here and on the way suffices. */
  readonly neededFromL1: bigint;
  /** Tickets to look at, in the order of the ids given, each once. */
  readonly tickets: readonly Ticket[];
}

/**
 * Reads the queue, and tickets by their ids. 1 round trip on Metis with up to 10 tickets (2 views each); each 30 further views are a
 * request more, all of those at once.
 *
 * @param parameters - `tickets`: ids to look at; `l2Block`: the block to read, the latest unless given.
 * @throws {@link AmountError} when an id is negative, and what `readL2` throws.
 * @example
 * const queue = await readQueue(context);
 * const askedAt = queue.block.timestamp;
 * const claimableAt = estimateClaimTime(queue, { end: queue.requestedUntil + parseAmount("5"), askedAt }, askedAt);
 */
export async function readQueue(
  context: L2Context,
  parameters: { readonly tickets?: readonly bigint[]; readonly l2Block?: number } = {},
): Promise<Queue> {
  const { block, value } = await readL2(context, parameters.l2Block, async (runner) => {
    const queue = RedemptionQueue__factory.connect(context.deployment.l2.redemptionQueue, runner);
    const pool = StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
    const [line, sources, tickets] = await Promise.all([
      readLine(queue),
      readSources(pool),
      ticketStates(queue, parameters.tickets ?? []),
    ]);
    return { ...line, ...sources, tickets };
  });
  return { block, ...value };
}

async function readLine(queue: RedemptionQueue) {
  const [requestedUntil, finalisedUntil, reserved] = await Promise.all([
    queue.requestedUntil(),
    queue.finalisedUntil(),
    queue.reserved(),
  ]);
  return { requestedUntil, finalisedUntil, pending: requestedUntil - finalisedUntil, reserved };
}

async function readSources(pool: StakingPool) {
  const [[buffer, inboundAssets, withdrawableOnL1], finalisationCutoff, redemptionRate, neededFromL1] =
    await Promise.all([
      Promise.all([pool.buffer(), pool.inboundAssets(), pool.withdrawableOnL1()]),
      pool.finalisationCutoff(),
      pool.redemptionRate(),
      pool.neededFromL1(),
    ]);
  return { buffer, inboundAssets, withdrawableOnL1, finalisationCutoff, redemptionRate, neededFromL1 };
}
