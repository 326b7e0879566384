import { checkAmount } from "../check";
import type { L2Context } from "../context";
import { HistoryError, RpcError } from "../errors";
import { SHORTEST_WINDOW, aprOf, apyOf } from "../math/apr";
import { blockAt } from "../rpc/blockAt";
import type { BlockStamp } from "../rpc/readBatch";
import { type Rates, readRates } from "./readRates";

/** Which window to look back over. */
export interface AprParameters {
  /** Seconds back from the block that is read, at least an hour. It begins with the last block at or before its first second. */
  readonly window: bigint;
  /** The block it ends with. @defaultValue the latest */
  readonly l2Block?: number;
}

/** What seMetis grew by in a window. */
export interface RealisedApr {
  readonly from: BlockStamp;
  readonly to: BlockStamp;
  /** Wei of eMetis for 1e18 wei of seMetis in both blocks, rounded down. */
  readonly opening: bigint;
  readonly closing: bigint;
  /** Growth for a year without compounding, 1e18-scaled, rounded towards zero: `aprOf`. Negative after a loss. */
  readonly apr: bigint;
  /** Growth for a year when every window is like this one, 1e18-scaled: `apyOf`. */
  readonly apy: bigint;
}

/**
 * What seMetis grew by in a window that has passed, in eMetis, from its price in two blocks. A loss that lowers the redemption rate
 * is not in it: `redemptionRate` of {@link readRates} tells. In a protocol younger than the window it begins with the deployment's
 * `startBlock`, in which the contracts must be there.
 *
 * Needs a node with state of the old block; {@link readAprFromLogs} does without and gives the same to the wei. Round trips on Metis,
 * one after another: 1 for the last block, `blockAt`'s (about 10 headers), 1 for the first block.
 *
 * @throws {@link HistoryError} when the node has no state of the old block, {@link AmountError} when the window is below an hour or the
 * price was 0, and what `readL2` throws.
 * @example
 * const { apr, apy } = await readApr(context, { window: 7n * 86_400n });
 */
export async function readApr(context: L2Context, { window, l2Block }: AprParameters): Promise<RealisedApr> {
  const closing = await readRates(context, l2Block === undefined ? {} : { l2Block });
  const from = await windowStart(context, closing.block, window);
  const opening = await readOldRates(context, from.blockNumber);
  return realised({ from, opening: opening.price }, { to: closing.block, closing: closing.price });
}

/**
 * The block with which a window begins that ends with `last`: the deployment's first one when it would be earlier.
 *
 * @throws {@link AmountError} when the window is below an hour, and what `blockAt` throws.
 * @example
 * const from = await windowStart(context, rates.block, 86_400n);
 */
export async function windowStart(context: L2Context, last: BlockStamp, window: bigint): Promise<BlockStamp> {
  checkAmount("window", window, { minimum: SHORTEST_WINDOW });
  const query = {
    ...context,
    side: "l2",
    provider: context.l2,
    first: context.deployment.l2.startBlock,
    last,
  } as const;
  return blockAt(query, last.timestamp - window);
}

/**
 * APR and APY of two prices.
 *
 * @throws as `aprOf`.
 * @example
 * realised({ from, opening: 10n ** 18n }, { to, closing: 101n * 10n ** 16n }).apr;
 */
export function realised(
  { from, opening }: Pick<RealisedApr, "from" | "opening">,
  { to, closing }: Pick<RealisedApr, "to" | "closing">,
): RealisedApr {
  const growth = { opening, closing, seconds: to.timestamp - from.timestamp };
  return { from, to, opening, closing, apr: aprOf(growth), apy: apyOf(growth) };
}

async function readOldRates(context: L2Context, l2Block: number): Promise<Rates> {
  try {
    return await readRates(context, { l2Block });
  } catch (error) {
    if (error instanceof RpcError) throw new HistoryError("l2", l2Block, "readAprFromLogs", error.cause);
    throw error;
  }
}
