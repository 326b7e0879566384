/** VaultOperations' `payCommission` and `sweepVault`: METIS between LockManager, operators and vaults. */
import { min } from "../../math/integers";
import type { Outcome } from "../outcome";
import { bookArrivals, bookOf, bookSurplus, debit, emitManager, setBook } from "./ledger";
import { move } from "./metis";
import type { L1State } from "./state";
import { type L1Call, asUint, ensure, setManager, transact } from "./transaction";
import { sweep } from "./vaults";

/**
 * LockManager's `payCommission`: what an operator is owed, as far as METIS is idle. Returns wei of METIS.
 *
 * @example
 * payCommission(state, { caller, index: 0n });
 */
export function payCommission(
  state: L1State,
  parameters: L1Call & { readonly index: bigint },
): Outcome<L1State, bigint> {
  const index = asUint(parameters.index, 256, "index");
  return transact(state, parameters, (tx) => {
    const book = bookOf(tx, index);
    bookArrivals(tx);
    const assets = min(book.owed, tx.state.manager.idle);
    ensure(assets !== 0n, "LockManager__NothingOwed", index);
    const owed = book.owed - assets;
    setBook(tx, index, { owed });
    setManager(tx, { owed: tx.state.manager.owed - assets });
    const { operator } = book;
    emitManager(tx, "CommissionPaid", { index, operator, assets, owed, idle: debit(tx, assets) });
    move(tx, tx.state.network.lockManager, operator, assets);
    return assets;
  });
}

/**
 * LockManager's `sweepVault`: what a vault was given becomes profit. Returns wei of METIS.
 *
 * @example
 * sweepVault(state, { caller, index: 0n });
 */
export function sweepVault(state: L1State, parameters: L1Call & { readonly index: bigint }): Outcome<L1State, bigint> {
  const index = asUint(parameters.index, 256, "index");
  return transact(state, parameters, (tx) => {
    const { vault } = bookOf(tx, index);
    bookArrivals(tx);
    const assets = sweep(tx, vault);
    if (assets !== 0n) bookSurplus(tx, index, assets);
    return assets;
  });
}
