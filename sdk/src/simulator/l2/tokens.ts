/** EMetis and SEMetis as ERC-20 tokens, with OpenZeppelin's errors. */
import { ZeroAddress } from "ethers";

import { checkAnyAddress } from "../../check";
import type { Outcome } from "../outcome";
import { ensure, word } from "./revert";
import type { L2State, TokenState } from "./state";
import { type L2Call, type Transaction, amount, emit, transact } from "./transaction";

/** A token of the protocol. */
export type Token = "eMetis" | "seMetis";

const contracts = { eMetis: "EMetis", seMetis: "SEMetis" } as const;
const unlimited = 2n ** 256n - 1n;

/** A transfer of a token. */
export interface SimulatedTransfer extends L2Call {
  readonly token: Token;
  readonly to: string;
  /** Wei of the token. */
  readonly value: bigint;
}

/**
 * Wei of `token` that `holder` has.
 *
 * @example
 * tokensOf(state, "eMetis", state.network.seMetis);
 */
export function tokensOf(state: L2State, token: Token, holder: string): bigint {
  return state[token].balances[holder] ?? 0n;
}

/**
 * Wei of `token` that `spender` may take from `owner`.
 *
 * @example
 * allowanceOf(state, "eMetis", alice, state.network.seMetis);
 */
export function allowanceOf(state: L2State, token: Token, owner: string, spender: string): bigint {
  return state[token].allowances[owner]?.[spender] ?? 0n;
}

/**
 * A token's `transfer`.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateTransfer(state, { token: "eMetis", caller: alice, to: bob, value: 7n });
 */
export function simulateTransfer(state: L2State, parameters: SimulatedTransfer): Outcome<L2State, boolean> {
  const value = amount("value", parameters.value);
  const to = checkAnyAddress("to", parameters.to);
  return transact(state, parameters, (tx) => {
    transfer(tx, parameters.token, { from: tx.caller, to, value });
    return true;
  });
}

/**
 * A token's `transferFrom`.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateTransferFrom(state, { token: "seMetis", caller: bob, from: alice, to: bob, value: 7n });
 */
export function simulateTransferFrom(
  state: L2State,
  parameters: SimulatedTransfer & { readonly from: string },
): Outcome<L2State, boolean> {
  const value = amount("value", parameters.value);
  const from = checkAnyAddress("from", parameters.from);
  const to = checkAnyAddress("to", parameters.to);
  return transact(state, parameters, (tx) => {
    transferFrom(tx, parameters.token, { spender: tx.caller, from, to, value });
    return true;
  });
}

/**
 * A token's `approve`. A permit does the same for its owner.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateApprove(state, { token: "eMetis", caller: alice, spender: state.network.seMetis, value: 7n });
 */
export function simulateApprove(
  state: L2State,
  parameters: L2Call & { readonly token: Token; readonly spender: string; readonly value: bigint },
): Outcome<L2State, boolean> {
  const value = amount("value", parameters.value);
  const spender = checkAnyAddress("spender", parameters.spender);
  const { token } = parameters;
  return transact(state, parameters, (tx) => {
    setAllowance(tx, token, { owner: tx.caller, spender, value });
    emit(tx, contracts[token], "Approval", { owner: tx.caller, spender, value });
    return true;
  });
}

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
}

/** `_transfer`. */
export function transfer(tx: Transaction, token: Token, { from, to, value }: Transfer): void {
  ensure(from !== ZeroAddress, "ERC20InvalidSender", from);
  ensure(to !== ZeroAddress, "ERC20InvalidReceiver", to);
  update(tx, token, { from, to, value });
}

/** `transferFrom` by `spender`. */
export function transferFrom(
  tx: Transaction,
  token: Token,
  { spender, from, to, value }: Transfer & { readonly spender: string },
): void {
  spendAllowance(tx, token, { owner: from, spender, value });
  transfer(tx, token, { from, to, value });
}

/** `_mint`. Returns the supply. */
export function mintTokens(tx: Transaction, token: Token, to: string, value: bigint): bigint {
  ensure(to !== ZeroAddress, "ERC20InvalidReceiver", to);
  update(tx, token, { from: ZeroAddress, to, value });
  return tx.state[token].totalSupply;
}

/** `_burn`. Returns the supply. */
export function burnTokens(tx: Transaction, token: Token, from: string, value: bigint): bigint {
  ensure(from !== ZeroAddress, "ERC20InvalidSender", from);
  update(tx, token, { from, to: ZeroAddress, value });
  return tx.state[token].totalSupply;
}

interface Allowance {
  readonly owner: string;
  readonly spender: string;
  readonly value: bigint;
}

/** `_spendAllowance`: an unlimited one stays, and no event tells of it. */
export function spendAllowance(tx: Transaction, token: Token, { owner, spender, value }: Allowance): void {
  const allowed = allowanceOf(tx.state, token, owner, spender);
  if (allowed === unlimited) return;
  ensure(allowed >= value, "ERC20InsufficientAllowance", spender, allowed, value);
  setAllowance(tx, token, { owner, spender, value: allowed - value });
}

function update(tx: Transaction, token: Token, { from, to, value }: Transfer): void {
  const { balances, totalSupply } = tx.state[token];
  const changed: Record<string, bigint> = { ...balances };
  const supply = from === ZeroAddress ? word(totalSupply + value) : totalSupply;
  if (from !== ZeroAddress) {
    const balance = balances[from] ?? 0n;
    ensure(balance >= value, "ERC20InsufficientBalance", from, balance, value);
    changed[from] = balance - value;
  }
  if (to !== ZeroAddress) changed[to] = (changed[to] ?? 0n) + value;
  setToken(tx, token, { balances: changed, totalSupply: to === ZeroAddress ? supply - value : supply });
  emit(tx, contracts[token], "Transfer", { from, to, value });
}

function setAllowance(tx: Transaction, token: Token, { owner, spender, value }: Allowance): void {
  ensure(owner !== ZeroAddress, "ERC20InvalidApprover", owner);
  ensure(spender !== ZeroAddress, "ERC20InvalidSpender", spender);
  const { allowances } = tx.state[token];
  setToken(tx, token, { allowances: { ...allowances, [owner]: { ...allowances[owner], [spender]: value } } });
}

function setToken(tx: Transaction, token: Token, change: Partial<TokenState>): void {
  tx.state = { ...tx.state, [token]: { ...tx.state[token], ...change } };
}
