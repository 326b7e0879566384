/** StakingPool: what users call, and the numbers that the rest of it stands on. */
import { ZeroAddress } from "ethers";

import { checkAnyAddress } from "../../check";
import { bookedAssets } from "../../math/book";
import { type InstantFee, instantPayout, maxInstantValue } from "../../math/instantFee";
import { WAD, max, min, saturatingSub } from "../../math/integers";
import { redemptionRate } from "../../math/queue";
import type { Outcome } from "../outcome";
import { shiftMetis, takesMetis } from "./metis";
import { pending } from "./requests";
import { ensure, refuse, toUint } from "./revert";
import type { L2State } from "./state";
import { burnTokens, mintTokens } from "./tokens";
import {
  type L2Call,
  type PaidL2Call,
  type Transaction,
  amount,
  emit,
  setPool,
  transact,
  transactPaid,
} from "./transaction";
import { stake } from "./vault";

/** The least that can be deposited, wei of METIS. */
export const MIN_DEPOSIT = 10n ** 16n;

interface SimulatedDeposit extends PaidL2Call {
  readonly receiver: string;
  /** @defaultValue nobody */
  readonly referrer?: string;
}

/**
 * The pool's `deposit` of the value that comes along. Returns the eMetis, wei.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateDeposit(state, { caller: alice, value: 10n ** 18n, receiver: alice });
 */
export function simulateDeposit(state: L2State, parameters: SimulatedDeposit): Outcome<L2State, bigint> {
  const { receiver, referrer } = checkedDeposit(parameters);
  return transactPaid(state, parameters, "stakingPool", (tx) => {
    takeDeposit(tx, { holder: receiver, receiver, referrer });
    return tx.value;
  });
}

/**
 * The pool's `depositAndStake` of the value that comes along. Returns the shares, rounded down.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateDepositAndStake(state, { caller: alice, value: 10n ** 18n, receiver: alice, minShares: 1n });
 */
export function simulateDepositAndStake(
  state: L2State,
  parameters: SimulatedDeposit & { readonly minShares: bigint },
): Outcome<L2State, bigint> {
  const minShares = amount("minShares", parameters.minShares);
  const { receiver, referrer } = checkedDeposit(parameters);
  return transactPaid(state, parameters, "stakingPool", (tx) => {
    const { seMetis, stakingPool } = tx.state.network;
    takeDeposit(tx, { holder: seMetis, receiver, referrer });
    const shares = stake(tx, stakingPool, tx.value, receiver);
    ensure(shares >= minShares, "StakingPool__TooFewShares", shares, minShares);
    return shares;
  });
}

/**
 * The pool's `redeemInstant`. Returns what is paid, wei of METIS, rounded down.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateRedeemInstant(state, { caller: alice, assets: 10n ** 18n, minOut: 0n, receiver: alice });
 */
export function simulateRedeemInstant(
  state: L2State,
  parameters: L2Call & { readonly assets: bigint; readonly minOut: bigint; readonly receiver: string },
): Outcome<L2State, bigint> {
  const assets = amount("assets", parameters.assets);
  const minOut = amount("minOut", parameters.minOut);
  const receiver = checkAnyAddress("receiver", parameters.receiver);
  return transact(state, parameters, (tx) => {
    ensure(assets > 0n, "StakingPool__BelowMinimum", assets, 1n);
    ensure(receiver !== ZeroAddress, "StakingPool__ZeroAddress");
    ensureOpen(tx.state);
    const { value, paid } = priceInstant(tx.state, assets);
    ensure(paid >= minOut, "StakingPool__TooLittleOut", paid, minOut);

    const totalSupply = burnTokens(tx, "eMetis", tx.caller, assets);
    const buffer = setBuffer(tx, tx.state.pool.book.buffer - paid);
    bookHaircut(tx, assets - value);
    const fee = value - paid;
    const told = { owner: tx.caller, receiver, assets, paid, fee, buffer, totalSupply };
    emit(tx, "StakingPool", "RedeemedInstantly", told);
    payFromPool(tx, receiver, paid);
    return paid;
  });
}

/**
 * The most eMetis that can be redeemed at once by all holders together, wei, rounded down.
 *
 * @example
 * maxRedeemInstant(state);
 */
export function maxRedeemInstant(state: L2State): bigint {
  const rate = poolRate(state);
  if (!isOpen(state) || rate === 0n) return 0n;
  return min(state.eMetis.totalSupply, (maxInstantValue(freeBuffer(state), feeOf(state)) * WAD) / rate);
}

/**
 * Wei of METIS that one eMetis stands for, 1e18-scaled, at most 1e18; rounded down.
 *
 * @example
 * poolRate(state); // 10n ** 18n
 */
export function poolRate({ pool, eMetis }: L2State): bigint {
  return redemptionRate(bookedAssets(pool.book), eMetis.totalSupply);
}

/**
 * Wei of METIS in the pool beyond what the queue waits for.
 *
 * @example
 * freeBuffer(state);
 */
export function freeBuffer(state: L2State): bigint {
  return saturatingSub(state.pool.book.buffer, pending(state));
}

/**
 * eMetis minted for deposits that Ethereum neither reported nor announced, wei; 0 unless there is a fault.
 *
 * @example
 * unbackedL1Mints(state); // 0n
 */
export function unbackedL1Mints({ pool }: L2State): bigint {
  const { mintedForL1, l1Deposits } = pool.book;
  return saturatingSub(mintedForL1, max(l1Deposits, pool.highestRunningTotal));
}

/** Whether exits and deposits are open. */
export function isOpen({ time, pool }: L2State): boolean {
  return time >= pool.book.pausedUntil && time >= pool.book.stoppedUntil;
}

/** Reverts while the pool is paused or stopped after a loss. */
export function ensureOpen({ time, pool }: L2State): void {
  const { pausedUntil, stoppedUntil } = pool.book;
  ensure(time >= pausedUntil, "StakingPool__Paused", pausedUntil);
  ensure(time >= stoppedUntil, "StakingPool__LossUnconfirmed", stoppedUntil);
}

/** Reverts while eMetis was minted for deposits that Ethereum does not know. */
export function ensureBackedL1Mints(state: L2State): void {
  const assets = unbackedL1Mints(state);
  ensure(assets === 0n, "StakingPool__UnbackedL1Mints", assets);
}

/** Changes the ledger. */
export function setBook(tx: Transaction, change: Partial<L2State["pool"]["book"]>): void {
  setPool(tx, { book: { ...tx.state.pool.book, ...change } });
}

/** Sets the free METIS in the pool. Returns it. */
export function setBuffer(tx: Transaction, assets: bigint): bigint {
  setBook(tx, { buffer: toUint(assets, 88) });
  return assets;
}

/** `_bookHaircut`: profits that fill this gap carry no fee. */
export function bookHaircut(tx: Transaction, assets: bigint): void {
  if (assets > 0n) setPool(tx, { unrecoveredLoss: toUint(tx.state.pool.unrecoveredLoss + assets, 96) });
}

/** Pays METIS out of the pool. */
export function payFromPool(tx: Transaction, receiver: string, assets: bigint): void {
  ensure(takesMetis(tx.state, receiver), "StakingPool__PaymentFailed", receiver, assets);
  tx.state = shiftMetis(tx.state, tx.state.network.stakingPool, receiver, assets);
}

interface Taking {
  /** Who gets the eMetis. */
  readonly holder: string;
  readonly receiver: string;
  readonly referrer: string;
}

function takeDeposit(tx: Transaction, { holder, receiver, referrer }: Taking): void {
  const { caller, value } = tx;
  ensure(value >= MIN_DEPOSIT, "StakingPool__BelowMinimum", value, MIN_DEPOSIT);
  ensure(receiver !== ZeroAddress, "StakingPool__ZeroAddress");
  ensureOpen(tx.state);
  if (tx.state.pool.book.hasUnbackedL1Mints) ensureBackedL1Mints(tx.state);

  const buffer = setBuffer(tx, tx.state.pool.book.buffer + value);
  const totalSupply = mintTokens(tx, "eMetis", holder, value);
  const assets = bookedAssets(tx.state.pool.book);
  ensure(assets >= totalSupply, "StakingPool__Undercollateralised", assets, totalSupply);
  emit(tx, "StakingPool", "Deposited", { caller, receiver, referrer, assets: value, buffer, totalSupply });
}

function priceInstant(state: L2State, assets: bigint): { readonly value: bigint; readonly paid: bigint } {
  const value = (assets * poolRate(state)) / WAD;
  const free = freeBuffer(state);
  const fee = feeOf(state);
  const paid = instantPayout(value, free, fee);
  return paid === undefined
    ? refuse("StakingPool__BufferTooSmall", value, maxInstantValue(free, fee))
    : { value, paid };
}

function feeOf({ pool }: L2State): InstantFee {
  const { minInstantFeeBps, maxInstantFeeBps } = pool.parameters;
  return { target: pool.book.reserveTarget, minInstantFeeBps, maxInstantFeeBps };
}

function checkedDeposit({ receiver, referrer = ZeroAddress }: SimulatedDeposit): Omit<Taking, "holder"> {
  return { receiver: checkAnyAddress("receiver", receiver), referrer: checkAnyAddress("referrer", referrer) };
}
