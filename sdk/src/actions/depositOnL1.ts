import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { LockManager__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnEthereum } from "./calls";
import { MAX_COUNTER, MIN_DEPOSIT } from "./limits";

/** What {@link depositOnL1} needs. */
export interface DepositOnL1Parameters {
  /** Wei of METIS on Ethereum, taken from the caller by allowance to `lockManager`; at least 0.01 METIS. */
  readonly assets: bigint;
  /** Gets the eMetis or seMetis on Metis: the same address there, which a contract may not control. */
  readonly receiver: string;
  /** Whether the eMetis is staked on arrival; where the vault refuses, it stays eMetis. */
  readonly isStaked: boolean;
  /** Wei of ETH for the bridge, at least `l1Message` of {@link readBridgeFees}; what is too much comes back. */
  readonly fee: bigint;
}

/**
 * Builds the call that deposits METIS on Ethereum for eMetis or seMetis on Metis. Sends nothing.
 *
 * @throws {@link AmountError} when `assets` is below 0.01 METIS or can fit nowhere, or `fee` is negative;
 * {@link AddressError}.
 * @example
 * const { l1Message } = await readBridgeFees(context);
 * const call = depositOnL1(deployment, { assets, receiver, isStaked: true, fee: l1Message });
 */
export function depositOnL1(deployment: Deployment, { assets, receiver, isStaked, fee }: DepositOnL1Parameters): Call {
  const data = LockManager__factory.createInterface().encodeFunctionData("deposit", [
    checkAmount("assets", assets, { minimum: MIN_DEPOSIT, maximum: MAX_COUNTER }),
    checkAddress("receiver", receiver),
    isStaked,
  ]);
  return callOnEthereum(deployment, deployment.l1.lockManager, data, checkAmount("fee", fee, { minimum: 0n }));
}
