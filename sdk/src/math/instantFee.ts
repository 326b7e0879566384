import { BPS, ceilDiv, isqrt } from "./integers";

/** What prices an instant redemption. */
export interface InstantFee {
  /** Reserve target: free buffer, in wei of METIS, at and above which the fee is `minInstantFeeBps`. */
  readonly target: bigint;
  /** Fee at and above the target, in basis points of what is paid. */
  readonly minInstantFeeBps: bigint;
  /** Fee at an empty buffer, in basis points of what is paid; at least `minInstantFeeBps`. */
  readonly maxInstantFeeBps: bigint;
}

/**
 * What it costs to empty a free buffer of `free` wei, in wei of value times {@link potentialScale}; exact.
 *
 * The fee is a line from max at 0 to min at the target, so the cost up to F ≤ T is its integral
 * `(1 + max)F − (max − min)F² / 2T`; above the target every wei costs `1 + min`. As cost depends on the two ends alone,
 * splitting a redemption gains nothing.
 *
 * @example
 * instantPotential(100n, { target: 100n, minInstantFeeBps: 10n, maxInstantFeeBps: 100n }); // 201_100_000n
 */
export function instantPotential(free: bigint, fee: InstantFee): bigint {
  const { target, minInstantFeeBps, maxInstantFeeBps } = fee;
  if (isLinear(fee)) return (BPS + minInstantFeeBps) * free;
  const slope = maxInstantFeeBps - minInstantFeeBps;
  const bent = free < target ? free : target;
  const straight = free - bent;
  const doubled = 2n * target;
  return (
    doubled * (BPS + maxInstantFeeBps) * bent - slope * bent * bent + doubled * (BPS + minInstantFeeBps) * straight
  );
}

/**
 * The scale of {@link instantPotential}: `10,000 · 2T`, or 10,000 where the price is the same everywhere.
 *
 * @example
 * potentialScale({ target: 100n, minInstantFeeBps: 10n, maxInstantFeeBps: 100n }); // 2_000_000n
 */
export function potentialScale(fee: InstantFee): bigint {
  return isLinear(fee) ? BPS : 2n * fee.target * BPS;
}

/**
 * The most value, in wei of METIS before the fee, that `free` wei of free buffer can serve; rounded down.
 *
 * @example
 * maxInstantValue(100n, { target: 100n, minInstantFeeBps: 10n, maxInstantFeeBps: 100n }); // 100n
 */
export function maxInstantValue(free: bigint, fee: InstantFee): bigint {
  return instantPotential(free, fee) / potentialScale(fee);
}

/**
 * Wei of METIS paid for `value` wei (eMetis × redemption rate) from a free buffer of `free` wei; rounded down, in favour
 * of the holders.
 *
 * @returns The payment; `value` less it is the fee. `undefined` when the buffer cannot serve that much.
 * @example
 * instantPayout(1_000n, 100_000n, { target: 100_000n, minInstantFeeBps: 10n, maxInstantFeeBps: 100n }); // 998n
 */
export function instantPayout(value: bigint, free: bigint, fee: InstantFee): bigint | undefined {
  const left = instantPotential(free, fee) - value * potentialScale(fee);
  return left < 0n ? undefined : free - freeBufferAt(left, fee);
}

/** The free buffer whose potential is `potential`, rounded up. */
function freeBufferAt(potential: bigint, fee: InstantFee): bigint {
  const { target, minInstantFeeBps, maxInstantFeeBps } = fee;
  if (isLinear(fee)) return ceilDiv(potential, BPS + minInstantFeeBps);
  const atTarget = instantPotential(target, fee);
  if (potential >= atTarget) return target + ceilDiv(potential - atTarget, 2n * target * (BPS + minInstantFeeBps));
  const slope = maxInstantFeeBps - minInstantFeeBps;
  const height = target * (BPS + maxInstantFeeBps);
  return ceilDiv(height - isqrt(height * height - slope * potential), slope);
}

function isLinear({ target, minInstantFeeBps, maxInstantFeeBps }: InstantFee): boolean {
  return target === 0n || minInstantFeeBps === maxInstantFeeBps;
}
