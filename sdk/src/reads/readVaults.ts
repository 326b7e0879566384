import { checkAddress, checkAnyAddress } from "../check";
import type { L1Context } from "../context";
import { EMetisError, RevertError, UnknownRevertError } from "../errors";
import { ILockingPool__factory, type ILockingPool, LockManager__factory } from "../generated/contracts";
import type { LockManager } from "../generated/contracts";
import type { BlockStamp } from "../rpc/readBatch";
import { type PinnedRunner, readL1 } from "../rpc/readPinned";
import type { Address } from "../types";

/** Where a vault stands: no position, locked and earning, or unlocked and waiting for the exit delay. */
export type VaultPhase = "waiting" | "active" | "exiting";

/** What Metis's LockingPool tells of a position in this block; amounts in wei. */
export type LivePosition =
  /** The vault has no position. */
  | { readonly type: "none" }
  /** LockingPool's answer is missing or absurd: LockManager goes on with what it read last. */
  | { readonly type: "unreadable" }
  | {
      readonly type: "position";
      /** As LockManager would take it over now. */
      readonly phase: VaultPhase;
      /** METIS locked, or waiting in an exit. */
      readonly principal: bigint;
      /** METIS of reward not yet paid out. */
      readonly reward: bigint;
      /** Who is paid on Metis. */
      readonly rewardRecipient: Address;
      /** Who owns the position: the vault. */
      readonly owner: Address;
      /** When the exit can end, Unix seconds; 0 while there is none. */
      readonly exitClaimableAt: bigint;
    };

/** A sequencer vault; amounts in wei of METIS. */
export interface SequencerVault {
  readonly index: number;
  readonly vault: Address;
  readonly operator: Address;
  /** Position in LockingPool; 0 while there is none. */
  readonly sequencerId: bigint;
  /** As LockManager read it last. */
  readonly phase: VaultPhase;
  readonly principal: bigint;
  readonly reward: bigint;
  /** Owed to the operator for harvested rewards. */
  readonly owed: bigint;
  /** Our ceiling for the position. */
  readonly cap: bigint;
  /** The operator's share of `reward`, and of what comes after the next harvest, in basis points. */
  readonly commissionBps: bigint;
  readonly nextCommissionBps: bigint;
  /** Whether Metis lets the vault work its position. */
  readonly isWhitelisted: boolean;
  readonly live: LivePosition;
}

/** Sums over all vaults and LockManager; wei of METIS. */
export interface VaultTotals {
  /** As read last: locked + unclaimed rewards + idle − owed to operators, floored at 0. */
  readonly l1Assets: bigint;
  /** What could be sent down at once, read from LockingPool now. */
  readonly withdrawableNow: bigint;
  /** Held in LockManager beyond positions. */
  readonly idle: bigint;
  /** Owed to all operators for harvested rewards. */
  readonly owed: bigint;
  /** Of the live positions, and of what LockManager read last where one is unreadable. */
  readonly principal: bigint;
  readonly reward: bigint;
}

/** All vaults in one block of Ethereum. */
export interface Vaults {
  readonly block: BlockStamp;
  readonly vaults: readonly SequencerVault[];
  readonly totals: VaultTotals;
}

/** LockManager takes no more. Those that are not there yet answer so, which spares the trip that would count them. */
const mostVaults = 20;
const phases = ["waiting", "active", "exiting"] as const;
/** By LockingPool's status: unavailable, inactive, active, unlocked. */
const livePhases = [undefined, "exiting", "active", "waiting"] as const;
/** Beyond it LockManager holds an amount for absurd: 30 times all METIS. */
const greatestAmount = 2n ** 88n - 1n;

/**
 * Reads every sequencer vault: what LockManager read last, and what Metis's LockingPool tells now. 2 round trips on Ethereum with up
 * to 15 vaults, 3 with up to 20, which is the most there can be: the vaults, then their positions (30 views a request).
 *
 * @param parameters - `l1Block`: the block to read, the latest unless given.
 * @throws what `readL1` throws.
 * @example
 * const { vaults, totals } = await readVaults(context);
 * const exits = vaults.filter(({ live }) => live.type === "position" && live.phase === "exiting");
 */
export async function readVaults(context: L1Context, parameters: { readonly l1Block?: number } = {}): Promise<Vaults> {
  const { lockManager, lockingPool } = context.deployment.l1;
  const { block, value } = await readL1(context, parameters.l1Block, async (runner) => {
    const manager = LockManager__factory.connect(lockManager, runner);
    const [books, l1Assets, withdrawableNow, idle, owed] = await Promise.all([
      readBooks(manager),
      manager.l1Assets(),
      manager.withdrawableNow(),
      manager.idle(),
      manager.owed(),
    ]);
    const vaults = await readLive(runner, lockingPool, books);
    return { vaults, totals: { l1Assets, withdrawableNow, idle, owed } };
  });
  return { block, vaults: value.vaults, totals: { ...value.totals, ...sumOf(value.vaults) } };
}

type Book = Omit<SequencerVault, "isWhitelisted" | "live">;

async function readBooks(manager: LockManager): Promise<readonly Book[]> {
  const indices = Array.from({ length: mostVaults }, (_, index) => index);
  const books = await Promise.all(indices.map((index) => readBook(manager, index)));
  return books.flatMap((book) => book ?? []);
}

async function readBook(manager: LockManager, index: number): Promise<Book | undefined> {
  try {
    return { index, ...bookOf(await manager.vaultAt(index)) };
  } catch (error) {
    if (error instanceof RevertError && error.error === "LockManager__UnknownVault") return undefined;
    throw error;
  }
}

/** TypeChain's structs are arrays: the fields are taken one by one. */
function bookOf(book: Awaited<ReturnType<LockManager["vaultAt"]>>): Omit<Book, "index"> {
  const { sequencerId, principal, reward, owed, cap, commissionBps, nextCommissionBps } = book;
  return {
    vault: checkAddress("vault", book.vault),
    operator: checkAddress("operator", book.operator),
    phase: phases[Number(book.phase)] ?? "waiting",
    ...{ sequencerId, principal, reward, owed, cap, commissionBps, nextCommissionBps },
  };
}

function readLive(runner: PinnedRunner, address: Address, books: readonly Book[]): Promise<readonly SequencerVault[]> {
  const lockingPool = ILockingPool__factory.connect(address, runner);
  return Promise.all(
    books.map(async (book) => {
      const [isWhitelisted, live] = await Promise.all([
        answerOr(lockingPool.whitelist(book.vault), false),
        readPosition(lockingPool, book.sequencerId),
      ]);
      return { ...book, isWhitelisted, live };
    }),
  );
}

async function readPosition(lockingPool: ILockingPool, sequencerId: bigint): Promise<LivePosition> {
  if (sequencerId === 0n) return { type: "none" };
  const position = await answerOr(lockingPool.sequencers(sequencerId), undefined);
  if (position === undefined) return { type: "unreadable" };
  const { amount, reward, unlockClaimTime, owner, rewardRecipient, status } = position;
  const phase = livePhases[Number(status)];
  if (phase === undefined || amount > greatestAmount || reward > greatestAmount) return { type: "unreadable" };
  return {
    type: "position",
    phase,
    principal: amount,
    reward,
    rewardRecipient: checkAnyAddress("reward recipient", rewardRecipient),
    owner: checkAnyAddress("owner", owner),
    exitClaimableAt: unlockClaimTime,
  };
}

/** What LockingPool answers, and `fallback` when it reverts or answers nonsense, as LockManager does. */
async function answerOr<T, F>(answer: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await answer;
  } catch (error) {
    // What is no error of ours is ethers': the answer is not of the view's type.
    const isAnswer = error instanceof RevertError || error instanceof UnknownRevertError;
    if (error instanceof EMetisError && !isAnswer) throw error;
    return fallback;
  }
}

function sumOf(vaults: readonly SequencerVault[]): Pick<VaultTotals, "principal" | "reward"> {
  const known = vaults.map((vault) => (vault.live.type === "position" ? vault.live : vault));
  return {
    principal: known.reduce((sum, { principal }) => sum + principal, 0n),
    reward: known.reduce((sum, { reward }) => sum + reward, 0n),
  };
}
