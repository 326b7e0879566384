import { expect } from "chai";
import { parseEther } from "ethers";

import {
  claim,
  deposit,
  openBatch,
  requestRedeem,
  requestRedeemStaked,
  rewardBatch,
} from "../../scripts/lib/demo/actions";
import { advance, generousEth, withdrawalFee } from "../../scripts/lib/demo/world";
import { day } from "../../scripts/lib/localClock";
import type { ContractOf } from "../helpers/chains";
import {
  type ProtocolWorld,
  bridgeUp,
  expectConserved,
  expectTrueLedger,
  finaliseQueue,
  livingProtocol,
} from "../helpers/protocol";

const phase = { waiting: 0n, active: 1n, exiting: 2n } as const;

describe("With every key silent (G3, B5)", () => {
  let world: ProtocolWorld;
  /** As called by a stranger, who is the only one that does anything. */
  let lockManager: ContractOf<"LockManager">;

  beforeEach(async () => {
    world = await livingProtocol();
    lockManager = world.protocol.l1.lockManager.connect(world.people.stranger.l1);
  });

  /** Everyone who holds anything asks for all of it. Returns the tickets with their sizes. */
  const leaveAll = async (): Promise<ReadonlyMap<bigint, bigint>> => {
    const { seMetis, eMetis, redemptionQueue } = world.protocol.l2;
    const { alice, bob, dave, treasury } = world.people;
    const ids: bigint[] = [];
    for (const user of [alice, dave]) {
      ids.push(await requestRedeemStaked(world, user, await seMetis.balanceOf(user.address)));
    }
    for (const user of [bob, treasury]) {
      ids.push(await requestRedeem(world, user, await eMetis.balanceOf(user.address)));
    }
    const tickets = await Promise.all(ids.map((id) => redemptionQueue.ticket(id)));
    return new Map(tickets.map(({ end }, index) => [ids[index]!, end - ids[index]!]));
  };

  const signal = async () => {
    await world.protocol.l2.l2Gateway.connect(world.people.stranger.l2).signalNeed({ value: withdrawalFee });
    await bridgeUp(world);
  };

  const recall = async () => {
    await openBatch(world);
    await lockManager.recallForNeed({ value: generousEth });
  };

  it("brings all METIS back to all users, the last minLock included", async () => {
    const { redemptionQueue } = world.protocol.l2;
    await advance(world, 8 * day);
    const tickets = await leaveAll();
    await signal();
    await recall();
    await finaliseQueue(world);
    await advance(world, 7 * day);
    await recall();
    await lockManager.beginExitForNeed(0n, { value: generousEth });
    await lockManager.beginExitForNeed(1n, { value: generousEth });
    await advance(world, 21 * day);
    await lockManager.finishExit(0n, { value: generousEth });
    await lockManager.finishExit(1n, { value: generousEth });
    await lockManager.recallForNeed({ value: generousEth });
    await finaliseQueue(world);

    expect(await redemptionQueue.pending()).to.equal(0n);
    for (const [id, assets] of tickets) expect(await claim(world, world.people.stranger, id)).to.equal(assets);
    for (const index of [0n, 1n]) expect((await lockManager.vaultAt(index)).phase).to.equal(phase.waiting);
    await expectTrueLedger(world);
  });

  it("pays a redemption above the buffer with METIS that a stranger recalls", async () => {
    const id = await requestRedeem(world, world.people.bob, parseEther("15000.000000000000000015"));
    await signal();
    await recall();
    await finaliseQueue(world);
    expect(await claim(world, world.people.stranger, id)).to.equal(parseEther("15000.000000000000000015"));
    await expectTrueLedger(world);
  });

  it("pays no reward into the need twice when rewards come late in an exit", async () => {
    await leaveAll();
    await signal();
    await recall();
    await advance(world, 7 * day);
    await lockManager.beginExitForNeed(0n, { value: generousEth });
    await rewardBatch(world, [503n, 0n]);
    await advance(world, 21 * day);
    await lockManager.finishExit(0n, { value: generousEth });
    await lockManager.recallForNeed({ value: generousEth });
    await finaliseQueue(world);
    await expectTrueLedger(world);
  });

  describe("refuses a stranger's exit", () => {
    const expectRefused = async (since: bigint, missing: bigint, index = 0n) => {
      await expect(lockManager.beginExitForNeed(index, { value: generousEth }))
        .to.be.revertedWithCustomError(lockManager, "LockManager__ExitNotNeeded")
        .withArgs(since, missing);
    };

    it("when nobody signalled a need", async () => {
      await expectRefused(0n, 0n);
    });

    it("when recalling reaches the need", async () => {
      await requestRedeem(world, world.people.bob, parseEther("15000"));
      await signal();
      await recall();
      await advance(world, 30 * day);
      await expectRefused(0n, 0n);
    });

    it("before the need was out of reach for 7 days", async () => {
      await leaveAll();
      await signal();
      await recall();
      const since = await world.l1.now();
      const [, target] = await lockManager.need();
      const [, sentToL2] = await lockManager.counters();
      await world.l1.setNextBlockTimestamp(since + 7 * day - 1);
      await expectRefused(BigInt(since), target - sentToL2);
    });

    it("when an exit under way covers what is missing", async () => {
      const { alice, bob } = world.people;
      await requestRedeemStaked(world, alice, await world.protocol.l2.seMetis.balanceOf(alice.address));
      await requestRedeem(world, bob, await world.protocol.l2.eMetis.balanceOf(bob.address));
      await deposit(world, bob, parseEther("0.5"));
      await requestRedeemStaked(world, world.people.dave, parseEther("16000"));
      await signal();
      await recall();
      const { unreachedSince } = await lockManager.need();
      await advance(world, 7 * day);
      await recall();
      await lockManager.beginExitForNeed(0n, { value: generousEth });
      await expectRefused(unreachedSince, 0n, 1n);
    });
  });

  it("conserves METIS when the need is heard twice", async () => {
    await requestRedeem(world, world.people.bob, parseEther("15000"));
    await signal();
    await signal();
    await recall();
    await recall();
    await finaliseQueue(world);
    await expectConserved(world);
    expect((await world.protocol.l2.stakingPool.solvency()).sentToL2).to.be.greaterThan(0n);
  });
});
