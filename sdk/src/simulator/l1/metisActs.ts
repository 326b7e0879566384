/** What Metis itself does on Ethereum: rewards, limits, whitelist, forced exits; each by whoever at Metis may. */
import { ZeroAddress, getAddress } from "ethers";

import { statuses } from "../../math/sequencerPositions";
import type { Outcome } from "../outcome";
import { sum } from "./ledger";
import { beginUnlock, positionAt, setPosition } from "./lockingPool";
import { pull } from "./metis";
import type { L1State, PoolPosition } from "./state";
import { type Transaction, asUint, ensure, ensureText, setBridge, setPool, transact } from "./transaction";

/** Blocks that a signer is paid for. */
export interface SignerBlocks {
  readonly signer: string;
  readonly blocks: bigint;
}

/**
 * LockingPool's `batchSubmitRewards`: credits so many blocks to each signer out of the payer's METIS, and opens the next batch.
 *
 * @example
 * submitRewards(state, [{ signer, blocks: 12_001n }]);
 */
export function submitRewards(state: L1State, batch: readonly SignerBlocks[]): Outcome<L1State, null> {
  return act(state, (tx) => {
    ensureText(batch.length > 0, "mismatch length");
    const { pool, network } = tx.state;
    for (const { signer, blocks } of batch) {
      const id = tx.state.pool.signers[getAddress(signer)] ?? 0n;
      const position = positionAt(tx.state.pool, id);
      ensure(position !== undefined && position.status !== statuses.unavailable, "NoSuchSeq");
      setPosition(tx, id, { reward: position.reward + asUint(blocks, 96, "blocks") * pool.rewardPerBlock });
    }
    setPool(tx, { currentBatch: pool.currentBatch + 1n });
    const total = sum(batch.map(({ blocks }) => blocks)) * pool.rewardPerBlock;
    pull(tx, pool.rewardPayer, network.lockingInfo, total);
  });
}

/**
 * LockingPool's `forceUnlock`: starts the exit of any position, even while paused.
 *
 * @param parameters - `value` in wei of ETH pays for bringing the reward to Metis.
 * @example
 * forceUnlock(state, { sequencerId: 2n, value: metisFee(state) });
 */
export function forceUnlock(
  state: L1State,
  { sequencerId, value }: { readonly sequencerId: bigint; readonly value: bigint },
): Outcome<L1State, null> {
  return act(state, (tx) => {
    ensure(positionAt(tx.state.pool, sequencerId)?.status === statuses.active, "SeqNotActive");
    beginUnlock(tx, sequencerId, asUint(value, 256, "value"));
  });
}

/**
 * LockingPool's `setWhitelist`.
 *
 * @example
 * setWhitelist(state, { owner: vault, isWhitelisted: false });
 */
export function setWhitelist(
  state: L1State,
  { owner, isWhitelisted }: { readonly owner: string; readonly isWhitelisted: boolean },
): Outcome<L1State, null> {
  return act(state, (tx) => {
    setPool(tx, { whitelist: { ...tx.state.pool.whitelist, [getAddress(owner)]: isWhitelisted } });
  });
}

/**
 * LockingPool's `setPause`.
 *
 * @example
 * setPoolPaused(state, true);
 */
export function setPoolPaused(state: L1State, isPaused: boolean): Outcome<L1State, null> {
  return act(state, (tx) => {
    const text = isPaused ? "Pausable: paused" : "Pausable: not paused";
    ensureText(tx.state.pool.isPaused !== isPaused, text);
    setPool(tx, { isPaused });
  });
}

/**
 * LockingInfo's `setMinLock`, wei of METIS.
 *
 * @example
 * setMinLock(state, 20_000n * 10n ** 18n);
 */
export function setMinLock(state: L1State, minLock: bigint): Outcome<L1State, null> {
  return act(state, (tx) => {
    ensureText(asUint(minLock, 256, "minLock") > 0n, "_minLock=0");
    setPool(tx, { minLock });
  });
}

/**
 * LockingInfo's `setMaxLock`, wei of METIS.
 *
 * @example
 * setMaxLock(state, 100_000n * 10n ** 18n);
 */
export function setMaxLock(state: L1State, maxLock: bigint): Outcome<L1State, null> {
  return act(state, (tx) => {
    ensureText(asUint(maxLock, 256, "maxLock") >= tx.state.pool.minLock, "maxLock<minLock");
    setPool(tx, { maxLock });
  });
}

/**
 * LockingInfo's `setRewardPayer`.
 *
 * @example
 * setRewardPayer(state, treasury);
 */
export function setRewardPayer(state: L1State, payer: string): Outcome<L1State, null> {
  return act(state, (tx) => {
    setPool(tx, { rewardPayer: getAddress(payer) });
  });
}

/**
 * What Metis's bridge asks: wei of ETH for one unit of gas on Metis, and the least gas.
 *
 * @example
 * setBridgePrice(state, { discount: 10n ** 9n, minL2Gas: 200_000n });
 */
export function setBridgePrice(
  state: L1State,
  price: { readonly discount: bigint; readonly minL2Gas: bigint },
): Outcome<L1State, null> {
  return act(state, (tx) => {
    setBridge(tx, {
      discount: asUint(price.discount, 96, "discount"),
      minL2Gas: asUint(price.minL2Gas, 96, "minL2Gas"),
    });
  });
}

/**
 * Writes into a position what no rule of Metis does today: a loss of principal, an absurd amount that makes it unreadable.
 *
 * @throws RangeError when there is no such position.
 * @example
 * writePosition(state, 2n, { amount: position.amount - 7n });
 */
export function writePosition(
  state: L1State,
  sequencerId: bigint,
  change: Partial<Pick<PoolPosition, "amount" | "reward" | "updatedBatch" | "claimableAt">>,
): L1State {
  if (positionAt(state.pool, sequencerId) === undefined)
    throw new RangeError(`There is no position ${sequencerId.toString()}: give an id of LockingPool.`);
  const tx: Transaction = { state, events: [], caller: ZeroAddress, value: 0n };
  setPosition(tx, sequencerId, change);
  return tx.state;
}

function act(state: L1State, body: (tx: Transaction) => void): Outcome<L1State, null> {
  return transact(state, { caller: ZeroAddress }, (tx) => {
    body(tx);
    return null;
  });
}
