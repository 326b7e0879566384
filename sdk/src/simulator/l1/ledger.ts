/** VaultLedger: how LockManager keeps its books. */
import { max, min, saturatingSub } from "../../math/integers";
import {
  type Position,
  type WithdrawLimits,
  positionOf,
  statuses,
  surplus,
  unreadable,
} from "../../math/sequencerPositions";
import { type Book, type Phase, backing, close, phases, release } from "../../math/vaultBook";
import { metisFee } from "./gateway";
import { isWhitelisted, positionAt } from "./lockingPool";
import { metisOf } from "./metis";
import { bookSent } from "./needs";
import type { L1State } from "./state";
import { type Transaction, emit, ensure, setManager, toUint } from "./transaction";

/** LockManager's event `name`. */
export function emitManager(tx: Transaction, name: string, args: Parameters<typeof emit>[3]): void {
  emit(tx, "LockManager", name, args);
}

/** The book of vault `index`; reverts when there is none. */
export function bookOf(tx: Transaction, index: bigint): Book {
  const book = tx.state.manager.books[Number(index)];
  ensure(book !== undefined, "LockManager__UnknownVault", index);
  return book;
}

/** Changes the book of vault `index`. */
export function setBook(tx: Transaction, index: bigint, change: Partial<Book>): void {
  const books = tx.state.manager.books.map((old, i) => (i === Number(index) ? { ...old, ...change } : old));
  setManager(tx, { books });
}

/** Books arrivals and every vault as LockingPool tells it. Comes first in each crank. */
export function syncAll(tx: Transaction): readonly Position[] {
  bookArrivals(tx);
  const { books } = tx.state.manager;
  const positions = books.map((book, i) => {
    const position = readPosition(tx.state, book);
    if (book.sequencerId === 0n) return position;
    if (position.isReadable) observe(tx, BigInt(i), position);
    else emitManager(tx, "VaultUnreadable", { index: BigInt(i) });
    return position;
  });
  const isRead = books.every(({ sequencerId }, i) => sequencerId === 0n || positions[i]?.isReadable === true);
  if (isRead) setManager(tx, { readAt: tx.state.time });
  return positions;
}

/** What LockingPool tells of a vault. */
export function readPosition({ pool }: L1State, { sequencerId }: Book): Position {
  const told = positionAt(pool, sequencerId);
  return told === undefined ? unreadable : positionOf(told);
}

/** What is held beyond the books has come from Metis, or from a donor. */
export function bookArrivals(tx: Transaction): void {
  const { manager, network } = tx.state;
  const assets = saturatingSub(metisOf(tx.state, network.lockManager), manager.idle);
  if (assets === 0n) return;
  const receivedFromL2 = toUint(manager.receivedFromL2 + assets, 96);
  setManager(tx, { receivedFromL2 });
  emitManager(tx, "ArrivalBooked", { assets, receivedFromL2, idle: credit(tx, assets) });
}

/** Profit that is no arrival. */
export function bookSurplus(tx: Transaction, index: bigint, assets: bigint): void {
  emitManager(tx, "SurplusBooked", { index, assets, idle: credit(tx, assets) });
}

/** A loss of principal stops deposits for a while. */
export function bookLoss(tx: Transaction, index: bigint, assets: bigint): void {
  setManager(tx, { lossSeenAt: tx.state.time });
  emitManager(tx, "LossSeen", { index, assets });
}

/** Takes the reward off a book; the operator is owed the commission. */
export function releaseReward(
  tx: Transaction,
  index: bigint,
): { readonly reward: bigint; readonly commission: bigint } {
  const { book, reward, commission } = release(bookOf(tx, index));
  setBook(tx, index, book);
  setManager(tx, { owed: toUint(tx.state.manager.owed + commission, 88) });
  emitManager(tx, "CommissionBooked", { index, assets: commission, owed: book.owed });
  return { reward, commission };
}

/** More is idle. Returns all that is. */
export function credit(tx: Transaction, assets: bigint): bigint {
  const idle = toUint(tx.state.manager.idle + assets, 88);
  setManager(tx, { idle });
  return idle;
}

/** Less is idle. Returns what is. */
export function debit(tx: Transaction, assets: bigint): bigint {
  const idle = tx.state.manager.idle - assets;
  setManager(tx, { idle });
  return idle;
}

/** `VaultUpdated` as the book has it. */
export function emitVault(tx: Transaction, index: bigint): void {
  const { phase, principal, reward } = bookOf(tx, index);
  emitManager(tx, "VaultUpdated", { index, phase, principal, reward });
}

/** What goes back of the value once `spent` is paid. */
export function refundOf(tx: Transaction, spent: bigint): bigint {
  return tx.value - spent;
}

/** Reverts when less ETH than `required` came along. */
export function requireValue(tx: Transaction, required: bigint): void {
  ensure(tx.value >= required, "LockManager__FeeTooLow", tx.value, required);
}

/** The fee for a reward that goes to Metis: none without a reward. */
export function rewardFee(tx: Transaction, reward: bigint, alreadySpent: bigint): bigint {
  const fee = reward === 0n ? 0n : metisFee(tx.state);
  requireValue(tx, alreadySpent + fee);
  return fee;
}

/** What LockingPool allows positions that shrink. */
export function withdrawLimits({ pool }: L1State): WithdrawLimits {
  const { minLock, currentBatch } = pool;
  return pool.isPaused ? { isOpen: false, minLock: 0n, currentBatch: 0n } : { isOpen: true, minLock, currentBatch };
}

/** What of each position could be recalled if its vault is whitelisted, wei. */
export function surpluses(state: L1State, positions: readonly Position[]): readonly bigint[] {
  const limits = withdrawLimits(state);
  return positions.map((position) => surplus(position, limits));
}

/** What of each position can be recalled, wei. */
export function recallable(state: L1State, positions: readonly Position[]): readonly bigint[] {
  const { books } = state.manager;
  return surpluses(state, positions).map((assets, i) => {
    const vault = books[i]?.vault;
    return vault !== undefined && isWhitelisted(state.pool, vault) ? assets : 0n;
  });
}

/**
 * Wei of METIS that back eMetis on Ethereum, as last read; negative when operators are owed more than is left.
 *
 * @example
 * netAssets(state); // 12_000n * 10n ** 18n
 */
export function netAssets({ manager }: L1State): bigint {
  return sum(manager.books.map(backing)) + manager.idle - manager.owed;
}

/**
 * LockManager's `l1Assets`: as {@link netAssets}, but never below 0; wei.
 *
 * @example
 * l1Assets(state); // 12_000n * 10n ** 18n
 */
export function l1Assets(state: L1State): bigint {
  return max(netAssets(state), 0n);
}

/** Wei of METIS that exits under way will bring. */
export function exiting({ manager, pool }: L1State): bigint {
  const coming = manager.books.filter(({ phase, vault }) => phase === phases.exiting && isWhitelisted(pool, vault));
  return sum(coming.map(({ principal }) => principal));
}

/** Wei of METIS that may be locked or sent. */
export function free({ manager }: L1State): bigint {
  return saturatingSub(manager.idle, manager.owed);
}

/** All of them together. */
export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

/** Index of the first of the largest values; undefined when all are 0. */
export function largest(values: readonly bigint[]): number | undefined {
  const top = values.reduce((found, value) => max(found, value), 0n);
  return top === 0n ? undefined : values.indexOf(top);
}

/** The lesser of what is wanted and what is free. */
export function payable(state: L1State, wanted: bigint): bigint {
  return min(wanted, free(state));
}

/** Takes over what LockingPool tells of a vault that has a position. */
function observe(tx: Transaction, index: bigint, position: Position): void {
  const book = bookOf(tx, index);
  const phase = phaseOf(position);
  const { amount, reward } = position;
  if (phase === book.phase && amount === book.principal && reward === book.reward) return;

  if (amount < book.principal) bookLoss(tx, index, book.principal - amount);
  if (book.phase === phases.active && phase !== phases.active) bookForcedExit(tx, index);
  setBook(tx, index, { principal: amount, reward, phase });
  if (phase === phases.waiting) setBook(tx, index, close(bookOf(tx, index)));
  emitManager(tx, "VaultUpdated", { index, phase, principal: amount, reward });
}

/** Metis paid the reward to L2Gateway without a word. */
function bookForcedExit(tx: Transaction, index: bigint): void {
  const { reward } = releaseReward(tx, index);
  emitManager(tx, "ExitBegun", { index, reward, isForced: true, sentToL2: bookSent(tx, reward) });
}

function phaseOf({ status }: Position): Phase {
  if (status === statuses.active) return phases.active;
  return status === statuses.inactive ? phases.exiting : phases.waiting;
}
