/** The simulator against the contracts on both chains: users, cranks, a bridge that is late and loses, time. */
import { keccak256 } from "ethers";

import { decodePayload, envelopeHash, needOf } from "../../../sdk/src/messages";
import { writePosition } from "../../../sdk/src/simulator/l1";
import type { Outcome, SimulatedEvent, SimulatedRevert } from "../../../sdk/src/simulator/outcome";
import {
  type Action,
  type Output,
  type SimulatorState,
  simulate,
  startSimulator,
} from "../../../sdk/src/simulator/protocol";
import { setStorage } from "../../../scripts/lib/localNode";
import { increaseAllTo } from "../chains";
import { type Random, seededRandom } from "../random";
import { pauseOf } from "./amounts";
import { chooseL1, sendingOf } from "./l1Calls";
import { call } from "./l1Draw";
import { flatten, readL1State } from "./l1Reader";
import { type Answer, type Sending, send } from "./l1Sender";
import { slotOf } from "./l1World";
import { type Happening, createL2Comparison, performL2 } from "./l2Bench";
import type { Tally } from "./l2Campaign";
import { chooseL2 } from "./l2Player";
import { openingL2, startOn } from "./l2Start";
import { type BothWorlds, bothWorlds } from "./protocolWorld";
import { type StandInL1, createStandInL1 } from "./standInL1";
import { textOf } from "./values";

interface Run {
  readonly worlds: BothWorlds;
  readonly bench: Awaited<ReturnType<typeof startOn>>["bench"];
  readonly compareL2: ReturnType<typeof createL2Comparison>;
  readonly signers: readonly string[];
  readonly random: Random;
  /** The messages that Ethereum sent. */
  readonly messages: StandInL1;
  readonly tally: Tally;
  state: SimulatorState;
}

/** What happened on a chain, in the form of the simulator's outcome. */
interface Told {
  readonly error?: SimulatedRevert;
  readonly output?: unknown;
  readonly events?: readonly SimulatedEvent[];
  /** What the bridge took from that chain. */
  readonly taken?: readonly unknown[];
}

const MINUTES = 60n;

/** One life of `steps` steps. Throws at the first difference, with all that is needed to see it again. */
export async function runProtocol(seed: number, steps: number, tally: Tally): Promise<void> {
  const run = await begin(seed, tally);
  const opening = openingL2(run.state.l2, run.worlds.players).map((action): Action => ({ type: "l2", action }));
  for (let step = 0; step < steps; step++) {
    pass(run);
    if (run.random.below(90n) === 0n) await lose(run);
    const action = opening[step] ?? choose(run);
    const wrong = await take(run, action);
    if (wrong.length === 0) continue;
    const { l1, l2 } = run.state;
    throw new Error(`seed ${seed}, step ${step}, ${textOf(action)} at ${l1.time}, ${l2.time}:\n${wrong.join("\n")}`);
  }
}

async function begin(seed: number, tally: Tally): Promise<Run> {
  const worlds = await bothWorlds();
  const { l1: world, l2, players, treasury } = worlds;
  await increaseAllTo([world.l1, l2], Math.max(await world.l1.now(), await l2.now()) + 10);
  const { bench, start } = await startOn(l2, { deployment: world.deployment, players, treasury });
  const signers = [...world.vaults.map(({ key }) => key.signer), ...world.strangers];
  const positions = Number(await world.pool.totalSequencers());
  const read = await readL1State(world, { signers, positions, lastMessage: 0n });
  const l1 = { ...read, time: BigInt(await world.l1.now()) };
  const messages = createStandInL1({ isReal: true });
  const compareL2 = createL2Comparison(bench, start);
  const state = startSimulator({ l1, l2: start });
  return { worlds, bench, compareL2, signers, random: seededRandom(seed), messages, tally, state };
}

/** Time goes on, on Metis a little late or early. */
function pass(run: Run): void {
  const seconds = pauseOf(run.random);
  const lag = run.state.l1.time - run.state.l2.time;
  const wanted = seconds + lag + run.random.below(10n * MINUTES) - 5n * MINUTES;
  const outcome = simulate(run.state, { type: "elapse", l1: seconds, l2: wanted > 0n ? wanted : 0n });
  if (outcome.type === "done") run.state = outcome.state;
}

/** A position of ours loses some of its amount, as no rule of Metis has it today. */
async function lose(run: Run): Promise<void> {
  const { worlds, random } = run;
  const { l1 } = run.state;
  const ids = l1.manager.books.map(({ sequencerId }) => sequencerId).filter((id) => id !== 0n);
  if (ids.length === 0) return;
  const id = random.pick(ids);
  const { amount } = l1.pool.positions[Number(id) - 1]!;
  const left = amount - random.below(amount / random.pick([3n, 50n, 400n, 400n]) + 1n);
  const slot = slotOf("uint256", id, 12n);
  await setStorage(worlds.l1.l1.provider, worlds.l1.metis.lockingPool, slot, left);
  run.state = { ...run.state, l1: writePosition(l1, id, { amount: left }) };
}

function choose({ worlds, random, state, messages }: Run): Action {
  const { down, up } = state.bridge;
  const dice = random.below(100n);
  if (dice < 50n) {
    const { players } = worlds;
    return { type: "l2", action: chooseL2({ state: state.l2, random, players, l1: messages }) };
  }
  if (dice < 72n || (down.length === 0 && up.length === 0)) {
    return { type: "l1", action: chooseL1({ world: worlds.l1, random, state: state.l1 }) };
  }
  const isDown = up.length === 0 || (down.length > 0 && random.below(3n) !== 0n);
  const index = Number(random.below(BigInt(isDown ? down.length : up.length)));
  const carried = isDown ? down[index] : up[index];
  // METIS is never lost by the bridge.
  const isLost = carried?.type !== "metis" && random.below(25n) === 0n;
  if (isDown) return { type: isLost ? "loseDown" : "arriveDown", index };
  return { type: isLost ? "loseUp" : "arriveUp", index };
}

async function take(run: Run, action: Action): Promise<readonly string[]> {
  const before = run.state;
  const outcome = simulate(before, action);
  const happened = await perform(run, action);
  if (outcome.type === "done") run.state = outcome.state;
  const wrong = [...differ(toldBy(before, outcome, action), happened)];
  count(run.tally, action, outcome);
  if (outcome.type === "reverted") return wrong;
  listen(run, outcome.events);
  if (before.l1 !== run.state.l1) wrong.push(...(await compareL1(run)));
  if (before.l2 !== run.state.l2) wrong.push(...(await run.compareL2(run.state.l2)));
  return wrong;
}

/** The chains do what `action` says. */
async function perform(run: Run, action: Action): Promise<Told> {
  const { worlds, state, random, bench } = run;
  switch (action.type) {
    case "l1": {
      const { l1: world } = worlds;
      const sending = sendingOf({ world, random, state: state.l1 }, chosen(action.action));
      return toldOfL1(await send(world, { ...sending, isAnswering: true }, state.l1.time), action.action.type);
    }
    case "l2":
      return toldOfL2(await performL2(bench, action.action, state.l2.time));
    case "arriveDown":
      return arriveDown(run, state.bridge.down[action.index ?? 0]!);
    case "arriveUp":
      return toldOfL1(await send(worlds.l1, arrivalOf(run, action.index ?? 0), state.l1.time), "needArrives");
    case "elapse":
    case "loseDown":
    case "loseUp":
      return { output: null, events: [], taken: [] };
  }
}

async function arriveDown({ bench, state }: Run, carried: SimulatorState["bridge"]["down"][number]): Promise<Told> {
  const action =
    carried.type === "message"
      ? ({ type: "hashArrival", hash: carried.hash } as const)
      : ({ type: "metisArrival", receiver: carried.to, assets: carried.assets } as const);
  return toldOfL2(await performL2(bench, action, state.l2.time));
}

function arrivalOf({ worlds, state }: Run, index: number): Sending {
  const { l1: world } = worlds;
  const carried = state.bridge.up[index]!;
  const from = world.metis.bridge;
  if (carried.type === "metis") {
    return { from, to: world.metis.metis, data: call(world.token, "transfer", [carried.to, carried.assets]) };
  }
  return { from, to: world.deployment.l1.l1Gateway, data: call(world.gateway, "transfer", [needOf(carried.need), 1n]) };
}

function toldOfL2(happening: Happening): Told {
  if (happening.type === "reverted") return { error: happening.error };
  const { output, events, departures } = happening;
  return { output, events, taken: departures };
}

function toldOfL1(answer: Answer, name: string): Told {
  if (answer.type === "reverted") return { error: answer.error };
  // The allowances that contracts give each other within one call are not simulated.
  const events = answer.events.filter((event) => event.name !== "Approval" || name === "approveMetis");
  const output = answer.output === "0x" || name === "needArrives" ? null : BigInt(answer.output);
  return { output, events, taken: answer.crossings };
}

/** What the simulator says, in the same form. */
function toldBy(before: SimulatorState, outcome: Outcome<SimulatorState, Output>, action: Action): Told {
  if (outcome.type === "reverted") return { error: outcome.error };
  const { down, up } = outcome.state.bridge;
  const { events } = outcome;
  if (action.type === "l1")
    return { output: wordOf(outcome.output), events, taken: down.slice(before.bridge.down.length) };
  if (action.type === "l2") return { output: outcome.output, events, taken: up.slice(before.bridge.up.length) };
  return { output: action.type === "arriveUp" ? null : outcome.output, events, taken: [] };
}

/** What the function on Ethereum answers: ETH that came back is none of it. */
function wordOf(output: Output): bigint | null {
  if (output === null) return null;
  if (typeof output === "bigint") return output;
  if (typeof output === "boolean") return output ? 1n : 0n;
  if (typeof output !== "object") throw new Error(`no word: ${output}`);
  const fields = new Map<string, unknown>(Object.entries(output));
  const word = fields.get("number") ?? fields.get("sent");
  return typeof word === "bigint" ? word : null;
}

function differ(simulated: Told, happened: Told): readonly string[] {
  // The chain does not say what lacks.
  const isPoor = [simulated, happened].every(({ error }) => error?.name === "InsufficientFunds");
  if (isPoor) return [];
  const [expected, actual] = [textOf(simulated), textOf(happened)];
  return expected === actual ? [] : [`told:\n  simulated ${expected}\n  chain     ${actual}`];
}

async function compareL1({ worlds, signers, state }: Run): Promise<readonly string[]> {
  const { l1: world } = worlds;
  const { manager, pool } = state.l1;
  const sizes = { signers, positions: pool.positions.length, lastMessage: manager.lastMessage };
  const found = flatten(await readL1State(world, sizes), world, signers);
  const expected = flatten(state.l1, world, signers);
  return [...new Set([...found.keys(), ...expected.keys()])]
    .filter((path) => found.get(path) !== expected.get(path))
    .map((path) => `${path}: simulated ${expected.get(path)}, on chain ${found.get(path)}`);
}

/** Keeps the payloads that Ethereum tells. */
function listen({ messages, state }: Run, events: readonly SimulatedEvent[]): void {
  for (const { name, args } of events) {
    if (name !== "MessageSent") continue;
    const { number, payload } = args;
    if (typeof number !== "bigint" || typeof payload !== "string") throw new Error("no MessageSent");
    if (messages.sent.some((message) => message.number === number)) continue;
    const decoded = decodePayload(payload);
    const receiver = decoded.type === "report" ? undefined : decoded.l1Deposit.receiver;
    const hash = envelopeHash(state.l1.network, number, keccak256(payload));
    messages.sent.push({ number, payload, hash, receiver, hasArrived: false });
  }
}

function count(tally: Tally, action: Action, outcome: Outcome<SimulatorState, Output>): void {
  const add = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  const inner = action.type === "l1" || action.type === "l2" ? `${action.type}.${action.action.type}` : action.type;
  tally.steps++;
  if (outcome.type === "reverted") {
    tally.reverts++;
    add(tally.errors, outcome.error.name);
    return;
  }
  add(tally.done, inner);
  for (const { name } of outcome.events) add(tally.events, name);
}

function chosen(action: Extract<Action, { type: "l1" }>["action"]): Parameters<typeof sendingOf>[1] {
  return action as Parameters<typeof sendingOf>[1];
}
