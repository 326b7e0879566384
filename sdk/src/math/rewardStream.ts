import { ceilDiv, max, min, saturatingSub } from "./integers";

/** Shares below which nothing vests, in wei. */
export const MIN_VESTING_SHARES = 10n ** 18n;

/** The last second that a stream knows. */
const LAST_SECOND = 2n ** 32n - 1n;

/** What a vault holds, as `RewardStream.Stream`. */
export interface Stream {
  /** Wei that count. */
  readonly assets: bigint;
  /** Wei that did not count yet at `vestedAt`. */
  readonly unvested: bigint;
  /** Unix second up to which `assets` is exact. */
  readonly vestedAt: bigint;
  /** Unix second from which all of `unvested` counts. */
  readonly endsAt: bigint;
}

/** What a loss took from a stream. */
export interface Absorbed {
  /** The stream after it. */
  readonly stream: Stream;
  /** Wei taken of what had not vested. */
  readonly fromUnvested: bigint;
  /** Wei taken of what counted. */
  readonly fromAssets: bigint;
}

/**
 * Wei of `unvested` that count at `currentTime`, rounded down. A clock that goes back vests nothing.
 *
 * @param currentTime - Unix seconds of Metis.
 * @example
 * vested({ assets: 0n, unvested: 100n, vestedAt: 1_000n, endsAt: 1_008n }, 1_003n); // 37n
 */
export function vested(stream: Stream, currentTime: bigint): bigint {
  const elapsed = saturatingSub(currentTime, stream.vestedAt);
  if (elapsed === 0n) return 0n;
  if (currentTime >= stream.endsAt) return stream.unvested;
  return (stream.unvested * elapsed) / (stream.endsAt - stream.vestedAt);
}

/**
 * The stream brought to `currentTime`: what has vested counts.
 *
 * @param currentTime - Unix seconds of Metis.
 * @example
 * checkpoint({ assets: 5n, unvested: 100n, vestedAt: 1_000n, endsAt: 1_008n }, 1_004n);
 * // { assets: 55n, unvested: 50n, vestedAt: 1_004n, endsAt: 1_008n }
 */
export function checkpoint(stream: Stream, currentTime: bigint): Stream {
  const assets = vested(stream, currentTime);
  return {
    ...stream,
    assets: stream.assets + assets,
    unvested: stream.unvested - assets,
    vestedAt: latest(stream, currentTime),
  };
}

/**
 * The stream brought to `currentTime` with nothing vested: it is put off by the time that passed.
 *
 * @param currentTime - Unix seconds of Metis.
 * @example
 * postpone({ assets: 5n, unvested: 100n, vestedAt: 1_000n, endsAt: 1_008n }, 1_004n);
 * // { assets: 5n, unvested: 100n, vestedAt: 1_004n, endsAt: 1_012n }
 */
export function postpone(stream: Stream, currentTime: bigint): Stream {
  const vestedAt = latest(stream, currentTime);
  const endsAt = min(vestedAt + saturatingSub(stream.endsAt, stream.vestedAt), LAST_SECOND);
  return { ...stream, vestedAt, endsAt };
}

/**
 * The stream with `reward` wei more that vest over `duration` seconds: its end becomes the average of both ends weighted by
 * their amounts, rounded up.
 *
 * @param stream - Brought to the present.
 * @example
 * add({ assets: 0n, unvested: 100n, vestedAt: 1_000n, endsAt: 1_010n }, 300n, 50n);
 * // { assets: 0n, unvested: 400n, vestedAt: 1_000n, endsAt: 1_040n }
 */
export function add(stream: Stream, reward: bigint, duration: bigint): Stream {
  const unvested = stream.unvested + reward;
  if (unvested === 0n) return stream;
  const end = min(stream.vestedAt + duration, LAST_SECOND);
  const oldEnd = max(stream.endsAt, stream.vestedAt);
  return { ...stream, unvested, endsAt: ceilDiv(stream.unvested * oldEnd + reward * end, unvested) };
}

/**
 * The stream less up to `loss` wei: first of what has not vested, then of what counts.
 *
 * @param stream - Brought to the present.
 * @example
 * absorb({ assets: 50n, unvested: 30n, vestedAt: 1_000n, endsAt: 1_010n }, 40n);
 * // { stream: { assets: 40n, unvested: 0n, … }, fromUnvested: 30n, fromAssets: 10n }
 */
export function absorb(stream: Stream, loss: bigint): Absorbed {
  const fromUnvested = min(loss, stream.unvested);
  const fromAssets = min(loss - fromUnvested, stream.assets);
  return {
    stream: { ...stream, unvested: stream.unvested - fromUnvested, assets: stream.assets - fromAssets },
    fromUnvested,
    fromAssets,
  };
}

/**
 * The stream in which `assets` wei count, but no more than `limit`; the rest joins what has not vested.
 *
 * @param stream - Brought to the present.
 * @example
 * book({ assets: 50n, unvested: 30n, vestedAt: 1_000n, endsAt: 1_010n }, 60n, 58n);
 * // { assets: 58n, unvested: 32n, vestedAt: 1_000n, endsAt: 1_010n }
 */
export function book(stream: Stream, assets: bigint, limit: bigint): Stream {
  return { ...stream, assets: min(assets, limit), unvested: stream.unvested + saturatingSub(assets, limit) };
}

/**
 * The most wei that can stand behind `newShares` without one being worth more than each of `shares` was when `assets` stood
 * behind them; rounded up.
 *
 * @example
 * assetsAtSamePrice(199n, 99n, 49n); // 99n
 */
export function assetsAtSamePrice(assets: bigint, shares: bigint, newShares: bigint): bigint {
  return ceilDiv((assets + 1n) * (newShares + 1n), shares + 1n) - 1n;
}

function latest(stream: Stream, currentTime: bigint): bigint {
  return max(stream.vestedAt, min(currentTime, LAST_SECOND));
}
