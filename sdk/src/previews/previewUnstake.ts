import { type UnstakeParameters, unstake } from "../actions/unstake";
import { checkAddress } from "../check";
import type { L2Context } from "../context";
import { previewRedeem } from "../math/shares";
import { readL2 } from "../rpc/readPinned";
import type { Address } from "../types";
import { type Moment, type Refused, momentOf, refused } from "./outcome";
import { type StoredVault, readShares, readVault, vaultAt } from "./vault";

/** The vault pays eMetis out. */
export interface UnstakeDone extends Moment {
  readonly type: "done";
  /** Wei of eMetis paid; of {@link unstake} rounded down. */
  readonly assets: bigint;
  /** Wei of seMetis burned; of {@link withdrawStaked} rounded up. */
  readonly shares: bigint;
}

/** What {@link unstake} would do. */
export type UnstakePreview = UnstakeDone | Refused;

/**
 * What {@link unstake} would do at second `at`, to the wei, if nothing else happens between. 1 round trip on Metis. An allowance
 * of the owner is taken as there: {@link requirementsOf} checks it.
 *
 * @param parameters - Those of the call, and `at`, Unix seconds of Metis: the latest block's own when left out. A report between
 * changes the result.
 * @throws as {@link unstake} and {@link readL2}; {@link ParameterError} when `at` is over.
 * @example
 * const preview = await previewUnstake(context, { shares: parseAmount("5"), receiver: owner, owner });
 */
export async function previewUnstake(
  context: L2Context,
  parameters: UnstakeParameters & { readonly at?: bigint },
): Promise<UnstakePreview> {
  const { deployment } = context;
  unstake(deployment, parameters);
  const { shares } = parameters;
  const owner = checkAddress("owner", parameters.owner);
  const { block, value } = await readL2(context, undefined, (runner) =>
    Promise.all([readVault(runner, deployment), readShares(runner, deployment, owner)]),
  );
  const [stored, balance] = value;
  return unstakeAt(momentOf(block, parameters.at), stored, { shares, owner, balance });
}

/**
 * As `SEMetis.redeem`, on a vault that was read.
 *
 * @example
 * unstakeAt(moment, stored, { shares, owner, balance });
 */
export function unstakeAt(
  moment: Moment,
  stored: StoredVault,
  { shares, owner, balance }: { readonly shares: bigint; readonly owner: Address; readonly balance: bigint },
): UnstakePreview {
  const vault = vaultAt(stored, moment.at);
  if (vault.isClosed || shares > balance) {
    return refused(moment, "ERC4626ExceededMaxRedeem", [owner, shares, vault.isClosed ? 0n : balance]);
  }
  return { type: "done", ...moment, assets: previewRedeem(shares, vault), shares };
}
