import type { L2Context } from "../context";
import { SEMetis__factory, StakingPool__factory } from "../generated/contracts";
import { WAD, saturatingSub } from "../math/integers";
import { metisPrice } from "../math/rates";
import type { BlockStamp } from "../rpc/readBatch";
import { readL2 } from "../rpc/readPinned";

/** What a lender may count seMetis for, and how old that is. */
export interface CollateralPrice {
  readonly block: BlockStamp;
  /** Wei of METIS for 1e18 wei of seMetis: `price` times `redemptionRate`, rounded down. */
  readonly metis: bigint;
  /** Wei of eMetis for 1e18 wei of seMetis, rounded down. */
  readonly price: bigint;
  /** Wei of METIS for 1e18 wei of eMetis in a redemption, rounded down. */
  readonly redemptionRate: bigint;
  /** The report that the redemption rate rests on; 0 before the first. */
  readonly reportNumber: bigint;
  /** Seconds from when the report was taken on Ethereum to this block; 0 while the clock of Metis lags behind. */
  readonly reportAge: bigint;
  /** The same from when every vault could last be read: what a loss since then costs is not in the price. */
  readonly vaultsAge: bigint;
  /** Until when nobody can redeem because of a loss that nobody confirmed, or a pause; 0 when it is open. Unix seconds. */
  readonly stoppedUntil: bigint;
}

/**
 * Reads the price of seMetis as collateral. 1 round trip on Metis.
 *
 * The price rises second by second with the stream and falls at once with a reported loss. Nobody moves it by transfers or
 * donations. It is what redemption pays, in days; the market may pay less today. Do not lend while `stoppedUntil` is not 0, or
 * when `reportAge` is above 2 days: reports are daily.
 *
 * @param parameters - `l2Block`: the block to read, the latest unless given.
 * @throws what `readL2` throws.
 * @example
 * const { metis, reportAge, stoppedUntil } = await readCollateralPrice(context);
 * const isUsable = stoppedUntil === 0n && reportAge < 172_800n;
 */
export async function readCollateralPrice(
  context: L2Context,
  parameters: { readonly l2Block?: number } = {},
): Promise<CollateralPrice> {
  const { l2 } = context.deployment;
  const { block, value } = await readL2(context, parameters.l2Block, (runner) => {
    const pool = StakingPool__factory.connect(l2.stakingPool, runner);
    const seMetis = SEMetis__factory.connect(l2.seMetis, runner);
    return Promise.all([
      seMetis.convertToAssets(WAD),
      pool.redemptionRate(),
      pool.solvency(),
      Promise.all([pool.pausedUntil(), pool.stoppedUntil()]),
    ]);
  });
  const [price, redemptionRate, { reportNumber, reportTakenAt, reportReadAt }, ends] = value;
  return {
    block,
    metis: metisPrice(price, redemptionRate),
    price,
    redemptionRate,
    reportNumber,
    reportAge: saturatingSub(block.timestamp, reportTakenAt),
    vaultsAge: saturatingSub(block.timestamp, reportReadAt),
    stoppedUntil: ends.reduce((latest, end) => (end > block.timestamp && end > latest ? end : latest), 0n),
  };
}
