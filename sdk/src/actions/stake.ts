import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { SEMetis__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import { MAX_ASSETS } from "./limits";

/** What {@link stake} needs. */
export interface StakeParameters {
  /** Wei of eMetis, taken from the caller by allowance to `seMetis`. */
  readonly assets: bigint;
  /** Gets the seMetis. */
  readonly receiver: string;
}

/**
 * Builds the call that stakes eMetis on Metis, as ERC-4626 `deposit`. Sends nothing.
 *
 * @throws {@link AmountError} when `assets` is 0, negative or can fit nowhere; {@link AddressError}.
 * @example
 * const call = stake(deployment, { assets: parseAmount("5"), receiver });
 */
export function stake(deployment: Deployment, { assets, receiver }: StakeParameters): Call {
  const data = SEMetis__factory.createInterface().encodeFunctionData("deposit", [
    checkAmount("assets", assets, { maximum: MAX_ASSETS }),
    checkAddress("receiver", receiver),
  ]);
  return callOnMetis(deployment, deployment.l2.seMetis, data);
}
