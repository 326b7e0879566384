import { expect } from "chai";
import { parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import {
  arrive,
  books,
  commissionOf,
  deployLockManager,
  lockAll,
  metisFee,
  messageFee,
  phase,
  positionOf,
  positionWord,
  reward,
  sentReport,
  setPosition,
  soundBooks,
  status,
} from "../../helpers/lockManager";

const locked = parseEther("90000") + 17n;

describe("LockManager sync", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    await lockAll(world, locked);
    return world;
  });

  /** The fixture with a reward that was seen in each vault. */
  async function withRewards() {
    const world = await fixture();
    const rewards = await reward(world, [1_001n, 2_003n, 3_007n]);
    await world.manager.sync();
    return { ...world, rewards: rewards as [bigint, bigint, bigint] };
  }

  it("books METIS that arrived, once", async () => {
    const world = await fixture();
    const { manager } = world;
    const idle = await manager.idle();
    await arrive(world, 77n);
    await expect(manager.sync())
      .to.emit(manager, "ArrivalBooked")
      .withArgs(77n, locked + 77n, idle + 77n);
    await expect(manager.sync()).not.to.emit(manager, "ArrivalBooked");
    expect((await manager.counters()).receivedFromL2).to.equal(locked + 77n);
  });

  it("says nothing of vaults in which nothing changed", async () => {
    const { manager } = await fixture();
    await expect(manager.sync()).not.to.emit(manager, "VaultUpdated");
  });

  it("counts rewards without the operators' commission", async () => {
    const { manager, rewards } = await withRewards();
    const [first, second, third] = rewards;
    const commission = commissionOf(first, 0) + commissionOf(second, 1) + commissionOf(third, 2);
    expect(await manager.l1Assets()).to.equal(locked + first + second + third - commission);
    expect(await manager.owed()).to.equal(0n);
  });

  it("tells the state of a vault whose reward grew", async () => {
    const world = await fixture();
    const { manager } = world;
    const [first] = await reward(world, [1_001n]);
    const { principal } = await manager.vaultAt(0);
    await expect(manager.sync()).to.emit(manager, "VaultUpdated").withArgs(0n, phase.active, principal, first);
  });

  describe("when Metis forces a vault out", () => {
    it("books the reward last seen as sent, and its commission as owed", async () => {
      const { manager, pool, rewards } = await withRewards();
      const [, second] = rewards;
      const before = await manager.l1Assets();
      await pool.forceUnlock((await manager.vaultAt(1)).sequencerId, 250_000, { value: metisFee });

      await expect(manager.sync()).to.emit(manager, "ExitBegun").withArgs(1n, second, true, second);
      const vault = await manager.vaultAt(1);
      expect(vault.phase).to.equal(phase.exiting);
      expect(vault.reward).to.equal(0n);
      expect(vault.owed).to.equal(commissionOf(second, 1));
      expect(await manager.owed()).to.equal(commissionOf(second, 1));
      expect((await manager.counters()).sentToL2).to.equal(second);
      expect(await manager.l1Assets()).to.equal(before - second);
    });

    it("leaves what came after the last look as an unannounced arrival on Metis", async () => {
      const world = await withRewards();
      const { manager, pool, rewards } = world;
      await reward(world, [0n, 500n]);
      await pool.forceUnlock((await manager.vaultAt(1)).sequencerId, 250_000, { value: metisFee });
      await manager.sync();
      expect((await manager.counters()).sentToL2).to.equal(rewards[1]);
    });

    it("takes what the position is credited with later as its late reward", async () => {
      const world = await withRewards();
      const { manager, pool } = world;
      await pool.forceUnlock((await manager.vaultAt(1)).sequencerId, 250_000, { value: metisFee });
      const [, late] = await reward(world, [0n, 41n]);
      await manager.sync();
      expect((await manager.vaultAt(1)).reward).to.equal(late);
      expect((await manager.counters()).sentToL2).to.equal(world.rewards[1]);
    });

    it("counts the principal all the while", async () => {
      const world = await withRewards();
      const { manager, pool } = world;
      const { principal, sequencerId } = await manager.vaultAt(1);
      await pool.forceUnlock(sequencerId, 250_000, { value: metisFee });
      await manager.report({ value: messageFee });
      expect((await manager.vaultAt(1)).principal).to.equal(principal);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("notices it with no reward at all", async () => {
      const { manager, pool } = await fixture();
      await pool.forceUnlock((await manager.vaultAt(2)).sequencerId, 250_000);
      await expect(manager.sync()).to.emit(manager, "ExitBegun").withArgs(2n, 0n, true, 0n);
      expect((await manager.vaultAt(2)).phase).to.equal(phase.exiting);
    });

    it("takes the vault back as active if Metis does", async () => {
      const world = await fixture();
      const { manager, pool } = world;
      await pool.forceUnlock((await manager.vaultAt(2)).sequencerId, 250_000);
      await manager.sync();
      const recipient = (await positionOf(world, 2n)).rewardRecipient;
      await setPosition(world, 2n, positionWord.recipient, BigInt(recipient) | (status.active << 160n));
      await manager.sync();
      expect((await manager.vaultAt(2)).phase).to.equal(phase.active);
    });
  });

  describe("when the principal of a vault falls", () => {
    it("books and dates the loss", async () => {
      const world = await fixture();
      const { manager, l1 } = world;
      const { principal } = await manager.vaultAt(0);
      await setPosition(world, 0n, positionWord.amount, principal - 5n);
      await expect(manager.sync()).to.emit(manager, "LossSeen").withArgs(0n, 5n);
      expect(await manager.lossSeenAt()).to.equal(await l1.now());
      expect(await manager.l1Assets()).to.equal(locked - 5n);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("sees it behind a reward that is larger", async () => {
      const world = await fixture();
      const { manager } = world;
      await reward(world, [1_001n]);
      const { principal } = await manager.vaultAt(0);
      await setPosition(world, 0n, positionWord.amount, principal - 1n);
      await expect(manager.sync()).to.emit(manager, "LossSeen").withArgs(0n, 1n);
    });

    it("takes a rise as profit", async () => {
      const world = await fixture();
      const { manager } = world;
      const { principal } = await manager.vaultAt(0);
      await setPosition(world, 0n, positionWord.amount, principal + 9n);
      await expect(manager.sync()).not.to.emit(manager, "LossSeen");
      expect(await manager.l1Assets()).to.equal(locked + 9n);
    });

    it("leaves a vault whose exit Metis ended without us free for another sequencer", async () => {
      const world = await withRewards();
      const { manager, rewards } = world;
      const { principal } = await manager.vaultAt(0);
      await setPosition(world, 0n, positionWord.amount, 0n);
      await setPosition(world, 0n, positionWord.reward, 0n);
      const recipient = (await positionOf(world, 0n)).rewardRecipient;
      await setPosition(world, 0n, positionWord.recipient, BigInt(recipient) | (status.unlocked << 160n));

      await expect(manager.sync()).to.emit(manager, "LossSeen").withArgs(0n, principal);
      const vault = await manager.vaultAt(0);
      expect([vault.phase, vault.sequencerId, vault.principal, BigInt(vault.pubkeyX)]).to.deep.equal([
        phase.waiting,
        0n,
        0n,
        0n,
      ]);
      expect((await manager.counters()).sentToL2).to.equal(rewards[0]);
    });
  });

  describe("when a vault cannot be read", () => {
    const tooMuch = 2n ** 88n;

    it("counts its last known amounts, and reads the others", async () => {
      const world = await withRewards();
      const { manager } = world;
      const before = await manager.l1Assets();
      await setPosition(world, 0n, positionWord.amount, tooMuch);
      const [, more] = await reward(world, [0n, 10n]);

      await expect(manager.sync()).to.emit(manager, "VaultUnreadable").withArgs(0n);
      expect(await manager.l1Assets()).to.equal(
        before + more! - (commissionOf(world.rewards[1] + more!, 1) - commissionOf(world.rewards[1], 1)),
      );
      expect(await manager.lossSeenAt()).to.equal(0n);
    });

    it("takes amounts up to 88 bits", async () => {
      const world = await fixture();
      const { manager } = world;
      await setPosition(world, 0n, positionWord.reward, tooMuch - 1n);
      await manager.sync();
      expect((await manager.vaultAt(0)).reward).to.equal(tooMuch - 1n);
    });

    it("refuses to believe a reward beyond", async () => {
      const world = await fixture();
      const { manager } = world;
      await setPosition(world, 0n, positionWord.reward, tooMuch);
      await expect(manager.sync()).to.emit(manager, "VaultUnreadable").withArgs(0n);
    });

    for (const unknown of [status.unavailable, 4n]) {
      it(`refuses to believe status ${unknown}`, async () => {
        const world = await fixture();
        const { manager } = world;
        const recipient = (await positionOf(world, 0n)).rewardRecipient;
        await setPosition(world, 0n, positionWord.recipient, BigInt(recipient) | (unknown << 160n));
        await expect(manager.sync()).to.emit(manager, "VaultUnreadable").withArgs(0n);
        expect((await manager.vaultAt(0)).phase).to.equal(phase.active);
      });
    }

    for (const [answer, code] of [
      ["nothing", "0x00"],
      ["a revert", "0x60006000fd"],
      ["a word too little", "0x6101806000f3"],
      ["a status that nobody knows", "0x6004610180526101a06000f3"],
    ] as const) {
      it(`still reports when LockingPool answers ${answer}`, async () => {
        const world = await withRewards();
        const { manager, l1, metis } = world;
        const before = await manager.l1Assets();
        const readAt = await l1.now();
        await l1.increase(60);
        await l1.setCode(metis.lockingPool, code);
        const transaction = manager.report({ value: messageFee });
        for (const { index } of world.vaults) {
          await expect(transaction).to.emit(manager, "VaultUnreadable").withArgs(index);
        }
        const report = await sentReport(world, transaction);
        expect(report.readAt).to.equal(readAt);
        expect(report.takenAt).to.equal(await l1.now());
        expect(report.l1Assets).to.equal(before);
        expect(await manager.withdrawableNow()).to.equal(await manager.idle());
      });
    }
  });

  it("never believes flags of ours: after every kind of event the books equal LockingPool's", async () => {
    const world = await withRewards();
    const { manager, pool, asGovernance } = world;
    await manager.harvest({ value: 3n * metisFee });
    expect(await books(world)).to.deep.equal(soundBooks);
    await asGovernance.beginExit(0, { value: metisFee });
    await reward(world, [3n, 4n, 5n]);
    await pool.forceUnlock((await manager.vaultAt(1)).sequencerId, 250_000, { value: metisFee });
    await manager.sync();
    expect(await books(world)).to.deep.equal(soundBooks);
  });
});
