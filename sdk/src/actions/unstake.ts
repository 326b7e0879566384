import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { SEMetis__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/** What {@link unstake} needs. */
export interface UnstakeParameters {
  /** Wei of seMetis, which are burned. */
  readonly shares: bigint;
  /** Gets the eMetis. */
  readonly receiver: string;
  /** Whose seMetis it is: the caller, or someone who approved the caller. */
  readonly owner: string;
}

/**
 * Builds the call that turns seMetis into eMetis, as ERC-4626 `redeem`. Sends nothing.
 *
 * @throws {@link AmountError} when `shares` is 0 or negative; {@link AddressError}.
 * @example
 * const call = unstake(deployment, { shares: parseAmount("5"), receiver: owner, owner });
 */
export function unstake(deployment: Deployment, { shares, receiver, owner }: UnstakeParameters): Call {
  const data = SEMetis__factory.createInterface().encodeFunctionData("redeem", [
    checkAmount("shares", shares),
    checkAddress("receiver", receiver),
    checkAddress("owner", owner),
  ]);
  return callOnMetis(deployment, deployment.l2.seMetis, data);
}
