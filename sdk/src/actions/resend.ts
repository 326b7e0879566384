import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/** What {@link resend} needs. */
export interface ResendParameters {
  /** Number of the message; they begin at 1. */
  readonly number: bigint;
  /** Wei of ETH for the bridge, at least `l1Message` of {@link readBridgeFees}; what is too much comes back. */
  readonly fee: bigint;
}

/**
 * Builds the call that sends the hash of a message once more, where the bridge lost it. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `number` is 0 or negative, or `fee` is negative.
 * @example
 * const call = resend(deployment, { number: 7n, fee });
 */
export function resend(deployment: Deployment, { number, fee }: ResendParameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("resend", [checkAmount("number", number)]);
  return callOnEthereum(deployment, deployment.l1.lockManager, data, checkAmount("fee", fee, { minimum: 0n }));
}
