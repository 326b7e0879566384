import type { L2Context } from "../context";
import {
  EMetis__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../generated/contracts";
import type { Counters, Report } from "../math/ledger";
import type { BlockStamp } from "../rpc/readBatch";
import { readL2 } from "../rpc/readPinned";

/** What can be read of the reserves on Metis. Wei of METIS or eMetis. */
export interface L2Reserves {
  readonly block: BlockStamp;
  /** The lines that Metis keeps. */
  readonly counters: Counters;
  /** What the last report applied said. */
  readonly report: Report;
  /** 0 before the first. */
  readonly reportNumber: bigint;
  /** What StakingPool itself finds unbacked. */
  readonly unbackedL1Mints: bigint;
  /** As StakingPool adds it up. */
  readonly totalAssets: bigint;
  readonly totalSupply: bigint;
  /** METIS that the accounts hold. */
  readonly balances: { readonly pool: bigint; readonly queue: bigint; readonly gateway: bigint };
  /** METIS that finalised tickets will be paid. */
  readonly reserved: bigint;
  /** eMetis that waits in the queue, and what the queue holds. */
  readonly pending: bigint;
  readonly escrowed: bigint;
  /** eMetis that seMetis has booked, vested or not, and what it holds. */
  readonly staked: bigint;
  readonly stakedBalance: bigint;
}

/**
 * Reads the ledger on Metis, and beside it what its accounts hold, all in one block. 1 round trip.
 *
 * @param blockTag - The block; the latest when `undefined`.
 * @throws as {@link readL2}.
 * @example
 * const { counters, balances } = await readL2Reserves(context, undefined);
 */
export async function readL2Reserves(context: L2Context, blockTag: number | undefined): Promise<L2Reserves> {
  const { eMetis, seMetis, stakingPool, redemptionQueue, l2Gateway } = context.deployment.l2;
  const { block, value } = await readL2(context, blockTag, (runner) => {
    const pool = StakingPool__factory.connect(stakingPool, runner);
    const queue = RedemptionQueue__factory.connect(redemptionQueue, runner);
    const token = EMetis__factory.connect(eMetis, runner);
    return Promise.all([
      pool.solvency(),
      pool.totalAssets(),
      token.totalSupply(),
      runner.balance(stakingPool),
      runner.balance(redemptionQueue),
      runner.balance(l2Gateway),
      queue.reserved(),
      queue.pending(),
      token.balanceOf(redemptionQueue),
      SEMetis__factory.connect(seMetis, runner).stream(),
      token.balanceOf(seMetis),
    ]);
  });
  const [solvency, totalAssets, totalSupply, pool, queue, gateway, reserved, pending, escrowed, stream, held] = value;
  const { buffer, sentToL1, attributedUp, receivedFromL1, attributedDown, mintedForL1, unbackedL1Mints } = solvency;
  const { l1Assets, receivedFromL2, sentToL2, l1Deposits, reportNumber, reportTakenAt: takenAt } = solvency;
  return {
    block,
    counters: { buffer, sentToL1, attributedUp, receivedFromL1, attributedDown, mintedForL1 },
    report: { takenAt, l1Assets, receivedFromL2, sentToL2, l1Deposits },
    ...{ reportNumber, unbackedL1Mints, totalAssets, totalSupply, reserved, pending, escrowed },
    balances: { pool, queue, gateway },
    staked: stream.assets + stream.unvested,
    stakedBalance: held,
  };
}
