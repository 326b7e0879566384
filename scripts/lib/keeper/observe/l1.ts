/** Reads Ethereum. */
import { concat, dataSlice, getAddress, keccak256 } from "ethers";

import { type L1Context, readVaults, revertOf } from "../../../../sdk/src";
import type { SequencerVault } from "../../../../sdk/src";
import { EMetisError, RevertError, UnknownRevertError } from "../../../../sdk/src/errors";
import {
  IERC20__factory,
  ILockingInfo__factory,
  type ILockingPool,
  ILockingPool__factory,
  L1Gateway__factory,
  LockManager__factory,
} from "../../../../sdk/src/generated/contracts";
import { type PinnedRunner, readL1 } from "../../../../sdk/src/rpc/readPinned";
import { ask } from "../../../../sdk/src/rpc/ask";
import type { Address } from "../../../../sdk/src/types";
import type { Donation, L1State, PoolLimits, RecallAllowance, VaultState } from "../state";

/** Which block, and for whom. */
export interface L1Reading {
  readonly keeper: Address;
  readonly blockNumber: number;
}

const bps = 10_000n;
/** LockingPool's status of a position that is locked. */
const active = 2n;
const closedPool: PoolLimits = { isOpen: false, minLock: 0n, maxLock: 0n, currentBatch: 0n };

/**
 * Reads all that the keeper needs of Ethereum in one block.
 *
 * @throws the SDK's errors of reading.
 */
export async function observeL1(context: L1Context, { keeper, blockNumber }: L1Reading): Promise<L1State> {
  const { vaults, totals } = await readVaults(context, { l1Block: blockNumber });
  const { block, value } = await readL1(context, blockNumber, (runner) =>
    Promise.all([
      readManager(context, runner),
      readGateway(context, runner),
      readPool(context, runner),
      Promise.all(vaults.map((vault) => readVault(context, runner, vault))),
    ]),
  );
  const [{ recallLimitBps, ...manager }, gateway, pool, vaultStates] = value;
  const daily = (totals.l1Assets * recallLimitBps) / bps;
  const recall = await readRecall(context, { keeper, blockNumber, daily });
  return { block, totals, ...manager, ...gateway, pool, recall, vaults: vaultStates };
}

async function readManager({ deployment }: L1Context, runner: PinnedRunner) {
  const manager = LockManager__factory.connect(deployment.l1.lockManager, runner);
  const metis = IERC20__factory.connect(deployment.l1.metis, runner);
  const [held, counters, need, pausedUntil, lossSeenAt, parameters] = await Promise.all([
    metis.balanceOf(deployment.l1.lockManager),
    manager.counters(),
    manager.need(),
    manager.pausedUntil(),
    manager.lossSeenAt(),
    manager.parameters(),
  ]);
  const { receivedFromL2, sentToL2, l1Deposits } = counters;
  return {
    held,
    counters: { receivedFromL2, sentToL2, l1Deposits },
    need: { number: need.number, target: need.target, unreachedSince: need.unreachedSince },
    pausedUntil,
    lossSeenAt,
    recallLimitBps: parameters.recallLimitBps,
  };
}

async function readGateway({ deployment }: L1Context, runner: PinnedRunner) {
  const gateway = L1Gateway__factory.connect(deployment.l1.l1Gateway, runner);
  const [l2Gateway, message, metis] = await Promise.all([
    gateway.l2Gateway(),
    answerOr(gateway.messageFee(), undefined),
    answerOr(gateway.metisFee(), undefined),
  ]);
  const fees = message === undefined || metis === undefined ? undefined : { message, metis };
  return { l2Gateway, fees };
}

async function readPool({ deployment }: L1Context, runner: PinnedRunner): Promise<PoolLimits> {
  const pool = ILockingPool__factory.connect(deployment.l1.lockingPool, runner);
  const [isPaused, escrow, currentBatch] = await Promise.all([
    answerOr(pool.paused(), true),
    answerOr(pool.escrow(), undefined),
    answerOr(pool.currentBatch(), 0n),
  ]);
  if (isPaused || escrow === undefined) return closedPool;
  const info = ILockingInfo__factory.connect(escrow, runner);
  const [minLock, maxLock] = await Promise.all([
    answerOr(info.minLock(), undefined),
    answerOr(info.maxLock(), undefined),
  ]);
  if (minLock === undefined || maxLock === undefined) return closedPool;
  return { isOpen: true, minLock, maxLock, currentBatch };
}

async function readVault(
  { deployment: { l1 } }: L1Context,
  runner: PinnedRunner,
  vault: SequencerVault,
): Promise<VaultState> {
  const pool = ILockingPool__factory.connect(l1.lockingPool, runner);
  const [{ pubkeyX, pubkeyY }, surplus, owned, position] = await Promise.all([
    LockManager__factory.connect(l1.lockManager, runner).vaultAt(vault.index),
    IERC20__factory.connect(l1.metis, runner).balanceOf(vault.vault),
    answerOr(pool.seqOwners(vault.vault), 0n),
    vault.sequencerId === 0n ? undefined : answerOr(pool.sequencers(vault.sequencerId), undefined),
  ]);
  const isDonated = owned !== 0n && owned !== vault.sequencerId;
  const [donation, canOpen] = await Promise.all([
    isDonated ? readDonation(pool, owned) : undefined,
    isFreshKey(pool, pubkeyX, pubkeyY),
  ]);
  return { ...vault, surplus, donation, canOpen, updatedBatch: position?.updatedBatch ?? 0n };
}

async function readDonation(pool: ILockingPool, sequencerId: bigint): Promise<Donation | undefined> {
  const position = await answerOr(pool.sequencers(sequencerId), undefined);
  if (position === undefined) return undefined;
  const { status, unlockClaimTime, reward } = position;
  return { sequencerId, isActive: status === active, claimableAt: unlockClaimTime, reward };
}

/** Metis takes no signer twice. */
async function isFreshKey(pool: ILockingPool, pubkeyX: string, pubkeyY: string): Promise<boolean> {
  if (BigInt(pubkeyX) === 0n) return false;
  const signer = getAddress(dataSlice(keccak256(concat([pubkeyX, pubkeyY])), 12));
  return (await answerOr(pool.seqSigners(signer), 1n)) === 0n;
}

/** LockManager has no view for what is left of the limit: it says so when it is asked for too much. */
async function readRecall(
  context: L1Context,
  { keeper, blockNumber, daily }: L1Reading & { readonly daily: bigint },
): Promise<RecallAllowance> {
  const data = LockManager__factory.createInterface().encodeFunctionData("recall", [2n ** 256n - 1n]);
  const call = { from: keeper, to: context.deployment.l1.lockManager, data, blockTag: blockNumber };
  try {
    await ask("l1", "eth_call", context, () => context.l1.call(call));
  } catch (error) {
    const revert = revertOf(error);
    if (revert === undefined) throw error;
    const isLimited = revert instanceof RevertError && revert.error === "LockManager__RecallLimited";
    const available = isLimited ? revert.args.available : undefined;
    if (typeof available === "bigint") return { type: "allowed", available, daily };
  }
  return { type: "noRole" };
}

/** What a contract of Metis answers, and `fallback` when it reverts or answers nonsense. */
async function answerOr<T, F>(answer: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await answer;
  } catch (error) {
    const isAnswer = error instanceof RevertError || error instanceof UnknownRevertError;
    if (error instanceof EMetisError && !isAnswer) throw error;
    return fallback;
  }
}
