/** What is to be done: a pure function of what was read. */
import {
  type AtBridge,
  decideDeliverDeposits,
  decideDeliverReport,
  decideReplays,
  decideResends,
} from "./decide/bridge";
import { type Decision, type Outlook, idle } from "./decide/decision";
import { decideForwardArrivals, decideFundQueue, decideRebalance, decideSkim } from "./decide/pool";
import { decideBeginExitForNeed, decideRecall, decideRecallForNeed, decideSignalNeed } from "./decide/recalls";
import { decideReport, decideSync } from "./decide/reports";
import {
  decideAllocate,
  decideExpelDonation,
  decideFinishExit,
  decideHarvest,
  decidePayCommission,
  decideRefreshRewardRecipient,
  decideSweepVault,
} from "./decide/vaults";
import type { Policy } from "./policy";
import type { Observation } from "./state";

/** What the keeper decides for every crank, in the order in which those that are due are done on each chain. */
export function decide(observation: Observation, policy: Policy, at: AtBridge): readonly Decision[] {
  const { state, settledL1 } = observation;
  // Time does not come back in a reorganisation.
  const settled = { ...state, l1: { ...settledL1, block: state.l1.block } };
  const before = new Set(
    decideAll({ state: settled, policy }, at)
      .filter(({ isDue }) => isDue)
      .map(keyOf),
  );
  return decideAll({ state, policy }, at).map((decision) => {
    if (!decision.isDue || before.has(keyOf(decision))) return decision;
    return idle(decision, { type: "unsettled" });
  });
}

/** Names what is done, and to what. */
export function keyOf({ action, subject }: Decision): string {
  return subject === undefined ? action : `${action} ${subject}`;
}

function decideAll(outlook: Outlook, at: AtBridge): readonly Decision[] {
  return [
    decideRefreshRewardRecipient(outlook, at),
    decideFinishExit(outlook, at),
    decideRecallForNeed(outlook, at),
    decideRecall(outlook, at),
    decideReport(outlook, at),
    ...decideReplays(outlook, at),
    ...decideResends(outlook, at),
    decideBeginExitForNeed(outlook, at),
    decideExpelDonation(outlook, at),
    decideSweepVault(outlook, at),
    decideHarvest(outlook, at),
    decideAllocate(outlook, at),
    decidePayCommission(outlook, at),
    decideSync(outlook, at),
    decideDeliverReport(outlook, at),
    ...decideDeliverDeposits(outlook, at),
    decideRebalance(outlook, at),
    decideFundQueue(outlook, at),
    decideForwardArrivals(outlook, at),
    decideSkim(outlook, at),
    decideSignalNeed(outlook, at),
  ];
}
