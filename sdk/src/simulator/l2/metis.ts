/** METIS on Metis: the chain's own coin. */
import { checkAmount, checkAnyAddress } from "../../check";
import type { Outcome } from "../outcome";
import type { L2State } from "./state";

/**
 * Wei of METIS that `holder` has on Metis.
 *
 * @example
 * metisOf(state, state.network.stakingPool);
 */
export function metisOf(state: L2State, holder: string): bigint {
  return state.metis[holder] ?? 0n;
}

/**
 * METIS reaches an account without a call, as Metis's bridge brings it and as an ERC-20 transfer of METIS does: an arrival at
 * L2Gateway, a donation elsewhere.
 *
 * @throws AmountError when `assets` is negative or does not fit 256 bits.
 * @example
 * simulateMetisArrival(state, { receiver: state.network.l2Gateway, assets: 10n ** 18n });
 */
export function simulateMetisArrival(
  state: L2State,
  { receiver, assets }: { readonly receiver: string; readonly assets: bigint },
): Outcome<L2State, null> {
  const account = checkAnyAddress("receiver", receiver);
  const balance = metisOf(state, account) + checkAmount("assets", assets, { minimum: 0n });
  return { type: "done", state: setMetis(state, account, balance), output: null, events: [] };
}

/**
 * What Metis's bridge asks for a withdrawal from now on.
 *
 * @param parameters - `fee` in wei of METIS.
 * @throws AmountError when `fee` is negative or does not fit 256 bits.
 * @example
 * simulateBridgeFee(state, { fee: 10n ** 18n });
 */
export function simulateBridgeFee(state: L2State, { fee }: { readonly fee: bigint }): Outcome<L2State, null> {
  const bridge = { ...state.bridge, fee: checkAmount("fee", fee, { minimum: 0n }) };
  return { type: "done", state: { ...state, bridge }, output: null, events: [] };
}

/** Moves METIS that is there. */
export function shiftMetis(state: L2State, from: string, to: string, assets: bigint): L2State {
  if (assets === 0n) return state;
  const left = setMetis(state, from, metisOf(state, from) - assets);
  return setMetis(left, to, metisOf(left, to) + assets);
}

/** METIS that leaves Metis or is paid to it. */
export function dropMetis(state: L2State, from: string, assets: bigint): L2State {
  return setMetis(state, from, metisOf(state, from) - assets);
}

/** Whether `account` takes METIS: the protocol's contracts have no `receive`. */
export function takesMetis({ network, refusers }: L2State, account: string): boolean {
  const { eMetis, seMetis, stakingPool, redemptionQueue, l2Gateway } = network;
  return ![eMetis, seMetis, stakingPool, redemptionQueue, l2Gateway].includes(account) && refusers[account] !== true;
}

function setMetis(state: L2State, account: string, assets: bigint): L2State {
  return { ...state, metis: { ...state.metis, [account]: assets } };
}
