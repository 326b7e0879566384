import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { L2Gateway__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/** What {@link signalNeed} needs. */
export interface SignalNeedParameters {
  /** Wei of METIS for the bridge, at least `l2Withdrawal` of {@link readBridgeFees}; what is too much comes back. */
  readonly fee: bigint;
}

/**
 * Builds the call that tells Ethereum how much METIS the queue waits for. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `fee` is negative.
 * @example
 * const call = signalNeed(deployment, { fee });
 */
export function signalNeed(deployment: Deployment, { fee }: SignalNeedParameters): Call {
  const data = L2Gateway__factory.createInterface().encodeFunctionData("signalNeed");
  return callOnMetis(deployment, deployment.l2.l2Gateway, data, checkAmount("fee", fee, { minimum: 0n }));
}
