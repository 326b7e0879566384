import { type MintSharesParameters, mintShares } from "../actions/mintShares";
import type { L2Context } from "../context";
import { previewMint } from "../math/shares";
import { readL2 } from "../rpc/readPinned";
import { momentOf, refused } from "./outcome";
import type { StakePreview } from "./previewStake";
import { readVault, refusalToEnter, takesDeposits, vaultAt } from "./vault";

/** What {@link mintShares} would do; `assets` is the cost, rounded up. */
export type MintSharesPreview = StakePreview;

/**
 * What {@link mintShares} would do at second `at`, to the wei, if nothing else happens between. 1 round trip on Metis. The
 * caller's balance and allowance are taken as there: {@link requirementsOf} checks them.
 *
 * @param parameters - Those of the call, and `at`, Unix seconds of Metis: the latest block's own when left out. A report between
 * changes the result.
 * @throws as {@link mintShares} and {@link readL2}; {@link ParameterError} when `at` is over.
 * @example
 * const preview = await previewMintShares(context, { shares: parseAmount("5"), receiver });
 */
export async function previewMintShares(
  context: L2Context,
  parameters: MintSharesParameters & { readonly at?: bigint },
): Promise<MintSharesPreview> {
  mintShares(context.deployment, parameters);
  const { shares, receiver } = parameters;
  const { block, value } = await readL2(context, undefined, (runner) => readVault(runner, context.deployment));
  const moment = momentOf(block, parameters.at);
  const vault = vaultAt(value, moment.at);
  if (!takesDeposits(vault)) return refused(moment, "ERC4626ExceededMaxMint", [receiver, shares, 0n]);
  const assets = previewMint(shares, vault);
  return refusalToEnter(moment, vault, { assets, shares }) ?? { type: "done", ...moment, assets, shares };
}
