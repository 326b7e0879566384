import { expect } from "chai";
import { parseEther } from "ethers";

import {
  claim,
  deposit,
  depositAndStake,
  depositOnL1,
  requestRedeem,
  rewardBatch,
} from "../../scripts/lib/demo/actions";
import { advance } from "../../scripts/lib/demo/world";
import { runCycle } from "../../scripts/lib/keeper/cycle";
import { day, hour } from "../../scripts/lib/localClock";
import { type TestKeeper, createKeeper, done, gasOf } from "../helpers/keeper";
import { type ProtocolWorld, expectConserved, expectTrueLedger, livingProtocol } from "../helpers/protocol";
import { type Random, seededRandom } from "../helpers/random";

/** A ticket, and when it was asked for and paid; Unix seconds of Metis. */
interface Wait {
  readonly end: bigint;
  readonly askedAt: number;
  paidAt?: number;
}

const amount = (random: Random, most: string) => random.between(parseEther("5"), parseEther(most));

/** What users do in a day, by chance. */
async function live(world: ProtocolWorld, random: Random, waits: Map<bigint, Wait>): Promise<void> {
  const { alice, bob, carol, dave } = world.people;
  const acts = [
    () => deposit(world, carol, amount(random, "900")),
    () => depositAndStake(world, alice, amount(random, "1500")),
    () => depositOnL1(world, dave, amount(random, "2500")),
    async () => {
      const assets = amount(random, "600");
      const id = await requestRedeem(world, bob, assets);
      waits.set(id, { end: id + assets, askedAt: await world.l2.now() });
    },
  ];
  await random.pick(acts)();
  if (random.below(3n) === 0n) await acts[3]!();
}

/** The bridge does what time allows. */
async function carry({ protocol: { relayer } }: ProtocolWorld): Promise<void> {
  await relayer.commitUp();
  await relayer.deliverDown();
  await relayer.deliverUp();
}

async function note(world: ProtocolWorld, waits: Map<bigint, Wait>): Promise<void> {
  const finalisedUntil = await world.protocol.l2.redemptionQueue.finalisedUntil();
  const now = await world.l2.now();
  for (const [id, wait] of waits) {
    if (wait.end <= finalisedUntil && wait.paidAt === undefined) {
      wait.paidAt = now;
      await claim(world, world.people.stranger, id);
    }
  }
}

async function reportAge({ protocol, l1 }: ProtocolWorld): Promise<number> {
  const { reportTakenAt } = await protocol.l2.stakingPool.solvency();
  return (await l1.now()) - Number(reportTakenAt);
}

/** Gas of all that a keeper sent, on one chain. */
function gasOn(keeper: TestKeeper, world: ProtocolWorld, chain: "l1" | "l2"): Promise<bigint> {
  const lines = keeper.lines.filter(({ event, fields }) => event === "done" && fields.chain === chain);
  return gasOf(
    world.protocol[chain].node,
    lines.map(({ fields }) => String(fields.hash)),
  );
}

describe("A month with nobody but the keeper", function () {
  this.timeout(240_000);

  it("pays every ticket within 4 days, reports daily, loses no wei and wastes no transaction", async () => {
    const world = await livingProtocol();
    const random = seededRandom(7);
    const keeper = await createKeeper(world);
    const waits = new Map<bigint, Wait>();
    let oldest = 0;
    for (let today = 0; today < 30; today++) {
      if (today < 26) await live(world, random, waits);
      if (today % 3 === 0) await rewardBatch(world, [random.between(500n, 3_000n), random.between(500n, 3_000n)]);
      await advance(world, day + Number(random.below(BigInt(hour))));
      await carry(world);
      await runCycle(keeper);
      await note(world, waits);
      if (today > 1) oldest = Math.max(oldest, await reportAge(world));
    }

    const times = [...waits.values()].map(({ askedAt, paidAt = Infinity }) => paidAt - askedAt);
    expect(times.length, "tickets").to.be.at.least(10);
    expect(Math.max(...times), "the longest wait").to.be.at.most(4 * day);
    expect(oldest, "the oldest report").to.be.at.most(2 * day + 3 * hour);
    expect(keeper.memory.failures.size, "orders that failed").to.equal(0);
    await expectConserved(world);
    // One report and its delivery a day, a deposit each, and little else.
    expect(done(keeper).length, "transactions").to.be.at.most(110);
    expect(await gasOn(keeper, world, "l1"), "gas on Ethereum").to.be.at.most(20_000_000n);
    expect(await gasOn(keeper, world, "l2"), "gas on Metis").to.be.at.most(6_500_000n);

    await advance(world, 8 * day);
    await carry(world);
    await runCycle(keeper);
    await carry(world);
    await runCycle(keeper);
    await expectTrueLedger(world);
  });
});
