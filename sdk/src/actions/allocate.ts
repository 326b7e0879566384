import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/**
 * Builds the call that locks idle METIS on Ethereum. Sends nothing. Anyone may send it.
 *
 * @example
 * const call = allocate(deployment);
 */
export function allocate(deployment: Deployment): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("allocate");
  return callOnEthereum(deployment, deployment.l1.lockManager, data);
}
