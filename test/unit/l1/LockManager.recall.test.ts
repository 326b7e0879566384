import { expect } from "chai";
import { parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import {
  DAY,
  arrive,
  books,
  commissionOf,
  configOf,
  deployLockManager,
  ethSpent,
  lockAll,
  metisFee,
  minLock,
  openBatch,
  positionWord,
  raiseNeed,
  reward,
  setPosition,
  soundBooks,
} from "../../helpers/lockManager";
import { seededRandom } from "../../helpers/random";

const locked = parseEther("75000") + 3n;
/** Above minLock, of all three vaults. */
const surplus = locked - 3n * minLock;
const value = metisFee;

describe("LockManager recall", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    await lockAll(world, locked);
    await openBatch(world);
    return world;
  });

  describe("by the keeper", () => {
    it("sends idle METIS first", async () => {
      const world = await fixture();
      const { asKeeper, manager, bridge, gateway } = world;
      await arrive(world, 500n);
      await expect(asKeeper.recall(400n, { value })).to.emit(manager, "SentToL2").withArgs(400n, 400n, 100n);
      const [sent] = await bridge.queryFilter(bridge.filters.ERC20DepositInitiated(), "latest");
      expect([sent!.args.to, sent!.args.amount]).to.deep.equal([await gateway.l2Gateway(), 400n]);
      expect((await manager.counters()).sentToL2).to.equal(400n);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("then takes from the vaults, the fullest first", async () => {
      const world = await fixture();
      const { asKeeper, manager } = world;
      await setPosition(world, 2n, positionWord.amount, minLock + parseEther("6000"));
      await manager.sync();
      await expect(asKeeper.recall(parseEther("1000"), { value }))
        .to.emit(manager, "Withdrawn")
        .withArgs(2n, parseEther("1000"), parseEther("1000"));
      expect(await manager.idle()).to.equal(0n);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("is limited to a share of what is here, a day", async () => {
      const world = await fixture();
      const { asKeeper, manager, l1 } = world;
      const limit = ((await manager.l1Assets()) * 200n) / 10_000n;
      await expect(asKeeper.recall(limit + 1n, { value }))
        .to.be.revertedWithCustomError(manager, "LockManager__RecallLimited")
        .withArgs(limit + 1n, limit);
      await asKeeper.recall(limit, { value });
      await openBatch(world);
      const half = ((locked - limit) * 200n) / 10_000n;
      await l1.setNextBlockTimestamp((await l1.now()) + DAY);
      await asKeeper.recall(half, { value });
      expect((await manager.counters()).sentToL2).to.equal(limit + half);
    });

    it("fills what operators are owed before anything is sent", async () => {
      const world = await fixture();
      const { asKeeper, manager } = world;
      const [first] = await reward(world, [1_001n]);
      await manager.harvest();
      const owed = commissionOf(first!, 0);
      await asKeeper.recall(100n, { value });
      expect(await manager.idle()).to.equal(owed);
      expect((await manager.counters()).sentToL2).to.equal(100n);
    });

    it("reverts by name when there is nothing to send", async () => {
      const { asKeeper, manager, pool } = await fixture();
      await pool.setPause(true);
      await expect(asKeeper.recall(1n, { value })).to.be.revertedWithCustomError(
        manager,
        "LockManager__NothingToRecall",
      );
    });

    it("costs the bridge's fee once, and the surplus returns", async () => {
      const world = await fixture();
      const { asKeeper, keeper } = world;
      expect(await ethSpent(world, keeper, () => asKeeper.recall(9n, { value: metisFee + 1n }))).to.equal(metisFee);
      await arrive(world, 1n);
      await expect(asKeeper.recall(1n, { value: metisFee - 1n }))
        .to.be.revertedWithCustomError(asKeeper, "LockManager__FeeTooLow")
        .withArgs(metisFee - 1n, metisFee);
    });

    it("is for nobody else", async () => {
      const { manager, carol } = await fixture();
      await expect(manager.recall(1n, { value }))
        .to.be.revertedWithCustomError(manager, "AccessManagedUnauthorized")
        .withArgs(carol.address);
    });
  });

  describe("for the need", () => {
    it("does nothing without one, and costs nothing", async () => {
      const world = await fixture();
      const { manager, carol } = world;
      expect(await ethSpent(world, carol, () => manager.recallForNeed({ value: 5n }))).to.equal(0n);
      expect(await manager.recallForNeed.staticCall()).to.equal(0n);
    });

    it("sends exactly what lacks, by anyone, beyond the keeper's limit", async () => {
      const world = await fixture();
      const { manager } = world;
      const target = parseEther("9000");
      await raiseNeed(world, target);
      await expect(manager.recallForNeed({ value })).to.emit(manager, "SentToL2").withArgs(target, target, 0n);
      await expect(manager.recallForNeed()).not.to.emit(manager, "SentToL2");
      expect(await manager.need()).to.deep.equal([1n, target, 0n]);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("sends what there is and begins to count when that is not enough", async () => {
      const world = await fixture();
      const { manager, l1 } = world;
      await raiseNeed(world, surplus + 1n);
      await manager.recallForNeed({ value });
      expect(await manager.need()).to.deep.equal([1n, surplus + 1n, BigInt(await l1.now())]);
      expect((await manager.counters()).sentToL2).to.equal(surplus);
    });

    it("does not begin to count again", async () => {
      const world = await fixture();
      const { manager, l1 } = world;
      await raiseNeed(world, surplus + 1n);
      await manager.recallForNeed({ value });
      const since = await l1.now();
      await l1.increase(DAY);
      await manager.recallForNeed();
      await raiseNeed(world, surplus + 2n);
      expect((await manager.need()).unreachedSince).to.equal(since);
    });

    it("stops counting once the need is reached, whatever reached it", async () => {
      const world = await fixture();
      const { manager } = world;
      await raiseNeed(world, surplus + 1n);
      await manager.recallForNeed({ value });
      await reward(world, [1n]);
      await expect(manager.harvest({ value })).to.emit(manager, "NeedUnreachedSinceSet").withArgs(0n);
      expect((await manager.need()).unreachedSince).to.equal(0n);
    });

    it("takes a vault only once a batch", async () => {
      const world = await fixture();
      const { manager } = world;
      await raiseNeed(world, 1n);
      await manager.recallForNeed({ value });
      await raiseNeed(world, surplus);
      await manager.recallForNeed({ value });
      const taken = (await manager.counters()).sentToL2;
      expect(taken).to.be.lessThan(surplus);
      await openBatch(world);
      await manager.recallForNeed({ value });
      expect((await manager.counters()).sentToL2).to.equal(surplus);
    });

    it("goes around vaults that Metis lets nothing out of", async () => {
      const world = await fixture();
      const { manager, pool, vaults } = world;
      await pool.setWhitelist(vaults[0]!.address, false);
      await raiseNeed(world, surplus);
      await manager.recallForNeed({ value });
      const { principal } = await manager.vaultAt(0);
      expect((await manager.counters()).sentToL2).to.equal(surplus - (principal - minLock));
    });

    it("goes around a vault that refuses although it should not", async () => {
      const world = await fixture();
      const { manager, l1, vaults } = world;
      await raiseNeed(world, surplus);
      await l1.setCode(vaults[0]!.address, "0x60006000fd");
      const { principal } = await manager.vaultAt(0);
      await expect(manager.recallForNeed({ value })).to.emit(manager, "VaultSkipped");
      expect((await manager.counters()).sentToL2).to.equal(surplus - (principal - minLock));
    });

    it("cannot be made to look unreachable by too little gas", async () => {
      const world = await fixture();
      const { manager } = world;
      await raiseNeed(world, surplus);
      await expect(manager.recallForNeed({ value, gasLimit: 900_000n })).to.be.revertedWithCustomError(
        manager,
        "LockManager__GasTooLow",
      );
    });

    it("lets anybody send it down who pays, never less", async () => {
      const world = await fixture();
      await raiseNeed(world, 7n);
      await expect(world.manager.recallForNeed())
        .to.be.revertedWithCustomError(world.manager, "LockManager__FeeTooLow")
        .withArgs(0n, metisFee);
    });
  });

  describe("what can be withdrawn now", () => {
    it("is what is idle beyond what is owed and the vaults' surplus", async () => {
      const world = await fixture();
      await arrive(world, 11n);
      expect(await world.manager.withdrawableNow()).to.equal(surplus + 11n);
    });

    it("counts no vault that Metis blocks, throttles, or that exits", async () => {
      const world = await fixture();
      const { manager, pool, vaults, asGovernance } = world;
      const parts = await Promise.all([0, 1, 2].map(async (i) => (await manager.vaultAt(i)).principal - minLock));
      await pool.setWhitelist(vaults[0]!.address, false);
      expect(await manager.withdrawableNow()).to.equal(parts[1]! + parts[2]!);
      await asGovernance.beginExit(1);
      expect(await manager.withdrawableNow()).to.equal(parts[2]);
      await pool.setPause(true);
      expect(await manager.withdrawableNow()).to.equal(0n);
    });

    it("counts nothing of a vault that waits for its first position", async () => {
      const world = await fixture();
      await world.asGovernance.addVault(configOf(world.l1, 3));
      expect(await world.manager.withdrawableNow()).to.equal(surplus);
    });

    it("follows a minLock that was raised", async () => {
      const { manager, info } = await fixture();
      await info.setMinLock(parseEther("40000"));
      expect(await manager.withdrawableNow()).to.equal(0n);
    });

    it("takes the commission into account that a forced exit makes due", async () => {
      const world = await fixture();
      const { manager, pool } = world;
      const [first] = await reward(world, [1_001n]);
      await manager.sync();
      const before = await manager.withdrawableNow();
      const { principal, sequencerId } = await manager.vaultAt(0);
      await pool.forceUnlock(sequencerId, 250_000, { value });
      expect(await manager.withdrawableNow()).to.equal(before - (principal - minLock) - commissionOf(first!, 0));
    });

    it("is exact: recalling it sends all of it, asking for more sends no more", async () => {
      const world = await fixture();
      const { manager, pool, info, vaults, l1 } = world;
      const random = seededRandom(31_337);
      for (let round = 0; round < 12; round++) {
        const snapshot = await l1.snapshot();
        await reward(world, [random.below(900n), 1n + random.below(900n), random.below(900n)]);
        if (random.below(2n) === 0n) await manager.harvest();
        await arrive(world, random.ofBits(70));
        await pool.setWhitelist(vaults[Number(random.below(3n))]!.address, random.below(3n) !== 0n);
        if (random.below(3n) === 0n) await pool.forceUnlock((await manager.vaultAt(2)).sequencerId, 250_000, { value });
        if (random.below(3n) === 0n) await info.setMinLock(minLock + random.ofBits(72));
        const available = await manager.withdrawableNow();
        await raiseNeed(world, (await manager.counters()).sentToL2 + available + random.ofBits(60));
        const sent = await manager.recallForNeed.staticCall({ value });
        const missing = (await manager.need()).target - (await manager.counters()).sentToL2;
        expect(sent).to.be.oneOf([available, missing]);
        expect(sent).to.be.at.most(available);
        await manager.recallForNeed({ value });
        expect(await books(world)).to.deep.equal(soundBooks);
        await snapshot.restore();
      }
    });
  });

  describe("a need that comes up", () => {
    it("holds when its number is the highest", async () => {
      const { asGateway, manager } = await fixture();
      await expect(asGateway.raiseNeed(5n, 70n)).to.emit(manager, "NeedRaised").withArgs(5n, 70n);
      await expect(asGateway.raiseNeed(5n, 80n)).not.to.emit(manager, "NeedRaised");
      await asGateway.raiseNeed(4n, 90n);
      expect(await manager.need()).to.deep.equal([5n, 70n, 0n]);
      await asGateway.raiseNeed(6n, 60n);
      expect(await manager.need()).to.deep.equal([6n, 60n, 0n]);
    });

    it("stops the count when it is reached already", async () => {
      const world = await fixture();
      const { manager } = world;
      await raiseNeed(world, surplus + 1n);
      await manager.recallForNeed({ value });
      await raiseNeed(world, surplus);
      expect((await manager.need()).unreachedSince).to.equal(0n);
    });

    it("is heard from the gateway only", async () => {
      const { manager, carol } = await fixture();
      await expect(manager.raiseNeed(9n, 9n))
        .to.be.revertedWithCustomError(manager, "LockManager__Unauthorized")
        .withArgs(carol.address);
    });
  });
});
