import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/** What {@link refreshRewardRecipient} needs. */
export interface RefreshRewardRecipientParameters {
  /** Number of the vault; they begin at 0. */
  readonly index: bigint;
}

/**
 * Builds the call that points a vault's rewards at the gateway on Metis again. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `index` is negative.
 * @example
 * const call = refreshRewardRecipient(deployment, { index: 0n });
 */
export function refreshRewardRecipient(deployment: Deployment, { index }: RefreshRewardRecipientParameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("refreshRewardRecipient", [
    checkAmount("index", index, { minimum: 0n }),
  ]);
  return callOnEthereum(deployment, deployment.l1.lockManager, data);
}
