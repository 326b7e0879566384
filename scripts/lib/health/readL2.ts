/** The parts of the health that Metis alone tells. */
import type { L2Context } from "../../../sdk/src/context";
import { GAS_PRICE_ORACLE } from "../../../sdk/src/actions/readBridgeFees";
import {
  IGasPriceOracle__factory,
  RedemptionQueue__factory,
  StakingPool__factory,
} from "../../../sdk/src/generated/contracts";
import type { RedemptionQueue } from "../../../sdk/src/generated/contracts";
import { type PinnedRunner, readL2 } from "../../../sdk/src/rpc/readPinned";
import type { Head, L2Stops, OldestTicket } from "./health";
import { type Source, readTime } from "./source";

const hour = 3_600n;
/** One for one: at this rate `finalisable` stops at nothing but the cutoff. */
const par = 10n ** 18n;
/** Hours that RedemptionQueue remembers. */
const rememberedHours = 256n;
/** Hours back from now, and hours ahead for a clock that runs back, among which the oldest ticket is searched. */
const searchedHours = { back: 24n * 365n, ahead: 4n * 24n } as const;
/** Cutoffs that are tried in one request. */
const width = 28n;

/** Reads pause and loss stop of StakingPool. */
export async function readL2Stops(context: L2Context): Promise<L2Stops> {
  const { value } = await readL2(context, undefined, (runner) => {
    const pool = StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
    return Promise.all([pool.pausedUntil(), pool.stoppedUntil()]);
  });
  return { pausedUntil: Number(value[0]), stoppedUntil: Number(value[1]) };
}

/** Wei of METIS that Metis's bridge takes for a withdrawal. */
export async function readL2Fee(context: L2Context): Promise<bigint> {
  const { value } = await readL2(context, undefined, (runner) =>
    IGasPriceOracle__factory.connect(GAS_PRICE_ORACLE, runner).minErc20BridgeCost(),
  );
  return value;
}

/** Seconds between two blocks of Metis: the average of the last `blocks`, or of as many as there are. */
export async function readL2BlockTime(source: Source, head: Head, blocks = 5_000): Promise<number> {
  const earlier = Math.max(0, head.blockNumber - blocks);
  const elapsed = head.timestamp - (await readTime(source, "l2", earlier));
  if (head.blockNumber > earlier && elapsed > 0) return elapsed / (head.blockNumber - earlier);
  throw new Error(
    `Metis made no blocks from ${earlier} to ${head.blockNumber} in ${elapsed} seconds: nothing to average.`,
  );
}

/**
 * Searches the hour of the ticket that waits longest, by asking the queue how far each cutoff would finalise it: no logs are needed.
 * 4 round trips, all in one block.
 *
 * @param now - Unix seconds of Metis.
 */
export async function readOldestTicket(context: L2Context, now: number): Promise<OldestTicket> {
  const { value } = await readL2(context, undefined, async (runner: PinnedRunner) => {
    const queue = RedemptionQueue__factory.connect(context.deployment.l2.redemptionQueue, runner);
    const [from, until] = await Promise.all([queue.finalisedUntil(), queue.requestedUntil()]);
    return from === until ? noTicket : searchLine({ queue, from, until }, BigInt(now) / hour);
  });
  return value;
}

const noTicket = { type: "none" } as const;

interface WaitingLine {
  readonly queue: RedemptionQueue;
  readonly from: bigint;
  readonly until: bigint;
}

async function searchLine({ queue, from, until }: WaitingLine, currentHour: bigint): Promise<OldestTicket> {
  const range = { low: currentHour - searchedHours.back, high: currentHour + searchedHours.ahead };
  const reaches = async (hours: bigint, position: bigint): Promise<boolean> =>
    (await queue.finalisable(until - from, par, hours * hour)).until >= position;
  const [oldest, newest] = await Promise.all([
    leastHour(range, (hours) => reaches(hours, from + 1n)),
    leastHour(range, (hours) => reaches(hours, until)),
  ]);
  const isAtLeast = newest - oldest >= rememberedHours;
  return { type: "waiting", askedBefore: Number(oldest * hour), isAtLeast };
}

interface Hours {
  readonly low: bigint;
  readonly high: bigint;
}

/** The least hour above `low` that passes, of a test that passes from some hour on; `high` where none below it does. */
async function leastHour({ low, high }: Hours, passes: (hours: bigint) => Promise<boolean>): Promise<bigint> {
  if (high - low <= 1n) return high;
  const step = (high - low + width) / (width + 1n);
  const hours: bigint[] = [];
  for (let next = low + step; next < high; next += step) hours.push(next);
  const passed = await Promise.all(hours.map(passes));
  const first = passed.indexOf(true);
  const below = first === 0 ? low : (hours.at(first === -1 ? -1 : first - 1) ?? low);
  return leastHour({ low: below, high: first === -1 ? high : (hours[first] ?? high) }, passes);
}
