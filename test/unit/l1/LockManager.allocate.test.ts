import { expect } from "chai";
import { parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import {
  arrive,
  books,
  deployLockManager,
  lockAll,
  metisFee,
  minLock,
  openBatch,
  phase,
  positionOf,
  raiseNeed,
  reward,
  soundBooks,
  vaultConfigs,
  type World,
} from "../../helpers/lockManager";

async function principals({ manager, vaults }: World): Promise<bigint[]> {
  return Promise.all(vaults.map(async ({ index }) => (await manager.vaultAt(index)).principal));
}

describe("LockManager allocate", () => {
  const fixture = createFixture((chains) => deployLockManager(chains));

  it("does nothing without METIS for a position", async () => {
    const world = await fixture();
    await arrive(world, minLock - 1n);
    await expect(world.manager.allocate()).not.to.emit(world.manager, "Locked");
    expect(await world.manager.idle()).to.equal(minLock - 1n);
  });

  it("opens the first position with what Metis asks at least", async () => {
    const world = await fixture();
    const { manager, gateway } = world;
    await arrive(world, minLock);
    await expect(manager.allocate()).to.emit(manager, "Locked").withArgs(0n, 2n, minLock, 0n);
    expect(await principals(world)).to.deep.equal([minLock, 0n, 0n]);
    const position = await positionOf(world, 0n);
    expect(position.rewardRecipient).to.equal(await gateway.l2Gateway());
    expect(position.owner).to.equal(world.vaults[0]!.address);
    expect(await books(world)).to.deep.equal(soundBooks);
  });

  it("fills started positions with what does not open another", async () => {
    const world = await fixture();
    await lockAll(world, 2n * minLock - 1n);
    expect(await principals(world)).to.deep.equal([2n * minLock - 1n, 0n, 0n]);
  });

  it("spreads METIS evenly over positions opened together", async () => {
    const world = await fixture();
    await lockAll(world, 3n * minLock + 3_000n);
    expect(await principals(world)).to.deep.equal([minLock + 1_000n, minLock + 1_000n, minLock + 1_000n]);
  });

  it("raises the emptiest first", async () => {
    const world = await fixture();
    await lockAll(world, minLock + 5_000n);
    await lockAll(world, 2n * minLock);
    expect(await principals(world)).to.deep.equal([minLock + 5_000n, minLock, minLock]);
    await lockAll(world, 3_001n);
    expect(await principals(world)).to.deep.equal([minLock + 5_000n, minLock + 1_500n, minLock + 1_500n]);
    expect(await world.manager.idle()).to.equal(1n);
  });

  it("never goes beyond our cap or Metis's maxLock, and keeps the rest idle", async () => {
    const world = await fixture();
    await world.info.setMaxLock(parseEther("90000"));
    await lockAll(world, parseEther("300000"));
    const [, second, third] = vaultConfigs;
    expect(await principals(world)).to.deep.equal([parseEther("90000"), second.cap, third.cap]);
    expect(await world.manager.idle()).to.equal(parseEther("210000") - second.cap - third.cap);
    expect(await books(world)).to.deep.equal(soundBooks);
  });

  it("opens no position whose cap is below Metis's minLock", async () => {
    const world = await fixture();
    await world.info.setMinLock(parseEther("45000"));
    await lockAll(world, parseEther("95000"));
    expect((await principals(world))[2]).to.equal(0n);
    expect((await world.manager.vaultAt(2)).phase).to.equal(phase.waiting);
  });

  it("first brings every started vault to a minLock that was raised", async () => {
    const world = await fixture();
    await lockAll(world, minLock + 9_000n);
    await lockAll(world, minLock);
    await world.info.setMinLock(minLock + 10_000n);
    await lockAll(world, 11_000n);
    expect(await principals(world)).to.deep.equal([minLock + 10_000n, minLock + 10_000n, 0n]);
  });

  it("keeps what operators are owed", async () => {
    const world = await fixture();
    const { manager, pool } = world;
    await lockAll(world, minLock);
    await pool.updateBlockReward(10n ** 18n);
    await reward(world, [1_000n]);
    await manager.harvest();
    const owed = await manager.owed();
    expect(owed).to.equal(parseEther("50"));
    await lockAll(world, owed + 13n);
    expect(await manager.idle()).to.equal(owed);
  });

  it("locks nothing while a need is not reached", async () => {
    const world = await fixture();
    await raiseNeed(world, 1n);
    await lockAll(world, minLock);
    expect(await world.manager.idle()).to.equal(minLock);
  });

  it("locks nothing while it is paused", async () => {
    const { manager, asGuardian } = await fixture();
    await asGuardian.pause();
    await expect(manager.allocate()).to.be.revertedWithCustomError(manager, "LockManager__Paused");
  });

  it("does nothing while LockingPool is paused", async () => {
    const world = await fixture();
    await world.pool.setPause(true);
    await lockAll(world, minLock);
    expect(await world.manager.idle()).to.equal(minLock);
  });

  it("does nothing while LockingInfo does not tell its maxLock", async () => {
    const world = await fixture();
    const { selector } = world.info.interface.getFunction("maxLock");
    // Reverts when asked for maxLock, and answers 1 to everything else.
    const code = `0x60003560e01c63${selector.slice(2)}14601957600160005260206000f35b60006000fd`;
    await world.l1.setCode(world.metis.lockingInfo, code);
    await lockAll(world, minLock);
    expect(await world.manager.idle()).to.equal(minLock);
  });

  it("gives the share of a vault that Metis does not take to the others, in the same call", async () => {
    const world = await fixture();
    const { manager, pool, vaults } = world;
    await pool.setWhitelist(vaults[0]!.address, false);
    await arrive(world, 2n * minLock + 10n);
    const reason = pool.interface.getError("NotWhitelisted")!.selector;
    const { selector } = (await world.l1.attach("SequencerVault", vaults[0]!.address)).interface.getFunction("lock");
    await expect(manager.allocate()).to.emit(manager, "VaultSkipped").withArgs(0n, selector, reason);
    expect(await principals(world)).to.deep.equal([0n, minLock + 5n, minLock + 5n]);
    expect(await books(world)).to.deep.equal(soundBooks);
  });

  it("ends when every vault refuses", async () => {
    const world = await fixture();
    const { manager, pool, vaults } = world;
    for (const { address } of vaults) await pool.setWhitelist(address, false);
    await lockAll(world, 5n * minLock);
    expect(await manager.idle()).to.equal(5n * minLock);
  });

  it("adds to started vaults when one of them refuses", async () => {
    const world = await fixture();
    const { pool, vaults } = world;
    await lockAll(world, 3n * minLock);
    await pool.setWhitelist(vaults[1]!.address, false);
    await lockAll(world, 8n);
    expect(await principals(world)).to.deep.equal([minLock + 4n, minLock, minLock + 4n]);
  });

  it("leaves vaults that exit alone", async () => {
    const world = await fixture();
    await lockAll(world, 3n * minLock);
    await world.asGovernance.beginExit(0);
    await lockAll(world, 8n);
    expect(await principals(world)).to.deep.equal([minLock, minLock + 4n, minLock + 4n]);
  });

  it("opens no position with a signer that was used before", async () => {
    const world = await fixture();
    const { manager, asGovernance, l1 } = world;
    await lockAll(world, minLock);
    await asGovernance.beginExit(0);
    await l1.increase(21 * 86_400);
    await manager.finishExit(0);
    await asGovernance.tightenVault(1, 0, 0);
    await asGovernance.tightenVault(2, 0, 0);
    await expect(manager.allocate()).not.to.emit(manager, "VaultSkipped");
    expect(await manager.idle()).to.equal(minLock);
  });

  it("cannot be made to skip a vault by too little gas", async () => {
    const world = await fixture();
    const { manager } = world;
    await arrive(world, minLock);
    await expect(manager.allocate({ gasLimit: 800_000n })).to.be.revertedWithCustomError(
      manager,
      "LockManager__GasTooLow",
    );
  });

  it("leaves no METIS in a vault that refused", async () => {
    const world = await fixture();
    const { manager, token, vaults, pool } = world;
    await pool.setWhitelist(vaults[0]!.address, false);
    await lockAll(world, 2n * minLock);
    expect(await token.balanceOf(vaults[0]!.address)).to.equal(0n);
    expect(await token.balanceOf(manager)).to.equal(0n);
  });

  it("opens positions for METIS that was recalled once more", async () => {
    const world = await fixture();
    await lockAll(world, 2n * minLock + 100n);
    await openBatch(world);
    await raiseNeed(world, 40n);
    await world.manager.recallForNeed({ value: metisFee });
    expect(await principals(world)).to.deep.equal([minLock + 10n, minLock + 50n, 0n]);
    await lockAll(world, 20n);
    expect(await principals(world)).to.deep.equal([minLock + 30n, minLock + 50n, 0n]);
  });
});
