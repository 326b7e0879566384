import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import { MAX_COUNTER } from "./limits";

/** What {@link claim} needs. */
export interface ClaimParameters {
  /** The ticket; ids begin at 0. */
  readonly id: bigint;
}

/**
 * Builds the call that pays what is finalised of a ticket to its owner. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when there can be no such ticket.
 * @example
 * const call = claim(deployment, { id: 0n });
 */
export function claim(deployment: Deployment, { id }: ClaimParameters): Call {
  const data = RedemptionQueue__factory.createInterface().encodeFunctionData("claim", [
    checkAmount("id", id, { minimum: 0n, maximum: MAX_COUNTER }),
  ]);
  return callOnMetis(deployment, deployment.l2.redemptionQueue, data);
}
