import { Signature } from "ethers";

import { checkAddress, checkAmount, checkHex } from "../check";
import type { Deployment } from "../deployments";
import { ParameterError } from "../errors";
import { EMetis__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import type { SignedPermit } from "./permit";

/**
 * As {@link permit}, in the form of ERC-2612 with the signature in three parts. Sends nothing.
 *
 * @throws {@link AmountError}, {@link AddressError}, {@link ParameterError} when the signature is not an account's: 65 bytes, or 64
 * of ERC-2098.
 * @example
 * const call = permitVrs(deployment, { token: "eMetis", owner, spender, value, deadline, signature });
 */
export function permitVrs(
  deployment: Deployment,
  { token, owner, spender, value, deadline, signature }: SignedPermit,
): Call {
  const { v, r, s } = split(signature);
  const data = EMetis__factory.createInterface().encodeFunctionData(
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    [
      checkAddress("owner", owner),
      checkAddress("spender", spender),
      checkAmount("value", value, { minimum: 0n }),
      checkAmount("deadline", deadline),
      v,
      r,
      s,
    ],
  );
  return callOnMetis(deployment, deployment.l2[token], data);
}

function split(signature: string): Signature {
  try {
    return Signature.from(checkHex("signature", signature));
  } catch {
    throw new ParameterError("signature", signature, "give an account's 65 bytes, or use permit for a contract's");
  }
}
