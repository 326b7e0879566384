import { max } from "../math/integers";
import type { Address } from "../types";
import { concerns } from "./classify";
import type { ProtocolEvent, TimedEvent } from "./events";

/** Unix seconds by block number. */
export type Times = ReadonlyMap<number, bigint>;

/**
 * The times that the logs of Metis tell by themselves: all that moves the stream of seMetis says when.
 *
 * @example
 * const times = timesOfStream(events);
 */
export function timesOfStream(events: readonly ProtocolEvent[]): Times {
  const times = new Map<number, bigint>();
  for (const event of events) if ("after" in event) times.set(event.at.blockNumber, event.after.vestedAt);
  return times;
}

/**
 * The blocks of the account's own events whose time is not among `times`.
 *
 * @example
 * blocksOfAccount(events, account, timesOfStream(events));
 */
export function blocksOfAccount(events: readonly ProtocolEvent[], account: Address, times: Times): readonly number[] {
  const own = events.filter((event) => concerns(event, account) && !times.has(event.at.blockNumber));
  return [...new Set(own.map(({ at }) => at.blockNumber))];
}

/**
 * The blocks with a finalisation of which `times` do not tell on which side of a mark they are.
 *
 * @param marks - Unix seconds, rising.
 * @param end - The time of the last block, Unix seconds.
 * @example
 * blocksAroundMarks(events, times, [midnight], headTime);
 */
export function blocksAroundMarks(
  events: readonly ProtocolEvent[],
  times: Times,
  marks: readonly bigint[],
  end: bigint,
): readonly number[] {
  const blocks = new Set<number>();
  let waiting: number[] = [];
  let last = 0n;
  const close = (time: bigint) => {
    if (waiting.length > 0 && marks.some((mark) => last <= mark && mark < time)) waiting.forEach((b) => blocks.add(b));
    waiting = [];
  };
  for (const { type, at } of events) {
    const time = times.get(at.blockNumber);
    if (time === undefined && type === "finalised") waiting.push(at.blockNumber);
    if (time === undefined) continue;
    close(time);
    last = max(last, time);
  }
  close(end + 1n);
  return [...blocks];
}

/**
 * The events of both chains in one order: by time, those of each chain in theirs, and a deposit on Ethereum before it is minted on
 * Metis, even where the clocks of the chains say otherwise.
 *
 * @param clock - The latest second known before them.
 * @example
 * const events = mergeChains(l1Events, l2Events, l1Times, l2Times, 0n);
 */
export function mergeChains(
  { l1, l2 }: { readonly l1: readonly ProtocolEvent[]; readonly l2: readonly ProtocolEvent[] },
  { l1Times, l2Times }: { readonly l1Times: Times; readonly l2Times: Times },
  start: bigint,
): readonly TimedEvent[] {
  const merged: TimedEvent[] = [];
  let clock = start;
  let next = 0;
  const takeL1 = (limit: bigint, number: bigint) => {
    for (let event = l1[next]; event?.type === "l1Deposited"; event = l1[++next]) {
      const time = l1Times.get(event.at.blockNumber);
      const isDue = time === undefined || time <= limit;
      if (!isDue && event.number > number) return;
      // One that comes before its time must not move the clock: it counts from the time of what it is taken before.
      merged.push({ event, time: isDue ? time : limit });
    }
  };
  const minted = numbersMinted(l2);
  for (const event of l2) {
    const time = l2Times.get(event.at.blockNumber);
    clock = max(clock, time ?? clock);
    takeL1(clock, minted.get(event.at.transactionHash) ?? 0n);
    merged.push({ event, time });
  }
  takeL1(2n ** 64n, 0n);
  return merged;
}

/** The last deposit that each transaction mints for: the deposit comes before all of its events. */
function numbersMinted(events: readonly ProtocolEvent[]): ReadonlyMap<string, bigint> {
  const numbers = new Map<string, bigint>();
  for (const event of events) {
    if (event.type !== "l1DepositMinted") continue;
    const { transactionHash } = event.at;
    numbers.set(transactionHash, max(event.number, numbers.get(transactionHash) ?? 0n));
  }
  return numbers;
}
