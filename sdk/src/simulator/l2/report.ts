/** StakingPool: what a report from Ethereum changes. */
import { attribute, bookedAssets, replaceReport } from "../../math/book";
import { BPS, max, min, saturatingSub } from "../../math/integers";
import { CLOCK_MARGIN } from "../../math/ledger";
import { addedLoss, recognisedProfit, splitProfit } from "../../math/rewards";
import type { Report } from "../../messages";
import { metisOf } from "./metis";
import { bookHaircut, setBook, setBuffer, unbackedL1Mints } from "./pool";
import { ensure, toInt, toUint } from "./revert";
import { absorbLoss, addReward } from "./rewards";
import { mintTokens } from "./tokens";
import { type Transaction, emit, setPool } from "./transaction";

/** An unconfirmed loss stops exits at most this long, in seconds. */
const LOSS_STOP = 3n * 86_400n;

/** `applyReport`. */
export function applyReport(tx: Transaction, number: bigint, report: Report): void {
  const { reportNumber, reportTakenAt, hasUnbackedL1Mints } = tx.state.pool.book;
  if (number <= reportNumber) {
    emit(tx, "StakingPool", "ReportIgnored", { number, appliedNumber: reportNumber });
    return;
  }
  ensureNewer(tx, number, report);
  bookSurplus(tx);
  const before = bookedAssets(tx.state.pool.book);
  const elapsed = reportNumber === 0n ? 0n : report.takenAt - reportTakenAt;
  replace(tx, number, report);
  if (hasUnbackedL1Mints) checkL1Mints(tx);

  const { pool, eMetis } = tx.state;
  const supply = eMetis.totalSupply;
  const assets = bookedAssets(pool.book);
  setBook(tx, { reserveTarget: toUint((supply * pool.parameters.reserveBps) / BPS, 96) });
  const told = { ...report };
  emit(tx, "StakingPool", "ReportApplied", { number, report: told, totalAssets: assets, totalSupply: supply });
  if (assets < supply) bookLoss(tx, { before, assets, supply });
  else mintRewards(tx, { surplus: assets - supply, supply, elapsed });
}

/** `_checkL1Mints`. */
export function checkL1Mints(tx: Transaction): void {
  setBook(tx, { hasUnbackedL1Mints: unbackedL1Mints(tx.state) > 0n });
}

function ensureNewer(tx: Transaction, number: bigint, report: Report): void {
  const { time, pool } = tx.state;
  const { takenAt } = report;
  const last = pool.book.reportTakenAt;
  ensure(takenAt <= time + CLOCK_MARGIN, "StakingPool__ReportFromTheFuture", number, takenAt, time);
  ensure(takenAt >= last, "StakingPool__ReportTooOld", number, takenAt, last);
  for (const counter of ["receivedFromL2", "sentToL2", "l1Deposits"] as const) {
    const [known, value] = [pool.book[counter], report[counter]];
    ensure(value >= known, "StakingPool__CounterFell", number, known, value);
  }
}

function bookSurplus(tx: Transaction): void {
  const assets = saturatingSub(metisOf(tx.state, tx.state.network.stakingPool), tx.state.pool.book.buffer);
  if (assets === 0n) return;
  const buffer = setBuffer(tx, tx.state.pool.book.buffer + assets);
  emit(tx, "StakingPool", "SurplusBooked", { assets, buffer });
}

/** `replaceReport` and `attribute`. */
function replace(tx: Transaction, number: bigint, report: Report): void {
  const { time, pool } = tx.state;
  const replaced = replaceReport(pool.book, number, report, time);
  toInt(replaced.elsewhere, 96);
  toUint(number, 32);
  toUint(report.takenAt, 32);
  toInt(report.l1Assets, 96);
  for (const counter of [report.receivedFromL2, report.sentToL2, report.l1Deposits]) toUint(counter, 96);
  const book = attribute(replaced, time);
  setPool(tx, { book });
  const { attributedUp, attributedDown } = book;
  if (attributedUp === pool.book.attributedUp && attributedDown === pool.book.attributedDown) return;
  emit(tx, "StakingPool", "ArrivalsAttributed", { attributedUp, attributedDown });
}

interface Fall {
  /** totalAssets before the report. */
  readonly before: bigint;
  /** totalAssets after it. */
  readonly assets: bigint;
  readonly supply: bigint;
}

function bookLoss(tx: Transaction, { before, assets, supply }: Fall): void {
  const loss = addedLoss(before, assets, supply);
  if (loss === 0n) return;
  const { time, pool } = tx.state;
  const stop = loss * BPS > supply * pool.parameters.lossThresholdBps ? time + LOSS_STOP : 0n;
  if (stop !== 0n) setBook(tx, { stoppedUntil: stop });
  const burned = absorbLoss(tx, loss, stop);
  bookHaircut(tx, burned);
  const { unrecoveredLoss, book } = tx.state.pool;
  const totalSupply = supply - burned;
  const { stoppedUntil } = book;
  emit(tx, "StakingPool", "LossBooked", { loss, burned, unrecoveredLoss, stoppedUntil, totalSupply });
}

interface Rise {
  readonly surplus: bigint;
  readonly supply: bigint;
  /** Seconds on Ethereum between this report and the last. */
  readonly elapsed: bigint;
}

function mintRewards(tx: Transaction, { surplus, supply, elapsed }: Rise): void {
  const { pool, network } = tx.state;
  const { maxRewardRateBps, protocolFeeBps, streamPeriod } = pool.parameters;
  const profit = recognisedProfit(surplus, { totalSupply: supply, maxRewardRateBps, elapsed });
  if (profit === 0n) return;
  const { fee, reward, unrecoveredLoss } = splitProfit(profit, {
    unrecoveredLoss: pool.unrecoveredLoss,
    protocolFeeBps,
  });
  setPool(tx, { unrecoveredLoss });
  const told = { fee, reward, deferred: surplus - profit, unrecoveredLoss, totalSupply: supply + profit };
  emit(tx, "StakingPool", "RewardsMinted", told);
  if (fee > 0n) mintTokens(tx, "eMetis", pool.treasury, fee);
  mintTokens(tx, "eMetis", network.seMetis, reward);
  addReward(tx, reward, max(streamPeriod, min(elapsed, 2n ** 32n - 1n)));
}
