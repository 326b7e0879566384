import type { Deployment } from "../deployments";
import { L2Gateway__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/**
 * Builds the call that books METIS which arrived from Ethereum. Sends nothing. Anyone may send it.
 *
 * @example
 * const call = forwardArrivals(deployment);
 */
export function forwardArrivals(deployment: Deployment): Call {
  const data = L2Gateway__factory.createInterface().encodeFunctionData("forwardArrivals");
  return callOnMetis(deployment, deployment.l2.l2Gateway, data);
}
