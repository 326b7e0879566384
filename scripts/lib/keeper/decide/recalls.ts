/** METIS for the queue: what is recalled, signalled and, at last, taken out of a position. */
import { type Deployment, beginExitForNeed, recallForNeed, signalNeed } from "../../../../sdk/src";
import { callOnEthereum } from "../../../../sdk/src/actions/calls";
import { LockManager__factory } from "../../../../sdk/src/generated/contracts";
import { min, saturatingSub } from "../../../../sdk/src/math/integers";
import { gasOf } from "../policy";
import type { State, VaultState } from "../state";
import { exiting, isActive, isWorkable, missingForNeed, missingForQueue, principalOf } from "./amounts";
import { type Decision, type Outlook, type Urgency, earnings, idle, metis, metisFor, weigh } from "./decision";

/** Where the protocol is. */
export interface At {
  readonly deployment: Deployment;
}

const day = 86_400n;
const exitPatience = 7n * day;
/** A signal that has not reached Ethereum in this time is lost: 7 days of challenge, and time for whoever relays it. */
const signalDelay = 10n * day;
/** A signal must ask for so many times its fee more than the last one. */
const signalStep = 1_000n;

/** The keeper's own recall, for the queue, within its daily limit. */
export function decideRecall(outlook: Outlook, { deployment }: At): Decision {
  const { state, policy } = outlook;
  const { l1 } = state;
  const crank = { action: "recall", chain: "l1" } as const;
  const missing = missingForQueue(state);
  if (missing === 0n) return idle({ ...crank, why: "the queue waits for nothing from Ethereum" }, { type: "nothing" });
  if (missingForNeed(l1) >= missing) return idle({ ...crank, why: "recallForNeed brings it" }, { type: "nothing" });
  if (l1.recall.type === "noRole") return idle({ ...crank, why: "this keeper may not recall" }, { type: "blocked" });
  if (l1.fees === undefined)
    return idle({ ...crank, why: "Metis does not tell the bridge's fee" }, { type: "blocked" });
  const assets = min(missing, min(l1.recall.available, l1.totals.withdrawableNow));
  const part = l1.recall.daily / policy.recallsPerDay;
  if (assets === 0n || (assets < missing && assets < part)) {
    const why = `the queue waits for ${metis(missing)}; ${metis(l1.recall.available)} may and ${metis(l1.totals.withdrawableNow)} can be recalled`;
    return idle({ ...crank, why }, { type: "until", at: l1.block.timestamp + day / policy.recallsPerDay });
  }
  const data = LockManager__factory.createInterface().encodeFunctionData("recall", [assets]);
  const call = callOnEthereum(deployment, deployment.l1.lockManager, data, l1.fees.metis);
  const why = `the queue waits for ${metis(missing)} from Ethereum`;
  return weigh(outlook, { ...crank, why, value: assets, urgency: urgencyOf(outlook, assets), call });
}

/** What was signalled, without limit; or the first sign that it cannot be reached, from which 7 days count. */
export function decideRecallForNeed(outlook: Outlook, { deployment }: At): Decision {
  const { state } = outlook;
  const { l1 } = state;
  const crank = { action: "recallForNeed", chain: "l1" } as const;
  const missing = missingForNeed(l1);
  if (missing === 0n) return idle({ ...crank, why: "no need is signalled" }, { type: "nothing" });
  if (missingForQueue(state) === 0n) return idle({ ...crank, why: "the queue needs it no more" }, { type: "nothing" });
  if (l1.fees === undefined)
    return idle({ ...crank, why: "Metis does not tell the bridge's fee" }, { type: "blocked" });
  const assets = min(missing, l1.totals.withdrawableNow);
  const isClockToStart = assets < missing && l1.need.unreachedSince === 0n;
  if (assets === 0n && !isClockToStart) {
    return idle({ ...crank, why: `${metis(missing)} are needed, nothing can be recalled now` }, { type: "blocked" });
  }
  const call = recallForNeed(deployment, { fee: l1.fees.metis });
  const urgency = isClockToStart ? "due" : urgencyOf(outlook, assets);
  return weigh(outlook, { ...crank, why: `${metis(missing)} are needed on Metis`, value: assets, urgency, call });
}

/** A whole position for the queue, once recalling could not reach the need for 7 days. */
export function decideBeginExitForNeed(outlook: Outlook, { deployment }: At): Decision {
  const { state } = outlook;
  const { l1 } = state;
  const crank = { action: "beginExitForNeed", chain: "l1" } as const;
  const missing = saturatingSub(missingForNeed(l1), l1.totals.withdrawableNow + exiting(l1));
  const since = l1.need.unreachedSince;
  if (since === 0n || missing === 0n || missingForQueue(state) === 0n) {
    return idle({ ...crank, why: "no position is needed for the queue" }, { type: "nothing" });
  }
  const at = since + exitPatience;
  if (l1.block.timestamp < at)
    return idle({ ...crank, why: `${metis(missing)} cannot be recalled` }, { type: "until", at });
  const vault = bestToExit(state, missing);
  if (vault === undefined || l1.fees === undefined) {
    return idle({ ...crank, why: "Metis lets no vault work its position" }, { type: "blocked" });
  }
  const call = beginExitForNeed(deployment, { index: BigInt(vault.index), fee: 2n * l1.fees.metis });
  const why = `${metis(missing)} could not be recalled for 7 days`;
  const value = principalOf(vault);
  return weigh(outlook, { ...crank, subject: String(vault.index), why, value, urgency: "due", call });
}

/** Tells Ethereum what the queue waits for, or that it waits no more. The bridge takes half a METIS and a week. */
export function decideSignalNeed(outlook: Outlook, { deployment }: At): Decision {
  const { state, policy } = outlook;
  const { l1, l2 } = state;
  const crank = { action: "signalNeed", chain: "l2" } as const;
  const missing = missingForQueue(state);
  const call = signalNeed(deployment, { fee: l2.bridgeFee });
  const signalled = signalledTarget(state);
  if (missing === 0n) {
    const blocked = min(missingForNeed(l1), l1.totals.idle);
    const isTold = l2.needTarget > 0n || blocked === 0n || signalled <= l1.counters.sentToL2;
    if (isTold) return idle({ ...crank, why: "the queue waits for nothing from Ethereum" }, { type: "nothing" });
    const why = `Ethereum keeps ${metis(blocked)} for a need that is no more`;
    return weigh(outlook, { ...crank, why, value: earnings(blocked, policy), urgency: "worth", call });
  }
  const daily = l1.recall.type === "noRole" ? 0n : min(l1.recall.daily, l1.totals.withdrawableNow);
  if (missing <= daily)
    return idle({ ...crank, why: `recalling brings ${metis(missing)} within a day` }, { type: "nothing" });
  if (l2.needTarget < signalled + signalStep * l2.bridgeFee) {
    return idle(
      { ...crank, why: `${metis(missing)} are missing, and Ethereum is told or will be` },
      { type: "nothing" },
    );
  }
  const why = `the queue waits for ${metis(missing)}, and recalling brings ${metis(daily)} a day`;
  return weigh(outlook, { ...crank, why, value: missing, urgency: "worth", call });
}

/** What Ethereum knows or will know by the last signal that is not lost. */
function signalledTarget({ l1, l2 }: State): bigint {
  const { lastNeed } = l2;
  if (lastNeed === undefined || lastNeed.number <= l1.need.number) return l1.need.target;
  return l2.block.timestamp < lastNeed.signalledAt + signalDelay ? lastNeed.target : l1.need.target;
}

/** The smallest position that suffices, else the largest. */
function bestToExit({ l1 }: State, missing: bigint): VaultState | undefined {
  const open = l1.vaults.filter((vault) => isActive(vault) && isWorkable(l1, vault));
  const sorted = [...open].sort((a, b) => (principalOf(a) < principalOf(b) ? -1 : 1));
  return sorted.find((vault) => principalOf(vault) >= missing) ?? sorted.at(-1);
}

/** Anybody may add dust to a queue whose first has waited long, or send it to LockManager: it is pressed for only as a good part of what waits. */
function urgencyOf({ state: { l1, l2, purses }, policy }: Outlook, assets: bigint): Urgency {
  const cost = gasOf.recall * purses.l1.gasPrice + (l1.fees?.metis ?? 0n);
  const isDust = assets < policy.worth * metisFor("l1", cost, policy) && 4n * assets < l2.pending;
  return isDust ? "worth" : waitingSince(l2, policy);
}

function waitingSince({ oldestPendingAt, block }: State["l2"], { patience }: Outlook["policy"]): Urgency {
  if (oldestPendingAt === undefined) return "worth";
  const age = saturatingSub(block.timestamp, oldestPendingAt);
  return age >= 2n * patience ? "overdue" : age >= patience ? "due" : "worth";
}
