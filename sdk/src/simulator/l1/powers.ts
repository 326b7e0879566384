/** VaultRegistry: what governance and guardian do to LockManager. */
import { ZeroAddress, encodeBytes32String, getAddress } from "ethers";

import { type Book, ZERO_WORD, phases } from "../../math/vaultBook";
import type { Outcome } from "../outcome";
import { bookOf, emitManager, setBook } from "./ledger";
import type { L1Powers, L1State, Parameters } from "./state";
import { type L1Call, type Transaction, asUint, ensure, setManager, transact } from "./transaction";

const MAX_COMMISSION_BPS = 1_500n;
const MAX_RECALL_LIMIT_BPS = 1_000n;
const PAUSE_DURATION = 7n * 86_400n;
const PAUSE_COOLDOWN = 30n * 86_400n;

/** As `ILockManager.VaultConfig`. */
export type VaultConfig = Readonly<
  Pick<Book, "operator" | "cap" | "pubkeyX" | "pubkeyY"> & { readonly commissionBps: bigint }
>;

/**
 * LockManager's `pause`, by the guardian: 7 days, then not again for 30.
 *
 * @example
 * pause(state, { caller: guardian });
 */
export function pause(state: L1State, call: L1Call): Outcome<L1State, null> {
  return transact(state, call, (tx) => {
    ensurePower(tx, "guardian");
    const { pausedUntil } = tx.state.manager;
    const notBefore = pausedUntil === 0n ? 0n : pausedUntil + PAUSE_COOLDOWN;
    ensure(tx.state.time >= notBefore, "PauseClock__TooSoon", notBefore);
    setManager(tx, { pausedAt: tx.state.time });
    return setPausedUntil(tx, tx.state.time + PAUSE_DURATION);
  });
}

/**
 * LockManager's `unpause`.
 *
 * @example
 * unpause(state, { caller: governance });
 */
export function unpause(state: L1State, call: L1Call): Outcome<L1State, null> {
  return transact(state, call, (tx) => {
    ensurePower(tx, "tightener");
    ensure(tx.state.time < tx.state.manager.pausedUntil, "PauseClock__NotPaused");
    return setPausedUntil(tx, tx.state.time);
  });
}

/**
 * LockManager's `setParameters`, by governance.
 *
 * @example
 * setParameters(state, { caller: governance, recallLimitBps: 200n });
 */
export function setParameters(state: L1State, parameters: L1Call & Parameters): Outcome<L1State, null> {
  return transact(state, parameters, (tx) => {
    const recallLimitBps = asUint(parameters.recallLimitBps, 16, "recallLimitBps");
    ensurePower(tx, "governance");
    return takeParameters(tx, recallLimitBps);
  });
}

/**
 * LockManager's `tightenParameters`.
 *
 * @example
 * tightenParameters(state, { caller: governance, recallLimitBps: 100n });
 */
export function tightenParameters(state: L1State, parameters: L1Call & Parameters): Outcome<L1State, null> {
  return transact(state, parameters, (tx) => {
    const recallLimitBps = asUint(parameters.recallLimitBps, 16, "recallLimitBps");
    ensurePower(tx, "tightener");
    ensureTighter("recallLimitBps", tx.state.manager.parameters.recallLimitBps, recallLimitBps);
    return takeParameters(tx, recallLimitBps);
  });
}

/**
 * LockManager's `configureVault`, by governance: how a vault whose exit is over gets its next key.
 *
 * @example
 * configureVault(state, { caller: governance, index: 0n, config });
 */
export function configureVault(
  state: L1State,
  parameters: L1Call & { readonly index: bigint; readonly config: VaultConfig },
): Outcome<L1State, null> {
  const { index, config } = parameters;
  return transact(state, parameters, (tx) => {
    ensurePower(tx, "governance");
    const { phase, owed, operator, pubkeyX, pubkeyY } = bookOf(tx, asUint(index, 256, "index"));
    const isSameKey = config.pubkeyX === pubkeyX && config.pubkeyY === pubkeyY;
    if (getAddress(config.operator) !== operator || !isSameKey) {
      ensure(phase === phases.waiting, "LockManager__WrongPhase", index, phase);
      ensure(owed === 0n, "LockManager__StillOwed", index, owed);
    }
    return configure(tx, index, config);
  });
}

/**
 * LockManager's `tightenVault`.
 *
 * @example
 * tightenVault(state, { caller: governance, index: 0n, commissionBps: 400n, cap: 0n });
 */
export function tightenVault(
  state: L1State,
  parameters: L1Call & { readonly index: bigint } & Pick<VaultConfig, "commissionBps" | "cap">,
): Outcome<L1State, null> {
  const { index, commissionBps, cap } = parameters;
  return transact(state, parameters, (tx) => {
    ensurePower(tx, "tightener");
    const book = bookOf(tx, asUint(index, 256, "index"));
    ensureTighter("commissionBps", book.nextCommissionBps, asUint(commissionBps, 16, "commissionBps"));
    ensureTighter("cap", book.cap, asUint(cap, 96, "cap"));
    setBook(tx, index, { ...commissionFor(book, commissionBps), cap });
    const { operator, pubkeyX, pubkeyY } = book;
    emitManager(tx, "VaultConfigured", { index, config: { operator, commissionBps, cap, pubkeyX, pubkeyY } });
    return null;
  });
}

/** Reverts unless the caller may use a power at once. */
export function ensurePower(tx: Transaction, power: keyof L1Powers): void {
  ensure(tx.state.powers[power].includes(tx.caller), "AccessManagedUnauthorized", tx.caller);
}

function configure(tx: Transaction, index: bigint, config: VaultConfig): null {
  const operator = getAddress(config.operator);
  const { pubkeyX, pubkeyY } = config;
  const commissionBps = asUint(config.commissionBps, 16, "commissionBps");
  const cap = asUint(config.cap, 96, "cap");
  ensure(operator !== ZeroAddress, "LockManager__ZeroAddress");
  ensure(pubkeyX !== ZERO_WORD, "LockManager__ZeroPubkey");
  ensureAtMost("commissionBps", commissionBps, MAX_COMMISSION_BPS);
  setBook(tx, index, { operator, cap, pubkeyX, pubkeyY, ...commissionFor(bookOf(tx, index), commissionBps) });
  emitManager(tx, "VaultConfigured", { index, config: { operator, commissionBps, cap, pubkeyX, pubkeyY } });
  return null;
}

/** What a position has earned so far is the operator's at the rate it was earned at. */
function commissionFor(book: Book, commissionBps: bigint): Partial<Book> {
  return { nextCommissionBps: commissionBps, ...(book.phase === phases.waiting ? { commissionBps } : {}) };
}

function takeParameters(tx: Transaction, recallLimitBps: bigint): null {
  ensureAtMost("recallLimitBps", recallLimitBps, MAX_RECALL_LIMIT_BPS);
  const parameters = { recallLimitBps };
  setManager(tx, { parameters });
  emitManager(tx, "ParametersSet", { parameters });
  return null;
}

function setPausedUntil(tx: Transaction, pausedUntil: bigint): null {
  setManager(tx, { pausedUntil });
  emitManager(tx, "PausedUntilSet", { pausedUntil });
  return null;
}

function ensureAtMost(name: string, value: bigint, maximum: bigint): void {
  ensure(value <= maximum, "LockManager__OutOfBounds", encodeBytes32String(name), value, 0n, maximum);
}

function ensureTighter(name: string, current: bigint, value: bigint): void {
  ensure(value <= current, "LockManager__NotTighter", encodeBytes32String(name), current, value);
}
