/** How an action is carried out: on a draft, all or nothing. */
import { checkAnyAddress, checkAmount } from "../../check";
import type { Outcome, SimulatedEvent, SimulatedRevert, Value } from "../outcome";
import { metisOf, shiftMetis } from "./metis";
import { Reversal, ensure } from "./revert";
import type { GatewayState, L2State, PoolState, QueueState, VaultState } from "./state";

/** Who calls. */
export interface L2Call {
  readonly caller: string;
}

/** A call that brings METIS. */
export interface PaidL2Call extends L2Call {
  /** Wei of METIS. @defaultValue 0 */
  readonly value?: bigint;
}

/** A contract that can be paid. */
export type Payee = "stakingPool" | "l2Gateway";

/** An action under way. */
export interface Transaction {
  state: L2State;
  readonly events: SimulatedEvent[];
  readonly caller: string;
  /** Wei of METIS that came with it. */
  readonly value: bigint;
}

/** What became of a part of an action. */
export type Attempt<T> =
  { readonly type: "done"; readonly output: T } | { readonly type: "reverted"; readonly error: SimulatedRevert };

/** Does `body` on a draft of `state`. */
export function transact<T>(state: L2State, call: L2Call, body: (tx: Transaction) => T): Outcome<L2State, T> {
  const tx: Transaction = { state, events: [], caller: checkAnyAddress("caller", call.caller), value: 0n };
  const result = attempt(tx, () => body(tx));
  if (result.type === "reverted") return result;
  return { type: "done", state: tx.state, output: result.output, events: tx.events };
}

/**
 * As {@link transact}, with METIS for `payee`. A caller who has too little is refused by the chain, not by a contract: that is
 * the error `InsufficientFunds(caller, balance, value)`.
 */
export function transactPaid<T>(
  state: L2State,
  { caller, value = 0n }: PaidL2Call,
  payee: Payee,
  body: (tx: Transaction) => T,
): Outcome<L2State, T> {
  const paid = amount("value", value);
  return transact(state, { caller }, (draft) => {
    const balance = metisOf(draft.state, draft.caller);
    ensure(balance >= paid, "InsufficientFunds", draft.caller, balance, paid);
    draft.state = shiftMetis(draft.state, draft.caller, state.network[payee], paid);
    const tx: Transaction = { ...draft, value: paid };
    const output = body(tx);
    draft.state = tx.state;
    return output;
  });
}

/** Does `body`; when it reverts, everything is as before. */
export function attempt<T>(tx: Transaction, body: () => T): Attempt<T> {
  const { state } = tx;
  const count = tx.events.length;
  try {
    return { type: "done", output: body() };
  } catch (error) {
    if (!(error instanceof Reversal)) throw error;
    tx.state = state;
    tx.events.length = count;
    return { type: "reverted", error: error.revert };
  }
}

/** Records an event of one of the protocol's contracts. */
export function emit(tx: Transaction, contract: string, name: string, args: Readonly<Record<string, Value>>): void {
  tx.events.push({ contract, name, args });
}

/** Reverts unless the caller is one of those who may. */
export function ensurePower(tx: Transaction, holders: readonly string[]): void {
  ensure(holders.includes(tx.caller), "AccessManagedUnauthorized", tx.caller);
}

/** An amount that a call can carry, 0 included; anything else never reaches a contract. */
export function amount(parameter: string, value: bigint, bits = 256): bigint {
  return checkAmount(parameter, value, { minimum: 0n, maximum: 2n ** BigInt(bits) - 1n });
}

/** Changes StakingPool's storage. */
export function setPool(tx: Transaction, change: Partial<PoolState>): void {
  tx.state = { ...tx.state, pool: { ...tx.state.pool, ...change } };
}

/** Changes RedemptionQueue's storage. */
export function setQueue(tx: Transaction, change: Partial<QueueState>): void {
  tx.state = { ...tx.state, queue: { ...tx.state.queue, ...change } };
}

/** Changes SEMetis's storage beyond the token's. */
export function setVault(tx: Transaction, change: Partial<VaultState>): void {
  tx.state = { ...tx.state, vault: { ...tx.state.vault, ...change } };
}

/** Changes L2Gateway's storage. */
export function setGateway(tx: Transaction, change: Partial<GatewayState>): void {
  tx.state = { ...tx.state, gateway: { ...tx.state.gateway, ...change } };
}
