/** VaultOperations' `allocate`. */
import { min } from "../../math/integers";
import { type Position, statuses } from "../../math/sequencerPositions";
import { ZERO_WORD, phases } from "../../math/vaultBook";
import { plan } from "../../math/waterFill";
import type { Outcome } from "../outcome";
import { bookOf, debit, emitManager, emitVault, free, setBook, syncAll } from "./ledger";
import { ensureNotPaused } from "./lockManager";
import { missing } from "./needs";
import type { L1State } from "./state";
import { type L1Call, type Transaction, toUint, transact } from "./transaction";
import { lock, relock, tryVault } from "./vaults";

/**
 * LockManager's `allocate`: locks what is idle, over the vaults as water fills vessels.
 *
 * @example
 * allocate(state, { caller });
 */
export function allocate(state: L1State, call: L1Call): Outcome<L1State, null> {
  return transact(state, call, (tx) => {
    ensureNotPaused(tx);
    const positions = syncAll(tx);
    if (missing(tx.state) !== 0n || tx.state.pool.isPaused) return null;
    const excluded = new Set<number>();
    // A vault that fails gets nothing in the next round, so there are at most as many rounds as vaults, and one.
    while (!allocateRound(tx, positions, excluded));
    return null;
  });
}

/** Plans, then locks. False when a vault failed and the others should share anew. */
function allocateRound(tx: Transaction, positions: readonly Position[], excluded: Set<number>): boolean {
  const { minLock, maxLock } = tx.state.pool;
  const { books } = tx.state.manager;
  const isTaking = books.map(({ phase, pubkeyX }, i) => {
    const canOpen = phase === phases.waiting && pubkeyX !== ZERO_WORD;
    return !excluded.has(i) && (canOpen || positions[i]?.status === statuses.active);
  });
  const levels = books.map(({ principal }, i) => (isTaking[i] === true ? principal : 0n));
  const ceilings = books.map(({ cap }, i) => (isTaking[i] === true ? min(maxLock, cap) : 0n));
  const count = excluded.size;
  for (const [i, assets] of plan(levels, ceilings, minLock, free(tx.state)).entries()) {
    if (assets !== 0n && !lockInto(tx, BigInt(i), assets)) excluded.add(i);
  }
  return excluded.size === count;
}

/** Returns whether the vault took it. */
function lockInto(tx: Transaction, index: bigint, assets: bigint): boolean {
  const book = bookOf(tx, index);
  const isActive = book.phase === phases.active;
  const locked = tryVault(tx, index, isActive ? "relock" : "lock", () => {
    if (!isActive) return lock(tx, book, assets);
    relock(tx, book.vault, book.sequencerId, assets);
    return book.sequencerId;
  });
  if (locked === undefined) return false;
  const sequencerId = book.phase === phases.waiting ? locked.output : book.sequencerId;
  setBook(tx, index, { sequencerId, phase: phases.active, principal: toUint(book.principal + assets, 88) });
  emitManager(tx, "Locked", { index, sequencerId, assets, idle: debit(tx, assets) });
  emitVault(tx, index);
  return true;
}
