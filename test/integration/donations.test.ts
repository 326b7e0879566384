import { expect } from "chai";
import { parseEther } from "ethers";

import { deposit, depositOnL1, rebalance } from "../../scripts/lib/demo/actions";
import { advance, generousEth } from "../../scripts/lib/demo/world";
import { day } from "../../scripts/lib/localClock";
import {
  type ProtocolWorld,
  arriveDown,
  backing,
  bridgeUp,
  deliver,
  donateOnL1,
  donateOnL2,
  expectConserved,
  expectTrueLedger,
  livingProtocol,
  report,
} from "../helpers/protocol";

const gift = parseEther("123.000000000000000123");

/** When a gift comes, seen from METIS that crosses at the same time. */
type Moment = "before METIS leaves" | "while METIS is on its way" | "after METIS has come";
const moments: readonly Moment[] = ["before METIS leaves", "while METIS is on its way", "after METIS has come"];

describe("METIS that nobody announced (A3, C10)", () => {
  let world: ProtocolWorld;

  beforeEach(async () => {
    world = await livingProtocol();
  });

  /** Nothing is booked as lost, deposits are open, and `hidden` wei are all that the ledger does not count yet. */
  const expectOnlyHidden = async (hidden: bigint) => {
    const { stakingPool } = world.protocol.l2;
    await expectConserved(world);
    expect((await backing(world)) - (await stakingPool.totalAssets())).to.equal(hidden);
    expect(await stakingPool.queryFilter(stakingPool.filters.LossBooked(), 0)).to.deep.equal([]);
    await deposit(world, world.people.carol, parseEther("1"));
  };

  /** Long enough for whatever came to be judged as not in transit. */
  const judge = async () => {
    for (let reports = 0; reports < 2; reports++) {
      await advance(world, 4 * day);
      await report(world);
    }
  };

  describe("on Metis, at the gateway", () => {
    for (const gifted of moments) {
      it(`counts once, and never as a loss, ${gifted}`, async () => {
        const { l1, l2, deployment } = world.protocol;
        let hidden = 0n;
        const at = async (moment: Moment) => {
          if (moment !== gifted) return;
          await donateOnL2(world, deployment.l2.l2Gateway, gift);
          await l2.l2Gateway.forwardArrivals();
          hidden = gift;
          await expectOnlyHidden(hidden);
        };
        await at("before METIS leaves");
        await l1.lockManager.connect(world.people.keeper.l1).recall(parseEther("1000.1"), { value: generousEth });
        await at("while METIS is on its way");
        await report(world);
        await expectOnlyHidden(hidden);
        await l2.l2Gateway.forwardArrivals();
        await at("after METIS has come");
        await report(world);
        await expectOnlyHidden(hidden);
        await judge();
        await expectTrueLedger(world);
        expect((await l2.stakingPool.solvency()).attributedDown).to.equal(gift);
      });
    }

    it("counts each of many, though reports and gifts come every day", async () => {
      const { l2, deployment } = world.protocol;
      for (let gifts = 0n; gifts < 8n; gifts++) {
        await donateOnL2(world, deployment.l2.l2Gateway, gift + gifts);
        await l2.l2Gateway.forwardArrivals();
        await advance(world, day);
        await report(world);
      }
      // How many are judged by now depends on the second; that some are does not.
      expect((await l2.stakingPool.solvency()).attributedDown).to.be.greaterThanOrEqual(gift);
      await judge();
      expect((await l2.stakingPool.solvency()).attributedDown).to.equal(8n * gift + 28n);
      await expectTrueLedger(world);
    });

    it("moves no price when it comes", async () => {
      const { stakingPool, seMetis, l2Gateway } = world.protocol.l2;
      await world.l2.increase(30);
      const before = [await seMetis.totalAssets(), await stakingPool.redemptionRate(), await stakingPool.totalAssets()];
      await donateOnL2(world, world.protocol.deployment.l2.l2Gateway, gift);
      await world.l2.setNextBlockTimestamp(await world.l2.now());
      await l2Gateway.forwardArrivals();
      expect([
        await seMetis.totalAssets(),
        await stakingPool.redemptionRate(),
        await stakingPool.totalAssets(),
      ]).to.deep.equal(before);
    });
  });

  describe("on Ethereum, at LockManager", () => {
    for (const gifted of moments) {
      it(`counts once, and never as a loss, ${gifted}`, async () => {
        const { l2, deployment } = world.protocol;
        await deposit(world, world.people.bob, parseEther("9000.09"));
        const at = async (moment: Moment) => {
          if (moment === gifted) await donateOnL1(world, deployment.l1.lockManager, gift);
        };
        await at("before METIS leaves");
        await rebalance(world, world.people.stranger);
        await at("while METIS is on its way");
        await report(world);
        await expectOnlyHidden(gifted === "after METIS has come" ? 0n : gift);
        await bridgeUp(world);
        await at("after METIS has come");
        await report(world);
        await expectTrueLedger(world);
        expect((await l2.stakingPool.solvency()).attributedUp).to.equal(gift);
        await judge();
        await expectTrueLedger(world);
        expect((await l2.stakingPool.solvency()).attributedUp).to.equal(gift);
      });
    }
  });

  describe("at the other contracts", () => {
    it("counts in the pool from the next report on", async () => {
      await donateOnL2(world, world.protocol.deployment.l2.stakingPool, gift);
      await expectOnlyHidden(gift);
      await report(world);
      await expectTrueLedger(world);
    });

    it("counts from a vault once anyone has swept it", async () => {
      const { l1, sequencers } = world.protocol;
      await donateOnL1(world, sequencers[0]!.vault, gift);
      await l1.lockManager.connect(world.people.stranger.l1).sweepVault(0n);
      await report(world);
      await expectTrueLedger(world);
    });

    it("counts from L1Gateway once anyone has swept it", async () => {
      const { l1, deployment } = world.protocol;
      await donateOnL1(world, deployment.l1.l1Gateway, gift);
      await l1.l1Gateway.connect(world.people.stranger.l1).sweep();
      await report(world);
      await expectConserved(world);
      expect((await world.protocol.l2.stakingPool.solvency()).attributedUp).to.equal(gift);
    });

    it("counts from the queue once anyone has skimmed it", async () => {
      const { l2, deployment } = world.protocol;
      await donateOnL2(world, deployment.l2.redemptionQueue, gift);
      await l2.redemptionQueue.connect(world.people.stranger.l2).skim();
      await judge();
      await expectTrueLedger(world);
    });
  });
});

describe("Deposits on Ethereum (C7)", () => {
  let world: ProtocolWorld;

  beforeEach(async () => {
    world = await livingProtocol();
  });

  it("are minted over days when they are above the daily limit, exactly once", async () => {
    const { stakingPool, l2Gateway, eMetis } = world.protocol.l2;
    const { lockManager } = world.protocol.l1;
    const assets = parseEther("120000.000000000000000001");
    await depositOnL1(world, world.people.dave, assets);
    const number = await lockManager.lastMessage();
    await report(world);
    const supply = await eMetis.totalSupply();
    await deliver(world, number);
    const minted = [await stakingPool.l1DepositMinted(number)];
    await expectTrueLedger(world);

    await world.l2.setNextBlockTimestamp(await world.l2.now());
    await expect(deliver(world, number))
      .to.be.revertedWithCustomError(stakingPool, "StakingPool__L1DepositLimited")
      .withArgs(number, assets - parseEther("50000"));

    for (const hours of [12, 24]) {
      await world.l2.setNextBlockTimestamp((await world.l2.now()) + hours * 3_600);
      await deliver(world, number);
      minted.push(await stakingPool.l1DepositMinted(number));
      await expectTrueLedger(world);
    }
    expect(minted).to.deep.equal([parseEther("50000"), parseEther("75000"), assets]);
    expect((await eMetis.totalSupply()) - supply).to.equal(assets);
    await expect(deliver(world, number)).to.be.revertedWithCustomError(l2Gateway, "L2Gateway__UsedMessage");
  });

  it("do not wait for a report, and do not shut the door on others", async () => {
    const { lockManager } = world.protocol.l1;
    await depositOnL1(world, world.people.dave, parseEther("777.000000000000000001"));
    await arriveDown(world);
    await deliver(world, await lockManager.lastMessage());
    await deposit(world, world.people.carol, parseEther("3"));
    await expectTrueLedger(world);
  });
});
