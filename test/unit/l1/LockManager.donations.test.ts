import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import { sequencerKey, submitRewards } from "../../../scripts/lib/localMetis";
import { createFixture } from "../../helpers/chains";
import {
  DAY,
  books,
  deployLockManager,
  ethSpent,
  lockAll,
  metisFee,
  minLock,
  phase,
  soundBooks,
  type World,
} from "../../helpers/lockManager";

const donated = parseEther("20001") + 5n;
const value = metisFee;

/** `donor` locks a position of its own and gives it to a vault. Returns its id. */
async function donate(world: World, donor: HardhatEthersSigner, vault: string, recipient: string, label: string) {
  const { token, pool, metis } = world;
  const key = sequencerKey(label);
  await pool.setWhitelist(donor, true);
  await token.mint(donor, donated);
  await token.connect(donor).approve(metis.lockingInfo, donated);
  await pool.connect(donor).lockFor(key.signer, donated, key.pubkey);
  const id = await pool.seqSigners(key.signer);
  if (recipient !== ZeroAddress) await pool.connect(donor).setSequencerRewardRecipient(id, recipient);
  await pool.connect(donor).setSequencerOwner(id, vault);
  return { id, key };
}

describe("LockManager donations", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    const { id, key } = await donate(world, world.alice, world.vaults[0]!.address, ZeroAddress, "donor");
    return { ...world, id, key };
  });

  /** The donated position is unlocked, and its delay is over. */
  async function unlocked() {
    const world = await fixture();
    await world.manager.expelDonation(0);
    await world.l1.increase(21 * DAY);
    return world;
  }

  describe("of a position to a fresh vault", () => {
    it("keep that vault shut and no other", async () => {
      const world = await fixture();
      await lockAll(world, 2n * minLock);
      expect((await world.manager.vaultAt(0)).phase).to.equal(phase.waiting);
      expect((await world.manager.vaultAt(1)).phase).to.equal(phase.active);
      expect((await world.manager.vaultAt(2)).phase).to.equal(phase.active);
    });

    it("are unlocked by anyone, with rewards pointed at our gateway first", async () => {
      const { manager, pool, gateway, id } = await fixture();
      await expect(manager.expelDonation(0)).to.emit(manager, "DonationExpelled").withArgs(0n, id, false);
      const position = await pool.sequencers(id);
      expect(position.status).to.equal(1n);
      expect(position.rewardRecipient).to.equal(await gateway.l2Gateway());
    });

    it("end as profit, never as an arrival", async () => {
      const world = await unlocked();
      const { manager, id } = world;
      const transaction = manager.expelDonation(0);
      await expect(transaction).to.emit(manager, "DonationExpelled").withArgs(0n, id, true);
      await expect(transaction).to.emit(manager, "SurplusBooked").withArgs(0n, donated, donated);
      expect(await manager.counters()).to.deep.equal([0n, 0n, 0n]);
      expect(await manager.l1Assets()).to.equal(donated);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("leave the vault free for our own position", async () => {
      const world = await unlocked();
      await world.manager.expelDonation(0);
      await world.manager.allocate();
      expect((await world.manager.vaultAt(0)).phase).to.equal(phase.active);
    });

    it("cannot be claimed before Metis's delay is over", async () => {
      const { manager, pool, id } = await fixture();
      await manager.expelDonation(0);
      await expect(manager.expelDonation(0))
        .to.be.revertedWithCustomError(manager, "LockManager__ExitNotOver")
        .withArgs(0n, (await pool.sequencers(id)).unlockClaimTime);
    });

    it("cost the fee with a reward, at both steps, and nothing without", async () => {
      const world = await fixture();
      const { manager, carol, l1, metis, key } = world;
      const pay = () => submitRewards(l1.provider, metis, { signers: [key.signer], blocks: [3n] });
      await pay();
      await expect(manager.expelDonation(0))
        .to.be.revertedWithCustomError(manager, "LockManager__FeeTooLow")
        .withArgs(0n, metisFee);
      expect(await ethSpent(world, carol, () => manager.expelDonation(0, { value: value + 1n }))).to.equal(value);
      await pay();
      await l1.increase(21 * DAY);
      expect(await ethSpent(world, carol, () => manager.expelDonation(0, { value: value + 1n }))).to.equal(value);
      expect((await manager.counters()).sentToL2).to.equal(0n);
    });
  });

  it("refuses a vault that was given nothing", async () => {
    const world = await fixture();
    const { manager } = world;
    await expect(manager.expelDonation(1))
      .to.be.revertedWithCustomError(manager, "LockManager__NoDonation")
      .withArgs(1n);
    await lockAll(world, minLock);
    await expect(manager.expelDonation(1))
      .to.be.revertedWithCustomError(manager, "LockManager__NoDonation")
      .withArgs(1n);
    await expect(manager.expelDonation(7)).to.be.revertedWithCustomError(manager, "LockManager__UnknownVault");
  });

  describe("of a position to a vault that has one, as mainnet's LockingPool allows", () => {
    const mainnet = createFixture(async (chains) => {
      const world = await deployLockManager(chains, { variant: "mainnet", strangers: 7 });
      await lockAll(world, minLock);
      const { id } = await donate(world, world.alice, world.vaults[0]!.address, world.bob.address, "donor");
      return { ...world, id };
    });

    it("leave our own position as it was", async () => {
      const world = await mainnet();
      await lockAll(world, 500n);
      await world.manager.harvest();
      expect((await world.manager.vaultAt(0)).principal).to.equal(minLock + 500n);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("can be expelled beside it", async () => {
      const world = await mainnet();
      const { manager, id, l1 } = world;
      await expect(manager.expelDonation(0)).to.emit(manager, "DonationExpelled").withArgs(0n, id, false);
      await l1.increase(21 * DAY);
      await manager.expelDonation(0);
      expect(await manager.idle()).to.equal(donated);
      expect((await manager.vaultAt(0)).principal).to.equal(minLock);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("do not stop our own exit", async () => {
      const world = await mainnet();
      const { manager, asGovernance, l1 } = world;
      await asGovernance.beginExit(0);
      await l1.increase(21 * DAY);
      await manager.finishExit(0);
      expect(await manager.idle()).to.equal(minLock);
    });
  });

  describe("of METIS", () => {
    it("to a vault are booked as profit, by anyone's call", async () => {
      const world = await fixture();
      const { manager, token, vaults } = world;
      await token.mint(vaults[1]!.address, 99n);
      await token.mint(manager, 5n);
      await expect(manager.sweepVault(1)).to.emit(manager, "SurplusBooked").withArgs(1n, 99n, 104n);
      expect((await manager.counters()).receivedFromL2).to.equal(5n);
      expect(await manager.l1Assets()).to.equal(104n);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("to a vault change nothing that the vault does", async () => {
      const world = await fixture();
      const { token, vaults, manager } = world;
      await token.mint(vaults[1]!.address, 99n);
      await lockAll(world, minLock);
      expect(await token.balanceOf(vaults[1]!.address)).to.equal(99n);
      expect(await manager.l1Assets()).to.equal(minLock);
    });

    it("are looked for in vain without any error", async () => {
      const { manager } = await fixture();
      await expect(manager.sweepVault(1)).not.to.emit(manager, "SurplusBooked");
      expect(await manager.sweepVault.staticCall(1)).to.equal(0n);
      await expect(manager.sweepVault(3)).to.be.revertedWithCustomError(manager, "LockManager__UnknownVault");
    });

    it("to LockManager are an arrival, which Metis knows how to judge", async () => {
      const world = await fixture();
      await world.token.connect(world.alice).transfer(world.manager, 0n);
      await world.token.mint(world.manager, 21n);
      await world.manager.sync();
      expect((await world.manager.counters()).receivedFromL2).to.equal(21n);
    });

    it("to the gateway go on to LockManager, by anyone's call", async () => {
      const world = await fixture();
      const { gateway, token, manager } = world;
      await token.mint(gateway, 33n);
      await gateway.sweep();
      await gateway.sweep();
      await manager.sync();
      expect(await manager.idle()).to.equal(33n);
    });
  });
});
