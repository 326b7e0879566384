import { expect } from "chai";
import { parseEther } from "ethers";

import { DAY, type PoolFixture, applyReport, donate, poolFixture, startParameters } from "../../helpers/pool";
import { seededRandom } from "../../helpers/random";

const YEAR = 365n * BigInt(DAY);

describe("StakingPool rewards and losses", () => {
  let fixture: PoolFixture;
  let { l2, pool, eMetis, seMetis, alice, bob, carol, keeper, treasury } = {} as PoolFixture;
  beforeEach(async () => {
    fixture = await poolFixture();
    ({ l2, pool, eMetis, seMetis, alice, bob, carol, keeper, treasury } = fixture);
  });

  /** A report `seconds` after the last one, with `change` wei more, or less, on Ethereum. */
  async function reportAfter(seconds: number, change: bigint) {
    const { l1Assets, reportTakenAt } = await pool.solvency();
    const takenAt = reportTakenAt + BigInt(seconds);
    if (takenAt > BigInt(await l2.now())) await l2.increaseTo(Number(takenAt));
    return applyReport(fixture, { takenAt, l1Assets: l1Assets + change });
  }

  /** All that stands before eMetis in a loss. */
  async function cushion(): Promise<bigint> {
    const { totalAssets, totalSupply } = await pool.solvency();
    return totalAssets - totalSupply + (await eMetis.balanceOf(seMetis));
  }

  /** The reward recognised for `seconds`. */
  async function cap(seconds: number): Promise<bigint> {
    return ((await eMetis.totalSupply()) * startParameters.maxRewardRateBps * BigInt(seconds)) / (10_000n * YEAR);
  }

  describe("a profit", () => {
    const profit = parseEther("12.345") + 7n;
    const fee = profit / 10n;

    it("is minted: the fee to the treasury, the rest into the stream, together the profit to the wei", async () => {
      const { totalSupply } = await pool.solvency();
      const reporting = reportAfter(DAY, profit);
      await expect(reporting).to.changeTokenBalances(eMetis, [treasury, seMetis], [fee, profit - fee]);
      await expect(reporting)
        .to.emit(pool, "RewardsMinted")
        .withArgs(fee, profit - fee, 0n, 0n, totalSupply + profit);
      const after = await pool.solvency();
      expect(after.totalAssets).to.equal(after.totalSupply);
    });

    it("moves no price in its own second", async () => {
      await l2.increase(DAY);
      const price = await seMetis.convertToAssets(parseEther("1000"));
      await l2.setNextBlockTimestamp(await l2.now());
      await reportAfter(DAY, profit);
      expect(await seMetis.convertToAssets(parseEther("1000"))).to.equal(price);
    });

    it("vests over the stream's period, or longer when the last report is longer ago", async () => {
      await l2.increase(30 * DAY);
      for (const [elapsed, duration] of [
        [DAY, 7 * DAY],
        [11 * DAY, 11 * DAY],
      ] as const) {
        const snapshot = await l2.snapshot();
        const now = (await l2.now()) + 10;
        await l2.setNextBlockTimestamp(now);
        await reportAfter(elapsed, profit);
        expect((await seMetis.stream()).endsAt).to.equal(now + duration);
        await snapshot.restore();
      }
    });

    for (const tiny of [1n, 9n, 10n]) {
      it(`may be ${tiny} wei`, async () => {
        const supply = await eMetis.totalSupply();
        await expect(reportAfter(DAY, tiny))
          .to.emit(pool, "RewardsMinted")
          .withArgs(tiny / 10n, tiny - tiny / 10n, 0n, 0n, supply + tiny);
      });
    }

    it("of nothing mints nothing", async () => {
      await expect(reportAfter(DAY, 0n)).not.to.emit(pool, "RewardsMinted");
    });

    it("pays no fee at a fee of 0", async () => {
      await pool.setParameters({ ...startParameters, protocolFeeBps: 0n });
      await expect(reportAfter(DAY, profit)).to.changeTokenBalances(eMetis, [treasury, seMetis], [0n, profit]);
    });

    it("pays the fee that holds when it is reported, to who is the treasury then", async () => {
      await pool.setParameters({ ...startParameters, protocolFeeBps: 2_000n });
      await pool.setTreasury(carol);
      await expect(reportAfter(DAY, profit)).to.changeTokenBalances(eMetis, [treasury, carol], [0n, profit / 5n]);
    });

    it("needs nothing of the treasury: a contract that refuses METIS is as good", async () => {
      const refusing = await l2.deploy("TestAccount", []);
      await refusing.refuse();
      await pool.setTreasury(refusing);
      await expect(reportAfter(DAY, profit)).to.changeTokenBalance(eMetis, refusing, fee);
    });

    it("may be a donation", async () => {
      await donate(fixture, bob, profit);
      await expect(reportAfter(DAY, 0n)).to.changeTokenBalances(eMetis, [treasury, seMetis], [fee, profit - fee]);
    });
  });

  describe("a profit above the recognised rate", () => {
    const seconds = 12_345;

    it("is left for the next report", async () => {
      const recognised = await cap(seconds);
      const { totalSupply } = await pool.solvency();
      await expect(reportAfter(seconds, recognised + 77n))
        .to.emit(pool, "RewardsMinted")
        .withArgs(recognised / 10n, recognised - recognised / 10n, 77n, 0n, totalSupply + recognised);
      const next = await cap(seconds);
      expect(next).to.be.above(77n);
      await expect(reportAfter(seconds, 0n)).to.changeTokenBalances(eMetis, [treasury, seMetis], [7n, 70n]);
    });

    it("is recognised to the last wei", async () => {
      const recognised = await cap(seconds);
      await reportAfter(seconds, recognised);
      const { totalAssets, totalSupply } = await pool.solvency();
      expect(totalAssets).to.equal(totalSupply);
    });

    it("is wholly deferred by a report of the same second, and none of it is lost", async () => {
      await expect(reportAfter(0, parseEther("5"))).not.to.emit(pool, "RewardsMinted");
      const { totalAssets, totalSupply } = await pool.solvency();
      expect(totalAssets - totalSupply).to.equal(parseEther("5"));
      await expect(reportAfter(30 * DAY, 0n)).to.changeTokenBalance(eMetis, seMetis, parseEther("4.5"));
    });

    it("covers a loss before anybody bears it", async () => {
      await reportAfter(0, parseEther("5"));
      await expect(reportAfter(DAY, -parseEther("5"))).not.to.emit(pool, "LossBooked");
      expect(await pool.unrecoveredLoss()).to.equal(0n);
    });

    it("gives the same in all, to the wei, in one report or in many", async () => {
      const random = seededRandom(12);
      let paid = 0n;
      const before = await eMetis.totalSupply();
      for (let report = 0; report < 20; report++) {
        const profit = random.below(parseEther("40"));
        paid += profit;
        await reportAfter(Number(random.below(86_400n)), profit);
      }
      await reportAfter(90 * DAY, 0n);
      expect((await eMetis.totalSupply()) - before).to.equal(paid);
    });
  });

  describe("a loss", () => {
    it("is taken from what has not vested first: no price moves", async () => {
      await l2.increase(DAY);
      const price = await seMetis.convertToAssets(parseEther("1000"));
      await l2.setNextBlockTimestamp(await l2.now());
      const { totalSupply } = await pool.solvency();
      const loss = parseEther("3") + 1n;
      await expect(reportAfter(DAY, -loss))
        .to.emit(pool, "LossBooked")
        .withArgs(loss, loss, loss, 0n, totalSupply - loss);
      expect(await seMetis.convertToAssets(parseEther("1000"))).to.equal(price);
      expect(await pool.redemptionRate()).to.equal(parseEther("1"));
    });

    it("is then taken from those who staked, and eMetis keeps its worth", async () => {
      const staked = await eMetis.balanceOf(seMetis);
      const loss = parseEther("900");
      await reportAfter(DAY, -loss);
      expect(await eMetis.balanceOf(seMetis)).to.equal(staked - loss);
      expect(await pool.redemptionRate()).to.equal(parseEther("1"));
      expect(await pool.unrecoveredLoss()).to.equal(loss);
    });

    it("is shared by all eMetis only beyond that", async () => {
      const all = await cushion();
      const beyond = parseEther("700") + 3n;
      const supply = await eMetis.totalSupply();
      const now = (await l2.now()) + 10;
      await l2.setNextBlockTimestamp(now);
      await expect(reportAfter(DAY, -all - beyond))
        .to.emit(pool, "LossBooked")
        .withArgs(all + beyond, all, all, now + 3 * DAY, supply - all);
      const { totalAssets, totalSupply } = await pool.solvency();
      expect(totalSupply - totalAssets).to.equal(beyond);
      expect(await pool.redemptionRate()).to.equal((totalAssets * parseEther("1")) / totalSupply);
    });

    it("is not charged again: who stakes into an old gap owes nothing for it", async () => {
      // Nobody is staked while the loss falls.
      await l2.increase(9 * DAY);
      await seMetis.connect(bob).redeem(await seMetis.balanceOf(bob), bob, bob);
      const { l1Assets, totalAssets, totalSupply } = await pool.solvency();
      await applyReport(fixture, { l1Assets: l1Assets - (totalAssets - totalSupply) - parseEther("500") });
      const gap = (await pool.solvency()).totalSupply - (await pool.totalAssets());
      expect(gap).to.be.above(parseEther("499"));
      await seMetis.connect(alice).deposit(parseEther("3000"), alice);
      await expect(reportAfter(2 * DAY, 0n)).not.to.emit(pool, "LossBooked");
      await expect(reportAfter(3 * DAY, parseEther("100"))).not.to.emit(seMetis, "LossAbsorbed");
      expect(await eMetis.balanceOf(seMetis)).to.be.at.least(parseEther("3000"));
      // A new loss falls on him alone, and no more than it.
      await expect(reportAfter(4 * DAY, -7n)).to.changeTokenBalance(eMetis, seMetis, -7n);
    });

    it("of one wei reverts nothing", async () => {
      await expect(reportAfter(DAY, -1n)).to.changeTokenBalance(eMetis, seMetis, -1n);
    });

    it("of everything, and more, reverts nothing", async () => {
      const { totalAssets } = await pool.solvency();
      await reportAfter(DAY, -totalAssets - parseEther("1"));
      expect(await pool.totalAssets()).to.equal(0n);
      expect(await pool.redemptionRate()).to.equal(0n);
      await reportAfter(DAY, -parseEther("1"));
      await pool.connect(keeper).rebalance({ value: 3n });
      expect(await pool.neededFromL1()).to.equal(0n);
    });
  });

  describe("a profit after a loss", () => {
    it("fills the gap before it pays anybody", async () => {
      await reportAfter(DAY, -(await cushion()) - parseEther("20"));
      await expect(reportAfter(30 * DAY, parseEther("20"))).not.to.emit(pool, "RewardsMinted");
      expect(await pool.redemptionRate()).to.equal(parseEther("1"));
    });

    it("pays no fee until it has replaced what seMetis lost", async () => {
      const loss = parseEther("10");
      await reportAfter(DAY, -loss);
      await expect(reportAfter(30 * DAY, parseEther("4"))).to.changeTokenBalances(
        eMetis,
        [treasury, seMetis],
        [0n, parseEther("4")],
      );
      expect(await pool.unrecoveredLoss()).to.equal(parseEther("6"));
      await expect(reportAfter(30 * DAY, parseEther("16"))).to.changeTokenBalances(
        eMetis,
        [treasury, seMetis],
        [parseEther("1"), parseEther("15")],
      );
      expect(await pool.unrecoveredLoss()).to.equal(0n);
    });

    it("never pays more in fees than the rate of the highest profit there ever was", async () => {
      const random = seededRandom(77);
      // The reward of the fixture was the first.
      let net = (await eMetis.balanceOf(treasury)) * 10n + 10n;
      let highest = net;
      for (let report = 0; report < 60; report++) {
        const change = random.between(-parseEther("60"), parseEther("60"));
        net += change;
        highest = net > highest ? net : highest;
        await reportAfter(60 * DAY, change);
        const { totalAssets, totalSupply } = await pool.solvency();
        expect(totalAssets).to.equal(totalSupply);
        expect((await eMetis.balanceOf(treasury)) * 10n).to.be.at.most(highest);
      }
      expect(await eMetis.balanceOf(treasury)).to.be.above(0n);
    });
  });

  describe("a loss above the threshold", () => {
    it("stops exits and deposits for 3 days; one of exactly the threshold does not", async () => {
      const { totalSupply } = await pool.solvency();
      const threshold = totalSupply / 100n;
      await l2.increase(DAY);
      const snapshot = await l2.snapshot();
      await reportAfter(DAY, -threshold);
      expect(await pool.stoppedUntil()).to.equal(0n);
      expect(await seMetis.maxRedeem(bob)).to.be.above(0n);
      await snapshot.restore();
      await reportAfter(DAY, -threshold - 100n);
      const until = (await l2.now()) + 3 * DAY;
      expect(await pool.stoppedUntil()).to.equal(until);
      expect(await seMetis.closedUntil()).to.equal(until);
      expect(await seMetis.maxRedeem(bob)).to.equal(0n);
      await expect(pool.connect(alice).redeemInstant(1_000n, 0n, alice))
        .to.be.revertedWithCustomError(pool, "StakingPool__LossUnconfirmed")
        .withArgs(until);
    });

    it("ends by itself", async () => {
      await reportAfter(DAY, -parseEther("2000"));
      const until = Number(await pool.stoppedUntil());
      await l2.setNextBlockTimestamp(until);
      await expect(pool.connect(alice).redeemInstant(1_000n, 0n, alice)).to.changeTokenBalance(eMetis, alice, -1_000n);
      expect(await seMetis.maxRedeem(bob)).to.equal(await seMetis.balanceOf(bob));
    });

    it("ends when governance confirms it", async () => {
      await reportAfter(DAY, -parseEther("2000"));
      await expect(pool.confirmLoss()).to.emit(pool, "LossConfirmed");
      expect(await pool.stoppedUntil()).to.equal(0n);
      expect(await seMetis.closedUntil()).to.equal(0n);
      await pool.connect(alice).deposit(alice, alice, { value: parseEther("1") });
    });

    it("is still told as stopping exits by a smaller loss that follows", async () => {
      await reportAfter(DAY, -parseEther("2000"));
      const until = await pool.stoppedUntil();
      const { totalSupply } = await pool.solvency();
      await expect(reportAfter(DAY, -1n))
        .to.emit(pool, "LossBooked")
        .withArgs(1n, 1n, parseEther("2000") + 1n, until, totalSupply - 1n);
      expect(await seMetis.maxRedeem(bob)).to.equal(0n);
    });

    it("counts only what this report lost, not an older gap", async () => {
      await reportAfter(DAY, -(await cushion()) - parseEther("3000"));
      await pool.confirmLoss();
      await reportAfter(DAY, -5n);
      expect(await pool.stoppedUntil()).to.equal(0n);
    });
  });
});
