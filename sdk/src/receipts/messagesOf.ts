import type { Deployment } from "../deployments";
import { checkHex } from "../check";
import { LockManager__factory } from "../generated/contracts";
import type { Hex } from "../types";
import { type ReceiptLogs, eventsOf } from "./logs";

/** A message that Ethereum sent down: what {@link deliver} needs. */
export interface SentMessage {
  readonly number: bigint;
  readonly payload: Hex;
}

/**
 * The messages that a transaction on Ethereum sent to Metis, in order.
 *
 * @example
 * const [message] = messagesOf(deployment, await send(signer, report(deployment, { fee })));
 */
export function messagesOf({ l1 }: Deployment, receipt: ReceiptLogs): readonly SentMessage[] {
  const contract = LockManager__factory.createInterface();
  return eventsOf(receipt, l1.lockManager, contract, "MessageSent").map(({ args }) => ({
    number: BigInt(String(args.number)),
    payload: checkHex("payload", String(args.payload)),
  }));
}
