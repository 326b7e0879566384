export type Value = bigint | boolean | string | readonly Value[] | { readonly [name: string]: Value };
export interface SimulatedEvent {
  readonly contract: string;
  readonly name: string;
  readonly args: Readonly<Record<string, Value>>;
}
export interface SimulatedRevert {
  readonly name: string;
  readonly args: readonly Value[];
} // the contract's own error, e.g. "LockManager__BelowMinimum"
export type Outcome<S, T> =
  | { readonly type: "done"; readonly state: S; readonly output: T; readonly events: readonly SimulatedEvent[] }
  | { readonly type: "reverted"; readonly error: SimulatedRevert }; // the state stays
