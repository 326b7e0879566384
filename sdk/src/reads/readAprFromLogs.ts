import type { L2Context } from "../context";
import { MissingLogsError } from "../errors";
import { SEMetis__factory } from "../generated/contracts";
import { type StakedStream, priceAt } from "../math/rates";
import { type Event, eventOf } from "../rpc/eventOf";
import type { BlockStamp } from "../rpc/readBatch";
import { readLogs } from "../rpc/readLogs";
import { type AprParameters, type RealisedApr, realised, windowStart } from "./readApr";
import { readRates } from "./readRates";

/** Each carries the whole stream after it. */
const streamEvents = ["RewardAdded", "LossAbsorbed", "UnvestedBurned", "StreamUpdated"] as const;
const flowEvents = ["Deposit", "Withdraw"] as const;
const nothing: StakedStream = { assets: 0n, unvested: 0n, vestedAt: 0n, endsAt: 0n, shares: 0n };

/**
 * As {@link readApr}, and equal to it to the wei, from logs: for a node without state of old blocks. seMetis's events tell the whole
 * stream after each change; shares are today's less what came since.
 *
 * Round trips on Metis, one after another: 1 for the last block, `blockAt`'s (about 10 headers), 1 request for logs over twice the
 * window, and further ones back until there is a change of the stream; a report makes one each day.
 *
 * @throws {@link MissingLogsError} when the logs do not lead from the first block to the stream of the last one; {@link LogRangeError},
 * {@link AmountError} when the window is below an hour or the price was 0, and what `readL2` throws.
 * @example
 * const { apr, from, to } = await readAprFromLogs(context, { window: 30n * 86_400n });
 */
export async function readAprFromLogs(context: L2Context, { window, l2Block }: AprParameters): Promise<RealisedApr> {
  const { block, price, stream } = await readRates(context, l2Block === undefined ? {} : { l2Block });
  const from = await windowStart(context, block, window);
  const { opening } = await readStreamSince(context, from, { block, stream });
  return realised({ from, opening: priceAt(opening, from.timestamp) }, { to: block, closing: price });
}

/**
 * The stream at the end of a block, and seMetis's events after it; they are proved to lead to the stream of the last block.
 *
 * @throws {@link MissingLogsError} when they do not; {@link LogRangeError} and what `readLogs` throws.
 * @example
 * const { opening } = await readStreamSince(context, from, await readRates(context));
 */
export async function readStreamSince(
  context: L2Context,
  from: BlockStamp,
  closing: { readonly block: BlockStamp; readonly stream: StakedStream },
): Promise<{ readonly opening: StakedStream; readonly events: readonly Event[] }> {
  const all = await readStreamEvents(context, from, closing.block);
  const opening = streamAt(all, from, closing.stream);
  const events = since(all, from);
  checkConserved(events, opening, closing);
  return { opening, events };
}

/** Events up to the last block, back to the last change of the stream at or before the first. */
async function readStreamEvents(context: L2Context, from: BlockStamp, to: BlockStamp): Promise<readonly Event[]> {
  const { seMetis, startBlock } = context.deployment.l2;
  const contract = SEMetis__factory.createInterface();
  const topics = [[...streamEvents, ...flowEvents].map((name) => contract.getEvent(name).topicHash)];
  const query = { ...context, side: "l2", provider: context.l2, address: seMetis, topics } as const;
  let events: readonly Event[] = [];
  let toBlock = to.blockNumber;
  for (let reach = toBlock - from.blockNumber; toBlock >= startBlock; reach *= 2) {
    const fromBlock = Math.max(startBlock, Math.min(from.blockNumber, toBlock) - reach);
    const logs = await readLogs({ ...query, fromBlock, toBlock });
    events = [...logs.map((log) => eventOf("l2", contract, log)), ...events];
    if (events.some((event) => isStream(event) && event.log.blockNumber <= from.blockNumber)) return events;
    toBlock = fromBlock - 1;
  }
  return events;
}

/** The stream, with its shares, at the end of a block. */
function streamAt(events: readonly Event[], from: BlockStamp, closing: StakedStream): StakedStream {
  const last = events.filter((event) => isStream(event) && event.log.blockNumber <= from.blockNumber).at(-1);
  const shares = since(events, from).reduce((sum, event) => sum - sharesOf(event), closing.shares);
  if (last === undefined) return { ...nothing, shares };
  const [assets, unvested] = [last.amount("assets"), last.amount("unvested")];
  return { assets, unvested, vestedAt: last.amount("vestedAt"), endsAt: last.amount("endsAt"), shares };
}

/** What is in the stream, vested or not, changes by these events alone, so a log that lacks shows. */
function checkConserved(
  events: readonly Event[],
  opening: StakedStream,
  { block, stream }: { readonly block: BlockStamp; readonly stream: StakedStream },
): void {
  const sum = events.reduce((total, event) => total + changeOf(event), opening.assets + opening.unvested);
  const held = stream.assets + stream.unvested;
  if (sum === held && opening.shares >= 0n) return;
  const reason = `seMetis holds ${held} wei and ${stream.shares} shares, the logs lead to ${sum} from ${opening.shares}`;
  throw new MissingLogsError("l2", block.blockNumber, reason);
}

function since(events: readonly Event[], { blockNumber }: BlockStamp): readonly Event[] {
  return events.filter(({ log }) => log.blockNumber > blockNumber);
}

function isStream({ name }: Event): boolean {
  return streamEvents.some((event) => event === name);
}

function sharesOf({ name, amount }: Event): bigint {
  if (name === "Deposit") return amount("shares");
  return name === "Withdraw" ? -amount("shares") : 0n;
}

function changeOf({ name, amount }: Event): bigint {
  if (name === "Deposit") return amount("assets");
  if (name === "Withdraw") return -amount("assets");
  if (name === "RewardAdded") return amount("reward") + amount("donated");
  if (name === "LossAbsorbed") return -amount("fromUnvested") - amount("fromAssets");
  return name === "UnvestedBurned" ? -amount("burned") : 0n;
}
