import { checkAddress, checkAmount, checkAnyAddress, nobody } from "../check";
import type { Deployment } from "../deployments";
import { StakingPool__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import { MAX_ASSETS, MIN_DEPOSIT } from "./limits";

/** What {@link depositAndStake} needs. */
export interface DepositAndStakeParameters {
  /** Wei of METIS, which the call sends along; at least 0.01 METIS. */
  readonly assets: bigint;
  /** Gets the seMetis. */
  readonly receiver: string;
  /** Wei of seMetis below which the contract refuses: {@link withSlippage} of what {@link previewDepositAndStake} says. */
  readonly minShares: bigint;
  /** Appears in the event and nowhere else. @defaultValue nobody, the zero address */
  readonly referrer?: string;
}

/**
 * Builds the call that deposits METIS on Metis and stakes the eMetis at once. Sends nothing.
 *
 * @throws {@link AmountError} when `assets` is below 0.01 METIS or can fit nowhere, or `minShares` is negative;
 * {@link AddressError}.
 * @example
 * const call = depositAndStake(deployment, { assets, receiver, minShares: withSlippage(shares, 10n) });
 */
export function depositAndStake(
  deployment: Deployment,
  { assets, receiver, minShares, referrer = nobody }: DepositAndStakeParameters,
): Call {
  const value = checkAmount("assets", assets, { minimum: MIN_DEPOSIT, maximum: MAX_ASSETS });
  const data = StakingPool__factory.createInterface().encodeFunctionData("depositAndStake", [
    checkAddress("receiver", receiver),
    checkAmount("minShares", minShares, { minimum: 0n }),
    checkAnyAddress("referrer", referrer),
  ]);
  return callOnMetis(deployment, deployment.l2.stakingPool, data, value);
}
