import type { Signer } from "ethers";

import { checkHex } from "../check";
import { EMetisError, ParameterError, UserRejectedError } from "../errors";
import { isUserRejection } from "../send/failures";
import type { Hex } from "../types";
import type { PermitTypedData } from "./permitTypedData";

/**
 * Has the owner's account sign a permit. A contract wallet signs in its own way: give the typed data to it.
 *
 * @returns 65 bytes, for {@link permit} and the calls with a permit.
 * @throws {@link ParameterError} when the signer is not the owner, {@link UserRejectedError} when the user refuses, {@link EMetisError}
 * when the wallet fails otherwise.
 * @example
 * const signature = await signPermit(signer, typedData);
 */
export async function signPermit(
  signer: Pick<Signer, "getAddress" | "signTypedData">,
  { domain, types, message }: PermitTypedData,
): Promise<Hex> {
  try {
    const address = await signer.getAddress();
    if (address !== message.owner) {
      const remedy = `the permit is ${message.owner}'s: connect that account; a contract wallet signs in its own way`;
      throw new ParameterError("signer", address, remedy);
    }
    return checkHex("signature", await signer.signTypedData(domain, { Permit: [...types.Permit] }, message));
  } catch (error) {
    if (error instanceof EMetisError) throw error;
    if (isUserRejection(error)) throw new UserRejectedError("permit", error);
    throw new EMetisError(`The wallet failed to sign the permit: ${String(error).slice(0, 300)}. Try again.`, {
      cause: error,
    });
  }
}
