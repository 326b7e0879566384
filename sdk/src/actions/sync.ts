import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/**
 * Builds the call that books on Ethereum what happened to the vaults. Sends nothing. Anyone may send it.
 *
 * @example
 * const call = sync(deployment);
 */
export function sync(deployment: Deployment): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("sync");
  return callOnEthereum(deployment, deployment.l1.lockManager, data);
}
