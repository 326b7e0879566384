/** RedemptionTicket: tickets as ERC-721 tokens, with Solady's errors. */
import { ZeroAddress } from "ethers";

import { checkAnyAddress } from "../../check";
import { min } from "../../math/integers";
import type { Outcome } from "../outcome";
import { ensure } from "./revert";
import type { L2State, TicketState } from "./state";
import { type L2Call, type Transaction, amount, emit, setQueue, transact } from "./transaction";

/** The part of a ticket that is unclaimed, `[from, end)`, and up to where it can be claimed. */
export interface Due {
  readonly from: bigint;
  readonly until: bigint;
  readonly end: bigint;
}

/**
 * Ticket `id`; undefined when there is none, or none any more.
 *
 * @example
 * ticketOf(state, id)?.owner;
 */
export function ticketOf({ queue }: L2State, id: bigint): TicketState | undefined {
  return queue.tickets[id.toString()];
}

/**
 * The queue's `transferFrom` of a ticket.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateTransferTicket(state, { caller: alice, from: alice, to: bob, id });
 */
export function simulateTransferTicket(
  state: L2State,
  parameters: L2Call & { readonly from: string; readonly to: string; readonly id: bigint },
): Outcome<L2State, null> {
  const id = amount("id", parameters.id);
  const from = checkAnyAddress("from", parameters.from);
  const to = checkAnyAddress("to", parameters.to);
  return transact(state, parameters, (tx) => {
    const ticket = ticketOf(tx.state, id);
    ensure(ticket !== undefined, "TokenDoesNotExist");
    ensure(ticket.owner === from, "TransferFromIncorrectOwner");
    ensure(isApprovedOrOwner(tx.state, ticket, tx.caller), "NotOwnerNorApproved");
    ensure(to !== ZeroAddress, "TransferToZeroAddress");
    setTicket(tx, id, { ...ticket, owner: to, approved: ZeroAddress });
    emit(tx, "RedemptionQueue", "Transfer", { from, to, id });
    return null;
  });
}

/**
 * The queue's `approve` of one ticket.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateApproveTicket(state, { caller: alice, account: bob, id });
 */
export function simulateApproveTicket(
  state: L2State,
  parameters: L2Call & { readonly account: string; readonly id: bigint },
): Outcome<L2State, null> {
  const id = amount("id", parameters.id);
  const account = checkAnyAddress("account", parameters.account);
  return transact(state, parameters, (tx) => {
    const ticket = ticketOf(tx.state, id);
    ensure(ticket !== undefined, "TokenDoesNotExist");
    const { owner } = ticket;
    ensure(owner === tx.caller || isOperator(tx.state, owner, tx.caller), "NotOwnerNorApproved");
    setTicket(tx, id, { ...ticket, approved: account });
    emit(tx, "RedemptionQueue", "Approval", { owner, account, id });
    return null;
  });
}

/**
 * The queue's `setApprovalForAll`.
 *
 * @throws AddressError for what no call can carry.
 * @example
 * simulateApproveTickets(state, { caller: alice, operator: bob, isApproved: true });
 */
export function simulateApproveTickets(
  state: L2State,
  parameters: L2Call & { readonly operator: string; readonly isApproved: boolean },
): Outcome<L2State, null> {
  const operator = checkAnyAddress("operator", parameters.operator);
  const { isApproved } = parameters;
  return transact(state, parameters, (tx) => {
    const { operators } = tx.state.queue;
    const ofOwner = { ...operators[tx.caller], [operator]: isApproved };
    setQueue(tx, { operators: { ...operators, [tx.caller]: ofOwner } });
    emit(tx, "RedemptionQueue", "ApprovalForAll", { owner: tx.caller, operator, isApproved });
    return null;
  });
}

/** Whether `account` may handle `ticket`. */
export function isApprovedOrOwner(state: L2State, ticket: TicketState, account: string): boolean {
  return ticket.owner === account || ticket.approved === account || isOperator(state, ticket.owner, account);
}

/** A new ticket for `[id, id + assets)`. */
export function mintTicket(tx: Transaction, id: bigint, assets: bigint, owner: string): void {
  setTicket(tx, id, { owner, assets, claimedUntil: id, approved: ZeroAddress });
  emit(tx, "RedemptionQueue", "Transfer", { from: ZeroAddress, to: owner, id });
}

/** What is claimable of ticket `id`; nothing of one that is gone. */
export function dueOf({ queue }: L2State, id: bigint): Due {
  const ticket = queue.tickets[id.toString()];
  const end = id + (ticket?.assets ?? 0n);
  return { from: ticket?.claimedUntil ?? id, until: min(end, queue.finalised.end), end };
}

/** The claimed part of ticket `id` now ends at `until`; at its end the ticket is gone. */
export function setClaimedUntil(tx: Transaction, id: bigint, ticket: TicketState, until: bigint): void {
  if (until < id + ticket.assets) {
    setTicket(tx, id, { ...ticket, claimedUntil: until });
    return;
  }
  const left = Object.entries(tx.state.queue.tickets).filter(([key]) => key !== id.toString());
  setQueue(tx, { tickets: Object.fromEntries(left) });
  emit(tx, "RedemptionQueue", "Transfer", { from: ticket.owner, to: ZeroAddress, id });
}

function setTicket(tx: Transaction, id: bigint, ticket: TicketState): void {
  setQueue(tx, { tickets: { ...tx.state.queue.tickets, [id.toString()]: ticket } });
}

function isOperator({ queue }: L2State, owner: string, account: string): boolean {
  return queue.operators[owner]?.[account] === true;
}
