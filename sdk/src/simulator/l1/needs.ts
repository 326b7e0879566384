/** The need that Metis told Ethereum of: the part of VaultLedger that follows it. */
import { saturatingSub } from "../../math/integers";
import type { Need } from "../../messages";
import type { L1State } from "./state";
import { type Transaction, emit, setManager, toUint } from "./transaction";

/**
 * Wei of METIS that lack to the need.
 *
 * @example
 * missing(state); // 0n
 */
export function missing({ manager }: L1State): bigint {
  return saturatingSub(manager.needTarget, manager.sentToL2);
}

/** LockManager's `raiseNeed`, by L1Gateway. */
export function raise(tx: Transaction, { number, target }: Need): void {
  if (number <= tx.state.manager.needNumber) return;
  setManager(tx, { needNumber: number, needTarget: target });
  emit(tx, "LockManager", "NeedRaised", { number, target });
  if (missing(tx.state) === 0n) setUnreachedSince(tx, 0n);
}

/** Books what was sent to Metis. Returns all that ever was. */
export function bookSent(tx: Transaction, assets: bigint): bigint {
  const sentToL2 = tx.state.manager.sentToL2 + assets;
  setManager(tx, { sentToL2: toUint(sentToL2, 96) });
  if (sentToL2 >= tx.state.manager.needTarget) setUnreachedSince(tx, 0n);
  return sentToL2;
}

/** Since when the need cannot be reached, 0 for no longer. */
export function setUnreachedSince(tx: Transaction, since: bigint): void {
  if (tx.state.manager.unreachedSince === since) return;
  setManager(tx, { unreachedSince: since });
  emit(tx, "LockManager", "NeedUnreachedSinceSet", { since });
}
