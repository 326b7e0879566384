import type { Deployment } from "../deployments";
import { checkAddress } from "../check";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Address } from "../types";
import { type ReceiptLogs, eventsOf } from "./logs";

/** A ticket that a transaction opened. */
export interface OpenedTicket {
  readonly id: bigint;
  readonly owner: Address;
  /** Who asked for it. */
  readonly caller: Address;
  /** Wei of eMetis in it. */
  readonly assets: bigint;
  /** Where it ends in the queue: `id + assets`. */
  readonly end: bigint;
}

/**
 * The tickets that a transaction on Metis opened, in order.
 *
 * @example
 * const [ticket] = ticketsOf(deployment, await send(signer, requestRedeem(deployment, { assets, owner })));
 */
export function ticketsOf({ l2 }: Deployment, receipt: ReceiptLogs): readonly OpenedTicket[] {
  const contract = RedemptionQueue__factory.createInterface();
  return eventsOf(receipt, l2.redemptionQueue, contract, "RedemptionRequested").map(({ args }) => ({
    id: BigInt(String(args.id)),
    owner: checkAddress("owner", String(args.owner)),
    caller: checkAddress("caller", String(args.caller)),
    assets: BigInt(String(args.assets)),
    end: BigInt(String(args.requestedUntil)),
  }));
}
