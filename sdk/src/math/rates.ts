import { WAD } from "./integers";
import { MIN_VESTING_SHARES, type Stream, checkpoint } from "./rewardStream";
import { YEAR } from "./rewards";
import { type Vault, convertToAssets } from "./shares";

/** seMetis: its stream as stored, and the shares that it pays. With it the price of any second until the next event is known. */
export interface StakedStream extends Stream {
  /** Wei of seMetis in existence. */
  readonly shares: bigint;
}

/**
 * What the shares stand for at `second`; while there are fewer than {@link MIN_VESTING_SHARES} nothing vests.
 *
 * @param second - Unix seconds of Metis; before `vestedAt` the stream knows nothing, and is taken as it was then.
 * @example
 * vaultAt({ assets: 5n, unvested: 100n, vestedAt: 0n, endsAt: 8n, shares: 10n ** 18n }, 4n);
 * // { totalAssets: 55n, totalSupply: 10n ** 18n }
 */
export function vaultAt(stream: StakedStream, second: bigint): Vault {
  const current = stream.shares < MIN_VESTING_SHARES ? stream : checkpoint(stream, second);
  return { totalAssets: current.assets, totalSupply: stream.shares };
}

/**
 * Wei of eMetis that `shares` wei of seMetis are worth at `second`, rounded down: seMetis's `convertToAssets`.
 *
 * @param second - Unix seconds of Metis, see {@link vaultAt}.
 * @example
 * assetsAt(stream, 5n * 10n ** 18n, rates.block.timestamp + 3_600n);
 */
export function assetsAt(stream: StakedStream, shares: bigint, second: bigint): bigint {
  return convertToAssets(shares, vaultAt(stream, second));
}

/**
 * Wei of eMetis for 1e18 wei of seMetis at `second`, rounded down.
 *
 * @param second - Unix seconds of Metis, see {@link vaultAt}.
 * @example
 * priceAt(stream, rates.block.timestamp + 60n); // in a minute, unless a report or a loss comes first
 */
export function priceAt(stream: StakedStream, second: bigint): bigint {
  return assetsAt(stream, WAD, second);
}

/**
 * Wei of METIS for 1e18 wei of seMetis: its price times the redemption rate, 1e18-scaled, rounded down.
 *
 * @param price - Wei of eMetis for 1e18 wei of seMetis.
 * @param redemptionRate - Wei of METIS for 1e18 wei of eMetis.
 * @example
 * metisPrice(11n * 10n ** 17n, 9n * 10n ** 17n); // 99n * 10n ** 16n
 */
export function metisPrice(price: bigint, redemptionRate: bigint): bigint {
  return (price * redemptionRate) / WAD;
}

/**
 * What the stream pays at `second` as a share of what is staked, for a year; 1e18-scaled, rounded down: `unvested` over the
 * stream's time, times 365 days, over the assets that count and the virtual wei. 0 when nothing streams.
 *
 * It is what the last profits pay, not what the next ones will: the stream ends with `endsAt`.
 *
 * @param second - Unix seconds of Metis, see {@link vaultAt}.
 * @example
 * forwardApr(rates.stream, rates.block.timestamp); // 52_000_000_000_000_000n is 5.2 %
 */
export function forwardApr(stream: StakedStream, second: bigint): bigint {
  const { unvested, vestedAt, endsAt, shares } = stream;
  if (shares < MIN_VESTING_SHARES || second >= endsAt || endsAt <= vestedAt) return 0n;
  const { totalAssets } = vaultAt(stream, second);
  return (unvested * YEAR * WAD) / ((endsAt - vestedAt) * (totalAssets + 1n));
}
