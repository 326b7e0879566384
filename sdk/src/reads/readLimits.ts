import type { Context, L1Context, L2Context } from "../context";
import {
  L1Gateway__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../generated/contracts";
import { ledgerSum } from "../math/ledger";
import { available } from "../math/rateLimit";
import type { BlockStamp } from "../rpc/readBatch";
import { type PinnedRunner, readL1, readL2 } from "../rpc/readPinned";
import { readPoolStorage } from "./poolStorage";
import type { LedgerCounters } from "./readSolvency";

/** Whether deposits on Metis are taken, and the first reason why not. Times are Unix seconds, amounts wei. */
export type DepositGate =
  | { readonly type: "open" }
  | { readonly type: "paused"; readonly until: bigint }
  | { readonly type: "lossUnconfirmed"; readonly until: bigint }
  /** eMetis was minted for deposits that Ethereum does not know. */
  | { readonly type: "unbackedL1Mints"; readonly assets: bigint }
  /** eMetis is worth less than METIS: `missing` wei lack. */
  | { readonly type: "undercollateralised"; readonly missing: bigint };

/** Whether METIS is paid at once. */
export type InstantGate =
  | { readonly type: "open"; readonly maximum: bigint }
  | { readonly type: "paused"; readonly until: bigint }
  | { readonly type: "lossUnconfirmed"; readonly until: bigint };

/** Whether seMetis takes and gives. */
export type VaultGate =
  | { readonly type: "open" }
  /** Neither, by a loss that nobody confirmed. */
  | { readonly type: "closed"; readonly until: bigint }
  /** It gives and takes nothing: a loss left shares without assets, until a reward vests. */
  | { readonly type: "drained" };

/** Whether LockManager takes deposits on Ethereum. */
export type L1DepositGate =
  | { readonly type: "open" }
  | { readonly type: "paused"; readonly until: bigint }
  /** A loss was seen there less than 3 days ago. */
  | { readonly type: "lossSeen"; readonly until: bigint };

/** What Metis allows now; wei. */
export interface LimitsOnL2 {
  readonly block: BlockStamp;
  /** Least METIS of a deposit. */
  readonly minDeposit: bigint;
  /** Least eMetis of a ticket. */
  readonly minTicket: bigint;
  readonly deposits: DepositGate;
  /** `maximum`: eMetis that can be redeemed at once, by all together. */
  readonly instantRedemption: InstantGate;
  readonly seMetis: VaultGate;
  /** eMetis that deposits from Ethereum may mint in a day. */
  readonly l1DepositLimit: bigint;
  /**
   * What of that is left in this block. Minting needs no pause, no unconfirmed loss and no unbacked mints; and while eMetis is worth
   * less than METIS only its receiver can deliver a deposit.
   */
  readonly l1DepositsAvailable: bigint;
}

/** What Ethereum allows now; wei. */
export interface LimitsOnL1 {
  readonly block: BlockStamp;
  /** Least METIS of a deposit. */
  readonly minDeposit: bigint;
  readonly deposits: L1DepositGate;
  /** ETH that a deposit pays Metis's bridge; it follows Metis's oracle, so send somewhat more: the surplus returns. */
  readonly messageFee: bigint;
}

/** What both chains allow now. */
export interface Limits {
  readonly l2: LimitsOnL2;
  readonly l1: LimitsOnL1;
}

/** Which blocks to read. */
export interface LimitsParameters {
  /** @defaultValue the latest */
  readonly l2Block?: number;
  /** @defaultValue the latest */
  readonly l1Block?: number;
}

/** For so long after a loss seen on Ethereum there is no deposit there. */
const lossDelay = 3n * 86_400n;

/**
 * Reads what may be done now, and why not what may not. 2 round trips: one request to each chain at once, then what of the limit for
 * deposits from Ethereum is used, which no view tells, from the pool's storage by 2 requests at once.
 *
 * With a context of Metis alone the part of Ethereum is left out, in the type too.
 *
 * @throws what `readL2` and `readL1` throw.
 * @example
 * const { l2 } = await readLimits(context);
 * if (l2.deposits.type === "paused") console.log(`Deposits open again at ${l2.deposits.until}`);
 */
export async function readLimits(context: Context, parameters?: LimitsParameters): Promise<Limits>;
/** As above, of Metis alone. */
export async function readLimits(
  context: L2Context,
  parameters?: Omit<LimitsParameters, "l1Block">,
): Promise<Pick<Limits, "l2">>;
export async function readLimits(
  context: Context | L2Context,
  parameters: LimitsParameters = {},
): Promise<Limits | Pick<Limits, "l2">> {
  const onL2 = readOnL2(context, parameters.l2Block);
  if (!("l1" in context)) return { l2: await onL2 };
  const [l2, l1] = await Promise.all([onL2, readOnL1(context, parameters.l1Block)]);
  return { l2, l1 };
}

async function readOnL2(context: L2Context, l2Block: number | undefined): Promise<LimitsOnL2> {
  const { block, value } = await readL2(context, l2Block, (runner) => readGates(context, runner));
  const { parameters, maximum, solvency, ...gates } = value;
  const { l1DepositBucket } = await readPoolStorage(context, block.blockNumber);
  const now = block.timestamp;
  const stop = stopOf(now, gates.pausedUntil, gates.stoppedUntil);
  return {
    block,
    minDeposit: gates.minDeposit,
    minTicket: gates.minTicket,
    deposits: stop ?? backingGate(solvency),
    instantRedemption: stop ?? { type: "open", maximum },
    seMetis: vaultGate(now, gates.closedUntil, gates.maxDeposit),
    l1DepositLimit: parameters.l1DepositLimit,
    l1DepositsAvailable: available(l1DepositBucket, parameters.l1DepositLimit, now),
  };
}

async function readGates({ deployment: { l2 } }: L2Context, runner: PinnedRunner) {
  const pool = StakingPool__factory.connect(l2.stakingPool, runner);
  const seMetis = SEMetis__factory.connect(l2.seMetis, runner);
  const queue = RedemptionQueue__factory.connect(l2.redemptionQueue, runner);
  const [[minDeposit, minTicket], [pausedUntil, stoppedUntil], [solvency, maximum, parameters], staked] =
    await Promise.all([
      Promise.all([pool.MIN_DEPOSIT(), queue.MIN_TICKET()]),
      Promise.all([pool.pausedUntil(), pool.stoppedUntil()]),
      Promise.all([pool.solvency(), pool.maxRedeemInstant(), pool.parameters()]),
      Promise.all([seMetis.closedUntil(), seMetis.maxDeposit(l2.stakingPool)]),
    ]);
  const [closedUntil, maxDeposit] = staked;
  return { minDeposit, minTicket, pausedUntil, stoppedUntil, solvency, maximum, parameters, closedUntil, maxDeposit };
}

/** In the pool's order: pause, loss. */
function stopOf(now: bigint, pausedUntil: bigint, stoppedUntil: bigint) {
  if (now < pausedUntil) return { type: "paused", until: pausedUntil } as const;
  if (now < stoppedUntil) return { type: "lossUnconfirmed", until: stoppedUntil } as const;
  return undefined;
}

/** The pool asks for the backing after the deposit, which adds as much to both sides: the signed sum must reach supply before it. */
function backingGate(
  solvency: LedgerCounters & { readonly unbackedL1Mints: bigint; readonly totalSupply: bigint },
): DepositGate {
  const { l1Assets, receivedFromL2, sentToL2, l1Deposits, unbackedL1Mints, totalSupply } = solvency;
  if (unbackedL1Mints > 0n) return { type: "unbackedL1Mints", assets: unbackedL1Mints };
  const sum = ledgerSum(solvency, { takenAt: 0n, l1Assets, receivedFromL2, sentToL2, l1Deposits });
  return sum >= totalSupply ? { type: "open" } : { type: "undercollateralised", missing: totalSupply - sum };
}

function vaultGate(now: bigint, closedUntil: bigint, maxDeposit: bigint): VaultGate {
  if (now < closedUntil) return { type: "closed", until: closedUntil };
  return maxDeposit === 0n ? { type: "drained" } : { type: "open" };
}

async function readOnL1(context: L1Context, l1Block: number | undefined): Promise<LimitsOnL1> {
  const { l1 } = context.deployment;
  const { block, value } = await readL1(context, l1Block, (runner) => {
    const lockManager = LockManager__factory.connect(l1.lockManager, runner);
    const gateway = L1Gateway__factory.connect(l1.l1Gateway, runner);
    return Promise.all([
      lockManager.MIN_DEPOSIT(),
      lockManager.pausedUntil(),
      lockManager.lossSeenAt(),
      gateway.messageFee(),
    ]);
  });
  const [minDeposit, pausedUntil, lossSeenAt, messageFee] = value;
  const deposits = l1Gate(block.timestamp, pausedUntil, lossSeenAt === 0n ? 0n : lossSeenAt + lossDelay);
  return { block, minDeposit, deposits, messageFee };
}

function l1Gate(now: bigint, pausedUntil: bigint, openAt: bigint): L1DepositGate {
  if (now < pausedUntil) return { type: "paused", until: pausedUntil };
  return now < openAt ? { type: "lossSeen", until: openAt } : { type: "open" };
}
