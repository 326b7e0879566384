import { checkAddress, checkAmount, checkAnyAddress, nobody } from "../check";
import type { Deployment } from "../deployments";
import { StakingPool__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import { MAX_ASSETS, MIN_DEPOSIT } from "./limits";

/** What {@link deposit} needs. */
export interface DepositParameters {
  /** Wei of METIS, which the call sends along; at least 0.01 METIS. */
  readonly assets: bigint;
  /** Gets as many wei of eMetis. */
  readonly receiver: string;
  /** Appears in the event and nowhere else. @defaultValue nobody, the zero address */
  readonly referrer?: string;
}

/**
 * Builds the call that deposits METIS on Metis for as many wei of eMetis. Sends nothing.
 *
 * @throws {@link AmountError} when `assets` is below 0.01 METIS or can fit nowhere, {@link AddressError}.
 * @example
 * const call = deposit(deployment, { assets: parseAmount("5"), receiver });
 */
export function deposit(deployment: Deployment, { assets, receiver, referrer = nobody }: DepositParameters): Call {
  const value = checkAmount("assets", assets, { minimum: MIN_DEPOSIT, maximum: MAX_ASSETS });
  const data = StakingPool__factory.createInterface().encodeFunctionData("deposit", [
    checkAddress("receiver", receiver),
    checkAnyAddress("referrer", referrer),
  ]);
  return callOnMetis(deployment, deployment.l2.stakingPool, data, value);
}
