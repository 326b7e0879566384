import { MAX_ASSETS } from "../actions/limits";
import type { Deployment } from "../deployments";
import { StakingPool__factory } from "../generated/contracts";
import { ledgerSum } from "../math/ledger";
import { max } from "../math/integers";
import type { PinnedRunner } from "../rpc/readPinned";
import { type Moment, type Refused, refused } from "./outcome";

/** What decides whether the pool takes a deposit. */
export interface Pool {
  /** Wei of METIS in the pool. */
  readonly buffer: bigint;
  /** Sum of the ledger's lines, wei, before the floor at 0. */
  readonly ledgerSum: bigint;
  /** Wei of eMetis. */
  readonly totalSupply: bigint;
  /** Wei of eMetis minted for deposits that Ethereum does not know. */
  readonly unbackedL1Mints: bigint;
  /** Paused, and stopped by a loss, before these Unix seconds. */
  readonly pausedUntil: bigint;
  readonly stoppedUntil: bigint;
}

/**
 * Reads what decides whether the pool takes a deposit; part of a batch.
 *
 * @example
 * const { value } = await readL2(context, undefined, (runner) => readPool(runner, context.deployment));
 */
export async function readPool(runner: PinnedRunner, { l2 }: Deployment): Promise<Pool> {
  const pool = StakingPool__factory.connect(l2.stakingPool, runner);
  const [lines, pausedUntil, stoppedUntil] = await Promise.all([
    pool.solvency(),
    pool.pausedUntil(),
    pool.stoppedUntil(),
  ]);
  const { buffer, totalSupply, unbackedL1Mints } = lines;
  const { sentToL1, attributedUp, receivedFromL1, attributedDown, mintedForL1 } = lines;
  const counters = { buffer, sentToL1, attributedUp, receivedFromL1, attributedDown, mintedForL1 };
  const { reportTakenAt: takenAt, l1Assets, receivedFromL2, sentToL2, l1Deposits } = lines;
  const sum = ledgerSum(counters, { takenAt, l1Assets, receivedFromL2, sentToL2, l1Deposits });
  return { buffer, ledgerSum: sum, totalSupply, unbackedL1Mints, pausedUntil, stoppedUntil };
}

/**
 * Why the pool is closed at a moment; `undefined` when it is open.
 *
 * @example
 * refusalOfClosed(moment, pool);
 */
export function refusalOfClosed(
  moment: Moment,
  { pausedUntil, stoppedUntil }: Pick<Pool, "pausedUntil" | "stoppedUntil">,
): Refused | undefined {
  if (moment.at < pausedUntil) return refused(moment, "StakingPool__Paused", [pausedUntil]);
  if (moment.at < stoppedUntil) return refused(moment, "StakingPool__LossUnconfirmed", [stoppedUntil]);
  return undefined;
}

/**
 * Why the pool refuses a deposit of `assets` wei; `undefined` when it takes it.
 *
 * @example
 * refusalOfDeposit(moment, pool, 10n ** 18n);
 */
export function refusalOfDeposit(moment: Moment, pool: Pool, assets: bigint): Refused | undefined {
  const closed = refusalOfClosed(moment, pool);
  if (closed !== undefined) return closed;
  if (pool.unbackedL1Mints > 0n) return refused(moment, "StakingPool__UnbackedL1Mints", [pool.unbackedL1Mints]);
  const buffer = pool.buffer + assets;
  if (buffer > MAX_ASSETS) return refused(moment, "SafeCastOverflowedUintDowncast", [88n, buffer]);
  const totalAssets = max(0n, pool.ledgerSum + assets);
  const totalSupply = pool.totalSupply + assets;
  if (totalAssets >= totalSupply) return undefined;
  return refused(moment, "StakingPool__Undercollateralised", [totalAssets, totalSupply]);
}
