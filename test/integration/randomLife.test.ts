import { parseEther } from "ethers";

import {
  claim,
  deposit,
  depositAndStake,
  depositOnL1,
  rebalance,
  requestRedeem,
  rewardBatch,
} from "../../scripts/lib/demo/actions";
import { advance, generousEth } from "../../scripts/lib/demo/world";
import { day } from "../../scripts/lib/localClock";
import {
  type ProtocolWorld,
  arriveDown,
  bridgeUp,
  deliver,
  donateOnL1,
  donateOnL2,
  expectConserved,
  expectTrueLedger,
  livingProtocol,
  payloadOf,
  report,
  takeReport,
} from "../helpers/protocol";
import { type Random, seededRandom } from "../helpers/random";

const known = 1n;
const steps = 50;

/** One thing that may happen at any time. */
type Action = (world: ProtocolWorld, random: Random) => Promise<unknown>;

const amount = (random: Random) => random.between(parseEther("0.01"), parseEther("3000"));

const actions: readonly Action[] = [
  (world, random) => deposit(world, world.people.bob, amount(random)),
  (world, random) => depositAndStake(world, world.people.alice, amount(random)),
  (world, random) => depositOnL1(world, world.people.dave, amount(random)),
  (world, random) => requestRedeem(world, world.people.bob, amount(random) / 8n + parseEther("0.01")),
  (world) => rebalance(world, world.people.stranger),
  (world) => world.protocol.l1.lockManager.allocate(),
  (world) => world.protocol.l1.lockManager.harvest({ value: generousEth }),
  (world) => world.protocol.l2.l2Gateway.forwardArrivals(),
  (world) => takeReport(world),
  (world) => takeReport(world),
  (world) => arriveDown(world),
  (world, random) => deliverOne(world, random),
  (world, random) => deliverOne(world, random),
  (world, random) => advance(world, Number(random.between(1n, BigInt(2 * day)))),
  (world) => bridgeUp(world),
  (world, random) => rewardBatch(world, [random.between(1n, 3_000n), random.between(1n, 3_000n)]),
  (world, random) => donateOnL2(world, world.protocol.deployment.l2.l2Gateway, amount(random) / 100n),
  (world, random) => donateOnL1(world, world.protocol.deployment.l1.lockManager, amount(random) / 100n),
  (world) => claimAll(world),
  (world, random) => recall(world, random),
];

/** Numbers of the messages whose hash has arrived and that wait. */
async function waiting(world: ProtocolWorld): Promise<readonly bigint[]> {
  const { l2Gateway } = world.protocol.l2;
  const numbers: bigint[] = [];
  const last = await world.protocol.l1.lockManager.lastMessage();
  for (let number = 1n; number <= last; number++) {
    const hash = await l2Gateway.messageHash(number, await payloadOf(world, number));
    if ((await l2Gateway.hashState(hash)) === known) numbers.push(number);
  }
  return numbers;
}

async function deliverOne(world: ProtocolWorld, random: Random): Promise<void> {
  const numbers = await waiting(world);
  if (numbers.length > 0) await deliver(world, random.pick(numbers));
}

async function claimAll(world: ProtocolWorld): Promise<void> {
  const { redemptionQueue } = world.protocol.l2;
  const tickets = await redemptionQueue.queryFilter(redemptionQueue.filters.RedemptionRequested(), 0);
  const claims = await redemptionQueue.queryFilter(redemptionQueue.filters.RedemptionClaimed(), 0);
  const paidUntil = new Map(claims.map(({ args }) => [args.id, args.until]));
  const until = await redemptionQueue.finalisedUntil();
  for (const { args } of tickets) {
    const from = paidUntil.get(args.id) ?? args.id;
    if (from < args.id + args.assets && from < until) await claim(world, world.people.stranger, args.id);
  }
}

async function recall(world: ProtocolWorld, random: Random): Promise<void> {
  const { lockManager } = world.protocol.l1;
  const idle = await lockManager.idle();
  const owed = await lockManager.owed();
  const free = idle > owed ? idle - owed : 0n;
  const assets = free / random.between(1n, 40n);
  const limit = (await lockManager.l1Assets()) / 50n;
  await advance(world, day);
  if (assets > 0n) {
    const wanted = assets < limit ? assets : limit;
    await lockManager.connect(world.people.keeper.l1).recall(wanted, { value: generousEth });
  }
}

describe("Any life of the protocol (C1, C2, C10)", () => {
  for (const seed of [1, 2, 3]) {
    it(`conserves every wei at every step, and ends in a true ledger (seed ${seed})`, async () => {
      const world = await livingProtocol();
      const random = seededRandom(seed);
      for (let step = 0; step < steps; step++) {
        await random.pick(actions)(world, random);
        await expectConserved(world);
      }
      await bridgeUp(world);
      await arriveDown(world);
      for (const number of await waiting(world)) await deliver(world, number);
      await world.protocol.l2.l2Gateway.forwardArrivals();
      for (let reports = 0; reports < 3; reports++) {
        await report(world);
        await advance(world, 4 * day);
      }
      await report(world);
      await expectTrueLedger(world);
    });
  }
});
