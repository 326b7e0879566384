import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/** What {@link recallForNeed} needs. */
export interface RecallForNeedParameters {
  /** Wei of ETH for the bridge, at least `l1Metis` of {@link readBridgeFees} if anything is sent; what is too much comes back. */
  readonly fee: bigint;
}

/**
 * Builds the call that sends METIS down which the queue on Metis waits for. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `fee` is negative.
 * @example
 * const call = recallForNeed(deployment, { fee });
 */
export function recallForNeed(deployment: Deployment, { fee }: RecallForNeedParameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("recallForNeed");
  return callOnEthereum(deployment, deployment.l1.lockManager, data, checkAmount("fee", fee, { minimum: 0n }));
}
