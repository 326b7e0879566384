/** Reads Metis. */
import type { Log } from "ethers";

import { readPoolStorage } from "../../../../sdk/src/reads/poolStorage";
import { type L2Context, readSolvency } from "../../../../sdk/src";
import { GAS_PRICE_ORACLE } from "../../../../sdk/src/actions/readBridgeFees";
import {
  EMetis__factory,
  IGasPriceOracle__factory,
  L2Gateway__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../../../../sdk/src/generated/contracts";
import { max, saturatingSub } from "../../../../sdk/src/math/integers";
import { available } from "../../../../sdk/src/math/rateLimit";
import { eventOf } from "../../../../sdk/src/rpc/eventOf";
import { type PinnedRunner, readL2 } from "../../../../sdk/src/rpc/readPinned";
import type { L2State, SignalledNeed } from "../state";
import { type ChainPart, logsBackTo, logsSince, timesOf, windowStart } from "./logs";

/** Which block, and what is known of Ethereum. */
export interface L2Reading {
  readonly blockNumber: number;
  /** The latest time of Ethereum: what a report taken now would say. */
  readonly l1Time: bigint;
  /** How far back needs are looked for, seconds. */
  readonly window: bigint;
}

/** Tickets must be older than the report by this much, seconds. */
const finalisationDelay = 6n * 3_600n;
/** Between two sendings up, seconds. */
const sendingInterval = 86_400n;

/**
 * Reads all that the keeper needs of Metis in one block, messages apart.
 *
 * @throws the SDK's errors of reading.
 */
export async function observeL2(context: L2Context, reading: L2Reading): Promise<L2State> {
  const { blockNumber } = reading;
  const [solvency, { block, value }, { l1DepositBucket }] = await Promise.all([
    readSolvency(context, { l2Block: blockNumber }),
    readL2(context, blockNumber, (runner) => readViews(context, runner)),
    readPoolStorage(context, blockNumber),
  ]);
  const { l1DepositLimit, finalisedUntil, cutoff, ...views } = value;
  const assets = solvency.counters.buffer + views.arrived;
  const newCutoff = max(cutoff, saturatingSub(reading.l1Time, finalisationDelay));
  const [funding, logged] = await Promise.all([
    readFunding(context, blockNumber, { assets, rate: views.redemptionRate, cutoff, newCutoff, finalisedUntil }),
    readLogged(context, { ...reading, block, pending: views.pending, finalisedUntil }),
  ]);
  return {
    block,
    solvency,
    counters: solvency.counters,
    depositsAvailable: available(l1DepositBucket, l1DepositLimit, block.timestamp),
    ...views,
    ...funding,
    ...logged,
  };
}

async function readViews({ deployment: { l2 } }: L2Context, runner: PinnedRunner) {
  const pool = StakingPool__factory.connect(l2.stakingPool, runner);
  const oracle = IGasPriceOracle__factory.connect(GAS_PRICE_ORACLE, runner);
  const [[pausedUntil, stoppedUntil, redemptionRate, needTarget, cutoff], parameters, arrived, queue, rest] =
    await Promise.all([
      Promise.all([
        pool.pausedUntil(),
        pool.stoppedUntil(),
        pool.redemptionRate(),
        pool.neededFromL1(),
        pool.finalisationCutoff(),
      ]),
      pool.parameters(),
      runner.balance(l2.l2Gateway),
      readQueue(l2, runner),
      Promise.all([SEMetis__factory.connect(l2.seMetis, runner).unvestedAssets(), oracle.minErc20BridgeCost()]),
    ]);
  const { reserveBps, l1DepositLimit } = parameters;
  const [unvested, bridgeFee] = rest;
  const gates = { pausedUntil, stoppedUntil, redemptionRate, needTarget, cutoff };
  return { ...gates, reserveBps, l1DepositLimit, arrived, ...queue, unvested, bridgeFee };
}

async function readQueue(l2: L2Context["deployment"]["l2"], runner: PinnedRunner) {
  const queue = RedemptionQueue__factory.connect(l2.redemptionQueue, runner);
  const [pending, finalisedUntil, reserved, balance, eMetis] = await Promise.all([
    queue.pending(),
    queue.finalisedUntil(),
    queue.reserved(),
    runner.balance(l2.redemptionQueue),
    EMetis__factory.connect(l2.eMetis, runner).balanceOf(l2.redemptionQueue),
  ]);
  const skimmable = saturatingSub(balance, reserved) + saturatingSub(eMetis, pending);
  return { pending, finalisedUntil, skimmable };
}

interface Funding {
  readonly assets: bigint;
  readonly rate: bigint;
  readonly cutoff: bigint;
  readonly newCutoff: bigint;
  readonly finalisedUntil: bigint;
}

async function readFunding(context: L2Context, blockNumber: number, funding: Funding) {
  const { assets, rate, cutoff, newCutoff, finalisedUntil } = funding;
  const { value } = await readL2(context, blockNumber, (runner) => {
    const queue = RedemptionQueue__factory.connect(context.deployment.l2.redemptionQueue, runner);
    return Promise.all([queue.finalisable(assets, rate, cutoff), queue.finalisable(assets, rate, newCutoff)]);
  });
  const [now, then] = value;
  return {
    fundable: now.payout,
    fundableLine: now.until - finalisedUntil,
    awaitingReport: saturatingSub(then.payout, now.payout),
  };
}

type LoggedReading = L2Reading & {
  readonly block: L2State["block"];
  readonly pending: bigint;
  readonly finalisedUntil: bigint;
};

async function readLogged(context: L2Context, { block, window, pending, finalisedUntil }: LoggedReading) {
  const { startBlock } = context.deployment.l2;
  const part: ChainPart = { ...context, side: "l2", provider: context.l2, startBlock, last: block };
  const [lastSentAt, lastNeed, oldestPendingAt] = await Promise.all([
    readLastSent(context, part),
    readLastNeed(context, part, window),
    pending === 0n ? undefined : readOldestPending(context, part, finalisedUntil),
  ]);
  return { lastSentAt, lastNeed, oldestPendingAt };
}

async function readLastSent({ deployment: { l2 } }: L2Context, part: ChainPart): Promise<bigint | undefined> {
  const { topicHash } = StakingPool__factory.createInterface().getEvent("SentToL1");
  const fromBlock = await windowStart(part, sendingInterval);
  const last = (await logsSince(part, [{ address: l2.stakingPool, topics: [topicHash] }], fromBlock)).at(-1);
  if (last === undefined) return undefined;
  return (await timesOf(part, [last])).get(last.blockNumber);
}

async function readLastNeed(
  { deployment: { l2 } }: L2Context,
  part: ChainPart,
  window: bigint,
): Promise<SignalledNeed | undefined> {
  const contract = L2Gateway__factory.createInterface();
  const { topicHash } = contract.getEvent("NeedSignalled");
  const fromBlock = await windowStart(part, window);
  const last = (await logsSince(part, [{ address: l2.l2Gateway, topics: [topicHash] }], fromBlock)).at(-1);
  if (last === undefined) return undefined;
  const event = eventOf("l2", contract, last);
  const signalledAt = (await timesOf(part, [last])).get(last.blockNumber) ?? 0n;
  return { number: event.amount("number"), target: event.amount("target"), signalledAt };
}

/** The ticket that covers the first wei that waits is the last one that begins at or before it. */
async function readOldestPending(
  { deployment: { l2 } }: L2Context,
  part: ChainPart,
  finalisedUntil: bigint,
): Promise<bigint | undefined> {
  const contract = RedemptionQueue__factory.createInterface();
  const { topicHash } = contract.getEvent("RedemptionRequested");
  const filter = { address: l2.redemptionQueue, topics: [topicHash] };
  const idOf = ({ topics }: Log) => BigInt(topics[1] ?? 0);
  const isEnough = (logs: readonly Log[]) => logs.some((log) => idOf(log) <= finalisedUntil);
  const logs = await logsBackTo(part, [filter], isEnough);
  const first = logs.filter((log) => idOf(log) <= finalisedUntil).at(-1) ?? logs[0];
  return first === undefined ? undefined : (await timesOf(part, [first])).get(first.blockNumber);
}
