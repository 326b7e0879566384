/** LockManager: what users and reporters do. */
import { ZeroAddress, getAddress, keccak256 } from "ethers";

import { saturatingSub } from "../../math/integers";
import { encodeL1Deposit, encodeReport } from "../../messages";
import type { Outcome } from "../outcome";
import { messageFee, sendMessage } from "./gateway";
import {
  bookArrivals,
  credit,
  emitManager,
  netAssets,
  refundOf,
  requireValue,
  sum,
  surpluses,
  syncAll,
} from "./ledger";
import { pull } from "./metis";
import type { L1State } from "./state";
import {
  type L1Call,
  type PaidCall,
  type Transaction,
  asUint,
  ensure,
  setManager,
  toUint,
  transact,
} from "./transaction";

/** The least deposit, wei of METIS. */
export const MIN_DEPOSIT = 10n ** 16n;

/** Seconds without deposits after a loss was seen. */
const LOSS_DELAY = 3n * 86_400n;

/** What a call gives back of the ETH that came with it. */
export interface Refund {
  /** Wei of ETH. */
  readonly refund: bigint;
}

/** A message that was sent, and what came back of the ETH. */
export interface Sent extends Refund {
  /** The message's number. */
  readonly number: bigint;
}

/**
 * LockManager's `deposit`: METIS in, a message to Metis that mints eMetis.
 *
 * @example
 * deposit(state, { caller: alice, value: messageFee(state), assets: 10n ** 18n, receiver: alice, isStaked: true });
 */
export function deposit(
  state: L1State,
  parameters: PaidCall & { readonly assets: bigint; readonly receiver: string; readonly isStaked: boolean },
): Outcome<L1State, Sent> {
  const assets = asUint(parameters.assets, 256, "assets");
  const receiver = getAddress(parameters.receiver);
  const { isStaked } = parameters;
  return transact(state, parameters, (tx) => {
    ensureNotPaused(tx);
    ensure(assets >= MIN_DEPOSIT, "LockManager__BelowMinimum", assets, MIN_DEPOSIT);
    ensure(receiver !== ZeroAddress, "LockManager__ZeroAddress");
    const { lossSeenAt } = tx.state.manager;
    const openAt = lossSeenAt === 0n ? 0n : lossSeenAt + LOSS_DELAY;
    ensure(tx.state.time >= openAt, "LockManager__LossSeen", openAt);

    bookArrivals(tx);
    const l1Deposits = toUint(tx.state.manager.l1Deposits + assets, 96);
    setManager(tx, { l1Deposits });
    const number = tx.state.manager.lastMessage + 1n;
    const idle = credit(tx, assets);
    emitManager(tx, "Deposited", { caller: tx.caller, receiver, number, assets, isStaked, l1Deposits, idle });
    pull(tx, tx.caller, tx.state.network.lockManager, assets);
    return sendPayload(tx, encodeL1Deposit({ receiver, assets, runningTotal: l1Deposits, isStaked }));
  });
}

/**
 * LockManager's `sync`: books arrivals and what LockingPool tells of every vault.
 *
 * @example
 * sync(state, { caller });
 */
export function sync(state: L1State, call: L1Call): Outcome<L1State, null> {
  return transact(state, call, (tx) => {
    syncAll(tx);
    return null;
  });
}

/**
 * LockManager's `report`: synchronises and tells Metis.
 *
 * @example
 * report(state, { caller, value: messageFee(state) });
 */
export function report(state: L1State, call: PaidCall): Outcome<L1State, Sent> {
  return transact(state, call, (tx) => {
    const positions = syncAll(tx);
    const { readAt, receivedFromL2, sentToL2, l1Deposits, idle, owed } = tx.state.manager;
    const payload = encodeReport({
      takenAt: tx.state.time,
      readAt,
      l1Assets: netAssets(tx.state),
      receivedFromL2,
      sentToL2,
      l1Deposits,
      withdrawable: saturatingSub(idle + sum(surpluses(tx.state, positions)), owed),
    });
    return sendPayload(tx, payload);
  });
}

/**
 * LockManager's `resend`: the hash of a message crosses once more.
 *
 * @example
 * resend(state, { caller, value: messageFee(state), number: 7n });
 */
export function resend(state: L1State, parameters: PaidCall & { readonly number: bigint }): Outcome<L1State, Refund> {
  const number = asUint(parameters.number, 256, "number");
  return transact(state, parameters, (tx) => {
    const hash = number === 0n ? undefined : tx.state.manager.payloadHashes[Number(number - 1n)];
    ensure(hash !== undefined, "LockManager__UnknownMessage", number);
    return { refund: sendHash(tx, number, hash) };
  });
}

/** Reverts while LockManager is paused. */
export function ensureNotPaused(tx: Transaction): void {
  const { pausedUntil } = tx.state.manager;
  ensure(tx.state.time >= pausedUntil, "LockManager__Paused", pausedUntil);
}

/** Numbers, remembers and sends a payload. */
function sendPayload(tx: Transaction, payload: string): Sent {
  const { lastMessage, payloadHashes } = tx.state.manager;
  const number = lastMessage + 1n;
  const hash = keccak256(payload);
  setManager(tx, { lastMessage: number, payloadHashes: [...payloadHashes, hash] });
  emitManager(tx, "MessageSent", { number, payload });
  return { number, refund: sendHash(tx, number, hash) };
}

/** Returns what goes back of the value. */
function sendHash(tx: Transaction, number: bigint, hash: string): bigint {
  const fee = messageFee(tx.state);
  requireValue(tx, fee);
  sendMessage(tx, number, hash);
  return refundOf(tx, fee);
}
