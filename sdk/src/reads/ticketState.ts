import { checkAddress, checkAmount } from "../check";
import { RevertError } from "../errors";
import type { RedemptionQueue } from "../generated/contracts";
import { min, saturatingSub } from "../math/integers";
import type { Address } from "../types";

/** A ticket that exists. */
export interface HeldTicket {
  /**
   * `waiting`: nothing of it is finalised that was not claimed; `partlyClaimable`: a part is; `claimable`: all that is left is.
   */
  readonly type: "waiting" | "partlyClaimable" | "claimable";
  /** Its place on the line, and its token id. */
  readonly id: bigint;
  readonly owner: Address;
  /** Where on the line it ends: id + wei of eMetis asked for. */
  readonly end: bigint;
  /** Up to where it was claimed; `id` before the first claim. */
  readonly claimedUntil: bigint;
  /** Wei of METIS that a claim would pay now. */
  readonly claimable: bigint;
  /** Wei of eMetis that wait before it on the line. */
  readonly ahead: bigint;
  /** When it should be claimable in full, Unix seconds; an estimate, and the block's time when it is. */
  readonly claimableAt: bigint;
}

/** No ticket has this id: it was paid in full, or never was. The chain's state does not tell which. */
export interface GoneTicket {
  readonly type: "gone";
  readonly id: bigint;
}

/** What the queue tells of one id. */
export type Ticket = HeldTicket | GoneTicket;

/**
 * Reads tickets with a queue that is connected to a pinned runner; two views for each and one for all.
 *
 * @throws {@link AmountError} when an id is negative.
 * @example
 * const { value } = await readL2(context, undefined, (runner) => ticketStates(queueAt(runner), [0n]));
 */
export async function ticketStates(queue: RedemptionQueue, ids: readonly bigint[]): Promise<readonly Ticket[]> {
  const unique = [...new Set(ids)];
  for (const id of unique) checkAmount("ticket", id, { minimum: 0n });
  if (unique.length === 0) return [];
  const finalisedUntil = queue.finalisedUntil();
  return Promise.all(unique.map(async (id) => ticketState(queue, id, finalisedUntil)));
}

async function ticketState(queue: RedemptionQueue, id: bigint, finalised: Promise<bigint>): Promise<Ticket> {
  try {
    const [ticket, claimableAt, finalisedUntil] = await Promise.all([
      queue.ticket(id),
      queue.estimateClaimTime(id),
      finalised,
    ]);
    const { end, claimedUntil, claimable } = ticket;
    const until = min(end, finalisedUntil);
    const type = until <= claimedUntil ? "waiting" : until < end ? "partlyClaimable" : "claimable";
    const owner = checkAddress("owner", ticket.owner);
    const ahead = saturatingSub(id, finalisedUntil);
    return { type, id, owner, end, claimedUntil, claimable, ahead, claimableAt };
  } catch (error) {
    if (error instanceof RevertError && error.error === "RedemptionQueue__UnknownTicket") return { type: "gone", id };
    throw error;
  }
}
