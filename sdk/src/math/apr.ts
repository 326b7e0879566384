import { checkAmount } from "../check";
import { WAD } from "./integers";
import { YEAR } from "./rewards";

/** A price at two moments. */
export interface Growth {
  /** Price at the first moment, above 0; in any unit. */
  readonly opening: bigint;
  /** Price at the second moment, in the same unit. */
  readonly closing: bigint;
  /** Seconds from the one to the other, at least {@link SHORTEST_WINDOW}. */
  readonly seconds: bigint;
}

/** The shortest window that may be taken for a year's: an hour. */
export const SHORTEST_WINDOW = 3_600n;

const day = 86_400n;
/** Scale of what is multiplied up: what its rounding loses is far below 1e-18. */
const fine = 10n ** 36n;

/**
 * The growth for a year of 365 days without compounding: `(closing − opening) / opening · 365 days / seconds`; 1e18-scaled, rounded
 * towards zero, negative after a loss.
 *
 * @throws {@link AmountError} when `opening` is 0, or `seconds` is below {@link SHORTEST_WINDOW}.
 * @example
 * aprOf({ opening: 1_000n, closing: 1_001n, seconds: 86_400n }); // 365n * 10n ** 15n
 */
export function aprOf(growth: Growth): bigint {
  const { opening, closing, seconds } = checkGrowth(growth);
  return ((closing - opening) * YEAR * WAD) / (opening * seconds);
}

/**
 * The growth for a year of 365 days when every window grows like this one: with n whole windows in a year and a rest,
 * `(closing / opening)ⁿ · (1 + (closing / opening − 1) · rest / seconds) − 1`; 1e18-scaled, negative after a loss.
 *
 * Every product is rounded down at 36 decimals, so that the result is exact or one unit below the exact one rounded down, while it
 * is below a millionfold growth. In a window of a year or more it is {@link aprOf}.
 *
 * @throws {@link AmountError} as {@link aprOf}.
 * @example
 * apyOf({ opening: 1_000n, closing: 1_001n, seconds: 86_400n }); // 440_251_313_429_578_361n
 */
export function apyOf(growth: Growth): bigint {
  const { opening, closing, seconds } = checkGrowth(growth);
  const ratio = (closing * fine) / opening;
  const whole = power(ratio, YEAR / seconds);
  const rest = fine + floorDiv((ratio - fine) * (YEAR % seconds), seconds);
  return (whole * rest) / (fine * 10n ** 18n) - WAD;
}

/**
 * An APR compounded once a day: `(1 + apr / 365)³⁶⁵ − 1`; 1e18-scaled, rounded as {@link apyOf}.
 *
 * @param apr - 1e18-scaled, above −365e18.
 * @example
 * compoundDaily(5n * 10n ** 16n); // 51_267_496_467_462_550n
 */
export function compoundDaily(apr: bigint): bigint {
  const opening = 365n * WAD;
  return apyOf({ opening, closing: opening + apr, seconds: day });
}

function checkGrowth(growth: Growth): Growth {
  checkAmount("opening", growth.opening);
  checkAmount("closing", growth.closing, { minimum: 0n });
  checkAmount("seconds", growth.seconds, { minimum: SHORTEST_WINDOW });
  return growth;
}

/** `base` to the power of `exponent`, both it and the result scaled by `fine`. */
function power(base: bigint, exponent: bigint): bigint {
  let result = fine;
  let square = base;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left % 2n === 1n) result = (result * square) / fine;
    square = (square * square) / fine;
  }
  return result;
}

function floorDiv(a: bigint, b: bigint): bigint {
  return a < 0n ? -((-a + b - 1n) / b) : a / b;
}
