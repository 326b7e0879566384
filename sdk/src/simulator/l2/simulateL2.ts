import type { Outcome, Value } from "../outcome";
import { simulateClaim, simulateClaimBatch, simulateClaimTo, simulateSkim } from "./claims";
import { simulateForwardArrivals, simulateFundQueue, simulateRebalance } from "./funding";
import { simulateDeliver, simulateHashArrival, simulateSignalNeed } from "./gateway";
import {
  simulateConfirmLoss,
  simulatePause,
  simulateSetParameters,
  simulateSetTreasury,
  simulateTightenParameters,
  simulateUnpause,
} from "./governance";
import { simulateBridgeFee, simulateMetisArrival } from "./metis";
import { simulateDeposit, simulateDepositAndStake, simulateRedeemInstant } from "./pool";
import { simulateRequestRedeem, simulateRequestRedeemBatch, simulateRequestRedeemStaked } from "./requests";
import type { L2State } from "./state";
import { simulateApproveTicket, simulateApproveTickets, simulateTransferTicket } from "./tickets";
import { simulateApprove, simulateTransfer, simulateTransferFrom } from "./tokens";
import { simulateMintShares, simulateStake, simulateUnstake, simulateWithdrawStaked } from "./vault";

const simulators = {
  transfer: simulateTransfer,
  transferFrom: simulateTransferFrom,
  approve: simulateApprove,
  deposit: simulateDeposit,
  depositAndStake: simulateDepositAndStake,
  redeemInstant: simulateRedeemInstant,
  stake: simulateStake,
  mintShares: simulateMintShares,
  withdrawStaked: simulateWithdrawStaked,
  unstake: simulateUnstake,
  requestRedeem: simulateRequestRedeem,
  requestRedeemBatch: simulateRequestRedeemBatch,
  requestRedeemStaked: simulateRequestRedeemStaked,
  transferTicket: simulateTransferTicket,
  approveTicket: simulateApproveTicket,
  approveTickets: simulateApproveTickets,
  claim: simulateClaim,
  claimBatch: simulateClaimBatch,
  claimTo: simulateClaimTo,
  skim: simulateSkim,
  rebalance: simulateRebalance,
  fundQueue: simulateFundQueue,
  forwardArrivals: simulateForwardArrivals,
  signalNeed: simulateSignalNeed,
  deliver: simulateDeliver,
  hashArrival: simulateHashArrival,
  metisArrival: simulateMetisArrival,
  bridgeFee: simulateBridgeFee,
  confirmLoss: simulateConfirmLoss,
  pause: simulatePause,
  unpause: simulateUnpause,
  setParameters: simulateSetParameters,
  tightenParameters: simulateTightenParameters,
  setTreasury: simulateSetTreasury,
} as const;

/** The name of an action on Metis. */
export type L2ActionType = keyof typeof simulators;

type ParametersOf = { readonly [T in L2ActionType]: Parameters<(typeof simulators)[T]>[1] };

/** An action on Metis with its parameters: `{ type: "claim", caller, id }`. */
export type L2Action<T extends L2ActionType = L2ActionType> = {
  readonly [N in T]: { readonly type: N } & ParametersOf[N];
}[T];

const table: {
  readonly [T in L2ActionType]: (state: L2State, parameters: ParametersOf[T]) => Outcome<L2State, Value | null>;
} = simulators;

/**
 * What `action` does to Metis's side: the next state with what it returns and emits, or the named revert.
 *
 * @returns The output is what the contract's function returns, `null` for nothing.
 * @throws AmountError, AddressError, ParameterError for what no call can carry.
 * @example
 * const outcome = simulateL2(metis, { type: "claim", caller: owner, id: 0n });
 * if (outcome.type === "done") console.log(outcome.output, outcome.events);
 */
export function simulateL2<T extends L2ActionType>(
  state: L2State,
  action: L2Action<T>,
): Outcome<L2State, Value | null> {
  return table[action.type](state, action);
}
