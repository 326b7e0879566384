import { checkAmount, checkHex } from "../check";
import type { Deployment } from "../deployments";
import { ParameterError } from "../errors";
import type { Address, Call } from "../types";
import { MAX_COUNTER } from "./limits";

/**
 * A call of a contract on Metis.
 *
 * @param data - Encoded by the contract's interface.
 * @param value - Wei of METIS to send along.
 * @example
 * callOnMetis(deployment, deployment.l2.stakingPool, data, 10n ** 18n);
 */
export function callOnMetis({ l2 }: Deployment, to: Address, data: string, value = 0n): Call {
  return { chainId: l2.chainId, to, data: checkHex("data", data), value };
}

/**
 * A call of a contract on Ethereum.
 *
 * @param data - Encoded by the contract's interface.
 * @param value - Wei of ETH to send along.
 * @example
 * callOnEthereum(deployment, deployment.l1.lockManager, data);
 */
export function callOnEthereum({ l1 }: Deployment, to: Address, data: string, value = 0n): Call {
  return { chainId: l1.chainId, to, data: checkHex("data", data), value };
}

/**
 * Gives back the ids of tickets if there is at least one and each can be one. Ids begin at 0.
 *
 * @throws {@link ParameterError} when there is none, {@link AmountError} when one is out of range.
 * @example
 * checkIds([0n, 5n]); // [0n, 5n]
 */
export function checkIds(ids: readonly bigint[]): bigint[] {
  if (ids.length === 0) throw new ParameterError("ids", "[]", "give at least one ticket");
  return ids.map((id, position) => checkAmount(`ids[${position}]`, id, { minimum: 0n, maximum: MAX_COUNTER }));
}
