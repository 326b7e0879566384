/** L2Gateway: what comes from Ethereum, and the need that goes there. */
import { ZeroAddress, keccak256 } from "ethers";

import { checkHex } from "../../check";
import { bookL1Mint } from "../../math/book";
import { WAD, ceilDiv, max, min } from "../../math/integers";
import { available, take } from "../../math/rateLimit";
import { type L1Deposit, decodePayload, envelopeHash } from "../../messages";
import type { Outcome } from "../outcome";
import { depart } from "./funding";
import { dropMetis, shiftMetis, takesMetis } from "./metis";
import { ensureBackedL1Mints, ensureOpen, poolRate } from "./pool";
import { applyReport, checkL1Mints } from "./report";
import { pending } from "./requests";
import { ensure, toInt, toUint, word } from "./revert";
import type { GatewayState, L2State } from "./state";
import { mintTokens } from "./tokens";
import {
  type L2Call,
  type PaidL2Call,
  type Transaction,
  amount,
  attempt,
  emit,
  setGateway,
  setPool,
  transact,
  transactPaid,
} from "./transaction";
import { stake } from "./vault";

/**
 * Metis's bridge brings a hash from Ethereum; one that is known already stays what it is.
 *
 * @throws ParameterError when it is not 32 bytes.
 * @example
 * simulateHashArrival(state, { hash: envelopeHash(route, number, keccak256(payload)) });
 */
export function simulateHashArrival(state: L2State, { hash }: { readonly hash: string }): Outcome<L2State, null> {
  const checked = checkHex("hash", hash.toLowerCase(), 32);
  return transact(state, { caller: ZeroAddress }, (tx) => {
    if (tx.state.gateway.states[checked] !== undefined) return null;
    setHash(tx, checked, "known");
    emit(tx, "L2Gateway", "MessageArrived", { hash: checked });
    return null;
  });
}

/**
 * The gateway's `deliver`: shows what is behind a hash. Returns whether all of it was done.
 *
 * @throws AmountError, AddressError, ParameterError for what no call can carry; RangeError for a payload that is known and yet no
 * message, which Ethereum never sends.
 * @example
 * simulateDeliver(state, { caller: anyone, number, payload });
 */
export function simulateDeliver(
  state: L2State,
  parameters: L2Call & { readonly number: bigint; readonly payload: string },
): Outcome<L2State, boolean> {
  const number = amount("number", parameters.number);
  const payload = checkHex("payload", parameters.payload);
  return transact(state, parameters, (tx) => {
    const hash = envelopeHash(routeOf(tx.state), number, keccak256(payload));
    const known = tx.state.gateway.states[hash];
    ensure(known !== undefined, "L2Gateway__UnknownMessage", number, hash);
    ensure(known === "known", "L2Gateway__UsedMessage", number, hash);
    setHash(tx, hash, "used");
    const decoded = decodePayload(payload);
    if (decoded.type === "report") applyReport(tx, number, decoded.report);
    else if (deliverL1Deposit(tx, number, decoded.l1Deposit) > 0n) {
      setHash(tx, hash, "known");
      emit(tx, "L2Gateway", "MessagePartlyDelivered", { number, hash });
      return false;
    }
    emit(tx, "L2Gateway", "MessageDelivered", { number, hash });
    return true;
  });
}

/**
 * The gateway's `signalNeed`: tells Ethereum what is needed here; what was brought beyond the bridge's fee comes back. Returns
 * the target, wei.
 *
 * @throws AmountError, AddressError for what no call can carry.
 * @example
 * simulateSignalNeed(state, { caller: anyone, value: state.bridge.fee });
 */
export function simulateSignalNeed(state: L2State, call: PaidL2Call): Outcome<L2State, bigint> {
  return transactPaid(state, call, "l2Gateway", (tx) => {
    const { gateway, bridge, network } = tx.state;
    ensure(gateway.l1Gateway !== ZeroAddress, "L2Gateway__PeerUnset");
    const target = neededFromL1(tx.state);
    ensure(target > 0n || gateway.isNeedy, "L2Gateway__NoNeed");
    ensure(tx.value >= bridge.fee, "L2Gateway__FeeTooLow", tx.value, bridge.fee);

    const number = gateway.lastNeed + 1n;
    setGateway(tx, { lastNeed: number, isNeedy: target > 0n });
    emit(tx, "L2Gateway", "NeedSignalled", { number, target });
    depart(tx, { type: "need", need: { number, target: BigInt.asUintN(96, target) } });
    tx.state = dropMetis(tx.state, network.l2Gateway, bridge.fee);
    refund(tx, tx.value - bridge.fee);
    return target;
  });
}

/**
 * The value that `sentToL2` must reach on Ethereum to fill the queue, wei of METIS; 0 when nothing more is needed.
 *
 * @example
 * neededFromL1(state); // 0n
 */
export function neededFromL1(state: L2State): bigint {
  const { buffer, attributedDown, receivedFromL1, sentToL2 } = state.pool.book;
  const waiting = ceilDiv(pending(state) * poolRate(state), WAD);
  const target = max(0n, receivedFromL1 + waiting - attributedDown - buffer);
  return target > sentToL2 ? target : 0n;
}

function routeOf({ network, gateway }: L2State) {
  const { l1ChainId, l2ChainId, l2Gateway } = network;
  return { l1ChainId, l2ChainId, l1Gateway: gateway.l1Gateway, l2Gateway };
}

function setHash(tx: Transaction, hash: string, known: GatewayState["states"][string]): void {
  setGateway(tx, { states: { ...tx.state.gateway.states, [hash]: known } });
}

function refund(tx: Transaction, surplus: bigint): void {
  if (surplus === 0n) return;
  ensure(takesMetis(tx.state, tx.caller), "L2Gateway__RefundFailed", tx.caller, surplus);
  tx.state = shiftMetis(tx.state, tx.state.network.l2Gateway, tx.caller, surplus);
}

/** `_mintL1Deposit`: below par only the receiver may have it minted. */
function deliverL1Deposit(tx: Transaction, number: bigint, l1Deposit: L1Deposit): bigint {
  const rate = poolRate(tx.state);
  ensure(tx.caller === l1Deposit.receiver || rate === WAD, "L2Gateway__BelowPar", number, rate);
  return mintL1Deposit(tx, number, l1Deposit);
}

/** StakingPool's `mintL1Deposit`. Returns what remains. */
function mintL1Deposit(tx: Transaction, number: bigint, l1Deposit: L1Deposit): bigint {
  ensureOpen(tx.state);
  ensureBackedL1Mints(tx.state);
  const { time, pool } = tx.state;
  const minted = pool.mintedOf[number.toString()] ?? 0n;
  const remaining = word(l1Deposit.assets - minted);
  ensure(remaining > 0n, "StakingPool__L1DepositMinted", number);
  const limit = pool.parameters.l1DepositLimit;
  const assets = min(remaining, available(pool.l1DepositBucket, limit, time));
  ensure(assets > 0n, "StakingPool__L1DepositLimited", number, remaining);

  bookMint(tx, { number, assets, minted, runningTotal: l1Deposit.runningTotal });
  const { receiver } = l1Deposit;
  const isStaked =
    l1Deposit.isStaked &&
    attempt(tx, () => {
      stakeMinted(tx, assets, receiver);
    }).type === "done";
  const totalSupply = mintTokens(tx, "eMetis", isStaked ? tx.state.network.seMetis : receiver, assets);
  const { mintedForL1 } = tx.state.pool.book;
  const told = { number, receiver, assets, remaining: remaining - assets, isStaked, mintedForL1, totalSupply };
  emit(tx, "StakingPool", "L1DepositMinted", told);
  return remaining - assets;
}

interface Mint {
  readonly number: bigint;
  readonly assets: bigint;
  readonly minted: bigint;
  readonly runningTotal: bigint;
}

function bookMint(tx: Transaction, { number, assets, minted, runningTotal }: Mint): void {
  const { time, pool } = tx.state;
  const book = bookL1Mint(pool.book, assets);
  toInt(book.elsewhere, 96);
  toUint(book.mintedForL1, 96);
  setPool(tx, {
    book,
    mintedOf: { ...pool.mintedOf, [number.toString()]: minted + assets },
    l1DepositBucket: take(pool.l1DepositBucket, pool.parameters.l1DepositLimit, assets, time),
    highestRunningTotal: toUint(max(runningTotal, pool.highestRunningTotal), 96),
  });
  checkL1Mints(tx);
}

function stakeMinted(tx: Transaction, assets: bigint, receiver: string): void {
  stake(tx, tx.state.network.stakingPool, assets, receiver);
}
