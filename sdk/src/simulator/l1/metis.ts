/** METIS on Ethereum: a plain ERC-20 with OpenZeppelin 5's errors. */
import { ZeroAddress, getAddress } from "ethers";

import type { Outcome } from "../outcome";
import type { L1State } from "./state";
import { type L1Call, type Transaction, asUint, emit, ensure, transact } from "./transaction";

const maxWord = 2n ** 256n - 1n;

/**
 * Wei of METIS that `holder` has.
 *
 * @example
 * metisOf(state, state.network.lockManager);
 */
export function metisOf(state: L1State, holder: string): bigint {
  return state.metis.balances[getAddress(holder)] ?? 0n;
}

/**
 * Wei of METIS that `spender` may take from `owner`.
 *
 * @example
 * metisAllowance(state, alice, state.network.lockManager);
 */
export function metisAllowance(state: L1State, owner: string, spender: string): bigint {
  return state.metis.allowances[getAddress(owner)]?.[getAddress(spender)] ?? 0n;
}

/**
 * METIS's `transfer`. To LockManager, to a vault or to L1Gateway it is a donation; from the bridge it is an arrival.
 *
 * @example
 * transferMetis(state, { caller: alice, to: state.network.lockManager, assets: 7n });
 */
export function transferMetis(
  state: L1State,
  parameters: L1Call & { readonly to: string; readonly assets: bigint },
): Outcome<L1State, boolean> {
  const assets = asUint(parameters.assets, 256, "assets");
  return transact(state, parameters, (tx) => {
    move(tx, tx.caller, getAddress(parameters.to), assets);
    return true;
  });
}

/**
 * METIS's `approve`.
 *
 * @example
 * approveMetis(state, { caller: alice, spender: state.network.lockManager, assets: 7n });
 */
export function approveMetis(
  state: L1State,
  parameters: L1Call & { readonly spender: string; readonly assets: bigint },
): Outcome<L1State, boolean> {
  const assets = asUint(parameters.assets, 256, "assets");
  const spender = getAddress(parameters.spender);
  return transact(state, parameters, (tx) => {
    ensure(spender !== ZeroAddress, "ERC20InvalidSpender", spender);
    setAllowance(tx, tx.caller, spender, assets);
    emit(tx, "METIS", "Approval", { owner: tx.caller, spender, value: assets });
    return true;
  });
}

/**
 * METIS from nothing, for whoever sets up a simulation.
 *
 * @example
 * mintMetis(state, { to: alice, assets: 7n });
 */
export function mintMetis(
  state: L1State,
  parameters: { readonly to: string; readonly assets: bigint },
): Outcome<L1State, null> {
  const assets = asUint(parameters.assets, 96, "assets");
  const to = getAddress(parameters.to);
  return transact(state, { caller: ZeroAddress }, (tx) => {
    ensure(to !== ZeroAddress, "ERC20InvalidReceiver", to);
    setBalance(tx, to, metisOf(tx.state, to) + assets);
    emit(tx, "METIS", "Transfer", { from: ZeroAddress, to, value: assets });
    return null;
  });
}

/** Moves METIS within an action. */
export function move(tx: Transaction, from: string, to: string, assets: bigint): void {
  ensure(to !== ZeroAddress, "ERC20InvalidReceiver", to);
  const balance = metisOf(tx.state, from);
  ensure(balance >= assets, "ERC20InsufficientBalance", from, balance, assets);
  setBalance(tx, from, balance - assets);
  setBalance(tx, to, metisOf(tx.state, to) + assets);
  emit(tx, "METIS", "Transfer", { from, to, value: assets });
}

/** Moves METIS out of what `owner` allowed `spender`. */
export function pull(tx: Transaction, owner: string, spender: string, assets: bigint): void {
  const allowed = metisAllowance(tx.state, owner, spender);
  ensure(allowed >= assets, "ERC20InsufficientAllowance", spender, allowed, assets);
  if (allowed !== maxWord) setAllowance(tx, owner, spender, allowed - assets);
  move(tx, owner, spender, assets);
}

function setBalance(tx: Transaction, holder: string, assets: bigint): void {
  const { metis } = tx.state;
  tx.state = { ...tx.state, metis: { ...metis, balances: { ...metis.balances, [holder]: assets } } };
}

function setAllowance(tx: Transaction, owner: string, spender: string, assets: bigint): void {
  const { metis } = tx.state;
  const ofOwner = { ...metis.allowances[owner], [spender]: assets };
  tx.state = { ...tx.state, metis: { ...metis, allowances: { ...metis.allowances, [owner]: ofOwner } } };
}
