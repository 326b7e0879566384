/** Metis's LockingPool as a vault meets it: the rules, in their order, and the METIS that moves. Its own events are left out. */
import { ZeroAddress } from "ethers";

import { type Status, statuses } from "../../math/sequencerPositions";
import { bridgeDown } from "./gateway";
import { move } from "./metis";
import { BURNED, type LockingPoolState, type PoolPosition } from "./state";
import { type Transaction, checkedSub, ensure, ensureText, setPool } from "./transaction";

/** Position `sequencerId`; undefined for one that never was. */
export function positionAt(pool: LockingPoolState, sequencerId: bigint): PoolPosition | undefined {
  return sequencerId === 0n || sequencerId === BURNED ? undefined : pool.positions[Number(sequencerId - 1n)];
}

/** Changes position `sequencerId`. */
export function setPosition(tx: Transaction, sequencerId: bigint, change: Partial<PoolPosition>): void {
  const index = Number(sequencerId - 1n);
  const positions = tx.state.pool.positions.map((old, i) => (i === index ? { ...old, ...change } : old));
  setPool(tx, { positions });
}

/** `lockWithRewardRecipient`. Returns the new id. */
export function lock(
  tx: Transaction,
  { owner, signer, rewardRecipient, assets }: Pick<PoolPosition, "owner" | "signer" | "rewardRecipient"> & Assets,
): bigint {
  ensureUsable(tx, owner);
  const { pool, network } = tx.state;
  ensure((pool.owners[owner] ?? 0n) === 0n, "OwnedSequencer");
  ensure((pool.signers[signer] ?? 0n) === 0n, "SignerExisted");
  ensureText(assets >= pool.minLock && assets <= pool.maxLock, "invalid amount");
  const id = BigInt(pool.positions.length + 1);
  const opened = { status: statuses.active, amount: assets, reward: 0n, updatedBatch: pool.currentBatch };
  setPool(tx, {
    positions: [...pool.positions, { ...opened, claimableAt: 0n, owner, signer, rewardRecipient }],
    owners: { ...pool.owners, [owner]: id },
    signers: { ...pool.signers, [signer]: id },
    totalLocked: pool.totalLocked + assets,
  });
  move(tx, owner, network.lockingInfo, assets);
  return id;
}

interface Assets {
  readonly assets: bigint;
}

/** `relock`, with `assets` of the owner's and, when `isCompound`, the reward. */
export function relock(tx: Transaction, owner: string, id: bigint, assets: bigint, isCompound: boolean): void {
  const position = activeOf(tx, owner, id);
  const fromReward = isCompound ? position.reward : 0n;
  const amount = position.amount + assets + fromReward;
  ensureText(amount <= tx.state.pool.maxLock, "locked>maxLock");
  ensureText(assets + fromReward > 0n, "No new locked added");
  setPosition(tx, id, { amount, reward: position.reward - fromReward });
  setPool(tx, { totalLocked: tx.state.pool.totalLocked + assets + fromReward });
  move(tx, owner, tx.state.network.lockingInfo, assets);
}

/** `withdraw`. */
export function withdraw(tx: Transaction, owner: string, id: bigint, assets: bigint): void {
  const position = activeOf(tx, owner, id);
  const { currentBatch, minLock, totalLocked } = tx.state.pool;
  ensureText(currentBatch > position.updatedBatch, "withdraw throttle");
  const amount = checkedSub(position.amount, assets);
  ensureText(assets > 0n && amount >= minLock, "invalid amount");
  setPosition(tx, id, { amount, updatedBatch: currentBatch });
  setPool(tx, { totalLocked: checkedSub(totalLocked, assets) });
  move(tx, tx.state.network.lockingInfo, owner, assets);
}

/** `withdrawRewards`. With no reward it keeps the fee. */
export function withdrawRewards(tx: Transaction, owner: string, id: bigint, fee: bigint): void {
  const position = activeOf(tx, owner, id);
  ensure(position.rewardRecipient !== ZeroAddress, "NoRewardRecipient");
  setPosition(tx, id, { reward: 0n });
  payReward(tx, position, fee);
}

/** `unlock`. */
export function unlock(tx: Transaction, owner: string, id: bigint, fee: bigint): void {
  activeOf(tx, owner, id);
  ensureText(mayExit(tx.state.pool), "BFT restriction");
  beginUnlock(tx, id, fee);
}

/** What `unlock` and Metis's `forceUnlock` share. */
export function beginUnlock(tx: Transaction, id: bigint, fee: bigint): void {
  const position = known(tx, id);
  ensure(position.rewardRecipient !== ZeroAddress, "NoRewardRecipient");
  const claimableAt = tx.state.time + tx.state.pool.exitDelayPeriod;
  setPosition(tx, id, { status: statuses.inactive, claimableAt, reward: 0n });
  payReward(tx, position, fee);
}

/** `unlockClaim`. Returns what the owner got. */
export function unlockClaim(tx: Transaction, owner: string, id: bigint, fee: bigint): bigint {
  ensureUsable(tx, owner);
  const position = known(tx, id);
  ensure(position.owner === owner, "NotSeqOwner");
  ensure(position.rewardRecipient !== ZeroAddress, "NoRewardRecipient");
  const isOver = position.status === statuses.inactive && position.claimableAt <= tx.state.time;
  ensureText(isOver, "Not allowed to cliam");
  setPosition(tx, id, { status: statuses.unlocked, amount: 0n, reward: 0n });
  const { owners, signers, totalLocked } = tx.state.pool;
  setPool(tx, {
    owners: { ...owners, [owner]: 0n },
    signers: { ...signers, [position.signer]: BURNED },
    totalLocked: checkedSub(totalLocked, position.amount),
  });
  move(tx, tx.state.network.lockingInfo, owner, position.amount);
  payReward(tx, position, fee);
  return position.amount;
}

/** `setSequencerRewardRecipient`, which works while the pool is paused. */
export function setRewardRecipient(tx: Transaction, owner: string, id: bigint, rewardRecipient: string): void {
  ensure(isWhitelisted(tx.state.pool, owner), "NotWhitelisted");
  const position = positionAt(tx.state.pool, id);
  ensure(position?.owner === owner, "NotSeqOwner");
  ensure(position.status === statuses.active, "SeqNotActive");
  ensure(rewardRecipient !== ZeroAddress, "NullAddress");
  setPosition(tx, id, { rewardRecipient });
}

/** Whether `owner` may work its position. */
export function isWhitelisted(pool: LockingPoolState, owner: string): boolean {
  return pool.whitelist[owner] === true;
}

/** Mainnet's pool keeps two thirds of the sequencers. */
function mayExit(pool: LockingPoolState): boolean {
  if (pool.variant === "sepolia") return true;
  const count = (status: Status): number => pool.positions.filter((position) => position.status === status).length;
  const inactive = count(statuses.inactive);
  return 3 * (inactive + 1) <= count(statuses.active) + inactive;
}

function payReward(tx: Transaction, { reward, rewardRecipient }: PoolPosition, fee: bigint): void {
  if (reward === 0n) return;
  bridgeDown(tx, { from: tx.state.network.lockingInfo, to: rewardRecipient, assets: reward, fee });
}

function ensureUsable(tx: Transaction, owner: string): void {
  ensureText(!tx.state.pool.isPaused, "Pausable: paused");
  ensure(isWhitelisted(tx.state.pool, owner), "NotWhitelisted");
}

function activeOf(tx: Transaction, owner: string, id: bigint): PoolPosition {
  ensureUsable(tx, owner);
  const position = positionAt(tx.state.pool, id);
  ensure(position?.status === statuses.active, "SeqNotActive");
  ensure(position.owner === owner, "NotSeqOwner");
  return position;
}

function known(tx: Transaction, id: bigint): PoolPosition {
  const position = positionAt(tx.state.pool, id);
  ensure(position !== undefined, "NotSeqOwner");
  return position;
}
