import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { SEMetis__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/** What {@link mintShares} needs. */
export interface MintSharesParameters {
  /** Wei of seMetis. */
  readonly shares: bigint;
  /** Gets the seMetis. */
  readonly receiver: string;
}

/**
 * Builds the call that stakes as much eMetis as `shares` cost, rounded up, as ERC-4626 `mint`. Sends nothing. The cost rises every
 * second while rewards vest: approve a little more than {@link previewMintShares} says.
 *
 * @throws {@link AmountError} when `shares` is 0 or negative; {@link AddressError}.
 * @example
 * const call = mintShares(deployment, { shares: parseAmount("5"), receiver });
 */
export function mintShares(deployment: Deployment, { shares, receiver }: MintSharesParameters): Call {
  const data = SEMetis__factory.createInterface().encodeFunctionData("mint", [
    checkAmount("shares", shares),
    checkAddress("receiver", receiver),
  ]);
  return callOnMetis(deployment, deployment.l2.seMetis, data);
}
