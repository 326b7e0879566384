import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/** What {@link report} needs. */
export interface ReportParameters {
  /** Wei of ETH for the bridge, at least `l1Message` of {@link readBridgeFees}; what is too much comes back. */
  readonly fee: bigint;
}

/**
 * Builds the call that reports to Metis what is on Ethereum. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `fee` is negative.
 * @example
 * const call = report(deployment, { fee });
 */
export function report(deployment: Deployment, { fee }: ReportParameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("report");
  return callOnEthereum(deployment, deployment.l1.lockManager, data, checkAmount("fee", fee, { minimum: 0n }));
}
