import type { L2Context } from "../context";
import { StakingPool__factory } from "../generated/contracts";
import { inboundAssets, outboundAssets } from "../math/ledger";
import { saturatingSub } from "../math/integers";
import type { BlockStamp } from "../rpc/readBatch";
import { readL2 } from "../rpc/readPinned";

/** The ledger's counters, wei of METIS. All but `buffer` and `l1Assets` only grow. */
export interface LedgerCounters {
  /** Free METIS in the pool. */
  readonly buffer: bigint;
  /** METIS ever sent up to Ethereum. */
  readonly sentToL1: bigint;
  /** METIS that Ethereum received beyond all that was ever sent up: given to it. */
  readonly attributedUp: bigint;
  /** METIS ever booked as arrived from Ethereum. */
  readonly receivedFromL1: bigint;
  /** Arrivals proved to be none of what Ethereum sent. */
  readonly attributedDown: bigint;
  /** eMetis ever minted for deposits on Ethereum. */
  readonly mintedForL1: bigint;
  /** Reported: locked + unclaimed rewards + idle − owed to operators. Negative when operators are owed more than is left. */
  readonly l1Assets: bigint;
  /** Reported: METIS that ever reached LockManager from Metis. */
  readonly receivedFromL2: bigint;
  /** Reported: METIS ever sent down. */
  readonly sentToL2: bigint;
  /** Reported: METIS ever deposited on Ethereum. */
  readonly l1Deposits: bigint;
}

/** Where the METIS is: signed lines that add up to the backing, wei of METIS. */
export interface LedgerLines {
  /** On Metis, free. */
  readonly buffer: bigint;
  /** On the way up, as far as the last report knows. */
  readonly up: bigint;
  /** On Ethereum, per the last report. */
  readonly l1Assets: bigint;
  /** On the way down; negative when METIS arrived that no report knows yet, and that is in `l1Assets` still. */
  readonly down: bigint;
  /** eMetis minted for deposits on Ethereum less those deposits: negative while some are on the way, positive before a report. */
  readonly deposits: bigint;
}

/** The last report that was applied. */
export interface AppliedReport {
  /** Its message number; 0 before the first. */
  readonly number: bigint;
  /** When it was taken, Unix seconds of Ethereum. */
  readonly takenAt: bigint;
  /** When every vault could last be read, Unix seconds of Ethereum. */
  readonly readAt: bigint;
  /** When it was applied, Unix seconds of Metis. */
  readonly appliedAt: bigint;
  /** Seconds from `takenAt` to the block that was read; 0 while the clock of Metis lags behind. */
  readonly age: bigint;
}

/** Whether eMetis is backed, and by what. */
export interface Solvency {
  readonly block: BlockStamp;
  /** Whether each eMetis is backed by one METIS or more, and none was minted for deposits that Ethereum does not know. */
  readonly isSolvent: boolean;
  /** Signed sum of the lines less `totalSupply`, wei: profit that is not recognised yet, or what lacks. */
  readonly margin: bigint;
  /** Sum of the lines, floored at 0; wei of METIS. */
  readonly totalAssets: bigint;
  /** eMetis in existence, wei. */
  readonly totalSupply: bigint;
  /** eMetis minted for deposits that Ethereum neither reported nor announced, wei; 0 unless there is a fault. */
  readonly unbackedL1Mints: bigint;
  /** Losses that later profits repair free of fee, wei. */
  readonly unrecoveredLoss: bigint;
  readonly lines: LedgerLines;
  readonly counters: LedgerCounters;
  readonly report: AppliedReport;
}

/**
 * Reads the ledger on Metis: all lines, what they sum up to, and how old the news from Ethereum is. 1 round trip on Metis.
 *
 * It is what the protocol says of itself; `verifyReserves` compares it with both chains.
 *
 * @param parameters - `l2Block`: the block to read, the latest unless given.
 * @throws what `readL2` throws.
 * @example
 * const { isSolvent, margin, report } = await readSolvency(context);
 */
export async function readSolvency(
  context: L2Context,
  parameters: { readonly l2Block?: number } = {},
): Promise<Solvency> {
  const { block, value } = await readL2(context, parameters.l2Block, (runner) => {
    const pool = StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
    return Promise.all([pool.solvency(), pool.unrecoveredLoss()]);
  });
  const [solvency, unrecoveredLoss] = value;
  const { totalAssets, totalSupply, unbackedL1Mints } = solvency;
  const counters = countersOf(solvency);
  const lines = linesOf(counters);
  const margin = lines.buffer + lines.up + lines.l1Assets + lines.down + lines.deposits - totalSupply;
  return {
    block,
    isSolvent: margin >= 0n && unbackedL1Mints === 0n,
    margin,
    totalAssets,
    totalSupply,
    unbackedL1Mints,
    unrecoveredLoss,
    lines,
    counters,
    report: reportOf(solvency, block.timestamp),
  };
}

/**
 * The signed lines of the ledger; their sum is what backs eMetis.
 *
 * @example
 * linesOf((await readSolvency(context)).counters).down;
 */
export function linesOf(counters: LedgerCounters): LedgerLines {
  const report = { ...counters, takenAt: 0n };
  return {
    buffer: counters.buffer,
    up: outboundAssets(counters, report),
    l1Assets: counters.l1Assets,
    down: inboundAssets(counters, report),
    deposits: counters.mintedForL1 - counters.l1Deposits,
  };
}

/** Names apart, the structs of TypeChain are arrays: the fields are taken one by one. */
function countersOf(solvency: LedgerCounters): LedgerCounters {
  return {
    buffer: solvency.buffer,
    sentToL1: solvency.sentToL1,
    attributedUp: solvency.attributedUp,
    receivedFromL1: solvency.receivedFromL1,
    attributedDown: solvency.attributedDown,
    mintedForL1: solvency.mintedForL1,
    l1Assets: solvency.l1Assets,
    receivedFromL2: solvency.receivedFromL2,
    sentToL2: solvency.sentToL2,
    l1Deposits: solvency.l1Deposits,
  };
}

function reportOf(
  solvency: Readonly<Record<"reportNumber" | "reportTakenAt" | "reportReadAt" | "reportAppliedAt", bigint>>,
  currentTime: bigint,
): AppliedReport {
  const { reportNumber, reportTakenAt, reportReadAt, reportAppliedAt } = solvency;
  return {
    number: reportNumber,
    takenAt: reportTakenAt,
    readAt: reportReadAt,
    appliedAt: reportAppliedAt,
    age: saturatingSub(currentTime, reportTakenAt),
  };
}
