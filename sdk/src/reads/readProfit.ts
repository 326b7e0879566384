import type { L2Context } from "../context";
import { MissingLogsError } from "../errors";
import { StakingPool__factory } from "../generated/contracts";
import { WAD, max } from "../math/integers";
import { YEAR } from "../math/rewards";
import { type Event, eventOf } from "../rpc/eventOf";
import type { BlockStamp } from "../rpc/readBatch";
import { readLogs } from "../rpc/readLogs";
import { type AprParameters, windowStart } from "./readApr";
import { readStreamSince } from "./readAprFromLogs";
import { readRates } from "./readRates";
import { type Solvency, readSolvency } from "./readSolvency";

/** What the protocol earned in a window, and who got it; wei. */
export interface Profit {
  readonly from: BlockStamp;
  readonly to: BlockStamp;
  /** Reports applied after `from`. */
  readonly reports: number;
  /** eMetis minted to the treasury. */
  readonly fees: bigint;
  /** eMetis minted for seMetis. */
  readonly rewards: bigint;
  /** fees / (fees + rewards), 1e18-scaled, rounded down; 0 without profit. Below the protocol fee while losses are repaired. */
  readonly feeShare: bigint;
  /** What reports added to what lacked behind eMetis. */
  readonly losses: bigint;
  /** eMetis of seMetis burned for those. */
  readonly burnedForLosses: bigint;
  /** eMetis of seMetis that had not vested, burned for bridge fees. */
  readonly burnedForBridge: bigint;
  /** Profit in the last block that waits for the next report, which recognises it as far as its limit goes. */
  readonly deferred: bigint;
  /** Losses in the last block that later profits repair free of fee. */
  readonly unrecoveredLoss: bigint;
  /**
   * The sum over all profits of profit / eMetis in existence before it, for a year without compounding; 1e18-scaled, each term
   * rounded down. With fees, and of all eMetis: who stakes earns more, for who does not stake earns nothing.
   */
  readonly grossApr: bigint;
  /** The same of what seMetis got. Losses and bridge fees are not taken off. */
  readonly netApr: bigint;
}

/**
 * What the protocol earned in a window, from StakingPool's logs: how profit was split, what was lost, what waits. Rewards count when they
 * are minted; they vest in seMetis later.
 *
 * Round trips on Metis, one after another: 1 for the last block, `blockAt`'s (about 10 headers), then at once 1 for the last report, 1
 * request for logs, and those of `readAprFromLogs` for the events of seMetis, which prove that no reward is missing. A report that
 * recognised no profit, and a loss of which seMetis bore nothing, leave no such trace: a node that loses their logs hides them.
 *
 * @throws {@link MissingLogsError} when the last report's log or a reward's is not there, {@link AmountError} when the window is below an hour,
 * {@link LogRangeError}, and what `readL2` throws.
 * @example
 * const { fees, rewards, feeShare } = await readProfit(context, { window: 30n * 86_400n });
 */
export async function readProfit(context: L2Context, { window, l2Block }: AprParameters): Promise<Profit> {
  const rates = await readRates(context, l2Block === undefined ? {} : { l2Block });
  const to = rates.block;
  const from = await windowStart(context, to, window);
  const [solvency, events, stream] = await Promise.all([
    readSolvency(context, { l2Block: to.blockNumber }),
    readEvents(context, from, to),
    readStreamSince(context, from, rates),
  ]);
  checkReports(events, from, solvency);
  checkRewards(events, stream.events, to);
  const seconds = to.timestamp - from.timestamp;
  const fees = sumOf(events, "RewardsMinted", "fee");
  const rewards = sumOf(events, "RewardsMinted", "reward");
  return {
    from,
    to,
    reports: events.filter(({ name }) => name === "ReportApplied").length,
    fees,
    rewards,
    feeShare: fees === 0n ? 0n : (fees * WAD) / (fees + rewards),
    losses: sumOf(events, "LossBooked", "loss"),
    burnedForLosses: sumOf(events, "LossBooked", "burned"),
    burnedForBridge: sumOf(events, "SentToL1", "burned"),
    deferred: max(0n, solvency.margin),
    unrecoveredLoss: solvency.unrecoveredLoss,
    grossApr: aprOfProfits(events, seconds, ({ amount }) => amount("fee") + amount("reward")),
    netApr: aprOfProfits(events, seconds, ({ amount }) => amount("reward")),
  };
}

async function readEvents(context: L2Context, from: BlockStamp, to: BlockStamp): Promise<readonly Event[]> {
  const contract = StakingPool__factory.createInterface();
  const names = ["ReportApplied", "RewardsMinted", "LossBooked", "SentToL1"] as const;
  const logs = await readLogs({
    ...context,
    side: "l2",
    provider: context.l2,
    address: context.deployment.l2.stakingPool,
    topics: [names.map((name) => contract.getEvent(name).topicHash)],
    fromBlock: from.blockNumber + 1,
    toBlock: to.blockNumber,
  });
  return logs.map((log) => eventOf("l2", contract, log));
}

/** A node that loses logs loses the oldest or the newest: the newest must be there. */
function checkReports(events: readonly Event[], from: BlockStamp, { report, block }: Solvency): void {
  if (report.appliedAt <= from.timestamp) return;
  const last = events.filter(({ name }) => name === "ReportApplied").at(-1);
  if (last?.amount("number") === report.number) return;
  const reason = `report ${report.number} is applied, the last in the logs is ${last?.amount("number") ?? "none"}`;
  throw new MissingLogsError("l2", block.blockNumber, reason);
}

/** The stream proves what was added to it: rewards that the pool's logs lack show, and with them the reports that brought them. */
function checkRewards(events: readonly Event[], stream: readonly Event[], { blockNumber }: BlockStamp): void {
  const [minted, added] = [sumOf(events, "RewardsMinted", "reward"), sumOf(stream, "RewardAdded", "reward")];
  if (minted === added) return;
  const reason = `seMetis was given ${added} wei of rewards, the logs of StakingPool tell of ${minted}`;
  throw new MissingLogsError("l2", blockNumber, reason);
}

function sumOf(events: readonly Event[], name: string, value: string): bigint {
  return events.filter((event) => event.name === name).reduce((sum, event) => sum + event.amount(value), 0n);
}

function aprOfProfits(events: readonly Event[], seconds: bigint, partOf: (event: Event) => bigint): bigint {
  const minted = events.filter(({ name }) => name === "RewardsMinted");
  return minted.reduce((sum, event) => {
    const before = event.amount("totalSupply") - event.amount("fee") - event.amount("reward");
    return sum + (partOf(event) * YEAR * WAD) / (before * seconds);
  }, 0n);
}
