import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/** What {@link payCommission} needs. */
export interface PayCommissionParameters {
  /** Number of the vault; they begin at 0. */
  readonly index: bigint;
}

/**
 * Builds the call that pays a vault's operator what is owed, as far as idle METIS goes. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `index` is negative.
 * @example
 * const call = payCommission(deployment, { index: 0n });
 */
export function payCommission(deployment: Deployment, { index }: PayCommissionParameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("payCommission", [
    checkAmount("index", index, { minimum: 0n }),
  ]);
  return callOnEthereum(deployment, deployment.l1.lockManager, data);
}
