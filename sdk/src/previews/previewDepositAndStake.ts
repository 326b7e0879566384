import { type DepositAndStakeParameters, depositAndStake } from "../actions/depositAndStake";
import type { L2Context } from "../context";
import { readL2 } from "../rpc/readPinned";
import { type Refused, momentOf, refused } from "./outcome";
import { readPool, refusalOfDeposit } from "./pool";
import { type StakeDone, stakeAt } from "./previewStake";
import { readVault } from "./vault";

/** What {@link depositAndStake} would do. */
export type DepositAndStakePreview = StakeDone | Refused;

/**
 * What {@link depositAndStake} would do at second `at`, to the wei, if nothing else happens between. 1 round trip on Metis.
 *
 * @param parameters - Those of the call, where `minShares` may be left out, and `at`, Unix seconds of Metis: the latest block's own
 * when left out. A report between changes the result.
 * @throws as {@link depositAndStake} and {@link readL2}; {@link ParameterError} when `at` is over.
 * @example
 * const preview = await previewDepositAndStake(context, { assets: parseAmount("5"), receiver });
 * if (preview.type === "done") depositAndStake(deployment, { assets, receiver, minShares: withSlippage(preview.shares, 10n) });
 */
export async function previewDepositAndStake(
  context: L2Context,
  {
    at,
    minShares = 0n,
    ...rest
  }: Omit<DepositAndStakeParameters, "minShares"> & { readonly minShares?: bigint; readonly at?: bigint },
): Promise<DepositAndStakePreview> {
  const { deployment } = context;
  depositAndStake(deployment, { ...rest, minShares });
  const { block, value } = await readL2(context, undefined, (runner) =>
    Promise.all([readPool(runner, deployment), readVault(runner, deployment)]),
  );
  const moment = momentOf(block, at);
  const [pool, vault] = value;
  const preview = refusalOfDeposit(moment, pool, rest.assets) ?? stakeAt(moment, vault, rest);
  if (preview.type === "refused" || preview.shares >= minShares) return preview;
  return refused(moment, "StakingPool__TooFewShares", [preview.shares, minShares]);
}
