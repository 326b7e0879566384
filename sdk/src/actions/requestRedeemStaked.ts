import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/** What {@link requestRedeemStaked} needs. */
export interface RequestRedeemStakedParameters {
  /** Wei of seMetis, burned by allowance to `redemptionQueue`. */
  readonly shares: bigint;
  /** Owns the ticket, and is paid. */
  readonly owner: string;
}

/**
 * Builds the call that queues a redemption straight from seMetis. Sends nothing. The eMetis that the shares give must be at least
 * 0.01: {@link previewRequestRedeemStaked} says how much it is.
 *
 * @throws {@link AmountError} when `shares` is 0 or negative; {@link AddressError}.
 * @example
 * const call = requestRedeemStaked(deployment, { shares: parseAmount("5"), owner });
 */
export function requestRedeemStaked(deployment: Deployment, { shares, owner }: RequestRedeemStakedParameters): Call {
  const data = RedemptionQueue__factory.createInterface().encodeFunctionData("requestRedeemStaked", [
    checkAmount("shares", shares),
    checkAddress("owner", owner),
  ]);
  return callOnMetis(deployment, deployment.l2.redemptionQueue, data);
}
