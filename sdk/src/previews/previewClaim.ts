import { type ClaimParameters, claim } from "../actions/claim";
import { checkAddress } from "../check";
import type { L2Context } from "../context";
import { RevertError } from "../errors";
import { RedemptionQueue__factory } from "../generated/contracts";
import { min } from "../math/integers";
import { readL2 } from "../rpc/readPinned";
import type { Address } from "../types";
import { type Moment, type Refused, asRefusal, momentOf, refused } from "./outcome";

/** What {@link claim} would do. */
export type ClaimPreview =
  | (Moment & {
      readonly type: "done";
      /** Gets the METIS. */
      readonly owner: Address;
      /** Wei of METIS paid. */
      readonly paid: bigint;
      /** The ticket is claimed up to here of the queue, and gone where that is its end. */
      readonly claimedUntil: bigint;
      readonly isWhole: boolean;
    })
  | Refused;

/**
 * What {@link claim} would do in the next block, to the wei, if nothing else happens between. 1 round trip on Metis. Time alone
 * changes nothing here; `rebalance` and `fundQueue` do. That the owner can be paid is taken as given.
 *
 * @throws as {@link claim} and {@link readL2}.
 * @example
 * const preview = await previewClaim(context, { id: 0n });
 */
export async function previewClaim(context: L2Context, parameters: ClaimParameters): Promise<ClaimPreview> {
  const { id } = parameters;
  claim(context.deployment, parameters);
  const { block, value } = await readL2(context, undefined, (runner) => {
    const queue = RedemptionQueue__factory.connect(context.deployment.l2.redemptionQueue, runner);
    return Promise.all([queue.ticket(id).catch(asRefusal), queue.finalisedUntil()]);
  });
  const moment = momentOf(block, undefined);
  const [ticket, finalisedUntil] = value;
  if (ticket instanceof RevertError) return { type: "refused", ...moment, error: ticket };
  const { end, claimedUntil: from, claimable: paid } = ticket;
  const until = min(end, finalisedUntil);
  if (from >= until) return refused(moment, "RedemptionQueue__NotFinalised", [from, until]);
  const owner = checkAddress("owner", ticket.owner);
  return { type: "done", ...moment, owner, paid, claimedUntil: until, isWhole: until === end };
}
