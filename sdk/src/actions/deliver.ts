import { checkAmount, checkHex } from "../check";
import type { Deployment } from "../deployments";
import { ParameterError } from "../errors";
import { L2Gateway__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";

/** What {@link deliver} needs; {@link messagesOf} finds both in the receipt on Ethereum. */
export interface DeliverParameters {
  /** Number of the message; they begin at 1. */
  readonly number: bigint;
  /** The payload as `LockManager.MessageSent` carries it. */
  readonly payload: string;
}

/**
 * Builds the call that shows a message from Ethereum on Metis once its hash has arrived: a report, or a deposit to mint. Sends
 * nothing. Anyone may send it; below par only the receiver of a deposit may.
 *
 * @throws {@link AmountError} when `number` is 0 or negative, {@link ParameterError} when the payload is empty or no hexadecimal.
 * @example
 * const call = deliver(deployment, { number: 7n, payload });
 */
export function deliver(deployment: Deployment, { number, payload }: DeliverParameters): Call {
  if (payload === "0x") throw new ParameterError("payload", payload, "give the bytes of LockManager.MessageSent");
  const data = L2Gateway__factory.createInterface().encodeFunctionData("deliver", [
    checkAmount("number", number),
    checkHex("payload", payload),
  ]);
  return callOnMetis(deployment, deployment.l2.l2Gateway, data);
}
