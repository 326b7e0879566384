import type { Deployment } from "../deployments";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis, checkIds } from "./calls";

/** What {@link claimBatch} needs. */
export interface ClaimBatchParameters {
  /** The tickets; ids begin at 0. */
  readonly ids: readonly bigint[];
}

/**
 * Builds the call that pays what is finalised of each ticket to its owner. Sends nothing. Anyone may send it. A ticket that is gone,
 * not finalised, or there twice does no harm; over several owners, put those of one owner side by side.
 *
 * @throws {@link ParameterError} when there is no ticket, {@link AmountError} when there can be no such ticket.
 * @example
 * const call = claimBatch(deployment, { ids: [0n, 7n] });
 */
export function claimBatch(deployment: Deployment, { ids }: ClaimBatchParameters): Call {
  const data = RedemptionQueue__factory.createInterface().encodeFunctionData("claimBatch", [checkIds(ids)]);
  return callOnMetis(deployment, deployment.l2.redemptionQueue, data);
}
