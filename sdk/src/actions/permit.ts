import { checkAddress, checkAmount, checkHex } from "../check";
import type { Deployment } from "../deployments";
import { EMetis__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import type { PermitParameters } from "./permitTypedData";

/** A permit and what its owner signed. */
export interface SignedPermit extends PermitParameters {
  /** Of {@link signPermit}, or any bytes that the owner's contract takes (ERC-1271). */
  readonly signature: string;
}

/**
 * Builds the call that brings a permit to its token; it works as an approval by the owner. Sends nothing. Anyone may send it, once.
 *
 * @throws {@link AmountError}, {@link AddressError}, {@link ParameterError} when the signature is no hexadecimal.
 * @example
 * const call = permit(deployment, { token: "eMetis", owner, spender, value, deadline, signature });
 */
export function permit(
  deployment: Deployment,
  { token, owner, spender, value, deadline, signature }: SignedPermit,
): Call {
  const data = EMetis__factory.createInterface().encodeFunctionData("permit(address,address,uint256,uint256,bytes)", [
    checkAddress("owner", owner),
    checkAddress("spender", spender),
    checkAmount("value", value, { minimum: 0n }),
    checkAmount("deadline", deadline),
    checkHex("signature", signature),
  ]);
  return callOnMetis(deployment, deployment.l2[token], data);
}
