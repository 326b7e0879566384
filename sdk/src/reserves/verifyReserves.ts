import type { Context } from "../context";
import { ParameterError, RpcAnswerError } from "../errors";
import { max } from "../math/integers";
import { type Report, attributeUp, inboundAssets, outboundAssets } from "../math/ledger";
import { compareChains, impossibilities } from "./compareChains";
import { compareL1 } from "./compareL1";
import { compareL2 } from "./compareL2";
import { checkVaults, foreseeReport } from "./foreseeReport";
import type { Fault, Line } from "./line";
import { type L1Reserves, readL1Reserves } from "./readL1Reserves";
import { type L2Reserves, readL2Reserves } from "./readL2Reserves";

/** Which blocks to compare. */
export interface VerifyReservesParameters {
  /** A block of Ethereum, not older than `l2Block`. @defaultValue the latest, read after Metis */
  readonly l1Block?: number;
  /** A block of Metis. @defaultValue the latest */
  readonly l2Block?: number;
}

/** Where the assets are, in wei of METIS; signed. Their sum is `assets`, unless that is negative. */
export interface ReserveBuckets {
  /** Held by StakingPool. */
  readonly pool: bigint;
  /** Sent to Ethereum and not there yet. */
  readonly onTheWayUp: bigint;
  /** In LockingPool and LockManager, without what operators are owed. */
  readonly onL1: bigint;
  /** Sent to Metis and not handed to StakingPool yet; negative where METIS came that nobody announced. */
  readonly onTheWayDown: bigint;
  /** Deposited on Ethereum for eMetis that is not minted yet: it is not the holders'. Never above 0 without a fault. */
  readonly toBeMinted: bigint;
}

/** What {@link verifyReserves} found. Wei. */
export interface ReservesVerdict {
  /**
   * `backed`: every number fits, and assets are at least supply. `underbacked`: every number fits, and assets are less. `faulty`: a number
   * cannot be; `faults` says which.
   */
  readonly type: "backed" | "underbacked" | "faulty";
  readonly l1Block: number;
  readonly l2Block: number;
  /** What `totalAssets` on Metis would be with a report taken in the block of Ethereum. */
  readonly assets: bigint;
  /** All eMetis. */
  readonly liabilities: bigint;
  /** `assets − liabilities`. */
  readonly margin: bigint;
  readonly buckets: ReserveBuckets;
  readonly lines: readonly Line[];
  readonly faults: readonly Fault[];
}

/**
 * Recomputes the reserves on both chains and says whether all eMetis is backed. What is locked is read from Metis's LockingPool, what is
 * held from balances; every number that the protocol books is compared with it. 1 round trip on Metis, then 2 on Ethereum.
 *
 * Metis is read first: METIS and messages go down within minutes and up within days, so an Ethereum that is not older knows of all that
 * Metis knows. With an older block of Ethereum a deposit that was minted in between looks like a fault.
 *
 * METIS in transit is taken from the counters of its sender: that Metis's bridge delivers it is trusted, here as in the protocol. Gifts
 * that the ledger does not count yet are lines, and no assets. That the code is the protocol's own is for {@link verifyDeployment} to say.
 *
 * @throws {@link ParameterError} when a block is no number, or the block of Ethereum is older than the report that Metis works with;
 * and as {@link readL1} and {@link readL2}.
 * @example
 * const { type, margin, faults } = await verifyReserves(context);
 */
export async function verifyReserves(
  context: Context,
  { l1Block, l2Block }: VerifyReservesParameters = {},
): Promise<ReservesVerdict> {
  checkBlock("l1Block", l1Block);
  checkBlock("l2Block", l2Block);
  const l2 = await readL2Reserves(context, l2Block);
  const l1 = await readL1Reserves(context, l1Block);
  requireRecent(l1, l2, l1Block);
  return judge(l1, l2);
}

/**
 * The verdict on what was read. Pure.
 *
 * @example
 * const verdict = judge(await readL1Reserves(context, undefined), await readL2Reserves(context, undefined));
 */
export function judge(l1: L1Reserves, l2: L2Reserves): ReservesVerdict {
  const vaults = checkVaults(l1.vaults);
  const now = foreseeReport(l1, vaults);
  const onL1 = compareL1(l1, vaults);
  const isL1Faulty = onL1.some(({ fault }) => fault !== undefined);
  const findings = [...onL1, ...compareL2(l2), ...compareChains(l1, l2, now, isL1Faulty)];
  const shown = findings.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
  const faults = [...shown, ...impossibilities(l1, l2)];
  const buckets = bucketsOf(l2, now);
  const assets = max(
    0n,
    Object.values<bigint>({ ...buckets }).reduce((sum, bucket) => sum + bucket, 0n),
  );
  const margin = assets - l2.totalSupply;
  return {
    type: faults.length > 0 ? "faulty" : margin < 0n ? "underbacked" : "backed",
    l1Block: l1.block.blockNumber,
    l2Block: l2.block.blockNumber,
    ...{ assets, liabilities: l2.totalSupply, margin, buckets, faults },
    lines: findings.map(({ line }) => line),
  };
}

/** The ledger with a report of now: METIS that the pool holds beyond its buffer is booked with the report. */
function bucketsOf({ counters, balances }: L2Reserves, now: Report): ReserveBuckets {
  const attributed = { ...counters, attributedUp: attributeUp(counters, now) };
  return {
    pool: balances.pool,
    onTheWayUp: outboundAssets(attributed, now),
    onL1: now.l1Assets,
    onTheWayDown: inboundAssets(counters, now),
    toBeMinted: counters.mintedForL1 - now.l1Deposits,
  };
}

function checkBlock(parameter: string, block: number | undefined): void {
  if (block === undefined || (Number.isSafeInteger(block) && block >= 0)) return;
  throw new ParameterError(parameter, block, "give the number of a block");
}

function requireRecent({ block }: L1Reserves, { report }: L2Reserves, l1Block: number | undefined): void {
  if (block.timestamp >= report.takenAt) return;
  const lack = `it is of second ${block.timestamp}, the report that Metis works with was taken at ${report.takenAt}`;
  if (l1Block === undefined) throw new RpcAnswerError("l1", "eth_call", `its latest block is old: ${lack}`);
  throw new ParameterError("l1Block", l1Block, `${lack}: give a later block`);
}
