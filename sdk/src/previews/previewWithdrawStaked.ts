import { type WithdrawStakedParameters, withdrawStaked } from "../actions/withdrawStaked";
import { checkAddress } from "../check";
import type { L2Context } from "../context";
import { convertToAssets, previewWithdraw } from "../math/shares";
import { readL2 } from "../rpc/readPinned";
import { momentOf, refused } from "./outcome";
import type { UnstakePreview } from "./previewUnstake";
import { readShares, readVault, vaultAt } from "./vault";

/** What {@link withdrawStaked} would do; `shares` is what it burns, rounded up. */
export type WithdrawStakedPreview = UnstakePreview;

/**
 * What {@link withdrawStaked} would do at second `at`, to the wei, if nothing else happens between. 1 round trip on Metis. An
 * allowance of the owner is taken as there: {@link requirementsOf} checks it.
 *
 * @param parameters - Those of the call, and `at`, Unix seconds of Metis: the latest block's own when left out. A report between
 * changes the result.
 * @throws as {@link withdrawStaked} and {@link readL2}; {@link ParameterError} when `at` is over.
 * @example
 * const preview = await previewWithdrawStaked(context, { assets: parseAmount("5"), receiver: owner, owner });
 */
export async function previewWithdrawStaked(
  context: L2Context,
  parameters: WithdrawStakedParameters & { readonly at?: bigint },
): Promise<WithdrawStakedPreview> {
  const { deployment } = context;
  withdrawStaked(deployment, parameters);
  const { assets } = parameters;
  const owner = checkAddress("owner", parameters.owner);
  const { block, value } = await readL2(context, undefined, (runner) =>
    Promise.all([readVault(runner, deployment), readShares(runner, deployment, owner)]),
  );
  const [stored, balance] = value;
  const moment = momentOf(block, parameters.at);
  const vault = vaultAt(stored, moment.at);
  const shares = previewWithdraw(assets, vault);
  if (!vault.isClosed && shares <= balance) return { type: "done", ...moment, assets, shares };
  const greatest = convertToAssets(vault.isClosed ? 0n : balance, vault);
  return refused(moment, "ERC4626ExceededMaxWithdraw", [owner, assets, greatest]);
}
