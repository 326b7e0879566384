import { checkAddress } from "../check";
import type { Context } from "../context";
import { ParameterError } from "../errors";
import type { Address } from "../types";
import { type Head, type Node, checkChains, headOf, nodesOf, sameBlock, timesOfBlocks } from "./blocks";
import { checkMints } from "./checkMints";
import { replayWithCheckpoints } from "./checkpoints";
import { concerns } from "./classify";
import { type Checkpoint, type Cursor, writeCursor } from "./cursor";
import type { ProtocolEvent, TimedEvent } from "./events";
import { filtersOfAccount, filtersOfL1 } from "./filters";
import { checkHead } from "./headCheck";
import { noLines } from "./lines";
import { readEvents } from "./readEvents";
import { type Reorg, startFrom } from "./resume";
import { type Row, midnights, rowsOf, startOfDay } from "./rows";
import { type Sliced, sliceHistory } from "./slices";
import { blocksAroundMarks, blocksOfAccount, mergeChains, timesOfStream } from "./times";
import type { Valuation } from "./valuation";

/** Whose rewards, in which window, and how to read them. */
export interface RewardHistoryParameters {
  readonly account: string;
  /** Unix seconds: what happened at or before it is in the opening value. @defaultValue before all logs */
  readonly from?: bigint;
  /**
   * Unix seconds: what happened at it is in the window. Metis may have several blocks in one second: of statements that follow each
   * other each should end before the second of the last block. @defaultValue the last block that is read
   */
  readonly to?: bigint;
  /** Of an earlier history of this account, to read only what came since; its window must not begin before the cursor's. */
  readonly cursor?: Cursor;
  /** Blocks that must lie on the last one that is read, on both chains. @defaultValue 0 */
  readonly confirmations?: number;
  /** Blocks to ask logs of at first. @defaultValue all; a node that refuses is asked for fewer */
  readonly range?: number;
  /**
   * Against what the replay is checked beside the logs themselves: "state" asks the contracts' views in the last block too, which any
   * node has; "logs" asks nothing but logs, and cannot see that the very last ones lack. @defaultValue "state"
   */
  readonly check?: "state" | "logs";
  /** Told after each answer how far the logs of a chain are there. */
  readonly onProgress?: (side: Node["side"], blockNumber: number) => void;
  /** Told of each checkpoint of the cursor that is no longer on the chain. */
  readonly onReorg?: (reorg: Reorg) => void;
}

/** An account's window: `opening.total` plus the lines of the rows is `closing.total`, to the wei. */
export interface RewardHistory {
  readonly account: Address;
  /** Unix seconds; not before the day on which the account first had anything. */
  readonly from: bigint;
  readonly to: bigint;
  readonly opening: Valuation;
  readonly closing: Valuation;
  /** One row: the whole window. */
  readonly total: Row;
  readonly byEvent: readonly Row[];
  readonly byReport: readonly Row[];
  readonly byDay: readonly Row[];
  /** To go on from later. */
  readonly cursor: Cursor;
}

interface Read {
  readonly start: Checkpoint;
  readonly heads: { readonly l1: Head; readonly l2: Head };
  readonly events: { readonly l1: readonly ProtocolEvent[]; readonly l2: readonly ProtocolEvent[] };
}

interface Window {
  readonly from: bigint;
  readonly to: bigint;
  readonly marks: readonly bigint[];
}

/**
 * What an account earned between two moments, from logs alone and exact to the wei: opening value + flows + rewards − fees − losses
 * ± rounding = closing value, over eMetis (one for one), seMetis, tickets, claimable METIS and deposits on their way from Ethereum.
 *
 * Round trips, where the node gives all logs at once: 2 for chain ids, 2 for each head, 3 for logs of Metis (together), 1 for logs of
 * Ethereum, 1 header for each block of the account that moved no shares, 1 for each chain to check the state, 1 for each chain to
 * check that no reorganisation came between.
 *
 * @throws {@link MissingLogsError} when the node keeps logs back, {@link ReorgError} when the chain changed meanwhile,
 * {@link CursorError}, {@link ParameterError}, {@link ChainMismatchError}, {@link LogRangeError}, {@link RpcError},
 * {@link RpcTimeoutError}, {@link AbortedError}.
 * @example
 * const { total, byDay, cursor } = await rewardHistory(context, { account });
 */
export async function rewardHistory(context: Context, parameters: RewardHistoryParameters): Promise<RewardHistory> {
  const account = checkAddress("account", parameters.account);
  const read = await readAll(context, { ...parameters, account });
  const { heads, start } = read;
  const [from, to] = checkWindow(parameters, heads.l2);
  const { events, window } = await timed(context, read, account, { from, to });
  const { state, checkpoints } = replayWithCheckpoints(start, events, heads);
  checkMints(read.events.l2, account, context.deployment.l2, start.state.treasury);
  const { seMetis, redemptionQueue } = context.deployment.l2;
  const converters = { seMetis, redemptionQueue };
  const sliced = sliceHistory({ ...start, events, account, converters, ...window });
  if (parameters.check !== "logs") await checkHead(context, state, account, heads);
  const nodes = nodesOf(context);
  await Promise.all([sameBlock(nodes.l1, heads.l1), sameBlock(nodes.l2, heads.l2)]);
  const cursor = writeCursor(context.deployment, account, [...checkpoints, ...(start.clock > 0n ? [start] : [])]);
  return { account, ...statementOf(sliced, window), cursor };
}

async function readAll(
  context: Context,
  parameters: RewardHistoryParameters & { readonly account: Address },
): Promise<Read> {
  const { deployment } = context;
  const { account, confirmations = 0, from = 0n } = parameters;
  await checkChains(context);
  const nodes = nodesOf(context);
  // Metis first: what it minted was deposited before.
  const l2 = await headOf(nodes.l2, confirmations);
  const l1 = await headOf(nodes.l1, confirmations);
  const start = await startFrom(context, { ...parameters, from, heads: { l1, l2 } });
  const options = { deployment, range: parameters.range, onProgress: parameters.onProgress };
  const l2Range = { after: start.l2.blockNumber, head: l2 };
  const l1Range = { after: start.l1?.blockNumber ?? deployment.l1.startBlock - 1, head: l1 };
  const [l2Events, l1Events] = await Promise.all([
    readEvents(nodes.l2, filtersOfAccount(deployment, account), l2Range, options),
    readEvents(nodes.l1, filtersOfL1(deployment), l1Range, options),
  ]);
  return { start, heads: { l1, l2 }, events: { l1: l1Events, l2: l2Events } };
}

function checkWindow({ from = 0n, to }: RewardHistoryParameters, head: Head): readonly [from: bigint, to: bigint] {
  const end = to ?? head.timestamp;
  if (end > head.timestamp)
    throw new ParameterError("to", end, `give at most ${head.timestamp}, the time of the last block`);
  if (from < 0n || from > end) throw new ParameterError("from", from, `give Unix seconds from 0 to ${end}`);
  return [from, end];
}

/** All events in one order, with the seconds that values depend on, and the window from when the account has anything. */
async function timed(
  context: Context,
  { start, heads, events }: Read,
  account: Address,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): Promise<{ readonly events: readonly TimedEvent[]; readonly window: Window }> {
  const nodes = nodesOf(context);
  const known = timesOfStream(events.l2);
  const [l1Times, own] = await Promise.all([
    timesOfBlocks(nodes.l1, blocksOfAccount(events.l1, account, new Map()), events.l1),
    timesOfBlocks(nodes.l2, blocksOfAccount(events.l2, account, known), events.l2),
  ]);
  const times = new Map([...known, ...own]);
  const first = firstSecond(mergeChains(events, { l1Times, l2Times: times }, start.clock), account);
  // A first event at midnight belongs to the day that ends with it.
  const firstDay = startOfDay(first === undefined || first > to ? to : first - 1n);
  const begin = start.state.positions.has(account) ? from : latest(from, firstDay);
  const window = { from: begin, to, marks: midnights(begin, to) };
  const unclear = blocksAroundMarks(events.l2, times, [begin, ...window.marks, to], heads.l2.timestamp);
  const l2Times = new Map([...times, ...(await timesOfBlocks(nodes.l2, unclear, events.l2))]);
  return { events: mergeChains(events, { l1Times, l2Times }, start.clock), window };
}

function firstSecond(events: readonly TimedEvent[], account: Address): bigint | undefined {
  return events.find(({ event, time }) => time !== undefined && concerns(event, account))?.time;
}

function latest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function statementOf({ slices, opening, closing }: Sliced, { from, to }: Window) {
  const [total] = rowsOf(slices, "period");
  const nothing = { type: "period", from, to, opening: opening.total, closing: closing.total, ...noLines() } as const;
  return {
    ...{ from, to, opening, closing },
    total: total ?? { ...nothing, protocolFee: 0n },
    byEvent: rowsOf(slices, "event"),
    byReport: rowsOf(slices, "report"),
    byDay: rowsOf(slices, "day"),
  };
}
