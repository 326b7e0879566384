import { checkAddress } from "../check";
import type { L2Context } from "../context";
import { MissingLogsError } from "../errors";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { BlockStamp } from "../rpc/readBatch";
import { eventOf } from "../rpc/eventOf";
import { readL2 } from "../rpc/readPinned";
import { readLogs } from "../rpc/readLogs";
import type { Address } from "../types";
import { type HeldTicket, ticketStates } from "./ticketState";

/** Whose tickets to read, and since when. */
export interface TicketsParameters {
  readonly account: string;
  /** The first block whose logs are read. @defaultValue the deployment's first */
  readonly fromBlock?: number;
  /** Tickets that the account held before `fromBlock`, by id. @defaultValue none */
  readonly known?: readonly bigint[];
  /** The block to read. @defaultValue the latest */
  readonly l2Block?: number;
}

/** The tickets of an account in one block. */
export interface Tickets {
  readonly block: BlockStamp;
  /** In the order of the line. */
  readonly tickets: readonly HeldTicket[];
}

/**
 * Finds the tickets that an account holds, by the queue's logs, and reads their state. 3 round trips on Metis, one after another: how
 * many there are, 2 requests for logs at once, and the tickets (2 views each, 30 a request); more where the node limits ranges of logs.
 *
 * It cannot miss one: the queue tells how many the account holds.
 *
 * @throws {@link AddressError}; {@link MissingLogsError} when the logs, with `known`, tell of another number of tickets than the queue;
 * {@link LogRangeError}, and what `readL2` throws.
 * @example
 * const { tickets, block } = await readTickets(context, { account });
 * const later = await readTickets(context, { account, fromBlock: block.blockNumber + 1, known: tickets.map(({ id }) => id) });
 */
export async function readTickets(context: L2Context, parameters: TicketsParameters): Promise<Tickets> {
  const account = checkAddress("account", parameters.account);
  const { redemptionQueue, startBlock } = context.deployment.l2;
  const { block, value: count } = await readL2(context, parameters.l2Block, (runner) =>
    RedemptionQueue__factory.connect(redemptionQueue, runner).balanceOf(account),
  );
  const ids = await heldIds(context, account, {
    fromBlock: parameters.fromBlock ?? startBlock,
    toBlock: block.blockNumber,
    known: parameters.known ?? [],
  });
  const { value: states } = await readL2(context, block.blockNumber, (runner) =>
    ticketStates(RedemptionQueue__factory.connect(redemptionQueue, runner), ids),
  );
  const tickets = states.filter((state) => state.type !== "gone").filter(({ owner }) => owner === account);
  if (BigInt(tickets.length) !== count) {
    throw new MissingLogsError(
      "l2",
      block.blockNumber,
      `${account} holds ${count} tickets, the logs and the tickets known before tell of ${tickets.length}`,
    );
  }
  return { block, tickets: [...tickets].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** What came to the account and did not go away again: tickets are minted, transferred and burned by transfers. */
async function heldIds(
  context: L2Context,
  account: Address,
  range: { readonly fromBlock: number; readonly toBlock: number; readonly known: readonly bigint[] },
): Promise<readonly bigint[]> {
  const { fromBlock, toBlock, known } = range;
  const contract = RedemptionQueue__factory.createInterface();
  const query = {
    ...context,
    side: "l2",
    provider: context.l2,
    address: context.deployment.l2.redemptionQueue,
  } as const;
  const topics = [
    contract.encodeFilterTopics("Transfer", [null, account]),
    contract.encodeFilterTopics("Transfer", [account]),
  ];
  const found = await Promise.all(topics.map((filter) => readLogs({ ...query, topics: filter, fromBlock, toBlock })));
  const logs = found.flat().sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  const ids = new Set(known);
  for (const log of logs) {
    const event = eventOf("l2", contract, log);
    if (event.address("to") === account) ids.add(event.amount("id"));
    else ids.delete(event.amount("id"));
  }
  return [...ids];
}
