/** RedemptionQueue: how METIS gets out of it. */
import { ZeroAddress } from "ethers";

import { checkAnyAddress } from "../../check";
import { payoutAt, withRate } from "../../math/queue";
import type { Outcome } from "../outcome";
import { metisOf, shiftMetis, takesMetis } from "./metis";
import { pending } from "./requests";
import { ensure, revertData } from "./revert";
import type { L2State } from "./state";
import { dueOf, isApprovedOrOwner, setClaimedUntil, ticketOf } from "./tickets";
import { burnTokens, tokensOf } from "./tokens";
import { type L2Call, type Transaction, amount, attempt, emit, setQueue, transact } from "./transaction";

/**
 * The queue's `claim`: pays what is due of ticket `id` to its owner. Returns wei of METIS, rounded down.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateClaim(state, { caller: anyone, id });
 */
export function simulateClaim(state: L2State, parameters: L2Call & { readonly id: bigint }): Outcome<L2State, bigint> {
  const id = amount("id", parameters.id);
  return transact(state, parameters, (tx) => {
    const owner = ticketOf(tx.state, id)?.owner;
    ensure(owner !== undefined, "RedemptionQueue__UnknownTicket", id);
    const { from, until } = dueOf(tx.state, id);
    ensure(from < until, "RedemptionQueue__NotFinalised", from, until);
    const paid = settle(tx, id, owner);
    pay(tx, owner, paid);
    return paid;
  });
}

/**
 * The queue's `claimBatch`: pays each owner what is due of its tickets; one who refuses is skipped where there are several. Gas
 * is taken to be enough. Returns wei of METIS, rounded down.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateClaimBatch(state, { caller: anyone, ids: [first, second] });
 */
export function simulateClaimBatch(
  state: L2State,
  parameters: L2Call & { readonly ids: readonly bigint[] },
): Outcome<L2State, bigint> {
  const ids = parameters.ids.map((id) => amount("ids", id));
  return transact(state, parameters, (tx) => {
    ensure(ids.length !== 0, "RedemptionQueue__EmptyBatch");
    const first = runOf(tx.state, ids, 0);
    if (first.end === ids.length) return claimRun(tx, ids, first.owner);
    let paid = 0n;
    for (let start = 0; start < ids.length;) {
      const { owner, end } = runOf(tx.state, ids, start);
      paid += claimApart(tx, ids.slice(start, end), owner);
      start = end;
    }
    return paid;
  });
}

/**
 * The queue's `claimTo`: pays what is due of tickets that the caller may handle to `receiver`. Returns wei of METIS, rounded
 * down.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateClaimTo(state, { caller: alice, ids: [id], receiver: bob });
 */
export function simulateClaimTo(
  state: L2State,
  parameters: L2Call & { readonly ids: readonly bigint[]; readonly receiver: string },
): Outcome<L2State, bigint> {
  const ids = parameters.ids.map((id) => amount("ids", id));
  const receiver = checkAnyAddress("receiver", parameters.receiver);
  return transact(state, parameters, (tx) => {
    ensure(ids.length !== 0, "RedemptionQueue__EmptyBatch");
    ensure(receiver !== ZeroAddress, "RedemptionQueue__ZeroAddress");
    let paid = 0n;
    for (const id of ids) paid += claimOne(tx, id, receiver);
    pay(tx, receiver, paid);
    return paid;
  });
}

/**
 * The queue's `skim`: METIS given to it goes to the pool, eMetis given to it is burned.
 *
 * @throws AddressError for a caller that is none.
 * @example
 * simulateSkim(state, { caller: anyone });
 */
export function simulateSkim(
  state: L2State,
  call: L2Call,
): Outcome<L2State, { readonly assets: bigint; readonly burned: bigint }> {
  return transact(state, call, (tx) => {
    const { redemptionQueue, stakingPool } = tx.state.network;
    const assets = metisOf(tx.state, redemptionQueue) - reserved(tx.state);
    const burned = tokensOf(tx.state, "eMetis", redemptionQueue) - pending(tx.state);
    if (assets === 0n && burned === 0n) return { assets, burned };
    emit(tx, "RedemptionQueue", "SurplusSkimmed", { assets, burned });
    if (burned !== 0n) burnTokens(tx, "eMetis", redemptionQueue, burned);
    tx.state = shiftMetis(tx.state, redemptionQueue, stakingPool, assets);
    return { assets, burned };
  });
}

/**
 * Wei of METIS in the queue that tickets can claim.
 *
 * @example
 * reserved(state);
 */
export function reserved({ queue }: L2State): bigint {
  const { checkpoints, end, handedOut } = queue.finalised;
  return payoutAt(checkpoints, end) - handedOut;
}

/** `finalise` with METIS of the pool's. Returns the supply of eMetis. */
export function finalise(tx: Transaction, until: bigint, rate: bigint, payout: bigint): bigint {
  const { stakingPool, redemptionQueue } = tx.state.network;
  const { finalised } = tx.state.queue;
  const checkpoints = withRate(finalised.checkpoints, finalised.end, rate);
  tx.state = shiftMetis(tx.state, stakingPool, redemptionQueue, payout);
  setQueue(tx, { finalised: { ...finalised, checkpoints, end: until } });
  emit(tx, "RedemptionQueue", "RedemptionsFinalised", { from: finalised.end, until, rate, paid: payout });
  return burnTokens(tx, "eMetis", redemptionQueue, until - finalised.end);
}

/** What is due of one of `claimTo`'s tickets. */
function claimOne(tx: Transaction, id: bigint, receiver: string): bigint {
  const ticket = ticketOf(tx.state, id);
  if (ticket === undefined) return 0n;
  ensure(isApprovedOrOwner(tx.state, ticket, tx.caller), "RedemptionQueue__NotApproved", id, tx.caller);
  const { from, until } = dueOf(tx.state, id);
  return from < until ? settle(tx, id, receiver) : 0n;
}

/** A run of `claimBatch` in a call of its own. */
function claimApart(tx: Transaction, ids: readonly bigint[], owner: string): bigint {
  const result = attempt(tx, () => claimRun(tx, ids, owner));
  if (result.type === "done") return result.output;
  emit(tx, "RedemptionQueue", "ClaimSkipped", { owner, reason: revertData(result.error) });
  return 0n;
}

function claimRun(tx: Transaction, ids: readonly bigint[], owner: string): bigint {
  let paid = 0n;
  for (const id of ids) {
    const { from, until } = dueOf(tx.state, id);
    if (from < until) paid += settle(tx, id, owner);
  }
  pay(tx, owner, paid);
  return paid;
}

/** The tickets of one owner that begin at `start`; one that is gone belongs to any run. */
function runOf(
  state: L2State,
  ids: readonly bigint[],
  start: number,
): { readonly owner: string; readonly end: number } {
  let owner: string = ZeroAddress;
  for (let end = start; end < ids.length; end++) {
    const next = ticketOf(state, ids[end] ?? 0n)?.owner;
    if (next === undefined || next === owner) continue;
    if (owner !== ZeroAddress) return { owner, end };
    owner = next;
  }
  return { owner, end: ids.length };
}

/** Books what is due of ticket `id`, which is there, as claimed. */
function settle(tx: Transaction, id: bigint, receiver: string): bigint {
  const ticket = ticketOf(tx.state, id);
  if (ticket === undefined) return 0n;
  const { from, until } = dueOf(tx.state, id);
  const { checkpoints } = tx.state.queue.finalised;
  const paid = payoutAt(checkpoints, until) - payoutAt(checkpoints, from);
  setClaimedUntil(tx, id, ticket, until);
  emit(tx, "RedemptionQueue", "RedemptionClaimed", { id, owner: ticket.owner, receiver, from, until, paid });
  return paid;
}

function pay(tx: Transaction, receiver: string, assets: bigint): void {
  if (assets === 0n) return;
  const { finalised } = tx.state.queue;
  setQueue(tx, { finalised: { ...finalised, handedOut: finalised.handedOut + assets } });
  ensure(takesMetis(tx.state, receiver), "RedemptionQueue__PaymentFailed", receiver, assets);
  tx.state = shiftMetis(tx.state, tx.state.network.redemptionQueue, receiver, assets);
}
