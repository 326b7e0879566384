/** The whole protocol, offline: both chains, what is between them, and time. */
import { needArrives, transferMetis } from "./l1";
import { type L1Action, type L1Output, simulateL1 } from "./l1/simulateL1";
import { type Crossing, type L1State, atTime, takeCrossings } from "./l1/state";
import { simulateHashArrival } from "./l2/gateway";
import { simulateMetisArrival } from "./l2/metis";
import { type L2Action, simulateL2 } from "./l2/simulateL2";
import { type Departure, type L2State, atL2Time, takeDepartures } from "./l2/state";
import type { Outcome, SimulatedEvent } from "./outcome";

/** The protocol at one moment. Each chain has its own clock. */
export interface SimulatorState {
  readonly l1: L1State;
  readonly l2: L2State;
  readonly bridge: TransitState;
}

/** What Metis's bridge carries, oldest first. */
export interface TransitState {
  /** From Ethereum to Metis. */
  readonly down: readonly Crossing[];
  /** From Metis to Ethereum. */
  readonly up: readonly Departure[];
}

/** Everything that can happen to the protocol. */
export type Action =
  | { readonly type: "l1"; readonly action: L1Action }
  | { readonly type: "l2"; readonly action: L2Action }
  /** Time goes on, by so many seconds on each chain. */
  | { readonly type: "elapse"; readonly l1?: bigint; readonly l2?: bigint }
  /** The bridge hands over what stands at `index`, 0 unless given, of what it carries. */
  | { readonly type: "arriveDown" | "arriveUp"; readonly index?: number }
  /** It loses it: a message can be sent again by `resend`, METIS cannot. */
  | { readonly type: "loseDown" | "loseUp"; readonly index?: number };

/** What an action gives: what the contract's function returns. */
export type Output = L1Output;

/** A protocol that is simulated from here on; nothing is between the chains yet but what either was left with. */
export interface SimulatorStart {
  readonly l1: L1State;
  readonly l2: L2State;
}

/**
 * The state of a protocol whose sides are known.
 *
 * @example
 * const state = startSimulator({ l1: ethereum, l2: metis });
 */
export function startSimulator({ l1, l2 }: SimulatorStart): SimulatorState {
  return gathered({ l1, l2, bridge: { down: [], up: [] } });
}

/**
 * What `action` does to the protocol: the next state with what it gives and emits, or the named revert.
 *
 * @throws RangeError, AmountError, AddressError, ParameterError for what no call can carry, for time that goes back, and for an
 * index at which the bridge carries nothing.
 * @example
 * const outcome = simulate(protocol, { type: "elapse", l1: 60n, l2: 60n });
 * if (outcome.type === "done") console.log(outcome.output, outcome.events);
 */
export function simulate(state: SimulatorState, action: Action): Outcome<SimulatorState, Output> {
  switch (action.type) {
    case "l1":
      return onL1(state, simulateL1(state.l1, action.action));
    case "l2":
      return onL2(state, simulateL2(state.l2, action.action));
    case "elapse":
      return done(elapsed(state, action.l1 ?? 0n, action.l2 ?? 0n));
    case "arriveDown":
      return arriveDown(state, action.index ?? 0);
    case "arriveUp":
      return arriveUp(state, action.index ?? 0);
    case "loseDown":
      return done(takeDown(state, action.index ?? 0).state);
    case "loseUp":
      return done(takeUp(state, action.index ?? 0).state);
  }
}

/** What a sequence of actions did. */
export interface Simulation {
  readonly state: SimulatorState;
  /** One for each action. */
  readonly outcomes: readonly Outcome<SimulatorState, Output>[];
  /** All events, in their order. */
  readonly events: readonly SimulatedEvent[];
}

/**
 * Does one action after the other; one that reverts leaves the state to the next.
 *
 * @throws As {@link simulate}.
 * @example
 * const { state, events } = simulateAll(protocol, [
 *   { type: "l2", action: { type: "claim", caller: owner, id: 0n } },
 *   { type: "elapse", l1: 86_400n, l2: 86_400n },
 * ]);
 */
export function simulateAll(state: SimulatorState, actions: readonly Action[]): Simulation {
  const outcomes: Outcome<SimulatorState, Output>[] = [];
  let current = state;
  for (const action of actions) {
    const outcome = simulate(current, action);
    outcomes.push(outcome);
    if (outcome.type === "done") current = outcome.state;
  }
  const events = outcomes.flatMap((outcome) => (outcome.type === "done" ? outcome.events : []));
  return { state: current, outcomes, events };
}

function onL1<T>(state: SimulatorState, outcome: Outcome<L1State, T>): Outcome<SimulatorState, T> {
  if (outcome.type === "reverted") return outcome;
  return { ...outcome, state: gathered({ ...state, l1: outcome.state }) };
}

function onL2<T>(state: SimulatorState, outcome: Outcome<L2State, T>): Outcome<SimulatorState, T> {
  if (outcome.type === "reverted") return outcome;
  return { ...outcome, state: gathered({ ...state, l2: outcome.state }) };
}

/** The bridge takes what it was given on both sides. */
function gathered({ l1, l2, bridge }: SimulatorState): SimulatorState {
  const fromL1 = takeCrossings(l1);
  const fromL2 = takeDepartures(l2);
  return {
    l1: fromL1.state,
    l2: fromL2.state,
    bridge: { down: [...bridge.down, ...fromL1.crossings], up: [...bridge.up, ...fromL2.departures] },
  };
}

function arriveDown(state: SimulatorState, index: number): Outcome<SimulatorState, Output> {
  const { taken, state: left } = takeDown(state, index);
  if (taken.type === "message") return onL2(left, simulateHashArrival(left.l2, { hash: taken.hash }));
  return onL2(left, simulateMetisArrival(left.l2, { receiver: taken.to, assets: taken.assets }));
}

function arriveUp(state: SimulatorState, index: number): Outcome<SimulatorState, Output> {
  const { taken, state: left } = takeUp(state, index);
  if (taken.type === "need") return onL1(left, needArrives(left.l1, taken.need));
  const { bridge } = left.l1.network;
  return onL1(left, transferMetis(left.l1, { caller: bridge, to: taken.to, assets: taken.assets }));
}

function takeDown(state: SimulatorState, index: number): { readonly state: SimulatorState; readonly taken: Crossing } {
  const { taken, left } = without(state.bridge.down, index, "down");
  return { taken, state: { ...state, bridge: { ...state.bridge, down: left } } };
}

function takeUp(state: SimulatorState, index: number): { readonly state: SimulatorState; readonly taken: Departure } {
  const { taken, left } = without(state.bridge.up, index, "up");
  return { taken, state: { ...state, bridge: { ...state.bridge, up: left } } };
}

function without<T>(
  carried: readonly T[],
  index: number,
  way: string,
): { readonly taken: T; readonly left: readonly T[] } {
  const taken = carried[index];
  if (taken === undefined)
    throw new RangeError(`The bridge carries ${carried.length} things ${way}, none at ${index}: give a lower index.`);
  return { taken, left: carried.filter((_, place) => place !== index) };
}

function elapsed(state: SimulatorState, l1: bigint, l2: bigint): SimulatorState {
  return { ...state, l1: atTime(state.l1, state.l1.time + l1), l2: atL2Time(state.l2, state.l2.time + l2) };
}

function done(state: SimulatorState): Outcome<SimulatorState, Output> {
  return { type: "done", state, output: null, events: [] };
}
