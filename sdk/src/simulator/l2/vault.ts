/** SEMetis: what its users call, and what it does in their calls. */
import { MIN_VESTING_SHARES, type Stream, book as bookStream, checkpoint, postpone } from "../../math/rewardStream";
import { convertToAssets } from "../../math/shares";
import { checkAnyAddress } from "../../check";
import type { Outcome } from "../outcome";
import { ensure, mulDiv, mulDivUp, toUint, word } from "./revert";
import type { L2State } from "./state";
import { burnTokens, mintTokens, spendAllowance, tokensOf, transfer, transferFrom } from "./tokens";
import { type L2Call, type Transaction, amount, emit, setVault, transact } from "./transaction";

const unlimited = 2n ** 256n - 1n;

/** The vault at a moment. */
export interface CurrentVault {
  /** Brought to the moment. */
  readonly stream: Stream;
  /** False once the time is over. */
  readonly isClosed: boolean;
  /** Wei of shares. */
  readonly supply: bigint;
}

/**
 * SEMetis's `deposit`: stakes eMetis that the caller has. Returns the shares, rounded down.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateStake(state, { caller: alice, assets: 10n ** 18n, receiver: alice });
 */
export function simulateStake(
  state: L2State,
  parameters: L2Call & { readonly assets: bigint; readonly receiver: string },
): Outcome<L2State, bigint> {
  const assets = amount("assets", parameters.assets);
  const receiver = checkAnyAddress("receiver", parameters.receiver);
  return transact(state, parameters, (tx) => {
    const shares = stake(tx, tx.caller, assets, receiver);
    pull(tx, assets);
    return shares;
  });
}

/**
 * SEMetis's `mint`: stakes as much eMetis as `shares` cost. Returns the assets, rounded up.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateMintShares(state, { caller: alice, shares: 10n ** 18n, receiver: alice });
 */
export function simulateMintShares(
  state: L2State,
  parameters: L2Call & { readonly shares: bigint; readonly receiver: string },
): Outcome<L2State, bigint> {
  const shares = amount("shares", parameters.shares);
  const receiver = checkAnyAddress("receiver", parameters.receiver);
  return transact(state, parameters, (tx) => {
    const current = currentVault(tx.state);
    ensure(takesDeposits(current), "ERC4626ExceededMaxMint", receiver, shares, 0n);
    const assets = mulDivUp(shares, current.stream.assets + 1n, current.supply + 1n);
    enter(tx, current, { sender: tx.caller, receiver, assets, shares });
    pull(tx, assets);
    return assets;
  });
}

interface Exit extends L2Call {
  readonly receiver: string;
  readonly owner: string;
}

/**
 * SEMetis's `withdraw`: takes `assets` out. Returns the shares burned, rounded up.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateWithdrawStaked(state, { caller: alice, assets: 10n ** 18n, receiver: alice, owner: alice });
 */
export function simulateWithdrawStaked(
  state: L2State,
  parameters: Exit & { readonly assets: bigint },
): Outcome<L2State, bigint> {
  const assets = amount("assets", parameters.assets);
  const { receiver, owner } = checkedExit(parameters);
  return transact(state, parameters, (tx) => {
    const current = currentVault(tx.state);
    const shares = mulDivUp(assets, current.supply + 1n, current.stream.assets + 1n);
    const balance = tokensOf(tx.state, "seMetis", owner);
    const isWithin = !current.isClosed && shares <= balance;
    ensure(isWithin, "ERC4626ExceededMaxWithdraw", owner, assets, maxWithdraw(tx.state, owner));
    leave(tx, current, { sender: tx.caller, receiver, owner, assets, shares });
    return shares;
  });
}

/**
 * SEMetis's `redeem`: gives `shares` back. Returns the assets, rounded down.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateUnstake(state, { caller: alice, shares: 10n ** 18n, receiver: alice, owner: alice });
 */
export function simulateUnstake(
  state: L2State,
  parameters: Exit & { readonly shares: bigint },
): Outcome<L2State, bigint> {
  const shares = amount("shares", parameters.shares);
  const { receiver, owner } = checkedExit(parameters);
  return transact(state, parameters, (tx) => redeem(tx, { sender: tx.caller, receiver, owner, shares }));
}

/**
 * The vault at the state's time.
 *
 * @example
 * currentVault(state).stream.assets; // SEMetis's totalAssets
 */
export function currentVault({ time, vault, seMetis }: L2State): CurrentVault {
  const supply = seMetis.totalSupply;
  const stream = supply < MIN_VESTING_SHARES ? postpone(vault.stream, time) : checkpoint(vault.stream, time);
  return { stream, isClosed: vault.isClosed && time < vault.closedUntil, supply };
}

/**
 * Wei of shares that `owner` can redeem; 0 while the vault is closed.
 *
 * @example
 * simulateUnstake(state, { caller: alice, shares: maxRedeem(state, alice), receiver: alice, owner: alice });
 */
export function maxRedeem(state: L2State, owner: string): bigint {
  return currentVault(state).isClosed ? 0n : tokensOf(state, "seMetis", owner);
}

/**
 * Wei of eMetis that `owner` can withdraw, rounded down; 0 while the vault is closed.
 *
 * @example
 * simulateWithdrawStaked(state, { caller: alice, assets: maxWithdraw(state, alice), receiver: alice, owner: alice });
 */
export function maxWithdraw(state: L2State, owner: string): bigint {
  const { stream, supply } = currentVault(state);
  return convertToAssets(maxRedeem(state, owner), { totalAssets: stream.assets, totalSupply: supply });
}

/**
 * Wei of eMetis that the vault takes now: all or nothing.
 *
 * @example
 * const isOpen = maxDeposit(state) > 0n;
 */
export function maxDeposit(state: L2State): bigint {
  return takesDeposits(currentVault(state)) ? unlimited : 0n;
}

/** `_stake`: shares for assets that `sender` brings or brought. */
export function stake(tx: Transaction, sender: string, assets: bigint, receiver: string): bigint {
  const current = currentVault(tx.state);
  ensure(takesDeposits(current), "ERC4626ExceededMaxDeposit", receiver, assets, 0n);
  const shares = mulDiv(assets, current.supply + 1n, current.stream.assets + 1n);
  enter(tx, current, { sender, receiver, assets, shares });
  return shares;
}

/** `redeem` by `sender`. Returns the assets. */
export function redeem(tx: Transaction, { sender, receiver, owner, shares }: Omit<Leaving, "assets">): bigint {
  const current = currentVault(tx.state);
  const isWithin = !current.isClosed && shares <= tokensOf(tx.state, "seMetis", owner);
  ensure(isWithin, "ERC4626ExceededMaxRedeem", owner, shares, maxRedeem(tx.state, owner));
  const assets = mulDiv(shares, current.stream.assets + 1n, current.supply + 1n);
  leave(tx, current, { sender, receiver, owner, assets, shares });
  return assets;
}

/** Keeps the stream and the flag as they are at this second, with `stream` in place of the current one. */
export function storeVault(tx: Transaction, { isClosed }: CurrentVault, stream: Stream): void {
  setVault(tx, { stream, isClosed });
}

/** What each event of the stream tells of it. */
export function toldOf({ assets, unvested, vestedAt, endsAt }: Stream) {
  return { assets, unvested, vestedAt, endsAt };
}

interface Entering {
  readonly sender: string;
  readonly receiver: string;
  readonly assets: bigint;
  readonly shares: bigint;
}

interface Leaving extends Entering {
  readonly owner: string;
}

function enter(tx: Transaction, current: CurrentVault, { sender, receiver, assets, shares }: Entering): void {
  ensure(shares !== 0n, "SEMetis__NoShares", assets);
  const newSupply = mintTokens(tx, "seMetis", receiver, shares);
  book(tx, current, word(current.stream.assets + assets), newSupply);
  emit(tx, "SEMetis", "Deposit", { sender, owner: receiver, assets, shares });
}

function leave(tx: Transaction, current: CurrentVault, leaving: Leaving): void {
  const { sender, receiver, owner, assets, shares } = leaving;
  if (sender !== owner) spendAllowance(tx, "seMetis", { owner, spender: sender, value: shares });
  const newSupply = burnTokens(tx, "seMetis", owner, shares);
  book(tx, current, word(current.stream.assets - assets), newSupply);
  emit(tx, "SEMetis", "Withdraw", { sender, receiver, owner, assets, shares });
  transfer(tx, "eMetis", { from: tx.state.network.seMetis, to: receiver, value: assets });
}

/** `_book`: what rounding leaves joins the stream where shares are few. */
function book(tx: Transaction, current: CurrentVault, assets: bigint, newSupply: bigint): void {
  const { stream, supply } = current;
  const areMany = supply >= MIN_VESTING_SHARES && newSupply >= MIN_VESTING_SHARES;
  const limit = areMany ? unlimited : assetsAtSamePrice(stream.assets, supply, newSupply);
  toUint(word(assets + stream.unvested), 88);
  const booked = bookStream(stream, assets, limit);
  storeVault(tx, current, booked);
  emit(tx, "SEMetis", "StreamUpdated", toldOf(booked));
}

/** As `assetsAtSamePrice` of the maths, within 256 bits. */
function assetsAtSamePrice(assets: bigint, supply: bigint, newSupply: bigint): bigint {
  return mulDivUp(assets + 1n, word(newSupply + 1n), supply + 1n) - 1n;
}

function pull(tx: Transaction, assets: bigint): void {
  const { seMetis } = tx.state.network;
  transferFrom(tx, "eMetis", { spender: seMetis, from: tx.caller, to: seMetis, value: assets });
}

function takesDeposits({ stream, isClosed, supply }: CurrentVault): boolean {
  return !isClosed && (stream.assets !== 0n || supply < MIN_VESTING_SHARES);
}

function checkedExit({ receiver, owner }: Exit): { readonly receiver: string; readonly owner: string } {
  return { receiver: checkAnyAddress("receiver", receiver), owner: checkAnyAddress("owner", owner) };
}
