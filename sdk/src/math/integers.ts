/** The rates of the protocol are in wei of METIS for 1e18 wei of eMetis. */
export const WAD = 10n ** 18n;
/** Basis points in one. */
export const BPS = 10_000n;

/**
 * The lesser of two integers.
 *
 * @example
 * min(3n, 5n); // 3n
 */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/**
 * The greater of two integers.
 *
 * @example
 * max(3n, 5n); // 5n
 */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/**
 * `a − b`, or 0 where that is negative.
 *
 * @example
 * saturatingSub(3n, 5n); // 0n
 */
export function saturatingSub(a: bigint, b: bigint): bigint {
  return a > b ? a - b : 0n;
}

/**
 * `a / b` rounded up, for `a ≥ 0` and `b > 0`.
 *
 * @example
 * ceilDiv(7n, 2n); // 4n
 */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

/**
 * The integer square root, rounded down; as OpenZeppelin's `Math.sqrt`.
 *
 * @throws RangeError when `value` is negative.
 * @example
 * isqrt(17n); // 4n
 */
export function isqrt(value: bigint): bigint {
  if (value < 0n) throw new RangeError(`No square root of ${value.toString()}: give 0 or more.`);
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
