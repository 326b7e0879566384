import { lastReached } from "../../sdk/src/math/checkpoints";
import { BPS, WAD, max, min, saturatingSub } from "../../sdk/src/math/integers";
import { instantPayout } from "../../sdk/src/math/instantFee";
import {
  attributeDown,
  attributeUp,
  inboundAssets,
  isJudgedBy,
  ledgerSum,
  outboundAssets,
  reportRefusal,
  unbackedL1Mints,
  type Report,
} from "../../sdk/src/math/ledger";
import {
  finalisable,
  payoutAt,
  redemptionRate,
  requestedUntilAt,
  withRate,
  withRequest,
} from "../../sdk/src/math/queue";
import { available, take } from "../../sdk/src/math/rateLimit";
import { addedLoss, bookLoss, recognisedProfit, splitProfit } from "../../sdk/src/math/rewards";
import { DAY, HOUR, LOSS_STOP, MINIMUM, SILENCE, mark, parameters, type Protocol } from "./state";

/** L2's clock, which may go back. */
export function metisTime({ l2, now }: Protocol): bigint {
  return now - l2.lag;
}

/** Whether exits are open: no unconfirmed loss stops them. */
function isOpen(protocol: Protocol): boolean {
  return metisTime(protocol) >= protocol.l2.stoppedUntil;
}

/** The sum of the ledger under the rules in force, not floored; wei. */
export function ledgerOf({ rules, l2 }: Protocol, report: Report = l2.report): bigint {
  if (rules.hasSignedLines && rules.hasL1DepositLine) return ledgerSum(l2, report);
  const line = (value: bigint): bigint => (rules.hasSignedLines ? value : max(0n, value));
  const deposits = rules.hasL1DepositLine ? l2.mintedForL1 - report.l1Deposits : 0n;
  return (
    l2.buffer + line(outboundAssets(l2, report)) + report.l1Assets + line(inboundAssets(l2, report)) + line(deposits)
  );
}

/** {@link ledgerOf} floored at 0. */
export function assetsOf(protocol: Protocol): bigint {
  return max(0n, ledgerOf(protocol));
}

/** Wei of eMetis that wait in the queue. */
export function pending({ l2: { queue } }: Protocol): bigint {
  return queue.requestedUntil - queue.finalisedUntil;
}

/** Takes `assets` wei of METIS for as much eMetis. */
export function deposit(protocol: Protocol, assets: bigint): boolean {
  const { l2, truth } = protocol;
  if (!isOpen(protocol)) return false;
  if (assets < MINIMUM || assetsOf(protocol) < l2.totalSupply || unbackedL1Mints(l2, l2.report, l2.announced) > 0n) {
    return false;
  }
  l2.buffer += assets;
  l2.totalSupply += assets;
  l2.free += assets;
  truth.deposited += assets;
  return true;
}

/** Stakes up to `assets` wei of free eMetis. */
export function stake(protocol: Protocol, assets: bigint): boolean {
  const { l2 } = protocol;
  const { stakers } = l2;
  vest(protocol);
  const amount = min(assets, l2.free);
  if (!isOpen(protocol) || (stakers.shares > 0n && stakers.assets === 0n)) return false;
  const shares = stakers.shares === 0n ? amount : (amount * stakers.shares) / stakers.assets;
  if (shares === 0n) return false;
  stakers.shares += shares;
  stakers.assets += amount;
  l2.free -= amount;
  return true;
}

/** Takes up to `shares` wei of shares back. */
export function unstake(protocol: Protocol, shares: bigint): boolean {
  const { l2 } = protocol;
  const { stakers } = l2;
  vest(protocol);
  const amount = min(shares, stakers.shares);
  if (!isOpen(protocol) || amount === 0n) return false;
  const assets = (amount * stakers.assets) / stakers.shares;
  stakers.shares -= amount;
  stakers.assets -= assets;
  l2.free += assets;
  return true;
}

/** Puts up to `assets` wei of free eMetis into the queue. */
export function requestRedeem(protocol: Protocol, assets: bigint): boolean {
  const { l2, now } = protocol;
  const { queue } = l2;
  const amount = min(assets, l2.free);
  if (amount < MINIMUM) return false;
  const id = queue.requestedUntil;
  l2.free -= amount;
  queue.requestedUntil += amount;
  // A ticket counts as asked for at the end of its hour.
  queue.requests = withRequest(queue.requests, (metisTime(protocol) / HOUR + 1n) * HOUR, queue.requestedUntil);
  queue.tickets.push({ id, end: queue.requestedUntil, claimedUntil: id, askedAt: now });
  return true;
}

/** Pays what is finalised of the ticket at `index`. */
export function claim(protocol: Protocol, index: number): boolean {
  const { l2, rules, truth } = protocol;
  const { queue } = l2;
  const ticket = queue.tickets[index];
  if (ticket === undefined) return false;
  const until = min(ticket.end, queue.finalisedUntil);
  if (until <= ticket.claimedUntil) return false;
  const paid = payoutAt(queue.rates, until) - payoutAt(queue.rates, ticket.claimedUntil);
  const fund = rules.reservesFinalised ? queue.held : l2.buffer;
  if (paid > fund) {
    truth.violations.push("a finalised claim cannot be paid");
    return false;
  }
  if (rules.reservesFinalised) queue.held -= paid;
  else l2.buffer -= paid;
  queue.paid += paid;
  ticket.claimedUntil = until;
  mark(protocol, "claim");
  return true;
}

/** Pays METIS at once for up to `assets` wei of free eMetis. */
export function redeemInstant(protocol: Protocol, assets: bigint): boolean {
  const { l2 } = protocol;
  const amount = min(assets, l2.free);
  if (!isOpen(protocol) || amount === 0n) return false;
  const value = (amount * redemptionRate(assetsOf(protocol), l2.totalSupply)) / WAD;
  const { minInstantFeeBps, maxInstantFeeBps } = parameters;
  const target = l2.reserveTarget;
  const free = saturatingSub(l2.buffer, pending(protocol));
  const paid = instantPayout(value, free, { target, minInstantFeeBps, maxInstantFeeBps });
  if (paid === undefined) return false;
  l2.buffer -= paid;
  l2.free -= amount;
  l2.totalSupply -= amount;
  l2.queue.paid += paid;
  bookHaircut(protocol, amount - value);
  mark(protocol, "instant redemption");
  return true;
}

/** Takes in arrivals, finalises the queue, keeps the reserve, sends the rest up. */
export function rebalance(protocol: Protocol): boolean {
  const { l2 } = protocol;
  bookArrivals(protocol);
  if (!isOpen(protocol)) return false;
  finalise(protocol);
  const reserve = (l2.totalSupply * parameters.reserveBps) / BPS;
  sendUp(protocol, saturatingSub(l2.buffer, pending(protocol) + reserve));
  return true;
}

/** Hands arrivals to the pool. */
export function bookArrivals({ l2 }: Protocol): void {
  l2.receivedFromL1 += l2.gatewayHeld;
  l2.buffer += l2.gatewayHeld;
  l2.gatewayHeld = 0n;
}

/** Carries out message `number`, whose hash has arrived. */
export function deliver(protocol: Protocol, number: number): boolean {
  const { l1, l2 } = protocol;
  const hash = l2.hashes.get(number);
  const payload = l1.messages[number - 1];
  if (hash?.state !== "known" || payload === undefined) return false;
  const isDone =
    payload.type === "report"
      ? deliverReport(protocol, number, payload.report, payload.readAt)
      : mintL1Deposit(protocol, number, payload);
  if (isDone) hash.state = "used";
  return isDone;
}

/** Governance confirms a loss: exits open. */
export function confirmLoss({ l2 }: Protocol): boolean {
  l2.stoppedUntil = 0n;
  return true;
}

/** Where the part of the line ends that may be finalised under the rules in force; `isByAge` when only age allows it. */
export function finalisationLimit(protocol: Protocol): { readonly limit: bigint; readonly isByAge: boolean } {
  const { rules, l2 } = protocol;
  const { requests } = l2.queue;
  const time = metisTime(protocol);
  const proof = proofTime(protocol);
  const proved =
    rules.cutoff === "arrivalOrder"
      ? (lastReached(l2.witnesses, ({ takenAt }) => takenAt + rules.finaliseMargin <= proof)?.requestedUntil ?? 0n)
      : requestedUntilAt(requests, l2.cutoff);
  const isSilent = time > (rules.usesReadAt ? proof : l2.reportAppliedAt) + SILENCE;
  const aged = isSilent ? requestedUntilAt(requests, time - SILENCE) : 0n;
  return { limit: max(proved, aged), isByAge: aged > proved };
}

/** The L1 time for which the last report speaks. */
function proofTime({ rules, l2 }: Protocol): bigint {
  return rules.usesReadAt ? l2.reportReadAt : l2.report.takenAt;
}

function finalise(protocol: Protocol): void {
  const { l2, rules, truth } = protocol;
  const { queue } = l2;
  const assets = assetsOf(protocol);
  const supply = l2.totalSupply;
  const rate = rules.paysAtRate ? redemptionRate(assets, supply) : WAD;
  const { finalisedUntil } = queue;
  const { limit, isByAge } = finalisationLimit(protocol);
  const free = rules.reservesFinalised ? l2.buffer : saturatingSub(l2.buffer, unpaid(protocol));
  const { until, payout } = finalisable(queue.rates, { finalisedUntil, limit, assets: free, rate });
  if (until === finalisedUntil) return;
  if (!isByAge) checkLateTickets(protocol, until);
  queue.rates = withRate(queue.rates, finalisedUntil, rate);
  queue.finalisedUntil = until;
  l2.totalSupply -= until - finalisedUntil;
  bookHaircut(protocol, until - finalisedUntil - payout);
  if (rules.reservesFinalised) {
    l2.buffer -= payout;
    queue.held += payout;
  }
  // Payouts telescope, so a single one may be a wei more than its share; all of one rate together never are.
  if (assets < supply && (assetsOf(protocol) + 1n) * supply < assets * l2.totalSupply) {
    truth.violations.push("finalising lowered the rate of those who stay");
  }
  mark(protocol, rate === WAD ? "finalised at par" : "finalised below par");
}

/** Finalised and not paid out, wei of METIS. */
export function unpaid({ l2: { queue } }: Protocol): bigint {
  return (
    payoutAt(queue.rates, queue.finalisedUntil) -
    queue.tickets.reduce(
      (sum, { id, claimedUntil }) => sum + payoutAt(queue.rates, claimedUntil) - payoutAt(queue.rates, id),
      0n,
    )
  );
}

/** Notes when a ticket is about to be finalised that was asked for after a loss which the last report does not know. */
function checkLateTickets({ l2, truth }: Protocol, until: bigint): void {
  const hidden = truth.losses.filter(({ knownFrom }) => knownFrom === undefined || knownFrom > l2.reportNumber);
  const firstLoss = hidden.reduce<bigint | undefined>(
    (first, { at }) => (first === undefined ? at : min(first, at)),
    undefined,
  );
  if (firstLoss === undefined) return;
  const late = l2.queue.tickets.find(
    ({ id, end, askedAt }) => end > l2.queue.finalisedUntil && id < until && askedAt > firstLoss,
  );
  if (late !== undefined) truth.violations.push("a ticket asked for after a loss was paid before its report");
}

/** Leavers paid below par, or unvested rewards burned, filled `assets` wei of a gap: the like of it bears no fee. */
function bookHaircut({ l2, rules, truth }: Protocol, assets: bigint): void {
  truth.burned += assets;
  if (rules.countsHaircuts) l2.unrecoveredLoss += assets;
}

/** Sends up to `assets` wei up, the bridge's fee included, where the fee is small and covered. */
function sendUp(protocol: Protocol, assets: bigint): void {
  const { l2, bridge, truth, now } = protocol;
  const { bridgeFee, maxBridgeFeeBps } = parameters;
  const time = metisTime(protocol);
  const least = max(500n * WAD, l2.totalSupply / 200n);
  if (
    assets < least + bridgeFee ||
    time < l2.sentUpAt + DAY ||
    bridgeFee * BPS > (assets - bridgeFee) * maxBridgeFeeBps
  )
    return;
  const burned = saturatingSub(bridgeFee, saturatingSub(assetsOf(protocol), l2.totalSupply));
  if (burned > 0n) {
    vest(protocol);
    if (l2.stakers.unvested < burned) return;
    l2.stakers.unvested -= burned;
    l2.totalSupply -= burned;
    bookHaircut(protocol, burned);
    mark(protocol, "bridge fee burned");
  }
  const sent = assets - bridgeFee;
  l2.buffer -= assets;
  l2.sentToL1 += sent;
  l2.sentUpAt = time;
  truth.bridgeFees += bridgeFee;
  bridge.up.push({ assets: sent, relayableAt: now + 7n * DAY });
  mark(protocol, "sent up");
}

function mintL1Deposit(
  protocol: Protocol,
  number: number,
  { assets, runningTotal }: { readonly assets: bigint; readonly runningTotal: bigint },
): boolean {
  const { l2 } = protocol;
  if (!isOpen(protocol) || unbackedL1Mints(l2, l2.report, l2.announced) > 0n) return false;
  const time = metisTime(protocol);
  const before = l2.mintedOf.get(number) ?? 0n;
  const amount = min(assets - before, available(l2.bucket, parameters.l1DepositLimit, time));
  l2.bucket = take(l2.bucket, parameters.l1DepositLimit, amount, time);
  l2.mintedOf.set(number, before + amount);
  l2.announced = max(l2.announced, runningTotal);
  l2.mintedForL1 += amount;
  l2.totalSupply += amount;
  l2.free += amount;
  if (before + amount < assets) mark(protocol, "L1 deposit minted in part");
  return before + amount === assets;
}

function deliverReport(protocol: Protocol, number: number, report: Report, readAt: bigint): boolean {
  const { l2, rules } = protocol;
  if (rules.appliesOnlyNewer) {
    if (number <= l2.reportNumber) {
      mark(protocol, "older report ignored");
      return true;
    }
    if (reportRefusal(l2.report, report, metisTime(protocol)) !== undefined) {
      mark(protocol, "report refused");
      return false;
    }
  }
  applyReport(protocol, number, report, readAt);
  return true;
}

function applyReport(protocol: Protocol, number: number, report: Report, readAt: bigint): void {
  const { l2, rules, truth } = protocol;
  const hash = l2.hashes.get(number);
  l2.buffer += l2.surplus;
  l2.surplus = 0n;
  const before = assetsOf(protocol);
  const elapsed = l2.reportNumber === 0 ? 0n : saturatingSub(report.takenAt, l2.report.takenAt);
  const lossesKnown = knownLosses(protocol, l2.reportNumber);
  l2.latestTime = max(l2.latestTime, metisTime(protocol));
  attribute(protocol, report, readAt);
  l2.report = report;
  l2.reportReadAt = readAt;
  l2.reportNumber = number;
  l2.reportAppliedAt = metisTime(protocol);
  l2.reserveTarget = (l2.totalSupply * parameters.reserveBps) / BPS;
  l2.witnesses.push({ takenAt: report.takenAt, requestedUntil: hash?.requestedUntil ?? 0n });
  const proof = proofTime(protocol);
  const asOf = rules.cutoff === "taken" ? proof : min(proof, hash?.arrivedAt ?? 0n);
  l2.cutoff = max(l2.cutoff, asOf - rules.finaliseMargin);
  const after = assetsOf(protocol);
  truth.highestNetProfit = max(truth.highestNetProfit, after - l2.totalSupply + truth.minted - truth.burned);
  vest(protocol);
  if (after >= l2.totalSupply) mintProfit(protocol, after - l2.totalSupply, elapsed);
  else bookReportedLoss(protocol, before, after, knownLosses(protocol, number) - lossesKnown);
}

function attribute(protocol: Protocol, report: Report, readAt: bigint): void {
  const { l2, rules } = protocol;
  if (rules.hasAttributedUp) l2.attributedUp = attributeUp(l2, report);
  const { receivedFromL1 } = l2;
  const snapshot = rules.snapshot === "none" ? { receivedFromL1, takenAt: 0n } : l2.snapshot;
  const isJudged = isJudgedBy(snapshot, rules.usesReadAt ? readAt : report.takenAt, rules.clockMargin);
  if (isJudged) {
    const attributedDown = attributeDown(l2, snapshot, report);
    if (attributedDown > l2.attributedDown) mark(protocol, "attributed down");
    l2.attributedDown = attributedDown;
  }
  if (isJudged || rules.snapshot === "eachReport") {
    l2.snapshot = { receivedFromL1, takenAt: max(l2.latestTime, report.takenAt) };
  }
}

function mintProfit(protocol: Protocol, profit: bigint, elapsed: bigint): void {
  const { l2, rules, truth } = protocol;
  const { totalSupply } = l2;
  const { maxRewardRateBps, protocolFeeBps, streamPeriod } = parameters;
  const recognised = recognisedProfit(profit, { totalSupply, maxRewardRateBps, elapsed });
  if (recognised === 0n) return;
  const unrecoveredLoss = rules.repairsFreeOfFee ? l2.unrecoveredLoss : 0n;
  if (unrecoveredLoss > 0n) mark(protocol, "loss repaired");
  const shares = splitProfit(recognised, { unrecoveredLoss, protocolFeeBps });
  l2.unrecoveredLoss = shares.unrecoveredLoss;
  l2.totalSupply += recognised;
  l2.free += shares.fee;
  addReward(protocol, shares.reward, max(streamPeriod, elapsed));
  truth.protocolFees += shares.fee;
  truth.minted += recognised;
  mark(protocol, recognised < profit ? "profit deferred" : "profit minted");
}

function bookReportedLoss(protocol: Protocol, before: bigint, after: bigint, known: bigint): void {
  const { l2, rules, truth } = protocol;
  const { stakers, unrecoveredLoss, totalSupply } = l2;
  const added = addedLoss(before, after, totalSupply);
  const loss = rules.chargesOnlyAddedLoss ? added : totalSupply - after;
  if (loss > known) truth.violations.push("a loss was booked that nobody suffered");
  const shares = bookLoss(loss, { unvested: stakers.unvested, assets: stakers.assets, unrecoveredLoss });
  stakers.unvested -= shares.fromUnvested;
  stakers.assets -= shares.fromAssets;
  l2.unrecoveredLoss = shares.unrecoveredLoss;
  l2.totalSupply -= shares.fromUnvested + shares.fromAssets;
  truth.burned += shares.fromUnvested + shares.fromAssets;
  if (added * BPS > totalSupply * parameters.lossThresholdBps) l2.stoppedUntil = metisTime(protocol) + LOSS_STOP;
  mark(protocol, shares.uncovered > 0n ? "loss beyond seMetis" : "loss covered");
}

/** Wei of losses that report `number` knows. */
export function knownLosses({ truth }: Protocol, number: number): bigint {
  return truth.losses.reduce(
    (sum, { assets, knownFrom }) => (knownFrom !== undefined && knownFrom <= number ? sum + assets : sum),
    0n,
  );
}

function vest(protocol: Protocol): void {
  const { stakers } = protocol.l2;
  const time = metisTime(protocol);
  if (time <= stakers.vestedAt) return;
  const left = stakers.endsAt - stakers.vestedAt;
  if (stakers.shares > 0n && left > 0n) {
    const vested = time >= stakers.endsAt ? stakers.unvested : (stakers.unvested * (time - stakers.vestedAt)) / left;
    stakers.unvested -= vested;
    stakers.assets += vested;
  } else if (stakers.shares === 0n) {
    stakers.endsAt += time - stakers.vestedAt;
  }
  stakers.vestedAt = time;
  stakers.endsAt = max(stakers.endsAt, time);
}

function addReward({ l2: { stakers } }: Protocol, reward: bigint, duration: bigint): void {
  const left = stakers.endsAt - stakers.vestedAt;
  const total = stakers.unvested + reward;
  if (total > 0n) stakers.endsAt = stakers.vestedAt + (stakers.unvested * left + reward * duration) / total;
  stakers.unvested = total;
}
