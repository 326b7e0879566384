import { callOnMetis } from "../actions/calls";
import { checkAddress } from "../check";
import type { Deployment } from "../deployments";
import { RevertError } from "../errors";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { PinnedRunner } from "../rpc/readPinned";
import type { Address, Call } from "../types";

/** The sender may not claim a ticket for somebody else to be paid. */
export interface TicketRequirement {
  readonly type: "ticket";
  readonly id: bigint;
  readonly owner: Address;
  /** Who would send the claim. */
  readonly spender: Address;
  /** The approval of this one ticket, which `owner` has to send. */
  readonly call: Call;
}

/**
 * The tickets that `spender` neither owns nor is approved for; part of a batch, 2 rounds of it. Tickets that are gone need nothing.
 *
 * @example
 * await missingApprovals(runner, deployment, { ids, spender });
 */
export async function missingApprovals(
  runner: PinnedRunner,
  deployment: Deployment,
  { ids, spender }: { readonly ids: readonly bigint[]; readonly spender: Address },
): Promise<readonly TicketRequirement[]> {
  const found = await Promise.all(
    [...new Set(ids)].map(async (id): Promise<readonly TicketRequirement[]> => {
      const owner = await unapprovingOwner(runner, deployment, { id, spender });
      if (owner === undefined) return [];
      const contract = RedemptionQueue__factory.createInterface();
      const data = contract.encodeFunctionData("approve", [spender, id]);
      const call = callOnMetis(deployment, deployment.l2.redemptionQueue, data);
      return [{ type: "ticket", id, owner, spender, call }];
    }),
  );
  return found.flat();
}

/** The owner of a ticket that `spender` may not claim. */
async function unapprovingOwner(
  runner: PinnedRunner,
  { l2 }: Deployment,
  { id, spender }: { readonly id: bigint; readonly spender: Address },
): Promise<Address | undefined> {
  const queue = RedemptionQueue__factory.connect(l2.redemptionQueue, runner);
  try {
    const [owner, approved] = await Promise.all([queue.ownerOf(id), queue.getApproved(id)]);
    if (owner === spender || approved === spender) return undefined;
    return (await queue.isApprovedForAll(owner, spender)) ? undefined : checkAddress("owner", owner);
  } catch (error) {
    if (error instanceof RevertError && error.error === "TokenDoesNotExist") return undefined;
    throw error;
  }
}
