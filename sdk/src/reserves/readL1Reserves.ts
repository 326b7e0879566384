import { isError } from "ethers";

import { checkAddress, checkAnyAddress } from "../check";
import type { L1Context } from "../context";
import { RevertError, UnknownRevertError } from "../errors";
import {
  type ILockingPool,
  type LockManager,
  IERC20__factory,
  ILockingPool__factory,
  LockManager__factory,
} from "../generated/contracts";
import type { BlockStamp } from "../rpc/readBatch";
import { type PinnedRunner, readL1 } from "../rpc/readPinned";
import type { Address } from "../types";

/** As many vaults as LockManager can have. */
const greatestVaultCount = 20;
/** Amounts above it, 30 times all METIS, are absurd to the contracts. */
const greatestAmount = 2n ** 88n - 1n;

/** A position as Metis's LockingPool tells it. */
export interface LockingPosition {
  readonly owner: Address;
  /** Wei of METIS locked. */
  readonly amount: bigint;
  /** Wei of METIS of reward not yet paid out. */
  readonly reward: bigint;
  /** As `ILockingPool.Status`: 0 unavailable, 1 inactive, 2 active, 3 unlocked. */
  readonly status: bigint;
}

/** A vault as LockManager books it, beside what can be read of it elsewhere. Wei of METIS. */
export interface VaultReserves {
  readonly index: number;
  readonly vault: Address;
  /** As `IVaultOperations.Phase`: 0 waiting, 1 active, 2 exiting. */
  readonly phase: bigint;
  /** 0 while there is no position. */
  readonly sequencerId: bigint;
  readonly principal: bigint;
  readonly reward: bigint;
  readonly owed: bigint;
  readonly commissionBps: bigint;
  readonly nextCommissionBps: bigint;
  /** METIS of the vault itself. */
  readonly balance: bigint;
  /** `undefined` when LockingPool does not tell, or there is none. */
  readonly position: LockingPosition | undefined;
}

/** What can be read of the reserves on Ethereum. Wei of METIS. */
export interface L1Reserves {
  readonly block: BlockStamp;
  /** METIS of LockManager, as the token tells. */
  readonly balance: bigint;
  /** METIS of L1Gateway, as the token tells. */
  readonly gatewayBalance: bigint;
  readonly idle: bigint;
  readonly owed: bigint;
  readonly l1Assets: bigint;
  readonly receivedFromL2: bigint;
  readonly sentToL2: bigint;
  readonly l1Deposits: bigint;
  readonly lastMessage: bigint;
  /** Unix seconds; 0: never. */
  readonly lossSeenAt: bigint;
  readonly vaults: readonly VaultReserves[];
}

/**
 * Reads LockManager's books, and beside them what LockingPool and the METIS token say, all in one block of Ethereum. 2 round trips.
 *
 * @param blockTag - The block; the latest when `undefined`.
 * @throws as {@link readL1}.
 * @example
 * const { vaults } = await readL1Reserves(context, undefined);
 */
export async function readL1Reserves(context: L1Context, blockTag: number | undefined): Promise<L1Reserves> {
  const { block, value } = await readL1(context, blockTag, async (runner) => {
    const { vaultCount, guesses, ...own } = await readManager(context, runner);
    const manager = LockManager__factory.connect(context.deployment.l1.lockManager, runner);
    const count = Number(vaultCount);
    const books = await Promise.all(
      Array.from({ length: count }, async (_, index) => guesses[index] ?? manager.vaultAt(index)),
    );
    const vaults = await Promise.all(books.map((book, index) => readVault(context, runner, index, book)));
    return { ...own, vaults };
  });
  return { block, ...value };
}

/** LockManager's own books, and those of its vaults: as many as it may have, for their number comes with the same answer. */
async function readManager({ deployment }: L1Context, runner: PinnedRunner) {
  const { lockManager, l1Gateway, metis } = deployment.l1;
  const manager = LockManager__factory.connect(lockManager, runner);
  const token = IERC20__factory.connect(metis, runner);
  const vaults = Array.from({ length: greatestVaultCount }, (_, index) => unlessReverted(manager.vaultAt(index)));
  const [counters, vaultCount, balance, gatewayBalance, idle, owed, l1Assets, lastMessage, lossSeenAt, guesses] =
    await Promise.all([
      manager.counters(),
      manager.vaultCount(),
      token.balanceOf(lockManager),
      token.balanceOf(l1Gateway),
      manager.idle(),
      manager.owed(),
      manager.l1Assets(),
      manager.lastMessage(),
      manager.lossSeenAt(),
      Promise.all(vaults),
    ]);
  const { receivedFromL2, sentToL2, l1Deposits } = counters;
  const own = { balance, gatewayBalance, idle, owed, l1Assets, lastMessage, lossSeenAt };
  return { ...own, receivedFromL2, sentToL2, l1Deposits, vaultCount, guesses };
}

async function readVault(
  { deployment }: L1Context,
  runner: PinnedRunner,
  index: number,
  book: Awaited<ReturnType<LockManager["vaultAt"]>>,
): Promise<VaultReserves> {
  const { metis, lockingPool } = deployment.l1;
  const [position, balance] = await Promise.all([
    readPosition(ILockingPool__factory.connect(lockingPool, runner), book.sequencerId),
    IERC20__factory.connect(metis, runner).balanceOf(book.vault),
  ]);
  const { phase, sequencerId, principal, reward, owed, commissionBps, nextCommissionBps } = book;
  const amounts = { principal, reward, owed, commissionBps, nextCommissionBps };
  return { index, vault: checkAddress("vault", book.vault), phase, sequencerId, ...amounts, balance, position };
}

/** As the contracts read it: an absurd amount or a position that never was is not told. */
async function readPosition(pool: ILockingPool, sequencerId: bigint): Promise<LockingPosition | undefined> {
  if (sequencerId === 0n) return undefined;
  const read = await unlessReverted(pool.sequencers(sequencerId));
  if (read === undefined) return undefined;
  const { owner, amount, reward, status } = read;
  const isAbsurd = amount > greatestAmount || reward > greatestAmount || status === 0n || status > 3n;
  return isAbsurd ? undefined : { owner: checkAnyAddress("owner", owner), amount, reward, status };
}

/** `undefined` where the contract refuses, or its answer is malformed; whatever the node does wrong is thrown. */
async function unlessReverted<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    const isRefused = error instanceof RevertError || error instanceof UnknownRevertError;
    if (isRefused || isError(error, "BAD_DATA")) return undefined;
    throw error;
  }
}
