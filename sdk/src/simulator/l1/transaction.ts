/** How an action is carried out: on a draft, all or nothing. */
import { AbiCoder, concat, getAddress, id } from "ethers";

import type { Outcome, SimulatedEvent, SimulatedRevert, Value } from "../outcome";
import type { BridgeState, L1State, LockingPoolState, LockManagerState } from "./state";

/** Who calls, and what comes along. */
export interface L1Call {
  readonly caller: string;
}

/** A call that brings ETH for Metis's bridge. */
export interface PaidCall extends L1Call {
  /** Wei of ETH. @defaultValue 0 */
  readonly value?: bigint;
}

/** An action under way. */
export interface Transaction {
  state: L1State;
  readonly events: SimulatedEvent[];
  readonly caller: string;
  /** Wei of ETH that came with it. */
  readonly value: bigint;
}

/** Ends an action, or one call within it; never leaves the simulator. */
class Reversal extends Error {
  constructor(readonly revert: SimulatedRevert) {
    super(revert.name);
  }
}

/** Selector and arguments of the errors that can stand in an event. */
const errorTypes: Readonly<Record<string, readonly string[]>> = {
  Error: ["string"],
  Panic: ["uint256"],
  ERC20InsufficientBalance: ["address", "uint256", "uint256"],
  ERC20InsufficientAllowance: ["address", "uint256", "uint256"],
};

const maxWord = 2n ** 256n - 1n;

/** Does `body` on a draft of `state`. */
export function transact<T>(state: L1State, call: PaidCall, body: (tx: Transaction) => T): Outcome<L1State, T> {
  const value = asUint(call.value ?? 0n, 256, "value");
  const tx: Transaction = { state, events: [], caller: getAddress(call.caller), value };
  const result = attempt(tx, () => body(tx));
  if (result.type === "reverted") return result;
  return { type: "done", state: tx.state, output: result.output, events: tx.events };
}

/** What became of a part of an action. */
export type Attempt<T> =
  { readonly type: "done"; readonly output: T } | { readonly type: "reverted"; readonly error: SimulatedRevert };

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

/** Reverts with the error `name`. */
export function refuse(name: string, ...args: readonly Value[]): never {
  throw new Reversal({ name, args });
}

/** Reverts with the error `name` unless `condition` holds. */
export function ensure(condition: boolean, name: string, ...args: readonly Value[]): asserts condition {
  if (!condition) refuse(name, ...args);
}

/** Reverts with a text, as Metis's contracts do, unless `condition` holds. */
export function ensureText(condition: boolean, text: string): asserts condition {
  ensure(condition, "Error", text);
}

/** `value` where the contracts cast it to so many bits. */
export function toUint(value: bigint, bits: number): bigint {
  ensure(value >= 0n && value <= maxWord, "Panic", 0x11n);
  ensure(value < 2n ** BigInt(bits), "SafeCastOverflowedUintDowncast", BigInt(bits), value);
  return value;
}

/** `a − b` where the contracts subtract with a check. */
export function checkedSub(a: bigint, b: bigint): bigint {
  ensure(a >= b, "Panic", 0x11n);
  return a - b;
}

/** An argument that a call can carry; anything else never reaches a contract. */
export function asUint(value: bigint, bits: number, name: string): bigint {
  if (value < 0n || value >= 2n ** BigInt(bits))
    throw new RangeError(`${name} is ${value.toString()}: give an integer from 0 to below 2^${bits}.`);
  return value;
}

/** Records an event of one of our contracts or of METIS. */
export function emit(tx: Transaction, contract: string, name: string, args: Readonly<Record<string, Value>>): void {
  tx.events.push({ contract, name, args });
}

/** The bytes of a revert, as they stand in `VaultSkipped`. */
export function revertData({ name, args }: SimulatedRevert): string {
  const types = errorTypes[name] ?? [];
  if (types.length !== args.length) throw new Error(`the simulator does not know the arguments of ${name}`);
  return concat([selectorOf(`${name}(${types.join(",")})`), AbiCoder.defaultAbiCoder().encode(types, args)]);
}

/** The four bytes of a function or error. */
export function selectorOf(signature: string): string {
  return id(signature).slice(0, 10);
}

/** Changes LockManager's storage. */
export function setManager(tx: Transaction, change: Partial<LockManagerState>): void {
  tx.state = { ...tx.state, manager: { ...tx.state.manager, ...change } };
}

/** Changes LockingPool's storage. */
export function setPool(tx: Transaction, change: Partial<LockingPoolState>): void {
  tx.state = { ...tx.state, pool: { ...tx.state.pool, ...change } };
}

/** Changes the bridge. */
export function setBridge(tx: Transaction, change: Partial<BridgeState>): void {
  tx.state = { ...tx.state, bridge: { ...tx.state.bridge, ...change } };
}
