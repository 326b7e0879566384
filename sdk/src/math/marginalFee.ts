import { BPS, WAD, ceilDiv } from "./integers";
import type { InstantFee } from "./instantFee";

/**
 * What the next wei paid at once from a free buffer of `free` wei costs, as a share of what is paid; 1e18-scaled, rounded up.
 *
 * A redemption moves along the line, so a larger one costs more on average: the pool's `previewRedeemInstant` tells its price.
 *
 * @example
 * marginalFee(50n, { target: 100n, minInstantFeeBps: 10n, maxInstantFeeBps: 100n }); // 5_500_000_000_000_000n
 */
export function marginalFee(free: bigint, { target, minInstantFeeBps, maxInstantFeeBps }: InstantFee): bigint {
  if (free >= target) return (minInstantFeeBps * WAD) / BPS;
  const scaled = maxInstantFeeBps * target - (maxInstantFeeBps - minInstantFeeBps) * free;
  return ceilDiv(scaled * WAD, target * BPS);
}
