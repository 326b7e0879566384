import { checkAddress, checkAmount, checkHex } from "../check";
import type { Deployment } from "../deployments";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import { MAX_TICKET, MIN_TICKET } from "./limits";

/** What {@link requestRedeemWithPermit} needs. */
export interface RequestRedeemWithPermitParameters {
  /** Wei of eMetis; at least 0.01. */
  readonly assets: bigint;
  /** Owns the ticket, and is paid. */
  readonly owner: string;
  /** Unix second of Metis until which the permit holds. */
  readonly deadline: bigint;
  /** The caller's permit for `redemptionQueue` over exactly that amount: of {@link signPermit}, or what an ERC-1271 wallet takes. */
  readonly signature: string;
}

/**
 * Builds the call that queues a redemption with a permit instead of an approval. Sends nothing. The signer is the caller.
 *
 * @throws {@link AmountError} when `assets` is below the minimum of a ticket or can fit nowhere; {@link AddressError};
 * {@link ParameterError} when the signature is no hexadecimal.
 * @example
 * const call = requestRedeemWithPermit(deployment, { assets, owner, deadline, signature });
 */
export function requestRedeemWithPermit(
  deployment: Deployment,
  { assets, owner, deadline, signature }: RequestRedeemWithPermitParameters,
): Call {
  const data = RedemptionQueue__factory.createInterface().encodeFunctionData("requestRedeemWithPermit", [
    checkAmount("assets", assets, { minimum: MIN_TICKET, maximum: MAX_TICKET }),
    checkAddress("owner", owner),
    checkAmount("deadline", deadline),
    checkHex("signature", signature),
  ]);
  return callOnMetis(deployment, deployment.l2.redemptionQueue, data);
}
