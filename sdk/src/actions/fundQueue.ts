import type { Deployment } from "../deployments";
import { StakingPool__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/**
 * Builds the call that pays the queue out of the pool's buffer, as far as it goes. Sends nothing. Anyone may send it.
 *
 * @example
 * const call = fundQueue(deployment);
 */
export function fundQueue(deployment: Deployment): Call {
  const data = StakingPool__factory.createInterface().encodeFunctionData("fundQueue");
  return callOnMetis(deployment, deployment.l2.stakingPool, data);
}
