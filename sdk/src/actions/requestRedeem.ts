import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import { MAX_TICKET, MIN_TICKET } from "./limits";

/** What {@link requestRedeem} needs. */
export interface RequestRedeemParameters {
  /** Wei of eMetis, taken from the caller by allowance to `redemptionQueue`; at least 0.01. */
  readonly assets: bigint;
  /** Owns the ticket, and is paid. */
  readonly owner: string;
}

/**
 * Builds the call that queues a redemption on Metis: eMetis becomes a ticket. Sends nothing.
 *
 * @throws {@link AmountError} when `assets` is below the minimum of a ticket or can fit nowhere; {@link AddressError}.
 * @example
 * const call = requestRedeem(deployment, { assets: parseAmount("5"), owner });
 */
export function requestRedeem(deployment: Deployment, { assets, owner }: RequestRedeemParameters): Call {
  const data = RedemptionQueue__factory.createInterface().encodeFunctionData("requestRedeem", [
    checkAmount("assets", assets, { minimum: MIN_TICKET, maximum: MAX_TICKET }),
    checkAddress("owner", owner),
  ]);
  return callOnMetis(deployment, deployment.l2.redemptionQueue, data);
}
