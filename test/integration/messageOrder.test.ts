import { expect } from "chai";
import { parseEther } from "ethers";

import { claim, deposit, depositOnL1, rebalance, requestRedeem, rewardBatch } from "../../scripts/lib/demo/actions";
import { advance, generousEth } from "../../scripts/lib/demo/world";
import { day } from "../../scripts/lib/localClock";
import {
  type ProtocolWorld,
  arriveDown,
  bridgeUp,
  deliver,
  expectTrueLedger,
  livingProtocol,
  payloadOf,
  protocolAfter,
  report,
  takeReport,
} from "../helpers/protocol";

/** What can be brought to the pool on Metis. */
type Event = "first report" | "deposit" | "METIS" | "second report";

interface InFlight extends ProtocolWorld {
  readonly numbers: Readonly<Record<Exclude<Event, "METIS">, bigint>>;
}

/** On the way down: a report, METIS that left after it, a deposit made after it, and a report that covers both. */
const quietFlight = protocolAfter(livingProtocol, (world) => sendDown(world, () => Promise.resolve()));

/** The same, with rewards before each report. */
const richFlight = protocolAfter(livingProtocol, (world) =>
  sendDown(world, async () => {
    await advance(world, 2 * day);
    await rewardBatch(world, [5_003n, 6_007n]);
  }),
);

async function sendDown(world: ProtocolWorld, earn: () => Promise<void>): Promise<Pick<InFlight, "numbers">> {
  const { l1, relayer } = world.protocol;
  await earn();
  const first = await takeReport(world);
  await earn();
  await l1.lockManager.connect(world.people.keeper.l1).recall(parseEther("777.7"), { value: generousEth });
  await depositOnL1(world, world.people.dave, parseEther("333.3"));
  const minted = await l1.lockManager.lastMessage();
  const second = await takeReport(world);
  await relayer.deliverDown(({ message }) => !carriesMetis(message, world));
  return { numbers: { "first report": first, deposit: minted, "second report": second } };
}

/** METIS comes to L2Gateway by the bridge's mint of L2's own token, hashes by that of L2Gateway. */
function carriesMetis(message: string, { protocol }: ProtocolWorld): boolean {
  const word = message.slice(10 + 64, 10 + 128);
  return !word.endsWith(protocol.deployment.l2.l2Gateway.slice(2).toLowerCase());
}

async function bring(world: InFlight, event: Event): Promise<void> {
  if (event === "METIS") {
    await arriveDown(world);
    await world.protocol.l2.l2Gateway.forwardArrivals();
  } else {
    await deliver(world, world.numbers[event]);
  }
}

/** All that must not depend on the order. */
async function stateOf({ protocol, people }: ProtocolWorld) {
  const { stakingPool, eMetis, seMetis, redemptionQueue } = protocol.l2;
  const s = await stakingPool.solvency();
  return {
    lines: [s.buffer, s.sentToL1, s.attributedUp, s.receivedFromL1, s.attributedDown, s.mintedForL1, s.unbackedL1Mints],
    report: [s.reportNumber, s.reportTakenAt, s.reportReadAt, s.l1Assets, s.receivedFromL2, s.sentToL2, s.l1Deposits],
    totals: [s.totalAssets, s.totalSupply],
    earned: (await eMetis.balanceOf(people.treasury.address)) + (await eMetis.balanceOf(seMetis)),
    losses: [await stakingPool.unrecoveredLoss(), await stakingPool.stoppedUntil()],
    queue: [await redemptionQueue.pending(), await stakingPool.neededFromL1()],
  };
}

function permutations<T>(values: readonly T[]): readonly (readonly T[])[] {
  if (values.length === 0) return [[]];
  return values.flatMap((value) =>
    permutations(values.filter((other) => other !== value)).map((rest) => [value, ...rest]),
  );
}

const inOrder: readonly Event[] = ["first report", "METIS", "deposit", "second report"];

/** What a flight with rewards ends in when all comes in order and then a last report. */
async function stateInOrder(isFollowed: boolean) {
  const world = await richFlight();
  for (const event of inOrder) await bring(world, event);
  if (isFollowed) await report(world);
  return stateOf(world);
}

describe("Messages in any order (C1, C2)", () => {
  describe("leave the ledger true after each of them", () => {
    for (const order of permutations(inOrder)) {
      it(order.join(", "), async () => {
        const world = await quietFlight();
        for (const event of order) {
          await bring(world, event);
          await expectTrueLedger(world);
        }
      });
    }
  });

  describe("end in the state of delivery in order, rewards included", () => {
    let expected: Awaited<ReturnType<typeof stateOf>>;

    before(async () => {
      expected = await stateInOrder(false);
    });

    for (const order of permutations(inOrder)) {
      it(order.join(", "), async () => {
        const world = await richFlight();
        for (const event of order) await bring(world, event);
        expect(await stateOf(world)).to.deep.equal(expected);
      });
    }
  });

  describe("lost, and then the newest delivered", () => {
    const losses: readonly (readonly Event[])[] = [
      ["METIS", "deposit", "second report"],
      ["first report", "METIS", "deposit"],
      ["METIS", "deposit"],
    ];

    for (const arriving of losses) {
      it(`ends in the state of delivery in order when only ${arriving.join(", ")} had come`, async () => {
        const expected = await stateInOrder(true);
        const world = await richFlight();
        for (const event of arriving) await bring(world, event);
        await report(world);
        const state = await stateOf(world);
        expect([state.lines, state.totals, state.earned, state.losses]).to.deep.equal([
          expected.lines,
          expected.totals,
          expected.earned,
          expected.losses,
        ]);
      });
    }

    it("finds METIS and deposit that come only after the newest report", async () => {
      const expected = await stateInOrder(true);
      const world = await richFlight();
      await report(world);
      await bring(world, "METIS");
      await bring(world, "deposit");
      const { lines, totals } = await stateOf(world);
      expect([lines, totals]).to.deep.equal([expected.lines, expected.totals]);
    });
  });

  describe("one at a time", () => {
    let world: InFlight;

    beforeEach(async () => {
      world = await richFlight();
    });

    it("ignores an older report that comes after a newer one", async () => {
      const { stakingPool } = world.protocol.l2;
      const { "first report": first, "second report": second } = world.numbers;
      await bring(world, "second report");
      const before = await stateOf(world);
      await expect(deliver(world, first)).to.emit(stakingPool, "ReportIgnored").withArgs(first, second);
      expect(await stateOf(world)).to.deep.equal(before);
    });

    it("takes each message once", async () => {
      const { l2Gateway } = world.protocol.l2;
      for (const event of ["first report", "deposit"] as const) {
        const number = world.numbers[event];
        await deliver(world, number);
        const hash = await world.protocol.l2.l2Gateway.messageHash(number, await payloadOf(world, number));
        await expect(deliver(world, number))
          .to.be.revertedWithCustomError(l2Gateway, "L2Gateway__UsedMessage")
          .withArgs(number, hash);
      }
    });

    it("loses nothing when Metis books METIS twice: the second time there is none", async () => {
      await bring(world, "METIS");
      const before = await stateOf(world);
      await world.protocol.l2.l2Gateway.forwardArrivals();
      expect(await stateOf(world)).to.deep.equal(before);
    });
  });

  describe("METIS on its way up", () => {
    let world: ProtocolWorld;

    beforeEach(async () => {
      world = await livingProtocol();
    });

    it("counts at every step, whatever report is the last", async () => {
      const { people } = world;
      await deposit(world, people.bob, parseEther("9000.000000000000000009"));
      const early = await takeReport(world);
      await rebalance(world, people.stranger);
      await expectTrueLedger(world);
      const underway = await takeReport(world);
      await bridgeUp(world);
      await expectTrueLedger(world);
      const arrived = await takeReport(world);
      await world.protocol.l1.lockManager.allocate();
      const locked = await takeReport(world);
      await arriveDown(world);
      for (const number of [underway, early, locked, arrived]) {
        await deliver(world, number);
        await expectTrueLedger(world);
      }
    });

    it("counts once when another sending is on its way at each report", async () => {
      const { people } = world;
      for (const assets of ["4000.1", "5000.2", "6000.3"]) {
        await deposit(world, people.bob, parseEther(assets));
        await rebalance(world, people.stranger);
        await world.protocol.relayer.commitUp();
        await advance(world, 3 * day);
        await world.protocol.relayer.deliverUp();
        await report(world);
        await expectTrueLedger(world);
      }
    });
  });

  it("conserves METIS through redemption while a recall is in flight", async () => {
    const world = await livingProtocol();
    const { bob, keeper, stranger } = world.people;
    const id = await requestRedeem(world, bob, parseEther("6000.000000000000000001"));
    await world.protocol.l1.lockManager
      .connect(keeper.l1)
      .recall(parseEther("1500.000000000000000003"), { value: generousEth });
    await advance(world, day);
    await report(world);
    await rebalance(world, stranger);
    await claim(world, stranger, id);
    await expectTrueLedger(world);
  });
});
