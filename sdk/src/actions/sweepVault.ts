import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/** What {@link sweepVault} needs. */
export interface SweepVaultParameters {
  /** Number of the vault; they begin at 0. */
  readonly index: bigint;
}

/**
 * Builds the call that books METIS which was sent to a vault. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `index` is negative.
 * @example
 * const call = sweepVault(deployment, { index: 0n });
 */
export function sweepVault(deployment: Deployment, { index }: SweepVaultParameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("sweepVault", [
    checkAmount("index", index, { minimum: 0n }),
  ]);
  return callOnEthereum(deployment, deployment.l1.lockManager, data);
}
