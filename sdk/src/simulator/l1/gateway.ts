/** L1Gateway, and the part of Metis's bridge that it stands on. */
import { ZeroAddress } from "ethers";

import { max } from "../../math/integers";
import { type Need, envelopeHash, needOf } from "../../messages";
import type { Outcome } from "../outcome";
import { metisOf, move } from "./metis";
import { raise } from "./needs";
import type { L1State } from "./state";
import { type L1Call, type Transaction, emit, ensure, ensureText, setBridge, transact } from "./transaction";

/** Gas on Metis for a message, as `BridgeGas.MESSAGE`. */
export const MESSAGE_GAS = 400_000n;
/** Gas on Metis for METIS, as `BridgeGas.METIS`. */
export const METIS_GAS = 250_000n;

/**
 * Wei of ETH that the bridge asks for a message.
 *
 * @example
 * deposit(state, { caller, value: messageFee(state), assets, receiver, isStaked: true });
 */
export function messageFee(state: L1State): bigint {
  return feeOf(state, MESSAGE_GAS);
}

/**
 * Wei of ETH that the bridge asks for METIS.
 *
 * @example
 * recallForNeed(state, { caller, value: metisFee(state) });
 */
export function metisFee(state: L1State): bigint {
  return feeOf(state, METIS_GAS);
}

/**
 * L1Gateway's `sweep`: what it was given goes to LockManager. Returns wei of METIS.
 *
 * @example
 * sweepGateway(state, { caller });
 */
export function sweepGateway(state: L1State, call: L1Call): Outcome<L1State, bigint> {
  return transact(state, call, (tx) => {
    const { l1Gateway, lockManager } = tx.state.network;
    const assets = metisOf(tx.state, l1Gateway);
    move(tx, l1Gateway, lockManager, assets);
    return assets;
  });
}

/**
 * A need arrives from Metis through the bridge.
 *
 * @throws RangeError when it does not fit into an address.
 * @example
 * needArrives(state, { number: 1n, target: 7n });
 */
export function needArrives(state: L1State, need: Need): Outcome<L1State, null> {
  needOf(need);
  return transact(state, { caller: state.network.bridge }, (tx) => {
    emit(tx, "L1Gateway", "NeedArrived", { number: need.number, target: need.target });
    raise(tx, need);
    return null;
  });
}

/** L1Gateway's `sendMessage`; the fee was paid exactly. */
export function sendMessage(tx: Transaction, number: bigint, payloadHash: string): void {
  ensurePeer(tx);
  const hash = envelopeHash(tx.state.network, number, payloadHash);
  emit(tx, "L1Gateway", "MessageHashSent", { number, hash });
  const { crossings } = tx.state.bridge;
  setBridge(tx, { crossings: [...crossings, { type: "message", hash }] });
}

/** L1Gateway's `sendMetis`; the fee was paid exactly. */
export function sendMetis(tx: Transaction, assets: bigint): void {
  ensurePeer(tx);
  const { lockManager, l1Gateway, l2Gateway } = tx.state.network;
  emit(tx, "L1Gateway", "MetisSent", { assets });
  move(tx, lockManager, l1Gateway, assets);
  bridgeDown(tx, { from: l1Gateway, to: l2Gateway, assets, fee: metisFee(tx.state) });
}

/** The bridge takes METIS from `from` for `to` on Metis. */
export function bridgeDown(
  tx: Transaction,
  deposit: { readonly from: string; readonly to: string; readonly assets: bigint; readonly fee: bigint },
): void {
  const { from, to, assets, fee } = deposit;
  const least = metisFee(tx.state);
  ensureText(fee >= least, `insufficient fee supplied. send at least ${least.toString()}`);
  move(tx, from, tx.state.network.bridge, assets);
  const { crossings } = tx.state.bridge;
  setBridge(tx, { crossings: [...crossings, { type: "metis", from, to, assets }] });
}

function ensurePeer(tx: Transaction): void {
  ensure(tx.state.network.l2Gateway !== ZeroAddress, "L1Gateway__PeerUnset");
}

/** The bridge reads no more than 32 bits of the least gas. */
function feeOf({ bridge }: L1State, gas: bigint): bigint {
  return max(gas, BigInt.asUintN(32, bridge.minL2Gas)) * bridge.discount;
}
