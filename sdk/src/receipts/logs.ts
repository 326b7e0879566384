import { type Interface, type LogDescription } from "ethers";

import type { Address } from "../types";

/** What of a receipt is read: ethers' `TransactionReceipt`, or viem's. */
export interface ReceiptLogs {
  readonly logs: readonly {
    readonly address: string;
    readonly topics: readonly string[];
    readonly data: string;
  }[];
}

/**
 * The events called `name` that one contract emitted; those of others with the same name are not among them.
 *
 * @example
 * eventsOf(receipt, queue, RedemptionQueue__factory.createInterface(), "RedemptionRequested");
 */
export function eventsOf(
  { logs }: ReceiptLogs,
  emitter: Address,
  contract: Interface,
  name: string,
): readonly LogDescription[] {
  const own = logs.filter(({ address }) => address.toLowerCase() === emitter.toLowerCase());
  return own
    .map(({ topics, data }) => contract.parseLog({ topics: [...topics], data }))
    .filter((event) => event !== null)
    .filter((event) => event.name === name);
}
