import { checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";

/** What {@link beginExitForNeed} needs. */
export interface BeginExitForNeedParameters {
  /** Number of the vault; they begin at 0. */
  readonly index: bigint;
  /** Wei of ETH for the bridge, at least `l1Metis` of {@link readBridgeFees} for each time METIS is sent; what is too much comes back.
   * It may be sent twice: once for what can be recalled, once for the vault's reward. */
  readonly fee: bigint;
}

/**
 * Builds the call that unlocks a vault because the queue waited long for METIS. Sends nothing. Anyone may send it.
 *
 * @throws {@link AmountError} when `index` or `fee` is negative.
 * @example
 * const call = beginExitForNeed(deployment, { index: 0n, fee });
 */
export function beginExitForNeed(deployment: Deployment, { index, fee }: BeginExitForNeedParameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("beginExitForNeed", [
    checkAmount("index", index, { minimum: 0n }),
  ]);
  return callOnEthereum(deployment, deployment.l1.lockManager, data, checkAmount("fee", fee, { minimum: 0n }));
}
