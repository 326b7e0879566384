/** METIS on Metis: what is booked, paid to the queue, sent up. */
import { type Call, forwardArrivals, fundQueue, rebalance, skim } from "../../../../sdk/src";
import { max, saturatingSub } from "../../../../sdk/src/math/integers";
import type { L2State } from "../state";
import { type Decision, type Outlook, type Urgency, earnings, idle, metis, weigh } from "./decision";
import type { At } from "./recalls";

const bps = 10_000n;
const sendingInterval = 86_400n;
/** As the pool's: it sends up no less than this, and no less than this share of supply. */
const minSending = 500n * 10n ** 18n;
const minSendingBps = 50n;
/** As the pool's: it pays the bridge if the fee is at most one part in this many. */
const maxFeeShare = 1_000n;

/** Takes in arrivals, pays the queue and sends METIS up, where at least two of these are to be done, or the last. */
export function decideRebalance(outlook: Outlook, { deployment }: At): Decision {
  const { l2 } = outlook.state;
  const crank = { action: "rebalance", chain: "l2" } as const;
  const closed = closedUntil(l2);
  if (closed !== undefined) return idle({ ...crank, why: "the pool is closed" }, { type: "until", at: closed });
  const assets = sendable(l2);
  const isQueueServed = l2.arrived > 0n && needsArrivals(l2);
  if (assets > 0n) return weighSending(outlook, assets, (fee) => rebalance(deployment, { fee }));
  if (isQueueServed) {
    const why = `${metis(l2.arrived)} arrived, and the queue can be paid ${metis(l2.fundable)}`;
    return weigh(outlook, {
      ...crank,
      why,
      value: l2.fundable,
      urgency: urgencyOf(outlook),
      call: rebalance(deployment, { fee: 0n }),
    });
  }
  const next = l2.lastSentAt === undefined ? undefined : l2.lastSentAt + sendingInterval;
  const why = `${metis(excess(l2))} are beyond queue and reserve, ${metis(leastSending(l2))} go up at least`;
  const isEarly = next !== undefined && l2.block.timestamp < next && excess(l2) >= leastSending(l2);
  return idle({ ...crank, why }, isEarly ? { type: "until", at: next } : { type: "nothing" });
}

/** Pays the queue from what the pool holds. */
export function decideFundQueue(outlook: Outlook, { deployment }: At): Decision {
  const { l2 } = outlook.state;
  const crank = { action: "fundQueue", chain: "l2" } as const;
  const closed = closedUntil(l2);
  if (closed !== undefined) return idle({ ...crank, why: "the pool is closed" }, { type: "until", at: closed });
  if (l2.fundableLine === 0n) {
    const why =
      l2.pending === 0n ? "nobody waits in the queue" : `${metis(l2.pending)} of the queue cannot be paid yet`;
    return idle({ ...crank, why }, { type: "nothing" });
  }
  if (sendable(l2) > 0n || (l2.arrived > 0n && needsArrivals(l2)))
    return idle({ ...crank, why: "rebalance does it" }, { type: "nothing" });
  const why = `${metis(l2.fundable)} can be paid to the queue`;
  return weigh(outlook, {
    ...crank,
    why,
    value: l2.fundable,
    urgency: urgencyOf(outlook),
    call: fundQueue(deployment),
  });
}

/** Books what the bridge brought. */
export function decideForwardArrivals(outlook: Outlook, { deployment }: At): Decision {
  const { l2 } = outlook.state;
  const crank = { action: "forwardArrivals", chain: "l2" } as const;
  if (l2.arrived === 0n) return idle({ ...crank, why: "nothing has arrived" }, { type: "nothing" });
  if (decideRebalance(outlook, { deployment }).isDue)
    return idle({ ...crank, why: "rebalance does it" }, { type: "nothing" });
  const why = `${metis(l2.arrived)} have arrived`;
  return weigh(outlook, { ...crank, why, value: l2.arrived, urgency: "worth", call: forwardArrivals(deployment) });
}

/** Hands METIS and eMetis that were given to the queue to the pool and to nobody. */
export function decideSkim(outlook: Outlook, { deployment }: At): Decision {
  const { l2 } = outlook.state;
  const crank = { action: "skim", chain: "l2" } as const;
  if (l2.skimmable === 0n) return idle({ ...crank, why: "the queue holds what it should" }, { type: "nothing" });
  const why = `${metis(l2.skimmable)} lie in the queue beyond its books`;
  return weigh(outlook, { ...crank, why, value: l2.skimmable, urgency: "worth", call: skim(deployment) });
}

/** The pool pays the bridge where it can; else the keeper does, when what is sent earns it back. */
function weighSending(outlook: Outlook, assets: bigint, callWith: (fee: bigint) => Call): Decision {
  const { state, policy } = outlook;
  const { l2 } = state;
  const crank = { action: "rebalance", chain: "l2" } as const;
  const missing = saturatingSub(l2.bridgeFee, max(l2.solvency.margin, 0n));
  // A little less than is read: it vests until the transaction is there.
  const isPaid = l2.bridgeFee * maxFeeShare <= assets && missing <= (l2.unvested * 99n) / 100n;
  const why = `${metis(assets)} are beyond queue and reserve${isPaid ? "" : `; the keeper pays the bridge ${metis(l2.bridgeFee)}`}`;
  const value = earnings(assets, policy) + l2.fundable;
  return weigh(outlook, {
    ...crank,
    why,
    value,
    urgency: l2.fundable > 0n ? urgencyOf(outlook) : "worth",
    call: callWith(isPaid ? 0n : l2.bridgeFee),
  });
}

/** METIS that would go up now, the bridge's fee included. */
function sendable(l2: L2State): bigint {
  const isEarly = l2.lastSentAt !== undefined && l2.block.timestamp < l2.lastSentAt + sendingInterval;
  return isEarly || excess(l2) < leastSending(l2) ? 0n : excess(l2);
}

/** METIS beyond what the queue is paid and waits for, and beyond the reserve. */
function excess(l2: L2State): bigint {
  const supply = l2.solvency.totalSupply - l2.fundableLine;
  const buffer = l2.counters.buffer + l2.arrived - l2.fundable;
  const waiting = l2.pending - l2.fundableLine;
  return saturatingSub(saturatingSub(buffer, waiting), (supply * l2.reserveBps) / bps);
}

function leastSending(l2: L2State): bigint {
  return max(minSending, ((l2.solvency.totalSupply - l2.fundableLine) * minSendingBps) / bps);
}

/** Whether the queue would be paid less without what has just arrived. */
function needsArrivals({ fundable, counters }: L2State): boolean {
  return fundable > counters.buffer;
}

function closedUntil({ block, pausedUntil, stoppedUntil }: L2State): bigint | undefined {
  const until = max(pausedUntil, stoppedUntil);
  return block.timestamp < until ? until : undefined;
}

function urgencyOf({ state: { l2 }, policy }: Outlook): Urgency {
  const age = saturatingSub(l2.block.timestamp, l2.oldestPendingAt ?? l2.block.timestamp);
  return age >= policy.patience ? "overdue" : "worth";
}
