import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { StakingPool__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/** What {@link rebalance} needs. */
export interface RebalanceParameters {
  /** Wei of METIS for the bridge where the pool cannot pay: `l2Withdrawal` of {@link readBridgeFees}, or 0; what is not needed comes
   * back. */
  readonly fee: bigint;
}

/**
 * Builds the call that books arrivals, pays the queue and sends what is left up to Ethereum. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `fee` is negative.
 * @example
 * const call = rebalance(deployment, { fee });
 */
export function rebalance(deployment: Deployment, { fee }: RebalanceParameters): Call {
  const data = StakingPool__factory.createInterface().encodeFunctionData("rebalance");
  return callOnMetis(deployment, deployment.l2.stakingPool, data, checkAmount("fee", fee, { minimum: 0n }));
}
