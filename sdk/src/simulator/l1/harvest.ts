/** VaultOperations' `harvest`. */
import { min } from "../../math/integers";
import { statuses } from "../../math/sequencerPositions";
import type { Outcome } from "../outcome";
import { metisFee } from "./gateway";
import { bookOf, emitManager, emitVault, refundOf, releaseReward, setBook, syncAll } from "./ledger";
import * as lockingPool from "./lockingPool";
import type { Refund } from "./lockManager";
import { bookSent, missing } from "./needs";
import type { L1State } from "./state";
import { type PaidCall, type Transaction, toUint, transact } from "./transaction";
import { tryVault } from "./vaults";

/**
 * LockManager's `harvest`: every reward becomes principal, or goes to Metis where it does not fit or is needed there. The ETH
 * pays for as many bridgings as it lasts; the rest waits.
 *
 * @example
 * harvest(state, { caller, value: 3n * metisFee(state) });
 */
export function harvest(state: L1State, call: PaidCall): Outcome<L1State, Refund> {
  return transact(state, call, (tx) => {
    const positions = syncAll(tx);
    const { isPaused, maxLock } = tx.state.pool;
    const most = isPaused ? 0n : maxLock;
    const fee = metisFee(tx.state);
    let spent = 0n;
    for (const [i, { status }] of positions.entries()) {
      const index = BigInt(i);
      const { principal, reward, cap } = bookOf(tx, index);
      if (status !== statuses.active || reward === 0n) continue;
      const isFitting = principal + reward <= min(most, cap);
      if (isFitting && missing(tx.state) === 0n) compound(tx, index);
      else if (tx.value - spent >= fee) spent += harvestDown(tx, index, fee);
    }
    return { refund: refundOf(tx, spent) };
  });
}

/** The reward becomes principal, without the bridge. */
function compound(tx: Transaction, index: bigint): void {
  const { vault, sequencerId } = bookOf(tx, index);
  const done = tryVault(tx, index, "compound", () => {
    lockingPool.relock(tx, vault, sequencerId, 0n, true);
  });
  if (done === undefined) return;
  const { reward, commission } = releaseReward(tx, index);
  setBook(tx, index, { principal: toUint(bookOf(tx, index).principal + reward, 88) });
  const { sentToL2 } = tx.state.manager;
  emitManager(tx, "Harvested", { index, reward, commission, isCompounded: true, sentToL2 });
  emitVault(tx, index);
}

/** The reward goes to Metis, all of it. Returns the ETH spent. */
function harvestDown(tx: Transaction, index: bigint, fee: bigint): bigint {
  const { vault, sequencerId } = bookOf(tx, index);
  const done = tryVault(tx, index, "withdrawRewards", () => {
    lockingPool.withdrawRewards(tx, vault, sequencerId, fee);
  });
  if (done === undefined) return 0n;
  const { reward, commission } = releaseReward(tx, index);
  const sentToL2 = bookSent(tx, reward);
  emitManager(tx, "Harvested", { index, reward, commission, isCompounded: false, sentToL2 });
  emitVault(tx, index);
  return fee;
}
