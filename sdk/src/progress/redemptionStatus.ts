import { type Log, toBeHex } from "ethers";

import { checkAddress, checkAmount, checkHex } from "../check";
import type { L2Context } from "../context";
import { MissingLogsError, ParameterError, RevertError } from "../errors";
import { RedemptionQueue__factory } from "../generated/contracts";
import { type Event, eventOf } from "../rpc/eventOf";
import { readLogs } from "../rpc/readLogs";
import { readL2 } from "../rpc/readPinned";
import type { Address, Hex } from "../types";

/** Which ticket. */
export interface RedemptionStatusParameters {
  /** As `requestRedeem` returned it and `RedemptionRequested` carries it. */
  readonly id: bigint;
  /** A block of Metis not after the request: with it a node has fewer logs to look through. @defaultValue the deployment's first */
  readonly fromBlock?: number;
}

/** A ticket that is not paid in full. Wei. */
export interface TicketFacts {
  readonly id: bigint;
  readonly owner: Address;
  /** eMetis of the ticket that nothing was claimed for yet. */
  readonly assets: bigint;
  /** METIS that can be claimed now. */
  readonly claimable: bigint;
}

/** One payment for a ticket. */
export interface TicketPayment {
  readonly receiver: Address;
  /** Wei of METIS. */
  readonly paid: bigint;
  readonly transactionHash: Hex;
  readonly blockNumber: number;
}

/** Where a redemption stands. */
export type RedemptionStatus =
  /** The queue has not come to such a ticket yet. */
  | { readonly type: "unknown"; readonly id: bigint }
  /** `ahead` wei of eMetis are before it in the line; all of it should be claimable at second `estimate`. */
  | (TicketFacts & { readonly type: "waiting"; readonly ahead: bigint; readonly estimate: bigint })
  /** METIS for `waiting` wei of its eMetis is still to come, at second `estimate` or so. */
  | (TicketFacts & { readonly type: "partlyClaimable"; readonly waiting: bigint; readonly estimate: bigint })
  | (TicketFacts & { readonly type: "claimable" })
  /** It was paid in full: `paid` wei of METIS in all. */
  | {
      readonly type: "claimed";
      readonly id: bigint;
      readonly paid: bigint;
      readonly payments: readonly TicketPayment[];
    };

/**
 * Where a redemption stands. 1 round trip on Metis; 2 for a ticket that is gone, more where the node limits the ranges of logs.
 *
 * @throws {@link AmountError} when `id` is negative, {@link MissingLogsError} when the node's logs of a ticket that is gone have a gap, or
 * none begins at `id`,
 * {@link LogRangeError}, and as {@link readL2}.
 * @example
 * const status = await redemptionStatus(context, { id });
 * if (status.type === "waiting") console.log(`${status.ahead} wei are before it`);
 */
export async function redemptionStatus(
  context: L2Context,
  { id, fromBlock }: RedemptionStatusParameters,
): Promise<RedemptionStatus> {
  checkAmount("id", id, { minimum: 0n });
  const { block, value } = await readL2(context, undefined, (runner) => {
    const queue = RedemptionQueue__factory.connect(context.deployment.l2.redemptionQueue, runner);
    return Promise.all([
      unlessUnknown(queue.ticket(id)),
      unlessUnknown(queue.estimateClaimTime(id)),
      queue.finalisedUntil(),
      queue.requestedUntil(),
    ]);
  });
  const [ticket, estimate, finalisedUntil, requestedUntil] = value;
  if (ticket === undefined || estimate === undefined) {
    if (id >= requestedUntil) return { type: "unknown", id };
    return readClaimed(context, id, { fromBlock: fromBlock ?? context.deployment.l2.startBlock, ...block });
  }
  const { end, claimedUntil, claimable } = ticket;
  const facts = { id, owner: checkAddress("owner", ticket.owner), assets: end - claimedUntil, claimable };
  if (finalisedUntil >= end) return { ...facts, type: "claimable" };
  if (finalisedUntil > claimedUntil) {
    return { ...facts, type: "partlyClaimable", waiting: end - finalisedUntil, estimate };
  }
  return { ...facts, type: "waiting", ahead: claimedUntil - finalisedUntil, estimate };
}

async function unlessUnknown<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof RevertError && error.error === "RedemptionQueue__UnknownTicket") return undefined;
    throw error;
  }
}

/** The life of a ticket that is gone: asked for once, then paid from its beginning to its end without a gap. */
async function readClaimed(
  context: L2Context,
  id: bigint,
  { fromBlock, blockNumber }: { readonly fromBlock: number; readonly blockNumber: number },
): Promise<RedemptionStatus> {
  if (!Number.isSafeInteger(fromBlock) || fromBlock < 0 || fromBlock > blockNumber) {
    throw new ParameterError("fromBlock", fromBlock, `give a block of Metis, at most the latest, ${blockNumber}`);
  }
  const contract = RedemptionQueue__factory.createInterface();
  const names = ["RedemptionRequested", "RedemptionClaimed"] as const;
  const logs = await readLogs({
    ...context,
    ...{ side: "l2", provider: context.l2, address: context.deployment.l2.redemptionQueue },
    topics: [names.map((name) => contract.getEvent(name).topicHash), toBeHex(id, 32)],
    ...{ fromBlock, toBlock: blockNumber },
  });
  const [request, ...claims] = logs.map((log) => eventOf("l2", contract, log));
  if (request === undefined) {
    // Lost or never there looks the same, and a paid ticket must not pass for unknown.
    throw new MissingLogsError("l2", blockNumber, `no request of a ticket ${id} is among them, if one begins there`);
  }
  requireWhole(request, claims, { id, blockNumber });
  const payments = claims.map(paymentOf);
  return { type: "claimed", id, paid: payments.reduce((sum, { paid }) => sum + paid, 0n), payments };
}

function requireWhole(
  request: Event,
  claims: readonly Event[],
  { id, blockNumber }: { readonly id: bigint; readonly blockNumber: number },
): void {
  const fail = (reason: string): never => {
    throw new MissingLogsError("l2", blockNumber, `ticket ${id} ${reason}`);
  };
  if (request.name !== "RedemptionRequested") return fail("was paid and never asked for");
  let until = id;
  for (const claim of claims) {
    if (claim.name !== "RedemptionClaimed" || claim.amount("from") !== until) fail(`was not paid from ${until} on`);
    until = claim.amount("until");
  }
  if (until !== id + request.amount("assets")) fail(`is gone and was paid only up to ${until}`);
}

function paymentOf({ amount, address, log }: Event): TicketPayment {
  return { receiver: address("receiver"), paid: amount("paid"), ...placeOf(log) };
}

function placeOf({ transactionHash, blockNumber }: Log): Pick<TicketPayment, "transactionHash" | "blockNumber"> {
  return { transactionHash: checkHex("transaction hash", transactionHash, 32), blockNumber };
}
