/** The simulator of Metis's side against the contracts: random actions, compared after each. */
import type { L2State } from "../../../sdk/src/simulator/l2/state";
import { atL2Time, takeDepartures } from "../../../sdk/src/simulator/l2/state";
import { type L2Action, simulateL2 } from "../../../sdk/src/simulator/l2/simulateL2";
import { type PoolSetup, emptyPoolFixture } from "../pool";
import { type Random, seededRandom } from "../random";
import { pauseOf } from "./amounts";
import { createL2Comparison, differences, performL2 } from "./l2Bench";
import { type Players, chooseL2 } from "./l2Player";
import { type L2Beginning, openingL2, startOn } from "./l2Start";
import { type StandInL1, createStandInL1, depositThere, liveOnL1, reportThere, takeOff } from "./standInL1";
import { textOf } from "./values";

/** What runs did: how often each action was done, each error was met, each event was seen. */
export interface Tally {
  steps: number;
  reverts: number;
  readonly done: Map<string, number>;
  readonly errors: Map<string, number>;
  readonly events: Map<string, number>;
}

const METIS = 10n ** 18n;

/** Nothing was done yet. */
export function emptyTally(): Tally {
  return { steps: 0, reverts: 0, done: new Map(), errors: new Map(), events: new Map() };
}

/** One life of `steps` steps. Throws at the first difference, with all that is needed to see it again. */
export async function runL2(seed: number, steps: number, tally: Tally): Promise<void> {
  const fixture = await emptyPoolFixture();
  const random = seededRandom(seed);
  const players = await playersOf(fixture);
  const { bench, start } = await beginL2(fixture, players);
  const compare = createL2Comparison(bench, start);
  const l1 = createStandInL1();
  const opening = openingL2(start, players);
  let state = start;
  let again: L2Action | undefined;
  for (let step = 0; step < steps; step++) {
    if (again === undefined) {
      state = atL2Time(state, state.time + pauseOf(random));
      live(l1, state, random, players);
    }
    const action = again ?? opening[step] ?? chooseL2({ state, random, players, l1 });
    const simulated = simulateL2(state, action);
    const happened = await performL2(bench, action, state.time);
    const wrong = [...differences(simulated, happened)];
    if (simulated.type === "done") {
      const { state: next, departures } = takeDepartures(simulated.state);
      takeOff(l1, departures);
      state = next;
      wrong.push(...(await compare(state)));
    }
    if (wrong.length > 0)
      throw new Error(`seed ${seed}, step ${step}, ${textOf(action)} at ${state.time}:\n${wrong.join("\n")}`);
    count(tally, action.type, simulated);
    again = random.below(isPart(simulated) ? 2n : 40n) === 0n ? action : undefined;
  }
}

/** Whether a deposit was minted in part: what comes at once after it finds nothing left of the day's limit. */
function isPart(outcome: ReturnType<typeof simulateL2>): boolean {
  return outcome.type === "done" && outcome.events.some(({ name }) => name === "MessagePartlyDelivered");
}

function live(l1: StandInL1, state: L2State, random: Random, { users, refuser }: Players): void {
  const route = { ...state.network, l1Gateway: state.gateway.l1Gateway };
  const dice = random.below(12n);
  if (dice < 2n) liveOnL1(l1, random);
  if (dice === 2n || dice === 5n) reportThere(l1, route, random, state.time + random.below(1_200n) - 900n);
  if (dice !== 3n) return;
  const receiver = random.below(15n) === 0n ? `0x${"0".repeat(40)}` : random.pick([...users, refuser]);
  const assets = random.below(3n) === 0n ? random.below(120_000n * METIS) : random.between(1n, 900n * METIS);
  depositThere(l1, route, random, { receiver, assets, isStaked: random.below(2n) === 0n });
}

function count(tally: Tally, type: string, outcome: ReturnType<typeof simulateL2>): void {
  const add = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  tally.steps++;
  if (outcome.type === "reverted") {
    tally.reverts++;
    add(tally.errors, outcome.error.name);
    return;
  }
  add(tally.done, type);
  for (const { name } of outcome.events) add(tally.events, name);
}

async function playersOf({ l2, alice, bob, carol, keeper, deployer }: Awaited<ReturnType<typeof emptyPoolFixture>>) {
  const refuser = await l2.deploy("TestAccount", []);
  await refuser.refuse();
  const users = [alice, bob, carol, keeper].map(({ address }) => address);
  return { users, refuser: await refuser.getAddress(), governor: deployer.address };
}

async function beginL2(
  setup: PoolSetup & { readonly treasury: { readonly address: string } },
  players: Players,
): Promise<L2Beginning> {
  const { l2, deployment, treasury } = setup;
  return startOn(l2, { deployment, players, treasury: treasury.address });
}
