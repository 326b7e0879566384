import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/** What {@link harvest} needs. */
export interface HarvestParameters {
  /** Wei of ETH: `l1Metis` of {@link readBridgeFees} for each vault whose reward is to go to Metis; one that it does not reach for
   * is left out, and what is not needed comes back. */
  readonly fee: bigint;
}

/**
 * Builds the call that compounds the rewards of all vaults, or sends them to Metis. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `fee` is negative.
 * @example
 * const call = harvest(deployment, { fee });
 */
export function harvest(deployment: Deployment, { fee }: HarvestParameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("harvest");
  return callOnEthereum(deployment, deployment.l1.lockManager, data, checkAmount("fee", fee, { minimum: 0n }));
}
