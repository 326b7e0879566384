import { expect } from "chai";
import { parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import {
  books,
  commissionOf,
  configOf,
  deployLockManager,
  discount,
  ethSpent,
  lockAll,
  metisFee,
  minLock,
  phase,
  positionOf,
  raiseNeed,
  reward,
  soundBooks,
} from "../../helpers/lockManager";
import { seededRandom } from "../../helpers/random";

const locked = parseEther("75000") + 3n;

describe("LockManager harvest", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    await lockAll(world, locked);
    const [first, second, third] = (await reward(world, [1_001n, 2_003n, 3_007n])) as [bigint, bigint, bigint];
    return { ...world, first, second, third };
  });

  describe("of a reward that fits", () => {
    it("locks it without the bridge", async () => {
      const world = await fixture();
      const { manager, first } = world;
      const { principal } = await manager.vaultAt(0);
      await expect(manager.harvest())
        .to.emit(manager, "Harvested")
        .withArgs(0n, first, commissionOf(first, 0), true, 0n);
      expect((await positionOf(world, 0n)).amount).to.equal(principal + first);
      expect((await manager.vaultAt(0)).principal).to.equal(principal + first);
      expect((await manager.counters()).sentToL2).to.equal(0n);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("changes nothing of what backs eMetis", async () => {
      const { manager } = await fixture();
      await manager.sync();
      const before = await manager.l1Assets();
      await manager.harvest();
      expect(await manager.l1Assets()).to.equal(before);
    });

    it("owes each operator its share of its own sequencer's reward", async () => {
      const { manager, first, second, third } = await fixture();
      await manager.harvest();
      const owed = await Promise.all([0, 1, 2].map(async (index) => (await manager.vaultAt(index)).owed));
      expect(owed).to.deep.equal([commissionOf(first, 0), commissionOf(second, 1), commissionOf(third, 2)]);
      expect(await manager.owed()).to.equal(owed[0]! + owed[1]! + owed[2]!);
    });

    it("gives all ETH back", async () => {
      const world = await fixture();
      expect(await ethSpent(world, world.carol, () => world.manager.harvest({ value: 12_345n }))).to.equal(0n);
    });

    it("does nothing a second time", async () => {
      const { manager } = await fixture();
      await manager.harvest();
      await expect(manager.harvest()).not.to.emit(manager, "Harvested");
    });
  });

  describe("of a reward that does not fit", () => {
    it("sends it down whole when our cap is in the way", async () => {
      const world = await fixture();
      const { manager, asGovernance, second, l2ChainId, gateway, bridge } = world;
      const { principal } = await manager.vaultAt(1);
      await asGovernance.tightenVault(1, 437, principal + second - 1n);
      const transaction = manager.harvest({ value: metisFee });
      await expect(transaction)
        .to.emit(manager, "Harvested")
        .withArgs(1n, second, commissionOf(second, 1), false, second);
      await expect(transaction).to.emit(bridge, "ERC20ChainID").withArgs(l2ChainId);
      const [sent] = await bridge.queryFilter(bridge.filters.ERC20DepositInitiated(), "latest");
      expect([sent!.args.to, sent!.args.amount]).to.deep.equal([await gateway.l2Gateway(), second]);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("locks it when it reaches the cap exactly", async () => {
      const { manager, asGovernance, second } = await fixture();
      const { principal } = await manager.vaultAt(1);
      await asGovernance.tightenVault(1, 437, principal + second);
      await expect(manager.harvest())
        .to.emit(manager, "Harvested")
        .withArgs(1n, second, commissionOf(second, 1), true, 0n);
    });

    it("sends it down when Metis's maxLock is in the way", async () => {
      const { manager, info, first, second, third } = await fixture();
      await info.setMaxLock(minLock);
      await manager.harvest({ value: 3n * metisFee });
      expect((await manager.counters()).sentToL2).to.equal(first + second + third);
    });

    it("takes what was sent out of what backs eMetis here, and the commission out of what is idle", async () => {
      const { manager, info, first, second, third } = await fixture();
      await info.setMaxLock(minLock);
      await manager.sync();
      const before = await manager.l1Assets();
      await manager.harvest({ value: 3n * metisFee });
      expect(await manager.l1Assets()).to.equal(before - first - second - third);
    });
  });

  describe("while a need is not reached", () => {
    it("sends every reward down", async () => {
      const world = await fixture();
      const { manager, first, second, third } = world;
      await raiseNeed(world, parseEther("1000"));
      await manager.harvest({ value: 3n * metisFee });
      expect((await manager.counters()).sentToL2).to.equal(first + second + third);
    });

    it("locks again from the reward on that reaches it", async () => {
      const world = await fixture();
      const { manager, first } = world;
      await raiseNeed(world, first);
      await manager.harvest({ value: 3n * metisFee });
      expect((await manager.counters()).sentToL2).to.equal(first);
    });
  });

  describe("its fee in ETH", () => {
    it("is the bridge's for each reward sent, and the surplus returns", async () => {
      const world = await fixture();
      await world.info.setMaxLock(minLock);
      const spent = await ethSpent(world, world.carol, () => world.manager.harvest({ value: 3n * metisFee + 7n }));
      expect(spent).to.equal(3n * metisFee);
      expect(await world.l1.provider.getBalance(world.manager)).to.equal(0n);
      expect(await world.l1.provider.getBalance(world.metis.lockingInfo)).to.equal(0n);
    });

    it("lets the vaults wait that the value does not cover", async () => {
      const world = await fixture();
      const { manager, first, second } = world;
      await world.info.setMaxLock(minLock);
      const spent = await ethSpent(world, world.carol, () => manager.harvest({ value: 3n * metisFee - 1n }));
      expect(spent).to.equal(2n * metisFee);
      expect((await manager.counters()).sentToL2).to.equal(first + second);
    });

    it("goes back to the caller for a vault that refused", async () => {
      const world = await fixture();
      const { manager, pool, vaults } = world;
      await world.info.setMaxLock(minLock);
      await pool.setWhitelist(vaults[1]!.address, false);
      const spent = await ethSpent(world, world.carol, () => manager.harvest({ value: 3n * metisFee }));
      expect(spent).to.equal(2n * metisFee);
    });

    it("follows Metis's oracle through any price, 0 and large ones", async () => {
      const world = await fixture();
      const { manager, oracle, l1, metis } = world;
      await world.info.setMaxLock(minLock);
      const random = seededRandom(20_260_107);
      for (const price of [0n, 1n, 10n ** 12n, random.ofBits(40), random.ofBits(40), random.ofBits(40)]) {
        const leastGas = random.pick([0n, 249_999n, 250_001n, 1_000_000n]);
        await oracle.setDiscount(price);
        await oracle.setMinL2Gas(leastGas);
        await reward(world, [3n]);
        const fee = price * (leastGas > 250_000n ? leastGas : 250_000n);
        const received = await l1.provider.getBalance(metis.feeReceiver);
        const spent = await ethSpent(world, world.carol, () => manager.harvest({ value: 3n * fee + 5n }));
        expect(spent % (fee || 1n)).to.equal(0n);
        expect((await l1.provider.getBalance(metis.feeReceiver)) - received).to.equal(spent);
        expect((await manager.vaultAt(0)).reward).to.equal(0n);
      }
    });

    it("is that of the low 32 bits of Metis's least gas, as the bridge reads it", async () => {
      const world = await fixture();
      await world.oracle.setMinL2Gas(2n ** 32n + 300_000n);
      expect(await world.gateway.metisFee()).to.equal(300_000n * discount);
    });
  });

  describe("with a vault in trouble", () => {
    it("skips the one that Metis removed from its list", async () => {
      const world = await fixture();
      const { manager, pool, vaults, second } = world;
      await pool.setWhitelist(vaults[0]!.address, false);
      const transaction = manager.harvest();
      const { selector } = (await world.l1.attach("SequencerVault", vaults[0]!.address)).interface.getFunction(
        "compound",
      );
      await expect(transaction)
        .to.emit(manager, "VaultSkipped")
        .withArgs(0n, selector, pool.interface.getError("NotWhitelisted")!.selector);
      await expect(transaction).to.emit(manager, "Harvested").withArgs(1n, second, commissionOf(second, 1), true, 0n);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("skips all while LockingPool is paused, and keeps their rewards", async () => {
      const { manager, pool, first } = await fixture();
      await pool.setPause(true);
      await manager.harvest({ value: 3n * metisFee });
      expect((await manager.vaultAt(0)).reward).to.equal(first);
      expect(await manager.owed()).to.equal(0n);
    });

    it("leaves vaults that exit alone", async () => {
      const world = await fixture();
      const { manager, pool } = world;
      await pool.forceUnlock((await manager.vaultAt(0)).sequencerId, 250_000, { value: metisFee });
      const [late] = await reward(world, [11n]);
      await manager.harvest({ value: metisFee });
      expect((await manager.vaultAt(0)).reward).to.equal(late);
      expect((await manager.vaultAt(0)).phase).to.equal(phase.exiting);
    });
  });

  describe("commission", () => {
    it("changes for later rewards only", async () => {
      const world = await fixture();
      const { manager, asGovernance, l1, first } = world;
      await asGovernance.configureVault(0, { ...configOf(l1, 0), commissionBps: 1_200 });
      expect((await manager.vaultAt(0)).commissionBps).to.equal(500n);
      expect((await manager.vaultAt(0)).nextCommissionBps).to.equal(1_200n);
      await manager.harvest();
      expect((await manager.vaultAt(0)).owed).to.equal((first * 500n) / 10_000n);
      const [later] = await reward(world, [999n]);
      await manager.harvest();
      expect((await manager.vaultAt(0)).owed).to.equal((first * 500n) / 10_000n + (later! * 1_200n) / 10_000n);
    });

    it("is rounded down, to the wei", async () => {
      const world = await fixture();
      const { manager, pool } = world;
      await manager.harvest();
      const before = (await manager.vaultAt(1)).owed;
      await pool.updateBlockReward(1n);
      await reward(world, [0n, 10_000n - 1n]);
      await manager.harvest();
      expect((await manager.vaultAt(1)).owed - before).to.equal(436n);
    });

    it("is paid to the operator out of what is idle, by anyone's call", async () => {
      const world = await fixture();
      const { manager, token, vaults, first } = world;
      await manager.harvest();
      await token.mint(manager, parseEther("500"));
      const owed = commissionOf(first, 0);
      await expect(manager.payCommission(0))
        .to.emit(manager, "CommissionPaid")
        .withArgs(0n, vaults[0]!.operator.address, owed, 0n, parseEther("500") - owed);
      expect(await token.balanceOf(vaults[0]!.operator)).to.equal(owed);
      expect((await manager.vaultAt(0)).owed).to.equal(0n);
      expect(await books(world)).to.deep.equal(soundBooks);
    });

    it("is paid as far as idle METIS goes, and the rest later", async () => {
      const { manager, token, vaults, first } = await fixture();
      await manager.harvest();
      await token.mint(manager, 1_000n);
      await manager.payCommission(0);
      expect(await token.balanceOf(vaults[0]!.operator)).to.equal(1_000n);
      expect((await manager.vaultAt(0)).owed).to.equal(commissionOf(first, 0) - 1_000n);
    });

    it("does not change what backs eMetis when it is paid", async () => {
      const { manager, token } = await fixture();
      await manager.harvest();
      await token.mint(manager, parseEther("500"));
      await manager.sync();
      const before = await manager.l1Assets();
      await manager.payCommission(2);
      expect(await manager.l1Assets()).to.equal(before);
    });

    it("cannot be paid when nothing is owed or nothing is idle", async () => {
      const { manager, token } = await fixture();
      await expect(manager.payCommission(0))
        .to.be.revertedWithCustomError(manager, "LockManager__NothingOwed")
        .withArgs(0n);
      await manager.harvest();
      await expect(manager.payCommission(0))
        .to.be.revertedWithCustomError(manager, "LockManager__NothingOwed")
        .withArgs(0n);
      await token.mint(manager, 1n);
      await manager.payCommission(0);
    });
  });
});
