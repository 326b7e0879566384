/** Messages from Ethereum: shown on Metis, sent again, put into the queue again. */
import { type Call, deliver, resend } from "../../../../sdk/src";
import { callOnEthereum } from "../../../../sdk/src/actions/calls";
import { checkHex } from "../../../../sdk/src/check";
import { min } from "../../../../sdk/src/math/integers";
import { messengerContract } from "../observe/crossings";
import type { Crossing, MessageState } from "../state";
import { type Decision, type Outlook, idle, metis, weigh } from "./decision";
import type { At } from "./recalls";

/** Where the protocol and Metis's messenger are. */
export interface AtBridge extends At {
  readonly messenger: string;
}

const par = 10n ** 18n;
/** Replays of a hash before it is sent anew: by then more gas is not what it lacks. */
const mostReplays = 3;
/** Metis puts no more gas into one message. */
const mostGas = 8_000_000n;

/** The newest report whose hash has arrived; older ones move nothing. */
export function decideDeliverReport(outlook: Outlook, { deployment }: At): Decision {
  const { state, policy } = outlook;
  const crank = { action: "deliver", chain: "l2" } as const;
  const arrived = state.bridge.messages.filter(
    ({ content, state: known }) => content.type === "report" && known === "known",
  );
  const newest = arrived.filter(({ refusal }) => refusal === undefined).at(-1);
  if (newest === undefined) {
    const why = arrived.length === 0 ? "no new report has arrived" : "Metis would refuse the report";
    return idle({ ...crank, why }, { type: arrived.length === 0 ? "nothing" : "blocked" });
  }
  const { number, payload, sentAt } = newest;
  const isOverdue = state.l1.block.timestamp >= sentAt + policy.patience;
  const call = deliver(deployment, { number, payload });
  const why = `report ${String(number)} has arrived`;
  const urgency = isOverdue ? "overdue" : "due";
  return weigh(outlook, { ...crank, subject: String(number), why, value: state.l2.awaitingReport, urgency, call });
}

/** Each deposit whose hash has arrived, as far as the limit lets it be minted. */
export function decideDeliverDeposits(outlook: Outlook, at: At): readonly Decision[] {
  const { l2, bridge } = outlook.state;
  const crank = { action: "deliver", chain: "l2" } as const;
  const arrived = bridge.messages.filter(({ content, state }) => content.type === "l1Deposit" && state === "known");
  if (arrived.length === 0) return [idle({ ...crank, why: "no deposit has arrived" }, { type: "nothing" })];
  const until = l2.pausedUntil > l2.stoppedUntil ? l2.pausedUntil : l2.stoppedUntil;
  if (l2.block.timestamp < until) return [idle({ ...crank, why: "the pool is closed" }, { type: "until", at: until })];
  if (l2.solvency.unbackedL1Mints > 0n) {
    return [idle({ ...crank, why: "eMetis was minted for deposits that Ethereum does not know" }, { type: "blocked" })];
  }
  let left = l2.depositsAvailable;
  return arrived.map((message) => {
    const decision = decideDeposit(outlook, at, message, left);
    if (decision.isDue) left -= decision.value;
    return decision;
  });
}

function decideDeposit(outlook: Outlook, { deployment }: At, message: MessageState, left: bigint): Decision {
  const { state, policy } = outlook;
  const { number, payload, content, minted, sentAt } = message;
  const crank = { action: "deliver", chain: "l2", subject: String(number) } as const;
  if (content.type !== "l1Deposit") return idle({ ...crank, why: "it is no deposit" }, { type: "nothing" });
  if (state.l2.redemptionRate !== par && content.receiver !== state.keeper) {
    return idle({ ...crank, why: "below par only the receiver may deliver" }, { type: "blocked" });
  }
  const value = min(content.assets - minted, left);
  if (value === 0n) {
    const why = `the day's limit lets none of deposit ${String(number)} be minted now`;
    return idle({ ...crank, why }, { type: "until", at: state.l2.block.timestamp + 3_600n });
  }
  // Part by part would be a transaction for each refill of the limit: it fills up within a day.
  const isWhole = value === content.assets - minted;
  const age = state.l1.block.timestamp - sentAt;
  const urgency = isWhole && age >= policy.patience ? "overdue" : "worth";
  const why = `deposit ${String(number)} has arrived, ${metis(value)} of it can be minted`;
  return weigh(outlook, { ...crank, why, value, urgency, call: deliver(deployment, { number, payload }) });
}

/** Puts what Metis failed to carry out, or lost, into its queue again, with more gas. */
export function decideReplays(outlook: Outlook, at: AtBridge): readonly Decision[] {
  const { crossings } = outlook.state.bridge;
  const crank = { action: "replay", chain: "l1" } as const;
  if (crossings.length === 0)
    return [idle({ ...crank, why: "Metis has carried out every message" }, { type: "nothing" })];
  return crossings.map((crossing) => decideReplay(outlook, at, crossing));
}

function decideReplay(outlook: Outlook, at: AtBridge, crossing: Crossing): Decision {
  const { state, policy } = outlook;
  const { cargo, attempts, failures, lastAttemptAt } = crossing;
  const name = cargo.type === "hash" ? `message ${String(cargo.number)}` : metis(cargo.assets);
  const crank = { action: "replay", chain: "l1", subject: crossing.hash } as const;
  if (attempts === 0) {
    return idle({ ...crank, why: `Metis's queue does not show ${name}: it may have moved` }, { type: "blocked" });
  }
  const hasFailed = failures >= attempts;
  const isLost = state.l1.block.timestamp >= lastAttemptAt + policy.replayAfter;
  if (!hasFailed && !isLost) {
    const why = `${name} is on its way`;
    return idle({ ...crank, why }, { type: "until", at: lastAttemptAt + policy.replayAfter });
  }
  if (isSentAnew(outlook, crossing))
    return idle({ ...crank, why: `${name} is sent anew instead` }, { type: "nothing" });
  const why = hasFailed ? `Metis failed to carry out ${name}` : `${name} did not arrive`;
  const value = cargo.type === "metis" ? cargo.assets : 0n;
  return weigh(outlook, {
    ...crank,
    why,
    value,
    urgency: cargo.type === "metis" ? "worth" : "due",
    call: replayOf(at, crossing),
  });
}

/** A hash is replayed, which takes no fee, until it is old enough to be sent again. */
function isSentAnew({ state, policy }: Outlook, { cargo, attempts }: Crossing): boolean {
  if (cargo.type === "metis") return false;
  const message = state.bridge.messages.find(({ number }) => number === cargo.number);
  const resentAt = (message?.sentAt ?? 0n) + policy.resendAfter;
  return attempts > mostReplays || state.l1.block.timestamp >= resentAt;
}

function replayOf({ deployment, messenger }: AtBridge, crossing: Crossing): Call {
  const { target, sender, message, nonce, gasLimit, attempts } = crossing;
  const newGas = min(mostGas, gasLimit << BigInt(attempts));
  const data = messengerContract.encodeFunctionData("replayMessageViaChainId", [
    ...[deployment.l2.chainId, target, sender, message, nonce],
    ...[gasLimit, newGas],
  ]);
  return callOnEthereum(deployment, checkHex("messenger", messenger, 20), data);
}

/** Sends the hash of a deposit again that has not arrived. Of a report there will be a newer one. */
export function decideResends(outlook: Outlook, { deployment }: At): readonly Decision[] {
  const { state, policy } = outlook;
  const { l1, bridge } = state;
  const crank = { action: "resend", chain: "l1" } as const;
  const missing = bridge.messages.filter(
    ({ content, state: known }) => content.type === "l1Deposit" && known === "unknown",
  );
  if (missing.length === 0) return [idle({ ...crank, why: "every deposit has arrived" }, { type: "nothing" })];
  return missing.map(({ number, sentAt, content }) => {
    const subject = String(number);
    const at = sentAt + policy.resendAfter;
    if (l1.block.timestamp < at || l1.fees === undefined) {
      return idle({ ...crank, subject, why: `deposit ${subject} is on its way` }, { type: "until", at });
    }
    const value = content.type === "l1Deposit" ? content.assets : 0n;
    const call = resend(deployment, { number, fee: l1.fees.message });
    const urgency = l1.block.timestamp >= at + policy.patience ? "due" : "worth";
    return weigh(outlook, { ...crank, subject, why: `deposit ${subject} did not arrive`, value, urgency, call });
  });
}
