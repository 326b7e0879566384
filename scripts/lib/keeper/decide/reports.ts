/** When Ethereum reports to Metis, and when it only looks. */
import { report, sync } from "../../../../sdk/src";
import { saturatingSub } from "../../../../sdk/src/math/integers";
import { gasOf } from "../policy";
import { freeIdle, rewardOf, surpriseOf } from "./amounts";
import { type Decision, type Outlook, type Urgency, duration, idle, metis, metisFor, weigh } from "./decision";

const bps = 10_000n;
const crank = { action: "report", chain: "l1" } as const;

/** A report: by time, for tickets, for rewards, for a loss; and again when the last one was lost. */
export function decideReport(
  outlook: Outlook,
  context: { readonly deployment: Parameters<typeof report>[0] },
): Decision {
  const { l1 } = outlook.state;
  if (l1.fees === undefined)
    return idle({ ...crank, why: "Metis does not tell the bridge's fee" }, { type: "blocked" });
  const reason = reasonOf(outlook);
  if (reason.type === "wait") return idle({ ...crank, why: reason.why }, { type: "until", at: reason.at });
  const call = report(context.deployment, { fee: l1.fees.message });
  return weigh(outlook, { ...crank, why: reason.why, value: reason.value, urgency: reason.urgency, call });
}

/** Only when something happened that LockManager should know and no report may be taken for it. */
export function decideSync(outlook: Outlook, context: { readonly deployment: Parameters<typeof sync>[0] }): Decision {
  const { state } = outlook;
  const syncing = { action: "sync", chain: "l1" } as const;
  if (decideReport(outlook, context).isDue)
    return idle({ ...syncing, why: "the report looks as well" }, { type: "nothing" });
  const surprises = state.l1.vaults.filter((vault) => surpriseOf(vault) !== undefined);
  if (surprises.length > 0) {
    const why = `vaults ${surprises.map(({ index }) => index).join(", ")} changed by no act of ours`;
    return weigh(outlook, { ...syncing, why, value: 0n, urgency: "due", call: sync(context.deployment) });
  }
  const arrived = saturatingSub(state.l1.held, state.l1.totals.idle);
  const why = arrived === 0n ? "all is booked" : `${metis(arrived)} arrived; every crank books them`;
  return idle({ ...syncing, why }, { type: "nothing" });
}

type Reason =
  | { readonly type: "due"; readonly why: string; readonly value: bigint; readonly urgency: Urgency }
  | { readonly type: "wait"; readonly why: string; readonly at: bigint };

function reasonOf(outlook: Outlook): Reason {
  const { state, policy } = outlook;
  const last = state.bridge.lastReportAt;
  const age = saturatingSub(state.l1.block.timestamp, last);
  // Whatever crank came first has booked the loss, and no vault shows it any more.
  const isLossBooked = state.l1.lossSeenAt > last;
  const surprise = isLossBooked ? "loss" : state.l1.vaults.map(surpriseOf).find((found) => found !== undefined);
  if (surprise !== undefined && age >= policy.urgentGap) {
    const why = surprise === "loss" ? "a vault lost METIS" : "Metis began or ended an exit";
    return { type: "due", why, value: 0n, urgency: "overdue" };
  }
  if (age >= policy.reportPeriod) {
    const urgency = 2n * age >= 3n * policy.reportPeriod ? "overdue" : "due";
    return { type: "due", why: `the last report is ${duration(age)} old`, value: 0n, urgency };
  }
  return lostReason(outlook) ?? waitingReason(outlook, age);
}

/** A report that has not arrived is not sent again: a new one costs as much and says more. */
function lostReason({ state, policy }: Outlook): Reason | undefined {
  const lost = state.bridge.messages
    .filter(({ content, state: known }) => content.type === "report" && known === "unknown")
    .at(-1);
  if (lost === undefined || state.l1.block.timestamp < lost.sentAt + policy.resendAfter) return undefined;
  return { type: "due", why: `report ${String(lost.number)} did not arrive`, value: 0n, urgency: "due" };
}

function waitingReason({ state, policy }: Outlook, age: bigint): Reason {
  const { l2, l1, bridge } = state;
  const rewards = unreported({ state, policy });
  const gap = { type: "wait", at: bridge.lastReportAt + policy.reportGap } as const;
  const worthy = 20n * metisFor("l1", gasOf.report * state.purses.l1.gasPrice + (l1.fees?.message ?? 0n), policy);
  const why =
    l2.awaitingReport > 0n
      ? `${metis(l2.awaitingReport)} of the queue wait for a report`
      : rewards >= worthy && rewards > 0n
        ? `${metis(rewards)} of rewards are not reported`
        : undefined;
  if (why === undefined) {
    const next = { type: "wait", at: bridge.lastReportAt + policy.reportPeriod } as const;
    return { ...next, why: `the last report is ${duration(age)} old, and nothing waits for a newer one` };
  }
  if (age < policy.reportGap) return { ...gap, why: `${why}, and the last is only ${duration(age)} old` };
  return { type: "due", why, value: l2.awaitingReport + rewards, urgency: "worth" };
}

/** What backs eMetis on Ethereum beyond what was reported, moves between the chains left out. */
function unreported({ state }: Outlook): bigint {
  const { l1, l2 } = state;
  const rewards = l1.vaults.reduce((sum, vault) => sum + (rewardOf(vault) * (bps - vault.commissionBps)) / bps, 0n);
  const live = rewards + l1.totals.principal + freeIdle(l1);
  const moved = l1.counters.receivedFromL2 - l2.counters.receivedFromL2 - (l1.counters.sentToL2 - l2.counters.sentToL2);
  const arrived = saturatingSub(l1.held, l1.totals.idle);
  return saturatingSub(
    live,
    l2.counters.l1Assets + moved + arrived + (l1.counters.l1Deposits - l2.counters.l1Deposits),
  );
}
