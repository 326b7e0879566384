/** Random sequences on Ethereum, done by the simulator and by the contracts and compared after every step. */
import { expect } from "chai";

import { setStorage } from "../../../scripts/lib/localNode";
import { type L1State, atTime, takeCrossings } from "../../../sdk/src/simulator/l1";
import type { Outcome, SimulatedEvent } from "../../../sdk/src/simulator/outcome";
import { type Random, seededRandom } from "../random";
import { flatten, readL1State } from "./l1Reader";
import { type Answer, send } from "./l1Sender";
import type { Step } from "./l1Draw";
import { drawers } from "./l1Steps";
import { type CampaignWorld, slotOf } from "./l1World";

/** How often what was taken: `deposit done`, `LockManager__Paused`, … */
export type Coverage = Map<string, number>;

/** What a campaign does. */
export interface CampaignPlan {
  readonly seed: number;
  readonly steps: number;
  /** Is added to. */
  readonly coverage: Coverage;
}

interface Run {
  readonly world: CampaignWorld;
  readonly random: Random;
  readonly signers: string[];
  state: L1State;
}

const DAY = 86_400n;

/** Runs it; fails at the first difference, with all that is needed to run it again. */
export async function runL1Campaign(world: CampaignWorld, { seed, steps, coverage }: CampaignPlan): Promise<void> {
  const signers = [...world.vaults.map(({ key }) => key.signer), ...world.strangers];
  const time = BigInt(await world.l1.now());
  const positions = Number(await world.pool.totalSequencers());
  const start = await readL1State(world, { signers, positions, lastMessage: 0n });
  const run: Run = { world, random: seededRandom(seed), signers, state: { ...start, time } };
  for (let number = 1; number <= steps; number++) {
    const name = pickName(run.random);
    const step = drawers[name]![1]({ ...run, state: run.state });
    const label = `seed ${seed}, ${world.variant}, step ${number}: ${step.label}`;
    await takeStep(run, step, { label, name, coverage });
  }
}

interface Context {
  readonly label: string;
  readonly name: string;
  readonly coverage: Coverage;
}

async function takeStep(run: Run, step: Step, { label, name, coverage }: Context): Promise<void> {
  run.state = atTime(takeCrossings(run.state).state, run.state.time + pickDelay(run.random));
  const expected = step.simulate(run.state);
  const answer = await perform(run, step, expected);
  count(coverage, `${name} ${expected.type}`);
  if (expected.type === "reverted") count(coverage, expected.error.name);
  else for (const event of expected.events) count(coverage, event.name);
  expect(toldOf(answer, name), label).to.deep.equal(toldBy(expected, step));
  if (expected.type === "done") run.state = expected.state;
  const { world, signers } = run;
  const { manager, pool } = run.state;
  const sizes = { signers, positions: pool.positions.length, lastMessage: manager.lastMessage };
  const found = flatten(await readL1State(world, sizes), world, signers);
  expect(differences(found, flatten(run.state, world, signers)), label).to.deep.equal([]);
}

/** What both sides tell of a step, in one form: events as text, so that a difference can be read. */
interface Told {
  readonly error?: string;
  readonly output?: string;
  readonly spent?: bigint;
  readonly events?: readonly string[];
  readonly crossings?: string;
}

function toldBy(expected: Outcome<L1State, unknown>, { sending }: Step): Told {
  if (expected.type === "reverted") return { error: textOf(expected.error) };
  const { value, refund } = outputOf(expected.output);
  const sent = "data" in sending ? (sending.value ?? 0n) : 0n;
  return {
    output: value,
    spent: sent - (refund ?? sent),
    events: expected.events.map(textOf),
    crossings: textOf(expected.state.bridge.crossings),
  };
}

function toldOf(answer: Answer, name: string): Told {
  if (answer.type === "reverted") return { error: textOf(answer.error) };
  // The allowances that contracts give each other within one call are not simulated.
  const isTold = (event: SimulatedEvent): boolean => event.name !== "Approval" || name === "approveMetis";
  return {
    output: answer.output === "0x" ? "" : String(BigInt(answer.output)),
    spent: name === "forceUnlock" ? 0n : answer.spent,
    events: answer.events.filter(isTold).map(textOf),
    crossings: textOf(answer.crossings),
  };
}

function outputOf(output: unknown): { readonly value: string; readonly refund?: bigint } {
  if (output === null) return { value: "" };
  if (typeof output !== "object") return { value: String(BigInt(output as bigint | boolean)) };
  const fields = new Map<string, unknown>(Object.entries(output));
  const refund = fields.get("refund");
  const value = fields.get("number") ?? fields.get("sent");
  if (typeof refund !== "bigint") throw new Error("an output without what it must tell");
  return { value: value === undefined ? "" : textOf(value), refund };
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner)).replace(
    /^"|"$/g,
    "",
  );
}

async function perform({ world, state }: Run, { sending }: Step, expected: Outcome<L1State, unknown>): Promise<Answer> {
  const isAnswering = expected.type === "done" && outputOf(expected.output).value !== "";
  if ("data" in sending) return send(world, { ...sending, isAnswering }, state.time);
  const { sequencerId, word, value } = sending;
  const slot = slotOf("uint256", sequencerId, 12n) + word;
  await setStorage(world.l1.provider, world.metis.lockingPool, slot, value);
  return { type: "done", output: "0x", events: [], crossings: [], spent: 0n };
}

function differences(found: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>): readonly string[] {
  const paths = new Set([...found.keys(), ...expected.keys()]);
  return [...paths]
    .filter((path) => found.get(path) !== expected.get(path))
    .map((path) => `${path}: simulated ${expected.get(path)}, on chain ${found.get(path)}`);
}

function pickName(random: Random): string {
  const entries = Object.entries(drawers);
  let ticket = random.below(BigInt(entries.reduce((total, [, [weight]]) => total + weight, 0)));
  for (const [name, [weight]] of entries) {
    if (ticket < BigInt(weight)) return name;
    ticket -= BigInt(weight);
  }
  throw new Error("a ticket beyond all weights");
}

/** From a second to 40 days, mostly hours. */
function pickDelay(random: Random): bigint {
  const kind = random.below(100n);
  if (kind < 3n) return random.between(1n, 40n * DAY);
  return random.between(1n, kind < 15n ? 4n * DAY : random.pick([1n, 600n, 3_600n, 21_600n]));
}

function count(coverage: Coverage, what: string): void {
  coverage.set(what, (coverage.get(what) ?? 0) + 1);
}
