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
  messageFee,
  metisFee,
  minLock,
  openBatch,
  phase,
  positionOf,
  positionWord,
  raiseNeed,
  reward,
  sentReport,
  setPosition,
  soundBooks,
} from "../../helpers/lockManager";

const locked = parseEther("75000") + 3n;
const surplus = locked - 3n * minLock;
const value = metisFee;
const exitDelay = 21 * DAY;

describe("LockManager exits", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    await lockAll(world, locked);
    const [first, second, third] = (await reward(world, [1_001n, 2_003n, 3_007n])) as [bigint, bigint, bigint];
    return { ...world, first, second, third };
  });

  /** A need that recalling could not reach for seven days; `beyond` wei of it are out of its reach. */
  async function unreached(beyond: bigint) {
    const world = await fixture();
    await raiseNeed(world, surplus + beyond);
    await world.manager.recallForNeed({ value });
    await world.l1.increase(7 * DAY);
    return world;
  }

  /** The exit of vault 0 has begun, and its delay is over. */
  async function exited() {
    const world = await fixture();
    await world.asGovernance.beginExit(0, { value });
    await world.l1.increase(exitDelay);
    return world;
  }

  describe("begun by governance", () => {
    it("unlocks the position and sends its reward down", async () => {
      const world = await fixture();
      const { asGovernance, manager, first } = world;
      await expect(asGovernance.beginExit(0, { value }))
        .to.emit(manager, "ExitBegun")
        .withArgs(0n, first, false, first);
      const vault = await manager.vaultAt(0);
      expect([vault.phase, vault.reward, vault.owed]).to.deep.equal([phase.exiting, 0n, commissionOf(first, 0)]);
      expect((await manager.counters()).sentToL2).to.equal(first);
      expect((await positionOf(world, 0n)).status).to.equal(1n);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("costs the bridge's fee with a reward, and nothing without", async () => {
      const world = await fixture();
      const { asGovernance, governance, manager } = world;
      expect(await ethSpent(world, governance, () => asGovernance.beginExit(0, { value: value + 3n }))).to.equal(value);
      await manager.harvest();
      expect(await ethSpent(world, governance, () => asGovernance.beginExit(1, { value }))).to.equal(0n);
      expect(await world.l1.provider.getBalance(world.metis.lockingInfo)).to.equal(0n);
    });

    it("refuses less than the fee", async () => {
      const { asGovernance, manager } = await fixture();
      await expect(asGovernance.beginExit(0))
        .to.be.revertedWithCustomError(manager, "LockManager__FeeTooLow")
        .withArgs(0n, metisFee);
    });

    it("refuses a vault that is not active, or not there", async () => {
      const { asGovernance, manager } = await fixture();
      await asGovernance.beginExit(0, { value });
      await expect(asGovernance.beginExit(0, { value }))
        .to.be.revertedWithCustomError(manager, "LockManager__WrongPhase")
        .withArgs(0n, phase.exiting);
      await expect(asGovernance.beginExit(3, { value }))
        .to.be.revertedWithCustomError(manager, "LockManager__UnknownVault")
        .withArgs(3n);
    });

    it("is for nobody else", async () => {
      const { manager, asKeeper, carol, keeper } = await fixture();
      for (const [as, caller] of [
        [manager, carol],
        [asKeeper, keeper],
      ] as const) {
        await expect(as.beginExit(0, { value }))
          .to.be.revertedWithCustomError(manager, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    });
  });

  describe("begun for the need", () => {
    it("is open to anyone when recalling could not reach it for seven days", async () => {
      const { manager } = await unreached(parseEther("5000"));
      await expect(manager.beginExitForNeed(1, { value })).to.emit(manager, "ExitBegun");
      expect((await manager.vaultAt(1)).phase).to.equal(phase.exiting);
    });

    it("is not open before", async () => {
      const world = await fixture();
      const { manager, l1 } = world;
      await raiseNeed(world, surplus + 5n);
      await manager.recallForNeed({ value });
      const since = (await manager.need()).unreachedSince;
      await l1.setNextBlockTimestamp(Number(since) + 7 * DAY - 1);
      await expect(manager.beginExitForNeed(1, { value }))
        .to.be.revertedWithCustomError(manager, "LockManager__ExitNotNeeded")
        .withArgs(since, 5n);
    });

    it("is not open without a need, or with one that is not tried yet", async () => {
      const world = await fixture();
      const { manager, l1 } = world;
      await expect(manager.beginExitForNeed(1, { value }))
        .to.be.revertedWithCustomError(manager, "LockManager__ExitNotNeeded")
        .withArgs(0n, 0n);
      await raiseNeed(world, surplus + 5n);
      const now = (await l1.now()) + 8 * DAY;
      await l1.setNextBlockTimestamp(now);
      await expect(manager.beginExitForNeed(1, { value: 2n * value }))
        .to.be.revertedWithCustomError(manager, "LockManager__ExitNotNeeded")
        .withArgs(now, 5n);
    });

    it("first recalls what Metis lets go by now, and stays shut when that is enough", async () => {
      const world = await unreached(parseEther("5000"));
      const { manager } = world;
      await arrive(world, parseEther("5000"));
      const { unreachedSince } = await manager.need();
      await expect(manager.beginExitForNeed(1, { value: 2n * value }))
        .to.be.revertedWithCustomError(manager, "LockManager__ExitNotNeeded")
        .withArgs(0n, 0n);
      expect((await manager.need()).unreachedSince).to.equal(unreachedSince);
    });

    it("is not open when exits under way will bring enough", async () => {
      const { manager } = await unreached(parseEther("5000"));
      await manager.beginExitForNeed(1, { value });
      await expect(manager.beginExitForNeed(2, { value }))
        .to.be.revertedWithCustomError(manager, "LockManager__ExitNotNeeded")
        .withArgs((await manager.need()).unreachedSince, 0n);
    });

    it("does not count on an exit that Metis lets nobody finish", async () => {
      const { manager, pool } = await unreached(parseEther("5000"));
      await manager.beginExitForNeed(1, { value });
      await pool.setWhitelist((await manager.vaultAt(1)).vault, false);
      await expect(manager.beginExitForNeed(2, { value })).to.emit(manager, "ExitBegun");
    });

    it("opens as many vaults as the need calls for, the last minLock included", async () => {
      const world = await unreached(3n * minLock);
      const { manager, l1 } = world;
      for (const index of [0, 1, 2]) await manager.beginExitForNeed(index, { value });
      await l1.increase(exitDelay);
      for (const index of [0, 1, 2]) await manager.finishExit(index);
      await manager.recallForNeed({ value });
      expect((await manager.counters()).sentToL2).to.equal(locked);
      expect((await manager.need()).unreachedSince).to.equal(0n);
      for (const index of [0, 1, 2]) expect((await manager.vaultAt(index)).principal).to.equal(0n);
    });

    it("pays for both the recall and the exit, exactly", async () => {
      const world = await unreached(parseEther("5000"));
      const { manager, carol } = world;
      await arrive(world, 77n);
      await expect(manager.beginExitForNeed(1, { value: 2n * value - 1n }))
        .to.be.revertedWithCustomError(manager, "LockManager__FeeTooLow")
        .withArgs(2n * value - 1n, 2n * value);
      expect(await ethSpent(world, carol, () => manager.beginExitForNeed(1, { value: 3n * value }))).to.equal(
        2n * value,
      );
    });

    it("takes no vault that is in exit already", async () => {
      const { manager } = await unreached(2n * minLock + 10n ** 22n);
      await manager.beginExitForNeed(1, { value });
      await expect(manager.beginExitForNeed(1, { value }))
        .to.be.revertedWithCustomError(manager, "LockManager__WrongPhase")
        .withArgs(1n, phase.exiting);
    });
  });

  describe("ended", () => {
    it("brings the principal back as idle METIS, by anyone's call", async () => {
      const world = await exited();
      const { manager, first } = world;
      const { principal } = await manager.vaultAt(0);
      await expect(manager.finishExit(0))
        .to.emit(manager, "ExitFinished")
        .withArgs(0n, principal, 0n, first, principal);
      expect(await manager.idle()).to.equal(principal);
      expect((await manager.counters()).receivedFromL2).to.equal(locked);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("changes nothing of what backs eMetis", async () => {
      const { manager } = await exited();
      await manager.sync();
      const before = await manager.l1Assets();
      await manager.finishExit(0);
      expect(await manager.l1Assets()).to.equal(before);
    });

    it("sends a late reward down, with its commission, for the fee", async () => {
      const world = await exited();
      const { manager, first, carol } = world;
      const [late] = (await reward(world, [55n])) as [bigint];
      await expect(manager.finishExit(0))
        .to.be.revertedWithCustomError(manager, "LockManager__FeeTooLow")
        .withArgs(0n, metisFee);
      expect(await ethSpent(world, carol, () => manager.finishExit(0, { value: value + 9n }))).to.equal(value);
      expect((await manager.counters()).sentToL2).to.equal(first + late);
      expect((await manager.vaultAt(0)).owed).to.equal(commissionOf(first, 0) + commissionOf(late, 0));
    });

    it("costs nothing without a late reward", async () => {
      const world = await exited();
      expect(await ethSpent(world, world.carol, () => world.manager.finishExit(0, { value }))).to.equal(0n);
      expect(await world.l1.provider.getBalance(world.metis.lockingInfo)).to.equal(0n);
    });

    it("is refused before Metis's delay is over", async () => {
      const { manager, asGovernance, l1 } = await fixture();
      await asGovernance.beginExit(0, { value });
      const claimableAt = (await l1.now()) + exitDelay;
      await l1.setNextBlockTimestamp(claimableAt - 1);
      await expect(manager.finishExit(0))
        .to.be.revertedWithCustomError(manager, "LockManager__ExitNotOver")
        .withArgs(0n, claimableAt);
      await l1.setNextBlockTimestamp(claimableAt);
      await manager.finishExit(0);
    });

    it("is refused for a vault that does not exit", async () => {
      const { manager } = await fixture();
      await expect(manager.finishExit(0))
        .to.be.revertedWithCustomError(manager, "LockManager__WrongPhase")
        .withArgs(0n, phase.active);
      await expect(manager.finishExit(9)).to.be.revertedWithCustomError(manager, "LockManager__UnknownVault");
    });

    it("books a loss when LockingPool pays less than it told", async () => {
      const world = await exited();
      const { manager, l1 } = world;
      const { principal, vault } = await manager.vaultAt(0);
      // A vault that got 5 wei.
      await l1.setCode(vault, "0x600560005260206000f3");
      await expect(manager.finishExit(0))
        .to.emit(manager, "LossSeen")
        .withArgs(0n, principal - 5n);
      expect(await manager.lossSeenAt()).to.equal(await l1.now());
    });

    it("books a loss when LockingPool tells less than was locked", async () => {
      const world = await exited();
      const { manager, l1 } = world;
      const { principal } = await manager.vaultAt(0);
      await setPosition(world, 0n, positionWord.amount, principal - 31n);
      await expect(manager.finishExit(0)).to.emit(manager, "LossSeen").withArgs(0n, 31n);
      expect(await manager.lossSeenAt()).to.equal(await l1.now());
    });

    it("leaves the vault waiting for another key, since Metis takes no signer twice", async () => {
      const world = await exited();
      const { manager, asGovernance, l1 } = world;
      await manager.finishExit(0);
      const { phase: after, sequencerId, principal, pubkeyX, pubkeyY } = await manager.vaultAt(0);
      expect([after, sequencerId, principal, BigInt(pubkeyX), BigInt(pubkeyY)]).to.deep.equal([
        phase.waiting,
        0n,
        0n,
        0n,
        0n,
      ]);
      await manager.payCommission(0);
      await asGovernance.configureVault(0, configOf(l1, 0, "another key"));
      await manager.allocate();
      expect((await manager.vaultAt(0)).phase).to.equal(phase.active);
      expect(await books(world)).to.deep.equal(soundBooks);
    });
  });

  describe("forced by Metis", () => {
    for (const [moment, prepare] of [
      ["before its reward was seen", () => Promise.resolve()],
      ["after its reward was seen", (world: Awaited<ReturnType<typeof fixture>>) => world.manager.sync()],
      ["after a harvest", (world: Awaited<ReturnType<typeof fixture>>) => world.manager.harvest()],
      [
        "with a need raised",
        (world: Awaited<ReturnType<typeof fixture>>) => raiseNeed(world, surplus + parseEther("9000")),
      ],
      ["while LockingPool is paused", (world: Awaited<ReturnType<typeof fixture>>) => world.pool.setPause(true)],
    ] as const) {
      it(`${moment}, gives the principal back after the delay, and reports count it all the while`, async () => {
        const world = await fixture();
        const { manager, pool, l1 } = world;
        await prepare(world);
        const { sequencerId } = await manager.vaultAt(0);
        await pool.forceUnlock(sequencerId, 250_000, { value });
        const report = await sentReport(world, manager.report({ value: messageFee }));
        const { principal } = await manager.vaultAt(0);
        expect(principal).to.equal((await positionOf(world, 0n)).amount);
        expect(report.l1Assets).to.be.greaterThan(principal);
        await l1.increase(exitDelay);
        if (await pool.paused()) await pool.setPause(false);
        await manager.finishExit(0, { value });
        expect(await manager.idle()).to.equal(principal);
        expect(await books(world)).to.deep.equal(soundBooks);
      });
    }

    it("needs nobody's word before the exit is ended", async () => {
      const { manager, pool, l1 } = await fixture();
      await pool.forceUnlock((await manager.vaultAt(2)).sequencerId, 250_000, { value });
      await l1.increase(exitDelay);
      await manager.finishExit(2);
      expect((await manager.vaultAt(2)).phase).to.equal(phase.waiting);
    });

    it("keeps the others going", async () => {
      const world = await fixture();
      const { manager, pool, first, third } = world;
      await pool.forceUnlock((await manager.vaultAt(1)).sequencerId, 250_000, { value });
      await manager.harvest();
      expect((await manager.vaultAt(0)).owed).to.equal(commissionOf(first, 0));
      expect((await manager.vaultAt(2)).owed).to.equal(commissionOf(third, 2));
      await openBatch(world);
      await raiseNeed(world, 5n);
      await manager.recallForNeed({ value });
      expect((await manager.counters()).sentToL2).to.equal(5n);
    });
  });

  describe("on mainnet's LockingPool", () => {
    const mainnet = createFixture(async (chains) => {
      const world = await deployLockManager(chains, { variant: "mainnet", strangers: 3 });
      await lockAll(world, locked);
      return world;
    });

    it("wait while two thirds of the sequencers would not stay, and tell Metis's reason", async () => {
      const { asGovernance } = await mainnet();
      await asGovernance.beginExit(0);
      await asGovernance.beginExit(1);
      await expect(asGovernance.beginExit(2)).to.be.revertedWith("BFT restriction");
    });

    it("leave no mark when Metis refuses", async () => {
      const world = await mainnet();
      const { asGovernance, manager } = world;
      await asGovernance.beginExit(0);
      await asGovernance.beginExit(1);
      await asGovernance.beginExit(2).catch(() => undefined);
      expect((await manager.vaultAt(2)).phase).to.equal(phase.active);
      expect(await books(world)).to.deep.equal(soundBooks);
    });
  });
});
