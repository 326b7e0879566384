import { checkAddress } from "../check";
import type { Deployment } from "../deployments";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis, checkIds } from "./calls";

/** What {@link claimTo} needs. */
export interface ClaimToParameters {
  /** The tickets; ids begin at 0. */
  readonly ids: readonly bigint[];
  /** Gets the METIS. */
  readonly receiver: string;
}

/**
 * Builds the call that pays what is finalised of the tickets to `receiver`. Sends nothing. The sender must own each ticket or be
 * approved for it; a ticket that is gone or there twice does no harm.
 *
 * @throws {@link ParameterError} when there is no ticket, {@link AmountError} when there can be no such ticket; {@link AddressError}.
 * @example
 * const call = claimTo(deployment, { ids: [0n, 7n], receiver });
 */
export function claimTo(deployment: Deployment, { ids, receiver }: ClaimToParameters): Call {
  const data = RedemptionQueue__factory.createInterface().encodeFunctionData("claimTo", [
    checkIds(ids),
    checkAddress("receiver", receiver),
  ]);
  return callOnMetis(deployment, deployment.l2.redemptionQueue, data);
}
