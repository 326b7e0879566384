import type { L2Context } from "../context";
import { EMetis__factory, SEMetis__factory, StakingPool__factory } from "../generated/contracts";
import { compoundDaily } from "../math/apr";
import { type StakedStream, forwardApr, priceAt } from "../math/rates";
import type { BlockStamp } from "../rpc/readBatch";
import { readL2 } from "../rpc/readPinned";

/** What eMetis and seMetis are worth in one block. */
export interface Rates {
  readonly block: BlockStamp;
  /** Wei of METIS for 1e18 wei of eMetis in a redemption: min(1, totalAssets / totalSupply), rounded down. */
  readonly redemptionRate: bigint;
  /** Wei of eMetis for 1e18 wei of seMetis at the block's time, rounded down. */
  readonly price: bigint;
  /** seMetis as stored: with `priceAt` it tells the price of any second until the next event. */
  readonly stream: StakedStream;
  /** What the stream pays now for a year, 1e18-scaled; 0 when nothing streams. See `forwardApr`. */
  readonly apr: bigint;
  /** `apr` compounded daily, 1e18-scaled. See `compoundDaily`. */
  readonly apy: bigint;
  /** Wei of METIS that back eMetis on both chains, as of the last report. */
  readonly totalAssets: bigint;
  /** Wei of eMetis in existence. */
  readonly totalSupply: bigint;
}

/**
 * Reads what eMetis and seMetis are worth now, and what the stream will make of it. 1 round trip on Metis.
 *
 * @param parameters - `l2Block`: the block to read, the latest unless given.
 * @throws what `readL2` throws: {@link RpcError}, {@link RpcTimeoutError}, {@link ChainMismatchError}, {@link NoContractError} …
 * @example
 * const { price, stream, block } = await readRates(context);
 * const tomorrow = priceAt(stream, block.timestamp + 86_400n);
 */
export async function readRates(context: L2Context, parameters: { readonly l2Block?: number } = {}): Promise<Rates> {
  const { l2 } = context.deployment;
  const { block, value } = await readL2(context, parameters.l2Block, (runner) => {
    const pool = StakingPool__factory.connect(l2.stakingPool, runner);
    const seMetis = SEMetis__factory.connect(l2.seMetis, runner);
    const eMetis = EMetis__factory.connect(l2.eMetis, runner);
    return Promise.all([
      pool.redemptionRate(),
      pool.totalAssets(),
      eMetis.totalSupply(),
      seMetis.stream(),
      seMetis.totalSupply(),
    ]);
  });
  const [redemptionRate, totalAssets, totalSupply, { assets, unvested, vestedAt, endsAt }, shares] = value;
  const stream = { assets, unvested, vestedAt, endsAt, shares };
  const apr = forwardApr(stream, block.timestamp);
  const price = priceAt(stream, block.timestamp);
  return { block, redemptionRate, price, stream, apr, apy: compoundDaily(apr), totalAssets, totalSupply };
}
