import { max, saturatingSub } from "./integers";

/** Seconds in which a bucket refills. */
export const REFILL_PERIOD = 86_400n;

/** What a bucket remembers, as `RateLimit.Bucket`; both 0 is a full bucket. */
export interface Bucket {
  /** Wei used and not refilled at `usedAt`. */
  readonly used: bigint;
  /** Unix seconds. */
  readonly usedAt: bigint;
}

/**
 * Wei that the bucket gives at `currentTime`; refilled rounding down. A clock that goes back refills nothing.
 *
 * @param limit - Wei that a full bucket holds.
 * @param currentTime - Unix seconds of the chain that the bucket is on.
 * @example
 * available({ used: 10n, usedAt: 0n }, 24n, 3_600n); // 15n
 */
export function available(bucket: Bucket, limit: bigint, currentTime: bigint): bigint {
  const elapsed = saturatingSub(currentTime, bucket.usedAt);
  const refilled = elapsed >= REFILL_PERIOD ? bucket.used : (limit * elapsed) / REFILL_PERIOD;
  return saturatingSub(limit, saturatingSub(bucket.used, refilled));
}

/**
 * The bucket after `assets` wei, at most {@link available}, were taken from it.
 *
 * @example
 * take({ used: 0n, usedAt: 0n }, 24n, 10n, 3_600n); // { used: 10n, usedAt: 3_600n }
 */
export function take(bucket: Bucket, limit: bigint, assets: bigint, currentTime: bigint): Bucket {
  return {
    used: limit - available(bucket, limit, currentTime) + assets,
    usedAt: max(currentTime, bucket.usedAt),
  };
}
