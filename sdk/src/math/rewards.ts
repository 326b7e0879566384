import { BPS, min, saturatingSub } from "./integers";

/** Seconds in a year of the protocol. */
export const YEAR = 365n * 86_400n;

/** What a report's profit becomes. */
export interface ProfitShares {
  /** Wei of eMetis for the treasury. */
  readonly fee: bigint;
  /** Wei of eMetis for the stream of seMetis. */
  readonly reward: bigint;
  /** Wei that later profits still repair free of fee. */
  readonly unrecoveredLoss: bigint;
}

/** What a report's loss takes. */
export interface LossShares {
  /** Wei of eMetis burned of what seMetis has not vested. */
  readonly fromUnvested: bigint;
  /** Wei of eMetis burned of seMetis's vested assets. */
  readonly fromAssets: bigint;
  /** Wei that nobody covers: the redemption rate carries them. */
  readonly uncovered: bigint;
  /** Wei that later profits repair free of fee. */
  readonly unrecoveredLoss: bigint;
}

/**
 * The part of `profit` that one report may turn into eMetis: at most `maxRewardRateBps` of supply a year over the time
 * between the two reports on L1; rounded down. The rest waits for the next report.
 *
 * @param profit - totalAssets − totalSupply in wei; negative is none.
 * @param limits.elapsed - Difference of the two reports' L1 times, seconds.
 * @example
 * recognisedProfit(10n, { totalSupply: 1_000n, maxRewardRateBps: 4_000n, elapsed: 86_400n }); // 1n
 */
export function recognisedProfit(
  profit: bigint,
  limits: { readonly totalSupply: bigint; readonly maxRewardRateBps: bigint; readonly elapsed: bigint },
): bigint {
  if (profit <= 0n) return 0n;
  return min(profit, (limits.totalSupply * limits.maxRewardRateBps * limits.elapsed) / (BPS * YEAR));
}

/**
 * Splits a recognised profit: what replaces a loss of seMetis bears no fee. The fee is rounded down, and fee and reward add
 * up to the profit.
 *
 * @example
 * splitProfit(100n, { unrecoveredLoss: 40n, protocolFeeBps: 1_000n }); // { fee: 6n, reward: 94n, unrecoveredLoss: 0n }
 */
export function splitProfit(
  profit: bigint,
  terms: { readonly unrecoveredLoss: bigint; readonly protocolFeeBps: bigint },
): ProfitShares {
  const repaired = min(profit, terms.unrecoveredLoss);
  const fee = ((profit - repaired) * terms.protocolFeeBps) / BPS;
  return { fee, reward: profit - fee, unrecoveredLoss: terms.unrecoveredLoss - repaired };
}

/**
 * The loss that a report adds: the shortfall after it less the shortfall before it. A shortfall that eMetis carries already
 * is not charged again to who staked since.
 *
 * @param before - totalAssets just before the report, wei.
 * @param after - totalAssets just after it, wei.
 * @example
 * addedLoss(95n, 90n, 100n); // 5n
 */
export function addedLoss(before: bigint, after: bigint, totalSupply: bigint): bigint {
  return saturatingSub(saturatingSub(totalSupply, after), saturatingSub(totalSupply, before));
}

/**
 * Books a loss: unvested rewards first, then seMetis's assets; the rest lowers the redemption rate.
 *
 * @example
 * bookLoss(100n, { unvested: 30n, assets: 50n, unrecoveredLoss: 0n });
 * // { fromUnvested: 30n, fromAssets: 50n, uncovered: 20n, unrecoveredLoss: 80n }
 */
export function bookLoss(
  loss: bigint,
  stakers: { readonly unvested: bigint; readonly assets: bigint; readonly unrecoveredLoss: bigint },
): LossShares {
  const fromUnvested = min(loss, stakers.unvested);
  const fromAssets = min(loss - fromUnvested, stakers.assets);
  const burned = fromUnvested + fromAssets;
  return { fromUnvested, fromAssets, uncovered: loss - burned, unrecoveredLoss: stakers.unrecoveredLoss + burned };
}
