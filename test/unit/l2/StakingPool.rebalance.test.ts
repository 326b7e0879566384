import { expect } from "chai";
import { parseEther } from "ethers";

import {
  BRIDGE_FEE,
  DAY,
  HOUR,
  ONE,
  type PoolFixture,
  applyReport,
  arrive,
  balanceOf,
  emptyPoolFixture,
  gasOf,
  mined,
  poolFixture,
  startParameters,
} from "../../helpers/pool";

describe("StakingPool.rebalance", () => {
  let fixture: PoolFixture;
  let {
    l2,
    pool,
    eMetis,
    seMetis,
    queue,
    gateway,
    bridge,
    gasOracle,
    deployment,
    alice,
    bob,
    carol,
    keeper,
    referrer,
  } = {} as PoolFixture;
  beforeEach(async () => {
    fixture = await poolFixture();
    ({ l2, pool, eMetis, seMetis, queue, gateway, bridge, gasOracle, deployment } = fixture);
    ({ alice, bob, carol, keeper, referrer } = fixture);
  });

  /** Every ticket asked for by now can be finalised. */
  async function letEverythingCount(): Promise<void> {
    await l2.increase(8 * HOUR);
    await applyReport(fixture);
  }

  /** METIS beyond the reserve, as much as there must be to be sent up and `assets` more. */
  async function fill(assets: bigint): Promise<void> {
    const { totalSupply, buffer } = await pool.solvency();
    // The deposit raises supply and with it the reserve: b + d − (s + d)/20 = (s + d)/200 + assets.
    const wanted = ((totalSupply * 55n) / 1000n + assets - buffer) * 1000n;
    await pool.connect(carol).deposit(carol, referrer, { value: wanted / 945n + 1n });
  }

  async function sendable(): Promise<bigint> {
    const { buffer, totalSupply } = await pool.solvency();
    return buffer - (await queue.pending()) - (totalSupply * startParameters.reserveBps) / 10_000n;
  }

  describe("with nothing to do", () => {
    it("changes nothing and gives back all METIS", async () => {
      const before = await pool.solvency();
      expect(
        await l2.coinChanges(async () => mined(pool.connect(keeper).rebalance({ value: 7n })), [keeper, pool]),
      ).to.deep.equal([0n, 0n]);
      expect(await pool.solvency()).to.deep.equal(before);
    });

    it("says who refused what was to be given back", async () => {
      const caller = await l2.deploy("TestAccount", []);
      await caller.refuse();
      const rebalance = pool.interface.encodeFunctionData("rebalance");
      await expect(caller.connect(keeper).execute(pool, rebalance, { value: 7n }))
        .to.be.revertedWithCustomError(pool, "StakingPool__PaymentFailed")
        .withArgs(caller, 7n);
    });

    it("books nothing twice for who comes again while he is paid", async () => {
      const caller = await l2.deploy("TestAccount", []);
      const rebalance = pool.interface.encodeFunctionData("rebalance");
      await caller.callWhenPaid(pool, rebalance);
      const before = await pool.solvency();
      await caller.connect(keeper).execute(pool, rebalance, { value: 7n });
      expect(await caller.isAnswered()).to.equal(true);
      expect(await pool.solvency()).to.deep.equal(before);
    });
  });

  describe("arrivals", () => {
    it("go into the buffer and leave the sum as it is", async () => {
      const before = await pool.solvency();
      await arrive(fixture, 1_001n);
      await expect(pool.connect(keeper).rebalance())
        .to.emit(pool, "ArrivalBooked")
        .withArgs(1_001n, before.receivedFromL1 + 1_001n, before.buffer + 1_001n);
      expect(await pool.totalAssets()).to.equal(before.totalAssets);
      expect(await balanceOf(fixture, gateway)).to.equal(0n);
    });

    it("are taken in while the pool is paused, and nothing else is done", async () => {
      await fill(parseEther("1"));
      await queue.connect(alice).requestRedeem(parseEther("10"), alice);
      await letEverythingCount();
      await pool.pause();
      await arrive(fixture, 1_001n);
      const { sentToL1, receivedFromL1 } = await pool.solvency();
      await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
      expect(await queue.finalisedUntil()).to.equal(0n);
      const after = await pool.solvency();
      expect(after.sentToL1).to.equal(sentToL1);
      expect(after.receivedFromL1).to.equal(receivedFromL1 + 1_001n);
    });

    it("are never what a caller sent along", async () => {
      const { receivedFromL1, buffer } = await pool.solvency();
      await arrive(fixture, 5n);
      await pool.connect(keeper).rebalance({ value: parseEther("77") });
      const after = await pool.solvency();
      expect(after.receivedFromL1 - receivedFromL1).to.equal(5n);
      expect(after.buffer - buffer).to.equal(5n);
    });
  });

  describe("the queue", () => {
    const assets = parseEther("123.456") + 7n;

    it("is funded with what was asked for long enough ago", async () => {
      await queue.connect(alice).requestRedeem(assets, alice);
      await letEverythingCount();
      const { buffer, totalSupply } = await pool.solvency();
      await expect(pool.connect(keeper).rebalance())
        .to.emit(pool, "QueueFunded")
        .withArgs(assets, assets, buffer - assets, totalSupply - assets);
      expect(await queue.reserved()).to.equal(assets);
      expect(await balanceOf(fixture, pool)).to.equal(buffer - assets);
    });

    it("is not funded for a ticket of the same transaction, block or hour", async () => {
      await queue.connect(alice).requestRedeem(assets, alice);
      await applyReport(fixture);
      await pool.connect(keeper).rebalance();
      await pool.connect(keeper).fundQueue();
      expect(await queue.finalisedUntil()).to.equal(0n);
    });

    it("is not funded for a ticket asked for after the vaults were read, however late the report is applied", async () => {
      const readAt = BigInt(await l2.now());
      await l2.increase(HOUR);
      await queue.connect(alice).requestRedeem(assets, alice);
      await l2.increase(6 * DAY);
      await applyReport(fixture, { readAt });
      await pool.connect(keeper).rebalance();
      expect(await queue.finalisedUntil()).to.equal(0n);
    });

    it("is funded by age alone after 7 days without a report", async () => {
      await queue.connect(alice).requestRedeem(assets, alice);
      await l2.increase(7 * DAY - HOUR);
      await pool.connect(keeper).fundQueue();
      expect(await queue.finalisedUntil()).to.equal(0n);
      await l2.increase(2 * HOUR);
      await pool.connect(keeper).fundQueue();
      expect(await queue.finalisedUntil()).to.equal(assets);
    });

    it("is funded as far as the buffer reaches, and comes before sending up", async () => {
      const buffer = await pool.buffer();
      await queue.connect(alice).requestRedeem(buffer + parseEther("5000"), alice);
      await letEverythingCount();
      await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
      expect(await pool.buffer()).to.equal(0n);
      expect(await queue.finalisedUntil()).to.equal(buffer);
    });

    it("takes METIS that arrives in the same call", async () => {
      const buffer = await pool.buffer();
      await queue.connect(alice).requestRedeem(buffer + 99n, alice);
      await letEverythingCount();
      await arrive(fixture, 99n);
      await pool.connect(keeper).rebalance();
      expect(await queue.finalisedUntil()).to.equal(buffer + 99n);
    });

    it("can be funded alone, whatever the bridge does", async () => {
      await queue.connect(alice).requestRedeem(assets, alice);
      await letEverythingCount();
      await l2.setCode(bridge, "0xfe");
      await fill(parseEther("200"));
      await expect(pool.connect(keeper).rebalance({ value: BRIDGE_FEE })).to.be.reverted;
      await pool.connect(keeper).fundQueue();
      expect(await queue.finalisedUntil()).to.equal(assets);
    });

    it("is paid at the lower rate when assets fall short, and counts what leavers bore", async () => {
      await queue.connect(alice).requestRedeem(assets, alice);
      const { l1Assets, totalAssets, totalSupply } = await pool.solvency();
      const staked = await eMetis.balanceOf(seMetis);
      await l2.increase(8 * HOUR);
      await applyReport(fixture, { l1Assets: l1Assets - (totalAssets - totalSupply) - staked - parseEther("1000") });
      await pool.confirmLoss();
      const rate = await pool.redemptionRate();
      const payout = (assets * rate) / ONE;
      const unrecovered = await pool.unrecoveredLoss();
      await pool.connect(keeper).fundQueue();
      expect(await queue.reserved()).to.equal(payout);
      expect(await pool.unrecoveredLoss()).to.equal(unrecovered + assets - payout);
    });

    it("does not move when nothing is left, and nothing reverts", async () => {
      await queue.connect(alice).requestRedeem(assets, alice);
      const { l1Assets, totalAssets } = await pool.solvency();
      await l2.increase(8 * HOUR);
      await applyReport(fixture, { l1Assets: l1Assets - totalAssets - parseEther("100") });
      await pool.confirmLoss();
      await pool.connect(keeper).fundQueue();
      await pool.connect(keeper).rebalance();
      expect(await queue.finalisedUntil()).to.equal(0n);
    });

    it("is closed by a pause and by a loss that is not confirmed", async () => {
      await pool.pause();
      await expect(pool.fundQueue())
        .to.be.revertedWithCustomError(pool, "StakingPool__Paused")
        .withArgs(await pool.pausedUntil());
      await pool.unpause();
      await applyReport(fixture, { l1Assets: (await pool.solvency()).l1Assets - parseEther("2000") });
      await expect(pool.fundQueue())
        .to.be.revertedWithCustomError(pool, "StakingPool__LossUnconfirmed")
        .withArgs(await pool.stoppedUntil());
    });
  });

  describe("sending up", () => {
    it("keeps the reserve and sends the rest to LockManager over the bridge", async () => {
      await fill(parseEther("321"));
      const assets = await sendable();
      const { buffer, sentToL1, totalAssets, totalSupply } = await pool.solvency();
      // The reward that has not vested pays the fee.
      const sending = pool.connect(keeper).rebalance();
      await expect(sending)
        .to.emit(pool, "SentToL1")
        .withArgs(assets - BRIDGE_FEE, BRIDGE_FEE, 0n, BRIDGE_FEE, sentToL1 + assets - BRIDGE_FEE, buffer - assets);
      await expect(sending)
        .to.emit(bridge, "WithdrawalInitiated")
        .withArgs(
          "0x0000000000000000000000000000000000000000",
          "0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000",
          pool,
          deployment.l1.lockManager,
          assets - BRIDGE_FEE,
          "0x",
        );
      expect(await balanceOf(fixture, pool)).to.equal(buffer - assets);
      expect(await pool.totalAssets()).to.equal(totalAssets - BRIDGE_FEE);
      expect(await eMetis.totalSupply()).to.equal(totalSupply - BRIDGE_FEE);
      expect(await pool.unrecoveredLoss()).to.equal(BRIDGE_FEE);
    });

    it("returns all that the caller sent along when the pool pays", async () => {
      await fill(parseEther("321"));
      expect(
        await l2.coinChanges(async () => mined(pool.connect(keeper).rebalance({ value: parseEther("3") })), [keeper]),
      ).to.deep.equal([0n]);
    });

    it("pays out of assets beyond supply before it burns anybody's reward", async () => {
      await fixture.metis.connect(bob).transfer(pool, parseEther("0.3"));
      // No time passes between reports: the surplus is deferred.
      const { reportTakenAt } = await pool.solvency();
      await applyReport(fixture, { takenAt: reportTakenAt });
      await fill(parseEther("321"));
      await expect(pool.connect(keeper).rebalance()).to.emit(seMetis, "UnvestedBurned");
      const { totalAssets, totalSupply } = await pool.solvency();
      expect(totalAssets).to.equal(totalSupply);
      expect(await pool.unrecoveredLoss()).to.equal(parseEther("0.2"));
    });

    it("burns nothing when assets beyond supply cover the fee", async () => {
      await fixture.metis.connect(bob).transfer(pool, parseEther("0.7"));
      const { reportTakenAt } = await pool.solvency();
      await applyReport(fixture, { takenAt: reportTakenAt });
      await fill(parseEther("321"));
      const supply = await eMetis.totalSupply();
      await pool.connect(keeper).rebalance();
      expect(await eMetis.totalSupply()).to.equal(supply);
      expect((await pool.solvency()).totalAssets - supply).to.equal(parseEther("0.2"));
    });

    it("never sends less than 500 METIS, nor less than half a percent of supply", async () => {
      // Supply is above 100,000, so half a percent is the greater.
      const { totalSupply } = await pool.solvency();
      await fill(-parseEther("2"));
      expect(await sendable()).to.be.within(parseEther("500"), (totalSupply * 55n) / 10_000n);
      const { sentToL1 } = await pool.solvency();
      await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
      expect((await pool.solvency()).sentToL1).to.equal(sentToL1);
      await pool.connect(carol).deposit(carol, referrer, { value: parseEther("3") });
      await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
      expect((await pool.solvency()).sentToL1).to.be.above(sentToL1);
    });

    it("sends once a day", async () => {
      await fill(parseEther("1"));
      await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
      const { sentToL1 } = await pool.solvency();
      await fill(parseEther("1"));
      await l2.increase(DAY - 60);
      await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
      expect((await pool.solvency()).sentToL1).to.equal(sentToL1);
      await l2.increase(60);
      await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
      expect((await pool.solvency()).sentToL1).to.be.above(sentToL1);
    });

    it("never sends what the queue waits for", async () => {
      await fill(parseEther("1000"));
      const before = await sendable();
      await queue.connect(alice).requestRedeem(parseEther("321"), alice);
      await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
      const { sentToL1, buffer } = await pool.solvency();
      expect(sentToL1).to.be.above(0n);
      expect(buffer).to.be.at.least(parseEther("321"));
      expect(before).to.be.above(parseEther("321"));
    });

    describe("when the bridge's fee is above a thousandth of what is sent", () => {
      const fee = parseEther("7") + 1n;
      beforeEach(async () => {
        await gasOracle.setMinErc20BridgeCost(fee);
        await fill(parseEther("1"));
      });

      it("has the caller pay the fee, exactly, and returns the rest", async () => {
        const assets = await sendable();
        const { buffer, sentToL1, totalAssets } = await pool.solvency();
        expect(
          await l2.coinChanges(async () => mined(pool.connect(keeper).rebalance({ value: fee + 99n })), [keeper]),
        ).to.deep.equal([-fee]);
        const after = await pool.solvency();
        expect(after.sentToL1 - sentToL1).to.equal(assets);
        expect(buffer - after.buffer).to.equal(assets);
        expect(after.totalAssets).to.equal(totalAssets);
        expect(await balanceOf(fixture, pool)).to.equal(after.buffer);
      });

      it("tells that the caller paid", async () => {
        const assets = await sendable();
        const { buffer, sentToL1 } = await pool.solvency();
        await expect(pool.connect(keeper).rebalance({ value: fee }))
          .to.emit(pool, "SentToL1")
          .withArgs(assets, fee, fee, 0n, sentToL1 + assets, buffer - assets);
      });

      it("sends nothing, and returns all, when a wei lacks", async () => {
        const before = await pool.solvency();
        expect(
          await l2.coinChanges(async () => mined(pool.connect(keeper).rebalance({ value: fee - 1n })), [keeper, pool]),
        ).to.deep.equal([0n, 0n]);
        expect(await pool.solvency()).to.deep.equal(before);
      });
    });

    it("has the caller pay when there is nothing unvested to burn", async () => {
      await l2.increase(8 * DAY);
      await fill(parseEther("1"));
      const { sentToL1, totalAssets } = await pool.solvency();
      await pool.connect(keeper).rebalance();
      expect((await pool.solvency()).sentToL1).to.equal(sentToL1);
      await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
      expect((await pool.solvency()).sentToL1).to.be.above(sentToL1);
      expect(await pool.totalAssets()).to.equal(totalAssets);
    });

    it("costs nobody anything while the bridge is free", async () => {
      await gasOracle.setMinErc20BridgeCost(0n);
      await fill(parseEther("1"));
      const { totalAssets, sentToL1 } = await pool.solvency();
      await pool.connect(keeper).rebalance();
      const after = await pool.solvency();
      expect(after.sentToL1).to.be.above(sentToL1);
      expect(after.totalAssets).to.equal(totalAssets);
    });
  });

  it("costs the same whether one ticket waits or a hundred", async () => {
    const costs: number[] = [];
    for (const count of [1, 100]) {
      const f = await poolFixture();
      const tickets = Array.from({ length: count }, () => parseEther("1"));
      await f.queue.connect(f.alice).requestRedeemBatch(tickets, f.alice);
      await f.l2.increase(8 * HOUR);
      await applyReport(f);
      costs.push(await gasOf(f.pool.connect(f.keeper).rebalance()));
    }
    expect(Math.abs(costs[1]! - costs[0]!)).to.be.below(100);
  });

  describe("neededFromL1", () => {
    it("is nothing while the buffer covers the queue", async () => {
      await queue.connect(alice).requestRedeem(await pool.buffer(), alice);
      expect(await pool.neededFromL1()).to.equal(0n);
    });

    it("is what sentToL2 must reach to fill the queue", async () => {
      await queue.connect(alice).requestRedeem((await pool.buffer()) + 1_001n, alice);
      expect(await pool.neededFromL1()).to.equal(1_001n);
      await arrive(fixture, 1_000n);
      await pool.connect(keeper).rebalance();
      // What has arrived before its report: 1,000 were sent, 1 more must be.
      expect(await pool.neededFromL1()).to.equal(1_001n);
      await applyReport(fixture, { sentToL2: 1_000n, l1Assets: (await pool.solvency()).l1Assets - 1_000n });
      expect(await pool.neededFromL1()).to.equal(1_001n);
    });

    it("is nothing when enough is on the way", async () => {
      await queue.connect(alice).requestRedeem((await pool.buffer()) + 1_001n, alice);
      await applyReport(fixture, { sentToL2: 1_001n, l1Assets: (await pool.solvency()).l1Assets - 1_001n });
      expect(await pool.inboundAssets()).to.equal(1_001n);
      expect(await pool.neededFromL1()).to.equal(0n);
    });

    it("counts the queue at the rate that it is paid at, rounded up", async () => {
      const { l1Assets, totalAssets, totalSupply } = await pool.solvency();
      const staked = await eMetis.balanceOf(seMetis);
      await applyReport(fixture, { l1Assets: l1Assets - (totalAssets - totalSupply) - staked - parseEther("1000") });
      await queue.connect(alice).requestRedeem(parseEther("60000"), alice);
      const rate = await pool.redemptionRate();
      const waiting = (parseEther("60000") * rate + ONE - 1n) / ONE;
      expect(await pool.neededFromL1()).to.equal(waiting - (await pool.buffer()));
    });

    it("does not count what was attributed as sent", async () => {
      await arrive(fixture, 500n);
      await gateway.forwardArrivals();
      await applyReport(fixture, { takenAt: BigInt(await l2.now()) + 1n });
      await l2.increase(4 * DAY);
      await applyReport(fixture);
      await l2.increase(4 * DAY);
      await applyReport(fixture);
      const { attributedDown } = await pool.solvency();
      expect(attributedDown).to.equal(500n);
      await queue.connect(alice).requestRedeem((await pool.buffer()) + 77n, alice);
      expect(await pool.neededFromL1()).to.equal(77n);
    });
  });

  it("reports METIS on the way as none while more has arrived than was reported", async () => {
    await arrive(fixture, 9n);
    await gateway.forwardArrivals();
    expect(await pool.inboundAssets()).to.equal(0n);
  });

  it("sends the first deposits up as soon as they are enough", async () => {
    const empty = await emptyPoolFixture();
    await empty.pool.connect(empty.alice).deposit(empty.alice, empty.referrer, { value: parseEther("1000") });
    await empty.pool.connect(empty.keeper).rebalance({ value: BRIDGE_FEE });
    expect((await empty.pool.solvency()).sentToL1).to.equal(parseEther("950"));
  });
});
