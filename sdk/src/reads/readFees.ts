import { checkAmount } from "../check";
import type { L2Context } from "../context";
import { RevertError } from "../errors";
import { type StakingPool, RedemptionQueue__factory, StakingPool__factory } from "../generated/contracts";
import { WAD, saturatingSub } from "../math/integers";
import { marginalFee } from "../math/marginalFee";
import type { BlockStamp } from "../rpc/readBatch";
import { readL2 } from "../rpc/readPinned";
import { readPoolStorage } from "./poolStorage";

/** What redeeming a given amount at once brings; wei. */
export type InstantQuote =
  | {
      readonly type: "quote";
      /** eMetis given. */
      readonly assets: bigint;
      /** METIS that those are worth at the redemption rate, rounded down. */
      readonly value: bigint;
      /** METIS paid, rounded down. */
      readonly paid: bigint;
      /** What stays with the holders: value − paid. */
      readonly fee: bigint;
    }
  | {
      /** The free buffer covers only `available` of `value`. */
      readonly type: "bufferTooSmall";
      readonly assets: bigint;
      readonly value: bigint;
      readonly available: bigint;
    }
  | {
      /** Paused, or stopped by a loss that nobody confirmed: `readLimits` tells until when. */
      readonly type: "closed";
      readonly assets: bigint;
    };

/** What the protocol takes. Bridge fees are paid to Metis, not to it. */
export interface Fees {
  readonly block: BlockStamp;
  /** Share of rewards for the treasury, in basis points; what repairs a loss bears none. */
  readonly protocolFeeBps: bigint;
  /** Instant fee at and above the reserve target, in basis points of what is paid. */
  readonly minInstantFeeBps: bigint;
  /** Instant fee at an empty buffer, in basis points of what is paid. */
  readonly maxInstantFeeBps: bigint;
  /** METIS in the pool beyond what the queue waits for, wei. */
  readonly freeBuffer: bigint;
  /** Free buffer at which the instant fee is lowest, wei. */
  readonly reserveTarget: bigint;
  /** What the next wei paid at once costs, as a share of it; 1e18-scaled, rounded up. */
  readonly marginalInstantFee: bigint;
}

/**
 * Reads the fees, and with `assets` what redeeming that much at once brings now. 2 round trips on Metis: the views in one request, then
 * what has no view, from the pool's storage, with 2 requests at once.
 *
 * @param parameters - `assets`: wei of eMetis to redeem at once; `l2Block`: the block to read, the latest unless given.
 * @throws {@link AmountError} when `assets` is not above 0, and what `readL2` throws.
 * @example
 * const { quote } = await readFees(context, { assets: parseAmount("100") });
 * if (quote.type === "quote") redeemInstant(deployment, { assets: quote.assets, minOut: quote.paid, receiver });
 */
export async function readFees(
  context: L2Context,
  parameters: { readonly assets: bigint; readonly l2Block?: number },
): Promise<Fees & { readonly quote: InstantQuote }>;
/** As above, without a quote. */
export async function readFees(context: L2Context, parameters?: { readonly l2Block?: number }): Promise<Fees>;
export async function readFees(
  context: L2Context,
  { assets, l2Block }: { readonly assets?: bigint; readonly l2Block?: number } = {},
): Promise<Fees & { readonly quote?: InstantQuote }> {
  if (assets !== undefined) checkAmount("assets", assets);
  const { l2 } = context.deployment;
  const { block, value } = await readL2(context, l2Block, (runner) => {
    const pool = StakingPool__factory.connect(l2.stakingPool, runner);
    const queue = RedemptionQueue__factory.connect(l2.redemptionQueue, runner);
    const quote = assets === undefined ? undefined : quoteOf(pool, assets);
    return Promise.all([pool.parameters(), pool.buffer(), queue.pending(), quote]);
  });
  const [{ protocolFeeBps, minInstantFeeBps, maxInstantFeeBps }, buffer, pending, quote] = value;
  const { reserveTarget } = await readPoolStorage(context, block.blockNumber);
  const freeBuffer = saturatingSub(buffer, pending);
  const line = { target: reserveTarget, minInstantFeeBps, maxInstantFeeBps };
  const marginalInstantFee = marginalFee(freeBuffer, line);
  const bounds = { protocolFeeBps, minInstantFeeBps, maxInstantFeeBps };
  const fees = { block, ...bounds, freeBuffer, reserveTarget, marginalInstantFee };
  return quote === undefined ? fees : { ...fees, quote };
}

async function quoteOf(pool: StakingPool, assets: bigint): Promise<InstantQuote> {
  try {
    const [paid, rate] = await Promise.all([pool.previewRedeemInstant(assets), pool.redemptionRate()]);
    const value = (assets * rate) / WAD;
    return { type: "quote", assets, value, paid, fee: value - paid };
  } catch (error) {
    return refusalOf(error, assets);
  }
}

function refusalOf(error: unknown, assets: bigint): InstantQuote {
  if (!(error instanceof RevertError)) throw error;
  const { asked, available } = error.args;
  const isTooSmall = error.error === "StakingPool__BufferTooSmall";
  if (isTooSmall && typeof asked === "bigint" && typeof available === "bigint") {
    return { type: "bufferTooSmall", assets, value: asked, available };
  }
  const isClosed = error.error === "StakingPool__Paused" || error.error === "StakingPool__LossUnconfirmed";
  if (isClosed) return { type: "closed", assets };
  throw error;
}
