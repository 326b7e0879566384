import { type RedeemInstantParameters, redeemInstant } from "../actions/redeemInstant";
import type { L2Context } from "../context";
import { StakingPool__factory } from "../generated/contracts";
import { WAD } from "../math/integers";
import { readL2 } from "../rpc/readPinned";
import { type Moment, type Refused, asRefusal, momentOf, refused } from "./outcome";

/** What {@link redeemInstant} would do. */
export type RedeemInstantPreview =
  | (Moment & {
      readonly type: "done";
      /** Wei of METIS paid, rounded down. */
      readonly paid: bigint;
      /** Wei of METIS that stay behind as the fee: `value − paid`. */
      readonly fee: bigint;
      /** Wei of METIS that the eMetis is worth, before the fee. */
      readonly value: bigint;
      /** Wei of METIS for 1e18 wei of eMetis; 1e18 unless there is a loss. */
      readonly rate: bigint;
    })
  | Refused;

/**
 * What {@link redeemInstant} would do in the next block, to the wei, if nothing else happens between. 1 round trip on Metis. Time
 * alone moves no price here, so there is no second to choose; a closed pool may open by time: ask again then. The price is the
 * pool's own answer: the fee depends on a target that the pool shows nowhere else. The caller's balance is taken as there:
 * {@link requirementsOf} checks it.
 *
 * @param parameters - Those of the call, where `minOut` may be left out.
 * @throws as {@link redeemInstant} and {@link readL2}.
 * @example
 * const preview = await previewRedeemInstant(context, { assets: parseAmount("5"), receiver });
 */
export async function previewRedeemInstant(
  context: L2Context,
  { minOut = 0n, ...rest }: Omit<RedeemInstantParameters, "minOut"> & { readonly minOut?: bigint },
): Promise<RedeemInstantPreview> {
  redeemInstant(context.deployment, { ...rest, minOut });
  const { block, value: read } = await readL2(context, undefined, (runner) => {
    const pool = StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
    return Promise.all([pool.previewRedeemInstant(rest.assets).catch(asRefusal), pool.redemptionRate()]);
  });
  const moment = momentOf(block, undefined);
  const [paid, rate] = read;
  if (typeof paid !== "bigint") return { type: "refused", ...moment, error: paid };
  if (paid < minOut) return refused(moment, "StakingPool__TooLittleOut", [paid, minOut]);
  const value = (rest.assets * rate) / WAD;
  return { type: "done", ...moment, paid, fee: value - paid, value, rate };
}
