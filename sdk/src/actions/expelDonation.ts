import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/** What {@link expelDonation} needs. */
export interface ExpelDonationParameters {
  /** Number of the vault; they begin at 0. */
  readonly index: bigint;
  /** Wei of ETH for the bridge, at least `l1Metis` of {@link readBridgeFees} for each time METIS is sent; what is too much comes back. */
  readonly fee: bigint;
}

/**
 * Builds the call that gets rid of a sequencer position which somebody gave to a vault. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `index` or `fee` is negative.
 * @example
 * const call = expelDonation(deployment, { index: 0n, fee });
 */
export function expelDonation(deployment: Deployment, { index, fee }: ExpelDonationParameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("expelDonation", [
    checkAmount("index", index, { minimum: 0n }),
  ]);
  return callOnEthereum(deployment, deployment.l1.lockManager, data, checkAmount("fee", fee, { minimum: 0n }));
}
