import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { StakingPool__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import { MAX_ASSETS } from "./limits";

/** What {@link redeemInstant} needs. */
export interface RedeemInstantParameters {
  /** Wei of eMetis, which the pool burns; no allowance is needed. */
  readonly assets: bigint;
  /** Wei of METIS below which the contract refuses: {@link withSlippage} of what {@link previewRedeemInstant} says. */
  readonly minOut: bigint;
  /** Gets the METIS. */
  readonly receiver: string;
}

/**
 * Builds the call that redeems eMetis at once, for a fee. Sends nothing.
 *
 * @throws {@link AmountError} when `assets` is 0, negative or more than can be, or `minOut` is negative; {@link AddressError}.
 * @example
 * const call = redeemInstant(deployment, { assets, minOut: withSlippage(paid, 10n), receiver });
 */
export function redeemInstant(deployment: Deployment, { assets, minOut, receiver }: RedeemInstantParameters): Call {
  const data = StakingPool__factory.createInterface().encodeFunctionData("redeemInstant", [
    checkAmount("assets", assets, { maximum: MAX_ASSETS }),
    checkAmount("minOut", minOut, { minimum: 0n }),
    checkAddress("receiver", receiver),
  ]);
  return callOnMetis(deployment, deployment.l2.stakingPool, data);
}
