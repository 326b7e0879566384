/** What an action returns or tells in an event: numbers of the chain as `bigint`, addresses and bytes as hex strings. */
export type Value = bigint | boolean | string | readonly Value[] | { readonly [name: string]: Value };

/** One log of a contract of the protocol. */
export interface SimulatedEvent {
  /** The contract that emits it, e.g. `"StakingPool"`. */
  readonly contract: string;
  /** The event, e.g. `"Deposited"`. */
  readonly name: string;
  /** Its arguments by the names that the contract gives them. */
  readonly args: Readonly<Record<string, Value>>;
}

/** The error that a transaction would revert with. */
export interface SimulatedRevert {
  /** The contract's own error, e.g. `"StakingPool__BelowMinimum"`. */
  readonly name: string;
  /** Its arguments, in their order. */
  readonly args: readonly Value[];
}

/** What an action does: the next state with what it returns and emits, or the error; then the state stays as it was. */
export type Outcome<S, T> =
  | {
      readonly type: "done";
      readonly state: S;
      readonly output: T;
      /** All logs of the protocol's contracts, in their order. */
      readonly events: readonly SimulatedEvent[];
    }
  | { readonly type: "reverted"; readonly error: SimulatedRevert };
