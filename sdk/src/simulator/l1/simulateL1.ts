import type { Need } from "../../messages";
import type { Outcome, Value } from "../outcome";
import { allocate } from "./allocate";
import { payCommission, sweepVault } from "./commission";
import { beginExit, beginExitForNeed, finishExit } from "./exits";
import { needArrives, sweepGateway } from "./gateway";
import { harvest } from "./harvest";
import { type Refund, type Sent, deposit, report, resend, sync } from "./lockManager";
import { approveMetis, mintMetis, transferMetis } from "./metis";
import {
  type SignerBlocks,
  forceUnlock,
  setBridgePrice,
  setMaxLock,
  setMinLock,
  setPoolPaused,
  setRewardPayer,
  setWhitelist,
  submitRewards,
} from "./metisActs";
import { configureVault, pause, setParameters, tightenParameters, tightenVault, unpause } from "./powers";
import { type Recalled, recall, recallForNeed } from "./recall";
import type { L1State } from "./state";

const simulators = {
  deposit,
  sync,
  report,
  resend,
  allocate,
  harvest,
  recall,
  recallForNeed,
  beginExit,
  beginExitForNeed,
  finishExit,
  payCommission,
  sweepVault,
  sweepGateway,
  approveMetis,
  transferMetis,
  mintMetis,
  pause,
  unpause,
  setParameters,
  tightenParameters,
  configureVault,
  tightenVault,
  needArrives: (state: L1State, { need }: { readonly need: Need }) => needArrives(state, need),
  submitRewards: (state: L1State, { batch }: { readonly batch: readonly SignerBlocks[] }) =>
    submitRewards(state, batch),
  forceUnlock,
  setWhitelist,
  setPoolPaused: (state: L1State, { isPaused }: { readonly isPaused: boolean }) => setPoolPaused(state, isPaused),
  setMinLock: (state: L1State, { minLock }: { readonly minLock: bigint }) => setMinLock(state, minLock),
  setMaxLock: (state: L1State, { maxLock }: { readonly maxLock: bigint }) => setMaxLock(state, maxLock),
  setRewardPayer: (state: L1State, { payer }: { readonly payer: string }) => setRewardPayer(state, payer),
  setBridgePrice,
} as const;

/** The name of an action on Ethereum. */
export type L1ActionType = keyof typeof simulators;

/** What an action on Ethereum gives: `null` for nothing; what was sent, and the ETH that came back, by name. */
export type L1Output = Value | null | Refund | Sent | Recalled;

type ParametersOf = { readonly [T in L1ActionType]: Parameters<(typeof simulators)[T]>[1] };

/** An action on Ethereum with its parameters: `{ type: "report", caller, value }`. */
export type L1Action<T extends L1ActionType = L1ActionType> = {
  readonly [N in T]: { readonly type: N } & ParametersOf[N];
}[T];

const table: {
  readonly [T in L1ActionType]: (state: L1State, parameters: ParametersOf[T]) => Outcome<L1State, L1Output>;
} = simulators;

/**
 * What `action` does to Ethereum's side: the next state with what it gives and emits, or the named revert.
 *
 * @throws RangeError for what no call can carry.
 * @example
 * const outcome = simulateL1(ethereum, { type: "allocate", caller: owner });
 */
export function simulateL1<T extends L1ActionType>(state: L1State, action: L1Action<T>): Outcome<L1State, L1Output> {
  return table[action.type](state, action);
}
