import type { Deployment } from "../deployments";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/**
 * Builds the call that takes METIS and eMetis which nobody queued out of the queue. Sends nothing. Anyone may send it.
 *
 * @example
 * const call = skim(deployment);
 */
export function skim(deployment: Deployment): Call {
  const data = RedemptionQueue__factory.createInterface().encodeFunctionData("skim");
  return callOnMetis(deployment, deployment.l2.redemptionQueue, data);
}
