/** VaultOperations' exits: a vault's whole position leaves LockingPool. */
import { saturatingSub } from "../../math/integers";
import { close, phases } from "../../math/vaultBook";
import type { Outcome } from "../outcome";
import {
  bookLoss,
  bookOf,
  credit,
  emitManager,
  emitVault,
  exiting,
  refundOf,
  releaseReward,
  rewardFee,
  setBook,
  syncAll,
} from "./ledger";
import * as lockingPool from "./lockingPool";
import type { Refund } from "./lockManager";
import { bookSent, missing } from "./needs";
import { ensurePower } from "./powers";
import { recallNeeded } from "./recall";
import type { L1State } from "./state";
import { type PaidCall, type Transaction, asUint, ensure, transact } from "./transaction";
import { unlockClaim } from "./vaults";

/** Seconds for which a need must have been out of reach. */
const EXIT_PATIENCE = 7n * 86_400n;

/** A call about one vault. */
export type VaultCall = PaidCall & {
  /** The vault's index. */
  readonly index: bigint;
};

/**
 * LockManager's `beginExit`, by governance.
 *
 * @example
 * beginExit(state, { caller: governance, value: metisFee(state), index: 0n });
 */
export function beginExit(state: L1State, parameters: VaultCall): Outcome<L1State, Refund> {
  const index = asUint(parameters.index, 256, "index");
  return transact(state, parameters, (tx) => {
    ensurePower(tx, "governance");
    syncAll(tx);
    return { refund: refundOf(tx, begin(tx, index, 0n)) };
  });
}

/**
 * LockManager's `beginExitForNeed`, by anyone once the need was out of reach for 7 days. Recalls first what can be had
 * without an exit.
 *
 * @example
 * beginExitForNeed(state, { caller, value: 2n * metisFee(state), index: 0n });
 */
export function beginExitForNeed(state: L1State, parameters: VaultCall): Outcome<L1State, Refund> {
  const index = asUint(parameters.index, 256, "index");
  return transact(state, parameters, (tx) => {
    const { spent } = recallNeeded(tx, syncAll(tx));
    const since = tx.state.manager.unreachedSince;
    const lacking = saturatingSub(missing(tx.state), exiting(tx.state));
    const isDue = since !== 0n && tx.state.time >= since + EXIT_PATIENCE;
    ensure(isDue && lacking !== 0n, "LockManager__ExitNotNeeded", since, lacking);
    return { refund: refundOf(tx, begin(tx, index, spent)) };
  });
}

/**
 * LockManager's `finishExit`: the principal comes back, a late reward goes to Metis.
 *
 * @example
 * finishExit(state, { caller, value: metisFee(state), index: 0n });
 */
export function finishExit(state: L1State, parameters: VaultCall): Outcome<L1State, Refund> {
  const index = asUint(parameters.index, 256, "index");
  return transact(state, parameters, (tx) => {
    bookOf(tx, index);
    const claimableAt = syncAll(tx)[Number(index)]?.claimableAt ?? 0n;
    const { phase, principal, sequencerId, vault } = bookOf(tx, index);
    ensure(phase === phases.exiting, "LockManager__WrongPhase", index, phase);
    ensure(tx.state.time >= claimableAt, "LockManager__ExitNotOver", index, claimableAt);

    const { reward } = releaseReward(tx, index);
    const fee = rewardFee(tx, reward, 0n);
    const sentToL2 = bookSent(tx, reward);
    setBook(tx, index, close(bookOf(tx, index)));
    const assets = unlockClaim(tx, vault, sequencerId, fee);
    emitManager(tx, "ExitFinished", { index, assets, reward, sentToL2, idle: credit(tx, assets) });
    emitVault(tx, index);
    if (assets < principal) bookLoss(tx, index, principal - assets);
    return { refund: refundOf(tx, fee) };
  });
}

/** Returns the ETH spent. */
function begin(tx: Transaction, index: bigint, alreadySpent: bigint): bigint {
  const { phase, vault, sequencerId } = bookOf(tx, index);
  ensure(phase === phases.active, "LockManager__WrongPhase", index, phase);
  const { reward } = releaseReward(tx, index);
  const fee = rewardFee(tx, reward, alreadySpent);
  setBook(tx, index, { phase: phases.exiting });
  emitManager(tx, "ExitBegun", { index, reward, isForced: false, sentToL2: bookSent(tx, reward) });
  emitVault(tx, index);
  lockingPool.unlock(tx, vault, sequencerId, fee);
  return alreadySpent + fee;
}
