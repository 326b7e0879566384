import { MIN_TICKET } from "../actions/limits";
import { type RequestRedeemStakedParameters, requestRedeemStaked } from "../actions/requestRedeemStaked";
import { checkAddress } from "../check";
import type { L2Context } from "../context";
import { RedemptionQueue__factory } from "../generated/contracts";
import { readL2 } from "../rpc/readPinned";
import { type Moment, type Refused, momentOf, refused } from "./outcome";
import { unstakeAt } from "./previewUnstake";
import { readShares, readVault } from "./vault";

/** What {@link requestRedeemStaked} would do. */
export type RequestRedeemStakedPreview =
  | (Moment & {
      readonly type: "done";
      /** The ticket. */
      readonly id: bigint;
      /** Wei of eMetis in it: what the shares give, rounded down. */
      readonly assets: bigint;
      /** Where it ends in the queue. */
      readonly end: bigint;
    })
  | Refused;

/**
 * What {@link requestRedeemStaked} would do at second `at`, to the wei, if nothing else happens between. 1 round trip on Metis.
 * The caller's allowance is taken as there: {@link requirementsOf} checks it.
 *
 * @param parameters - Those of the call, `caller`, whose seMetis it is, and `at`, Unix seconds of Metis: the latest block's own when
 * left out. A report between changes the assets, somebody else's request the id.
 * @throws as {@link requestRedeemStaked} and {@link readL2}; {@link ParameterError} when `at` is over.
 * @example
 * const preview = await previewRequestRedeemStaked(context, { shares: parseAmount("5"), owner, caller: owner });
 */
export async function previewRequestRedeemStaked(
  context: L2Context,
  parameters: RequestRedeemStakedParameters & { readonly caller: string; readonly at?: bigint },
): Promise<RequestRedeemStakedPreview> {
  const { deployment } = context;
  requestRedeemStaked(deployment, parameters);
  const owner = checkAddress("caller", parameters.caller);
  const { block, value } = await readL2(context, undefined, (runner) => {
    const queue = RedemptionQueue__factory.connect(deployment.l2.redemptionQueue, runner);
    return Promise.all([readVault(runner, deployment), readShares(runner, deployment, owner), queue.requestedUntil()]);
  });
  const [stored, balance, id] = value;
  const moment = momentOf(block, parameters.at);
  const redeemed = unstakeAt(moment, stored, { shares: parameters.shares, owner, balance });
  if (redeemed.type === "refused") return redeemed;
  const { assets } = redeemed;
  if (assets < MIN_TICKET) return refused(moment, "RedemptionQueue__BelowMinimum", [assets, MIN_TICKET]);
  return { type: "done", ...moment, id, assets, end: id + assets };
}
