import { expect } from "chai";
import { AbiCoder, ZeroHash, keccak256, parseEther } from "ethers";
import hre from "hardhat";

import { createFixture } from "../../helpers/chains";
import {
  commissionOf,
  deployLockManager,
  ethSpent,
  lockAll,
  messageFee,
  metisFee,
  minLock,
  openBatch,
  positionWord,
  reward,
  sentReport,
  setPosition,
  type World,
} from "../../helpers/lockManager";

const locked = parseEther("75000") + 3n;

/** Gas of a report whose vaults all have a new reward. */
async function reportGas(world: World, vaults: number): Promise<bigint> {
  await lockAll(world, minLock * BigInt(vaults) + 77_777n);
  await reward(
    world,
    Array.from({ length: vaults }, () => 5n),
  );
  await world.manager.report({ value: messageFee });
  await reward(
    world,
    Array.from({ length: vaults }, () => 5n),
  );
  const receipt = await (await world.manager.report({ value: messageFee })).wait();
  return receipt!.gasUsed;
}

describe("LockManager report", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    await lockAll(world, locked);
    const [first, second, third] = (await reward(world, [1_001n, 2_003n, 3_007n])) as [bigint, bigint, bigint];
    return { ...world, first, second, third };
  });

  it("says what is here, read in the same transaction", async () => {
    const world = await fixture();
    const { manager, token, first, second, third, l1 } = world;
    await token.mint(manager, 9n);
    const report = await sentReport(world, manager.report({ value: messageFee }));
    const commission = commissionOf(first, 0) + commissionOf(second, 1) + commissionOf(third, 2);
    const now = BigInt(await l1.now());
    expect(report).to.deep.equal([
      now,
      now,
      locked + 9n + first + second + third - commission,
      locked + 9n,
      0n,
      0n,
      locked + 9n - 3n * minLock,
    ]);
  });

  it("counts its messages and keeps their hashes", async () => {
    const { manager, gateway } = await fixture();
    expect(await manager.report.staticCall({ value: messageFee })).to.equal(1n);
    await manager.report({ value: messageFee });
    const transaction = await manager.report({ value: messageFee });
    const [log] = await manager.queryFilter(manager.filters.MessageSent(2n), transaction.blockNumber ?? "latest");
    const hash = keccak256(log!.args.payload);
    expect(await manager.payloadHash(2n)).to.equal(hash);
    expect(await manager.payloadHash(3n)).to.equal(ZeroHash);
    await expect(transaction)
      .to.emit(gateway, "MessageHashSent")
      .withArgs(2n, await gateway.messageHash(2n, hash));
  });

  it("costs its caller the message's fee, and the surplus returns", async () => {
    const world = await fixture();
    const spent = await ethSpent(world, world.carol, () => world.manager.report({ value: messageFee + 1n }));
    expect(spent).to.equal(messageFee);
    await expect(world.manager.report({ value: messageFee - 1n }))
      .to.be.revertedWithCustomError(world.manager, "LockManager__FeeTooLow")
      .withArgs(messageFee - 1n, messageFee);
  });

  it("needs no ETH while messages are free", async () => {
    const { manager, oracle } = await fixture();
    await oracle.setDiscount(0n);
    await manager.report();
    expect(await manager.lastMessage()).to.equal(1n);
  });

  it("refuses a caller who does not take the surplus", async () => {
    const { manager, l1, token } = await fixture();
    const asContract = manager.connect(await l1.impersonate(token));
    await expect(asContract.report({ value: messageFee + 3n }))
      .to.be.revertedWithCustomError(manager, "LockManager__RefundFailed")
      .withArgs(await token.getAddress(), 3n);
    await asContract.report({ value: messageFee });
  });

  it("counts a vault that cannot be read with its last amounts, as of then", async () => {
    const world = await fixture();
    const { manager, l1 } = world;
    await manager.sync();
    const readAt = await l1.now();
    const before = await manager.l1Assets();
    await l1.increase(3_600);
    await setPosition(world, 1n, positionWord.amount, 2n ** 200n);
    const report = await sentReport(world, manager.report({ value: messageFee }));
    expect(report.l1Assets).to.equal(before);
    expect(report.readAt).to.equal(readAt);
    expect(report.takenAt).to.equal(await l1.now());
  });

  it("is negative when operators are owed more than is left", async () => {
    const world = await fixture();
    const { manager, info, first, second, third, vaults } = world;
    await info.setMaxLock(minLock);
    await manager.harvest({ value: 3n * metisFee });
    for (const { index } of vaults) await setPosition(world, index, positionWord.amount, 0n);
    const report = await sentReport(world, manager.report({ value: messageFee }));
    const owed = commissionOf(first, 0) + commissionOf(second, 1) + commissionOf(third, 2);
    expect(report.l1Assets).to.equal(-owed);
    expect(report.withdrawable).to.equal(0n);
    expect(await manager.l1Assets()).to.equal(0n);
  });

  it("works while LockingPool, and while we, are paused", async () => {
    const { manager, pool, asGuardian } = await fixture();
    await pool.setPause(true);
    await asGuardian.pause();
    await manager.report({ value: messageFee });
    expect(await manager.lastMessage()).to.equal(1n);
  });

  it("works with one vault forced out, one off Metis's list and one in exit", async () => {
    const world = await fixture();
    const { manager, pool, vaults, asGovernance } = world;
    await pool.forceUnlock((await manager.vaultAt(0)).sequencerId, 250_000, { value: metisFee });
    await pool.setWhitelist(vaults[1]!.address, false);
    await asGovernance.beginExit(2, { value: metisFee });
    const report = await sentReport(world, manager.report({ value: messageFee }));
    const { second } = world;
    expect(report.l1Assets).to.equal(locked + second - commissionOf(second, 1) - commissionOf(world.third, 2));
  });

  describe("sent again", () => {
    it("sends the same hash for the same fee", async () => {
      const world = await fixture();
      const { manager, gateway, carol } = world;
      await manager.report({ value: messageFee });
      const hash = await gateway.messageHash(1n, await manager.payloadHash(1n));
      const spent = await ethSpent(world, carol, async () => {
        const transaction = await manager.resend(1n, { value: messageFee + 5n });
        await expect(transaction).to.emit(gateway, "MessageHashSent").withArgs(1n, hash);
        return transaction;
      });
      expect(spent).to.equal(messageFee);
      expect(await manager.lastMessage()).to.equal(1n);
    });

    it("refuses a number that no message has", async () => {
      const { manager } = await fixture();
      for (const number of [0n, 1n]) {
        await expect(manager.resend(number, { value: messageFee }))
          .to.be.revertedWithCustomError(manager, "LockManager__UnknownMessage")
          .withArgs(number);
      }
    });

    it("refuses less than the fee", async () => {
      const { manager } = await fixture();
      await manager.report({ value: messageFee });
      await expect(manager.resend(1n))
        .to.be.revertedWithCustomError(manager, "LockManager__FeeTooLow")
        .withArgs(0n, messageFee);
    });
  });

  it("carries the kind in front of the report", async () => {
    const world = await fixture();
    const transaction = await world.manager.report({ value: messageFee });
    const [log] = await world.manager.queryFilter(world.manager.filters.MessageSent(), transaction.blockNumber ?? 0);
    expect(AbiCoder.defaultAbiCoder().decode(["uint8"], log!.args.payload)[0]).to.equal(0n);
  });

  describe("gas", () => {
    for (const [vaults, limit] of [
      // Of this 244,000 are the transaction and the bridge, and 32,000 a vault what LockingPool's answer costs.
      [1, 372_000n],
      [5, 556_000n],
      [20, 1_245_000n],
    ] as const) {
      const crowded = createFixture((chains) => deployLockManager(chains, { vaults }));
      it(`is at most ${limit} with ${vaults} vaults`, async function () {
        if ("__SOLIDITY_COVERAGE_RUNNING" in hre) this.skip();
        const world = await crowded();
        await openBatch(world);
        const used = await reportGas(world, vaults);
        expect(used).to.be.at.most(limit);
      });
    }
  });
});
