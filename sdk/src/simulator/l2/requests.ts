/** RedemptionQueue: how eMetis gets into the line. */
import { ZeroAddress } from "ethers";

import { checkAnyAddress } from "../../check";
import { growTo } from "../../math/hourlyLine";
import type { Outcome } from "../outcome";
import { ensure, toUint, word } from "./revert";
import type { L2State } from "./state";
import { mintTicket } from "./tickets";
import { transferFrom } from "./tokens";
import { type L2Call, type Transaction, amount, emit, setQueue, transact } from "./transaction";
import { redeem } from "./vault";

/** The least that a ticket may be for, wei of eMetis. */
export const MIN_TICKET = 10n ** 16n;

interface Request extends L2Call {
  /** Who gets the ticket. */
  readonly owner: string;
}

/**
 * The queue's `requestRedeem`. Returns the ticket's id.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateRequestRedeem(state, { caller: alice, assets: 10n ** 18n, owner: alice });
 */
export function simulateRequestRedeem(
  state: L2State,
  parameters: Request & { readonly assets: bigint },
): Outcome<L2State, bigint> {
  const assets = amount("assets", parameters.assets);
  const owner = checkAnyAddress("owner", parameters.owner);
  return transact(state, parameters, (tx) => {
    const id = request(tx, assets, owner);
    pull(tx, assets);
    return id;
  });
}

/**
 * The queue's `requestRedeemBatch`: a ticket for each of `assets`. Returns their ids.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateRequestRedeemBatch(state, { caller: alice, assets: [10n ** 18n, 10n ** 17n], owner: alice });
 */
export function simulateRequestRedeemBatch(
  state: L2State,
  parameters: Request & { readonly assets: readonly bigint[] },
): Outcome<L2State, readonly bigint[]> {
  const assets = parameters.assets.map((part) => amount("assets", part));
  const owner = checkAnyAddress("owner", parameters.owner);
  return transact(state, parameters, (tx) => {
    ensure(assets.length !== 0, "RedemptionQueue__EmptyBatch");
    const start = tx.state.queue.requested.end;
    let end = start;
    const ids = assets.map((part) => {
      const id = end;
      end = openTicket(tx, id, part, owner);
      return id;
    });
    grow(tx, end);
    pull(tx, end - start);
    return ids;
  });
}

/**
 * The queue's `requestRedeemStaked`: shares of the caller become a ticket. Returns its id.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateRequestRedeemStaked(state, { caller: alice, shares: 10n ** 18n, owner: alice });
 */
export function simulateRequestRedeemStaked(
  state: L2State,
  parameters: Request & { readonly shares: bigint },
): Outcome<L2State, bigint> {
  const shares = amount("shares", parameters.shares);
  const owner = checkAnyAddress("owner", parameters.owner);
  return transact(state, parameters, (tx) => {
    const { redemptionQueue } = tx.state.network;
    const assets = redeem(tx, { sender: redemptionQueue, receiver: redemptionQueue, owner: tx.caller, shares });
    return request(tx, assets, owner);
  });
}

/**
 * Wei of eMetis in the line that METIS has not come for.
 *
 * @example
 * pending(state);
 */
export function pending({ queue }: L2State): bigint {
  return queue.requested.end - queue.finalised.end;
}

function request(tx: Transaction, assets: bigint, owner: string): bigint {
  const id = tx.state.queue.requested.end;
  grow(tx, openTicket(tx, id, assets, owner));
  return id;
}

function openTicket(tx: Transaction, id: bigint, assets: bigint, owner: string): bigint {
  ensure(owner !== ZeroAddress, "RedemptionQueue__ZeroAddress");
  ensure(assets >= MIN_TICKET, "RedemptionQueue__BelowMinimum", assets, MIN_TICKET);
  const requestedUntil = word(id + assets);
  mintTicket(tx, id, assets, owner);
  emit(tx, "RedemptionQueue", "RedemptionRequested", { id, owner, caller: tx.caller, assets, requestedUntil });
  return requestedUntil;
}

function grow(tx: Transaction, end: bigint): void {
  const { time, queue } = tx.state;
  setQueue(tx, { requested: growTo(queue.requested, toUint(end, 96), time) });
}

function pull(tx: Transaction, assets: bigint): void {
  const { redemptionQueue } = tx.state.network;
  transferFrom(tx, "eMetis", { spender: redemptionQueue, from: tx.caller, to: redemptionQueue, value: assets });
}
