import { checkAddress, checkAmount, checkHex } from "../check";
import type { Deployment } from "../deployments";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/** What {@link requestRedeemStakedWithPermit} needs. */
export interface RequestRedeemStakedWithPermitParameters {
  /** Wei of seMetis. */
  readonly shares: bigint;
  /** Owns the ticket, and is paid. */
  readonly owner: string;
  /** Unix second of Metis until which the permit holds. */
  readonly deadline: bigint;
  /** The caller's permit for `redemptionQueue` over exactly that amount: of {@link signPermit}, or what an ERC-1271 wallet takes. */
  readonly signature: string;
}

/**
 * Builds the call that queues a redemption straight from seMetis with a permit instead of an approval. Sends nothing. The signer is
 * the caller.
 *
 * @throws {@link AmountError} when `shares` is 0 or negative; {@link AddressError}; {@link ParameterError} when the signature is no
 * hexadecimal.
 * @example
 * const call = requestRedeemStakedWithPermit(deployment, { shares, owner, deadline, signature });
 */
export function requestRedeemStakedWithPermit(
  deployment: Deployment,
  { shares, owner, deadline, signature }: RequestRedeemStakedWithPermitParameters,
): Call {
  const data = RedemptionQueue__factory.createInterface().encodeFunctionData("requestRedeemStakedWithPermit", [
    checkAmount("shares", shares),
    checkAddress("owner", owner),
    checkAmount("deadline", deadline),
    checkHex("signature", signature),
  ]);
  return callOnMetis(deployment, deployment.l2.redemptionQueue, data);
}
