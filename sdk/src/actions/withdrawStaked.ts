import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { SEMetis__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import { MAX_ASSETS } from "./limits";

/** What {@link withdrawStaked} needs. */
export interface WithdrawStakedParameters {
  /** Wei of eMetis to get. */
  readonly assets: bigint;
  /** Gets the eMetis. */
  readonly receiver: string;
  /** Whose seMetis is burned: the caller, or someone who approved the caller. */
  readonly owner: string;
}

/**
 * Builds the call that takes `assets` wei of eMetis out of seMetis, as ERC-4626 `withdraw`; the shares burned are rounded up.
 * Sends nothing.
 *
 * @throws {@link AmountError} when `assets` is 0, negative or more than can be; {@link AddressError}.
 * @example
 * const call = withdrawStaked(deployment, { assets: parseAmount("5"), receiver: owner, owner });
 */
export function withdrawStaked(deployment: Deployment, { assets, receiver, owner }: WithdrawStakedParameters): Call {
  const data = SEMetis__factory.createInterface().encodeFunctionData("withdraw", [
    checkAmount("assets", assets, { maximum: MAX_ASSETS }),
    checkAddress("receiver", receiver),
    checkAddress("owner", owner),
  ]);
  return callOnMetis(deployment, deployment.l2.seMetis, data);
}
