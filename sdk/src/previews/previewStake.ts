import { type StakeParameters, stake } from "../actions/stake";
import type { L2Context } from "../context";
import { previewDeposit } from "../math/shares";
import { readL2 } from "../rpc/readPinned";
import { type Moment, type Refused, momentOf, refused } from "./outcome";
import { type StoredVault, readVault, refusalToEnter, takesDeposits, vaultAt } from "./vault";

/** The vault takes the eMetis. */
export interface StakeDone extends Moment {
  readonly type: "done";
  /** Wei of eMetis taken. */
  readonly assets: bigint;
  /** Wei of seMetis given, rounded down. */
  readonly shares: bigint;
}

/** What {@link stake} would do. */
export type StakePreview = StakeDone | Refused;

/**
 * What {@link stake} would do at second `at`, to the wei, if nothing else happens between. 1 round trip on Metis. The caller's
 * balance and allowance are taken as there: {@link requirementsOf} checks them.
 *
 * @param parameters - Those of the call, and `at`, Unix seconds of Metis: the latest block's own when left out. A report between
 * changes the result.
 * @throws as {@link stake} and {@link readL2}; {@link ParameterError} when `at` is over.
 * @example
 * const preview = await previewStake(context, { assets: parseAmount("5"), receiver });
 */
export async function previewStake(
  context: L2Context,
  parameters: StakeParameters & { readonly at?: bigint },
): Promise<StakePreview> {
  stake(context.deployment, parameters);
  const { block, value } = await readL2(context, undefined, (runner) => readVault(runner, context.deployment));
  return stakeAt(momentOf(block, parameters.at), value, parameters);
}

/**
 * As `SEMetis._stake`, on a vault that was read.
 *
 * @example
 * stakeAt(moment, stored, { assets, receiver });
 */
export function stakeAt(moment: Moment, stored: StoredVault, { assets, receiver }: StakeParameters): StakePreview {
  const vault = vaultAt(stored, moment.at);
  if (!takesDeposits(vault)) return refused(moment, "ERC4626ExceededMaxDeposit", [receiver, assets, 0n]);
  const shares = previewDeposit(assets, vault);
  return refusalToEnter(moment, vault, { assets, shares }) ?? { type: "done", ...moment, assets, shares };
}
