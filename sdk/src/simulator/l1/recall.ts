/** VaultOperations' `recall` and `recallForNeed`. */
import { BPS, min } from "../../math/integers";
import { available, take } from "../../math/rateLimit";
import type { Position } from "../../math/sequencerPositions";
import type { Outcome } from "../outcome";
import { metisFee, sendMetis } from "./gateway";
import {
  bookOf,
  credit,
  debit,
  emitManager,
  emitVault,
  l1Assets,
  largest,
  payable,
  recallable,
  refundOf,
  requireValue,
  setBook,
  syncAll,
} from "./ledger";
import type { Refund } from "./lockManager";
import { bookSent, missing, setUnreachedSince } from "./needs";
import { ensurePower } from "./powers";
import type { L1State } from "./state";
import { type PaidCall, type Transaction, asUint, ensure, setManager, transact } from "./transaction";
import { tryVault, withdraw } from "./vaults";

/** What was sent to Metis, and what came back of the ETH. */
export interface Recalled extends Refund {
  /** Wei of METIS. */
  readonly sent: bigint;
}

/**
 * LockManager's `recall`: the keeper sends METIS to Metis, within a limit a day.
 *
 * @example
 * recall(state, { caller: keeper, value: metisFee(state), assets: 10n ** 18n });
 */
export function recall(state: L1State, parameters: PaidCall & { readonly assets: bigint }): Outcome<L1State, Recalled> {
  const assets = asUint(parameters.assets, 256, "assets");
  return transact(state, parameters, (tx) => {
    ensurePower(tx, "keeper");
    const positions = syncAll(tx);
    const limit = (l1Assets(tx.state) * tx.state.manager.parameters.recallLimitBps) / BPS;
    const most = available(tx.state.manager.recalled, limit, tx.state.time);
    ensure(assets <= most, "LockManager__RecallLimited", assets, most);

    const sent = collect(tx, positions, assets);
    ensure(sent !== 0n, "LockManager__NothingToRecall");
    setManager(tx, { recalled: take(tx.state.manager.recalled, limit, sent, tx.state.time) });
    return { sent, refund: refundOf(tx, sendDown(tx, sent)) };
  });
}

/**
 * LockManager's `recallForNeed`: sends to Metis what its queue needs, as far as LockingPool lets it go today.
 *
 * @example
 * recallForNeed(state, { caller, value: metisFee(state) });
 */
export function recallForNeed(state: L1State, call: PaidCall): Outcome<L1State, Recalled> {
  return transact(state, call, (tx) => {
    const { sent, spent } = recallNeeded(tx, syncAll(tx));
    return { sent, refund: refundOf(tx, spent) };
  });
}

/** What {@link recallForNeed} does once all is read. */
export function recallNeeded(
  tx: Transaction,
  positions: readonly Position[],
): { readonly sent: bigint; readonly spent: bigint } {
  const wanted = missing(tx.state);
  if (wanted === 0n) return { sent: 0n, spent: 0n };
  const sent = collect(tx, positions, wanted);
  const spent = sent === 0n ? 0n : sendDown(tx, sent);
  const isNewlyUnreached = missing(tx.state) !== 0n && tx.state.manager.unreachedSince === 0n;
  if (isNewlyUnreached) setUnreachedSince(tx, tx.state.time);
  return { sent, spent };
}

/** Brings what is idle to what is owed and `wanted`, as far as it goes; the fullest vault first. */
function collect(tx: Transaction, positions: readonly Position[], wanted: bigint): bigint {
  const goal = tx.state.manager.owed + wanted;
  const left = [...recallable(tx.state, positions)];
  while (tx.state.manager.idle < goal) {
    const index = largest(left);
    if (index === undefined) break;
    const assets = min(left[index] ?? 0n, goal - tx.state.manager.idle);
    left[index] = 0n;
    withdrawFrom(tx, BigInt(index), assets);
  }
  return payable(tx.state, wanted);
}

function withdrawFrom(tx: Transaction, index: bigint, assets: bigint): void {
  const { vault, sequencerId, principal } = bookOf(tx, index);
  const done = tryVault(tx, index, "withdraw", () => {
    withdraw(tx, vault, sequencerId, assets);
  });
  if (done === undefined) return;
  setBook(tx, index, { principal: principal - assets });
  emitManager(tx, "Withdrawn", { index, assets, idle: credit(tx, assets) });
  emitVault(tx, index);
}

/** Returns the ETH spent. */
function sendDown(tx: Transaction, assets: bigint): bigint {
  const fee = metisFee(tx.state);
  requireValue(tx, fee);
  const sentToL2 = bookSent(tx, assets);
  emitManager(tx, "SentToL2", { assets, sentToL2, idle: debit(tx, assets) });
  sendMetis(tx, assets);
  return fee;
}
