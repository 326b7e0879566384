import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import {
  type PoolFixture,
  applyReport,
  balanceOf,
  deposits,
  donate,
  emptyPoolFixture,
  inTheSameSecond,
  mintL1Deposit,
  poolFixture,
} from "../../helpers/pool";

const MIN_DEPOSIT = parseEther("0.01");
const assets = parseEther("12.345") + 7n;

describe("StakingPool.deposit", () => {
  let fixture: PoolFixture;
  let { l2, pool, eMetis, seMetis, alice, bob, carol, referrer } = {} as PoolFixture;
  beforeEach(async () => {
    fixture = await poolFixture();
    ({ l2, pool, eMetis, seMetis, alice, bob, carol, referrer } = fixture);
  });

  /** Assets fall one wei short of supply, with nothing left in seMetis to cover it. */
  async function fallShort(): Promise<void> {
    const { l1Assets, totalAssets, totalSupply } = await pool.solvency();
    const staked = await eMetis.balanceOf(seMetis);
    await applyReport(fixture, { l1Assets: l1Assets - (totalAssets - totalSupply) - staked - 1n });
    await pool.confirmLoss();
  }

  describe("deposit", () => {
    it("gives the receiver as much eMetis as METIS was sent", async () => {
      await expect(pool.connect(alice).deposit(carol, referrer, { value: assets })).to.changeTokenBalances(
        eMetis,
        [alice, carol],
        [0n, assets],
      );
    });

    it("answers what it minted", async () => {
      expect(await pool.connect(alice).deposit.staticCall(carol, ZeroAddress, { value: assets })).to.equal(assets);
    });

    it("keeps the METIS in the buffer and tells the state after it", async () => {
      const { buffer, totalAssets, totalSupply } = await pool.solvency();
      await expect(pool.connect(alice).deposit(carol, referrer, { value: assets }))
        .to.emit(pool, "Deposited")
        .withArgs(alice, carol, referrer, assets, buffer + assets, totalSupply + assets);
      expect(await pool.buffer()).to.equal(buffer + assets);
      expect(await balanceOf(fixture, pool)).to.equal(buffer + assets);
      expect(await pool.totalAssets()).to.equal(totalAssets + assets);
    });

    it("takes the minimum and not a wei less", async () => {
      await pool.connect(alice).deposit(alice, referrer, { value: MIN_DEPOSIT });
      for (const value of [0n, MIN_DEPOSIT - 1n]) {
        await expect(pool.connect(alice).deposit(alice, referrer, { value }))
          .to.be.revertedWithCustomError(pool, "StakingPool__BelowMinimum")
          .withArgs(value, MIN_DEPOSIT);
      }
      expect(await pool.MIN_DEPOSIT()).to.equal(MIN_DEPOSIT);
    });

    it("refuses the zero address as receiver", async () => {
      await expect(pool.connect(alice).deposit(ZeroAddress, referrer, { value: assets })).to.be.revertedWithCustomError(
        pool,
        "StakingPool__ZeroAddress",
      );
    });

    it("refuses METIS sent without a call", async () => {
      await expect(alice.sendTransaction({ to: pool, value: assets })).to.be.reverted;
    });

    it("refuses while assets fall short of supply, be it by a wei", async () => {
      await fallShort();
      const { totalAssets, totalSupply } = await pool.solvency();
      expect(totalSupply - totalAssets).to.equal(1n);
      await expect(pool.connect(alice).deposit(alice, referrer, { value: assets }))
        .to.be.revertedWithCustomError(pool, "StakingPool__Undercollateralised")
        .withArgs(totalAssets + assets, totalSupply + assets);
    });

    it("is open again once a wei of profit has filled the gap", async () => {
      await fallShort();
      await donate(fixture, bob, 1n);
      await applyReport(fixture);
      await expect(pool.connect(alice).deposit(alice, referrer, { value: assets })).to.changeTokenBalance(
        eMetis,
        alice,
        assets,
      );
    });

    it("refuses while the pool is paused, and says until when", async () => {
      await pool.pause();
      await expect(pool.connect(alice).deposit(alice, referrer, { value: assets }))
        .to.be.revertedWithCustomError(pool, "StakingPool__Paused")
        .withArgs(await pool.pausedUntil());
    });

    it("refuses while a great loss is not confirmed", async () => {
      const { l1Assets } = await pool.solvency();
      await applyReport(fixture, { l1Assets: l1Assets - parseEther("2000") });
      await expect(pool.connect(alice).deposit(alice, referrer, { value: assets }))
        .to.be.revertedWithCustomError(pool, "StakingPool__LossUnconfirmed")
        .withArgs(await pool.stoppedUntil());
    });

    it("refuses while eMetis exists for deposits that Ethereum does not know, until a report knows them", async () => {
      const forged = { receiver: carol.address, assets: 5n, runningTotal: 3n, isStaked: false };
      await mintL1Deposit(fixture, 9n, forged);
      await expect(pool.connect(alice).deposit(alice, referrer, { value: assets }))
        .to.be.revertedWithCustomError(pool, "StakingPool__UnbackedL1Mints")
        .withArgs(2n);
      const { l1Assets } = await pool.solvency();
      await applyReport(fixture, { l1Assets: l1Assets + 5n, l1Deposits: 5n });
      await expect(pool.connect(alice).deposit(alice, referrer, { value: assets })).to.changeTokenBalance(
        eMetis,
        alice,
        assets,
      );
    });
  });

  describe("depositAndStake", () => {
    it("gives the receiver what a deposit into seMetis would give", async () => {
      await l2.increase(60);
      await inTheSameSecond(l2);
      const shares = await seMetis.previewDeposit(assets);
      expect(shares).to.be.below(assets);
      await expect(
        pool.connect(alice).depositAndStake(carol, shares, referrer, { value: assets }),
      ).to.changeTokenBalance(seMetis, carol, shares);
    });

    it("leaves the eMetis with the vault", async () => {
      await expect(pool.connect(alice).depositAndStake(carol, 1n, referrer, { value: assets })).to.changeTokenBalances(
        eMetis,
        [seMetis, alice, carol],
        [assets, 0n, 0n],
      );
    });

    it("tells the deposit as one for the receiver, and answers the shares", async () => {
      await l2.increase(60);
      await inTheSameSecond(l2);
      const { buffer, totalSupply } = await pool.solvency();
      const shares = await pool.connect(alice).depositAndStake.staticCall(carol, 1n, referrer, { value: assets });
      await inTheSameSecond(l2);
      const staking = pool.connect(alice).depositAndStake(carol, shares, referrer, { value: assets });
      await expect(staking)
        .to.emit(pool, "Deposited")
        .withArgs(alice, carol, referrer, assets, buffer + assets, totalSupply + assets);
      await expect(staking).to.emit(seMetis, "Deposit").withArgs(pool, carol, assets, shares);
    });

    it("refuses to give fewer shares than asked for", async () => {
      await l2.increase(60);
      await inTheSameSecond(l2);
      const shares = await seMetis.previewDeposit(assets);
      await inTheSameSecond(l2);
      await expect(pool.connect(alice).depositAndStake(carol, shares + 1n, referrer, { value: assets }))
        .to.be.revertedWithCustomError(pool, "StakingPool__TooFewShares")
        .withArgs(shares, shares + 1n);
    });

    it("asks the same of amount and receiver as a deposit", async () => {
      await expect(pool.connect(alice).depositAndStake(alice, 0n, referrer, { value: MIN_DEPOSIT - 1n }))
        .to.be.revertedWithCustomError(pool, "StakingPool__BelowMinimum")
        .withArgs(MIN_DEPOSIT - 1n, MIN_DEPOSIT);
      await expect(
        pool.connect(alice).depositAndStake(ZeroAddress, 0n, referrer, { value: assets }),
      ).to.be.revertedWithCustomError(pool, "StakingPool__ZeroAddress");
    });

    it("does not move the price that others have", async () => {
      await l2.increase(60);
      const price = await seMetis.convertToAssets(parseEther("1000"));
      await inTheSameSecond(l2);
      await pool.connect(alice).depositAndStake(carol, 1n, referrer, { value: assets });
      expect(await seMetis.convertToAssets(parseEther("1000"))).to.be.within(price, price + 1n);
    });
  });

  describe("the first of all", () => {
    it("may deposit and stake at one for one", async () => {
      const empty = await emptyPoolFixture();
      await empty.pool.connect(empty.alice).depositAndStake(empty.carol, assets, empty.referrer, { value: assets });
      expect(await empty.seMetis.balanceOf(empty.carol)).to.equal(assets);
      expect(await empty.pool.redemptionRate()).to.equal(parseEther("1"));
    });

    it("is not robbed by a donation to any contract before his deposit", async () => {
      const empty = await emptyPoolFixture();
      for (const target of [empty.pool, empty.gateway, empty.seMetis, empty.queue]) {
        await empty.metis.connect(empty.bob).transfer(target, parseEther("1000"));
      }
      await empty.pool.connect(empty.bob).depositAndStake(empty.bob, 0n, empty.referrer, { value: MIN_DEPOSIT });
      await empty.eMetis.connect(empty.bob).transfer(empty.seMetis, 0n);
      await empty.pool.connect(empty.carol).depositAndStake(empty.carol, 0n, empty.referrer, { value: assets });
      const shares = await empty.seMetis.balanceOf(empty.carol);
      expect(await empty.seMetis.convertToAssets(shares)).to.be.within(assets - 1n, assets);
    });
  });

  it("starts with what was put in", async () => {
    const { totalSupply } = await pool.solvency();
    expect(totalSupply).to.be.above(deposits.alice + deposits.bob);
  });
});
