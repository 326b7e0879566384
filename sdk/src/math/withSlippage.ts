import { checkAmount } from "../check";
import { BPS, ceilDiv } from "./integers";

/**
 * The least that a user takes for what a preview promised: `amount` less `slippageBps` basis points. Rounded up, so that the
 * bound is never looser than asked for and is not 0 unless `amount` is.
 *
 * @param amount - Wei of shares or METIS.
 * @param slippageBps - Basis points, from 0 to 9,999: all of it would be no bound.
 * @throws {@link AmountError} when either is out of range.
 * @example
 * withSlippage(1_001n, 10n); // 1_000n
 */
export function withSlippage(amount: bigint, slippageBps: bigint): bigint {
  const kept = BPS - checkAmount("slippageBps", slippageBps, { minimum: 0n, maximum: BPS - 1n });
  return ceilDiv(checkAmount("amount", amount, { minimum: 0n }) * kept, BPS);
}
