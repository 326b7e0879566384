import type { Deployment } from "../deployments";
import { SEMetis__factory } from "../generated/contracts";
import { MIN_VESTING_SHARES, type Stream, checkpoint, postpone } from "../math/rewardStream";
import type { Vault } from "../math/shares";
import { MAX_ASSETS } from "../actions/limits";
import type { PinnedRunner } from "../rpc/readPinned";
import type { Address } from "../types";
import { type Moment, type Refused, refused } from "./outcome";

/** What seMetis has stored. */
export interface StoredVault {
  readonly stream: Stream;
  /** Wei of seMetis. */
  readonly totalSupply: bigint;
  /** Closed before this Unix second. */
  readonly closedUntil: bigint;
}

/** What seMetis is at one second. */
export interface VaultAt extends Vault {
  readonly stream: Stream;
  readonly isClosed: boolean;
}

/**
 * Reads what seMetis has stored; part of a batch.
 *
 * @example
 * const { value } = await readL2(context, undefined, (runner) => readVault(runner, context.deployment));
 */
export async function readVault(runner: PinnedRunner, { l2 }: Deployment): Promise<StoredVault> {
  const vault = SEMetis__factory.connect(l2.seMetis, runner);
  const [stored, totalSupply, closedUntil] = await Promise.all([
    vault.stream(),
    vault.totalSupply(),
    vault.closedUntil(),
  ]);
  const { assets, unvested, vestedAt, endsAt } = stored;
  return { stream: { assets, unvested, vestedAt, endsAt }, totalSupply, closedUntil };
}

/**
 * Reads how much seMetis an account has, wei; part of a batch.
 *
 * @example
 * const { value } = await readL2(context, undefined, (runner) => readShares(runner, context.deployment, owner));
 */
export function readShares(runner: PinnedRunner, { l2 }: Deployment, owner: Address): Promise<bigint> {
  return SEMetis__factory.connect(l2.seMetis, runner).balanceOf(owner);
}

/**
 * The vault at a second, as `SEMetis._current`: vested until then, or put off where shares are few.
 *
 * @example
 * vaultAt(stored, moment.at).totalAssets;
 */
export function vaultAt({ stream, totalSupply, closedUntil }: StoredVault, at: bigint): VaultAt {
  const current = totalSupply < MIN_VESTING_SHARES ? postpone(stream, at) : checkpoint(stream, at);
  return { stream: current, totalAssets: current.assets, totalSupply, isClosed: at < closedUntil };
}

/**
 * Whether the vault takes deposits: it is open, and no loss has left shares without assets.
 *
 * @example
 * takesDeposits(vaultAt(stored, moment.at));
 */
export function takesDeposits({ isClosed, totalAssets, totalSupply }: VaultAt): boolean {
  return !isClosed && (totalAssets !== 0n || totalSupply < MIN_VESTING_SHARES);
}

/**
 * Why the vault cannot take `assets` wei for `shares`, although it takes deposits; `undefined` when it can.
 *
 * @example
 * refusalToEnter(moment, vault, { assets, shares });
 */
export function refusalToEnter(
  moment: Moment,
  { stream }: VaultAt,
  { assets, shares }: { readonly assets: bigint; readonly shares: bigint },
): Refused | undefined {
  if (shares === 0n) return refused(moment, "SEMetis__NoShares", [assets]);
  // However it is booked, the sum is the same.
  const held = stream.assets + stream.unvested + assets;
  return held > MAX_ASSETS ? refused(moment, "SafeCastOverflowedUintDowncast", [88n, held]) : undefined;
}
