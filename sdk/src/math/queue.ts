import { lastReached } from "./checkpoints";
import { WAD, ceilDiv, min } from "./integers";

/** From `position` on the line is paid at `rate`, until the next checkpoint. */
export interface RateCheckpoint {
  /** Wei of eMetis on the line. */
  readonly position: bigint;
  /** Wei of METIS for the line up to `position`. */
  readonly payout: bigint;
  /** Wei of METIS for 1e18 wei of eMetis; at most 1e18. */
  readonly rate: bigint;
}

/** At `askedAt`, Unix seconds on L2, the line ended at `requestedUntil`. */
export interface RequestCheckpoint {
  readonly askedAt: bigint;
  readonly requestedUntil: bigint;
}

/**
 * Wei of METIS paid for the line up to `position`; rounded down within each stretch of one rate.
 *
 * A part `[a, b)` is worth `payoutAt(b) − payoutAt(a)`: however a ticket is cut, its parts add up to the wei.
 *
 * @param checkpoints - By rising position.
 * @example
 * payoutAt([{ position: 0n, payout: 0n, rate: 9n * 10n ** 17n }], 15n); // 13n
 */
export function payoutAt(checkpoints: readonly RateCheckpoint[], position: bigint): bigint {
  const checkpoint = lastReached(checkpoints, (candidate) => candidate.position <= position);
  return checkpoint === undefined ? 0n : paidBy(checkpoint, position);
}

/**
 * The checkpoints after the line was finalised from `finalisedUntil` on at `rate`: one more only where the rate changes.
 *
 * @example
 * withRate([], 0n, 10n ** 18n); // [{ position: 0n, payout: 0n, rate: 10n ** 18n }]
 */
export function withRate(
  checkpoints: readonly RateCheckpoint[],
  finalisedUntil: bigint,
  rate: bigint,
): readonly RateCheckpoint[] {
  if (checkpoints.at(-1)?.rate === rate) return checkpoints;
  return [...checkpoints, { position: finalisedUntil, payout: payoutAt(checkpoints, finalisedUntil), rate }];
}

/**
 * How far `assets` wei of METIS at `rate` finalise the line, but not beyond `limit`; as RedemptionQueue's `finalisable`.
 *
 * @param line.limit - Where the tickets asked for in time end.
 * @returns `until`, at least `finalisedUntil`, and the `payout` that takes, at most `assets`. Nothing is finalised at a rate of 0
 * or above 1, nor where `assets` pay for nothing and some of the way would be left.
 * @example
 * finalisable([], { finalisedUntil: 0n, limit: 100n, assets: 45n, rate: 5n * 10n ** 17n }); // { until: 91n, payout: 45n }
 */
export function finalisable(
  checkpoints: readonly RateCheckpoint[],
  line: { readonly finalisedUntil: bigint; readonly limit: bigint; readonly assets: bigint; readonly rate: bigint },
): { readonly until: bigint; readonly payout: bigint } {
  const { finalisedUntil, limit, assets, rate } = line;
  const checkpoint = withRate(checkpoints, finalisedUntil, rate).at(-1);
  const isFixed = limit <= finalisedUntil || rate === 0n || rate > WAD;
  if (checkpoint === undefined || isFixed) return { until: finalisedUntil, payout: 0n };
  const paid = paidBy(checkpoint, finalisedUntil);
  // The greatest x with floor(x · rate / 1e18) ≤ what may be paid since the checkpoint.
  const payable = paid + assets - checkpoint.payout;
  const until = min(limit, checkpoint.position + ceilDiv((payable + 1n) * WAD, rate) - 1n);
  const payout = paidBy(checkpoint, until) - paid;
  return payout === 0n && until < limit ? { until: finalisedUntil, payout } : { until, payout };
}

/**
 * The checkpoints after the line grew to `requestedUntil`. Time on L2 may go back; the checkpoints' does not.
 *
 * @example
 * withRequest([{ askedAt: 9n, requestedUntil: 5n }], 7n, 8n); // [{ askedAt: 9n, requestedUntil: 8n }]
 */
export function withRequest(
  checkpoints: readonly RequestCheckpoint[],
  currentTime: bigint,
  requestedUntil: bigint,
): readonly RequestCheckpoint[] {
  const last = checkpoints.at(-1);
  if (last === undefined || currentTime > last.askedAt) {
    return [...checkpoints, { askedAt: currentTime, requestedUntil }];
  }
  return [...checkpoints.slice(0, -1), { askedAt: last.askedAt, requestedUntil }];
}

/**
 * Where the tickets asked for at or before `cutoff` end.
 *
 * @param cutoff - Unix seconds on L2.
 * @example
 * requestedUntilAt([{ askedAt: 9n, requestedUntil: 5n }], 8n); // 0n
 */
export function requestedUntilAt(checkpoints: readonly RequestCheckpoint[], cutoff: bigint): bigint {
  return lastReached(checkpoints, ({ askedAt }) => askedAt <= cutoff)?.requestedUntil ?? 0n;
}

/**
 * What a redemption is worth: min(1, assets / supply), 1e18-scaled, rounded down.
 *
 * @example
 * redemptionRate(9n, 10n); // 9n * 10n ** 17n
 */
export function redemptionRate(totalAssets: bigint, totalSupply: bigint): bigint {
  return totalAssets >= totalSupply ? WAD : (totalAssets * WAD) / totalSupply;
}

/** Wei of METIS for the line up to `position`, which lies in the stretch of `checkpoint`. */
function paidBy(checkpoint: RateCheckpoint, position: bigint): bigint {
  return checkpoint.payout + ((position - checkpoint.position) * checkpoint.rate) / WAD;
}
