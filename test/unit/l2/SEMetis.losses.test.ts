import { expect } from "chai";
import { MaxUint256, parseEther } from "ethers";

import * as math from "../../../sdk/src/math/rewardStream";
import { createFixture } from "../../helpers/chains";
import {
  buildEmptyVault,
  buildVault,
  DAY,
  inTheSameSecond,
  storedStream,
  type VaultFixture,
} from "../../helpers/tokens";

describe("SEMetis losses", () => {
  const fixture = createFixture(buildVault);
  let { l2, alice, bob, carol, eMetis, seMetis, pool } = {} as VaultFixture;
  beforeEach(async () => {
    ({ l2, alice, bob, carol, eMetis, seMetis, pool } = await fixture());
  });

  /** The stream in the second of the next transaction, which comes at once. */
  async function freeze(): Promise<math.Stream> {
    await l2.increase(1);
    const stream = math.checkpoint(await storedStream(seMetis), BigInt(await l2.now()));
    await inTheSameSecond(l2);
    return stream;
  }

  /** A loss of all that the vault has. */
  async function wipe(): Promise<void> {
    const { assets, unvested } = await storedStream(seMetis);
    await pool.absorbLoss(assets + unvested, 0n);
  }

  describe("absorbLoss", () => {
    it("takes what has not vested first and leaves the price alone", async () => {
      const before = await freeze();
      const price = await seMetis.convertToAssets(parseEther("1"));
      await pool.absorbLoss(parseEther("1"), 0n);
      expect(await seMetis.convertToAssets(parseEther("1"))).to.equal(price);
      expect(await storedStream(seMetis)).to.deep.equal({ ...before, unvested: before.unvested - parseEther("1") });
    });

    it("takes the rest of the stakers' assets and tells the state after it", async () => {
      const before = await freeze();
      const loss = before.unvested + 123n;
      await expect(pool.absorbLoss(loss, 0n))
        .to.emit(seMetis, "LossAbsorbed")
        .withArgs(before.unvested, 123n, before.assets - 123n, 0n, before.vestedAt, before.endsAt);
    });

    it("burns what it took", async () => {
      const { unvested } = await freeze();
      const supply = await eMetis.totalSupply();
      await expect(pool.absorbLoss(unvested + 123n, 0n)).to.changeTokenBalance(eMetis, seMetis, -unvested - 123n);
      expect(await eMetis.totalSupply()).to.equal(supply - unvested - 123n);
    });

    it("answers what it burned, at most all there is", async () => {
      const { assets, unvested } = await freeze();
      expect(await pool.absorbLoss.staticCall(77n, 0n)).to.equal(77n);
      expect(await pool.absorbLoss.staticCall(MaxUint256, 0n)).to.equal(assets + unvested);
    });

    it("leaves alone what was transferred to the vault unasked", async () => {
      await eMetis.connect(carol).transfer(seMetis, 555n);
      await pool.absorbLoss(MaxUint256, 0n);
      expect(await eMetis.balanceOf(seMetis)).to.equal(555n);
    });

    it("takes nothing from a vault without anything", async () => {
      await wipe();
      expect(await pool.absorbLoss.staticCall(5n, 0n)).to.equal(0n);
      await expect(pool.absorbLoss(5n, 0n)).not.to.be.reverted;
    });
  });

  describe("after a loss of everything", () => {
    beforeEach(wipe);

    it("no deposit is taken while those who lost hold shares", async () => {
      expect([await seMetis.maxDeposit(carol), await seMetis.maxMint(carol)]).to.deep.equal([0n, 0n]);
      await expect(seMetis.connect(carol).deposit(5n, carol))
        .to.be.revertedWithCustomError(seMetis, "ERC4626ExceededMaxDeposit")
        .withArgs(carol.address, 5n, 0n);
      await expect(seMetis.connect(carol).mint(6n, carol))
        .to.be.revertedWithCustomError(seMetis, "ERC4626ExceededMaxMint")
        .withArgs(carol.address, 6n, 0n);
      await expect(pool.depositMinted(7n, carol))
        .to.be.revertedWithCustomError(seMetis, "ERC4626ExceededMaxDeposit")
        .withArgs(carol.address, 7n, 0n);
    });

    it("every view answers", async () => {
      expect(await seMetis.totalAssets()).to.equal(0n);
      expect(await seMetis.convertToAssets(parseEther("1"))).to.equal(0n);
      expect(await seMetis.convertToShares(1n)).to.equal((await seMetis.totalSupply()) + 1n);
      expect(await seMetis.previewMint(1n)).to.equal(1n);
      expect(await seMetis.previewWithdraw(1n)).to.equal((await seMetis.totalSupply()) + 1n);
      expect(await seMetis.maxWithdraw(alice)).to.equal(0n);
      expect(await seMetis.maxRedeem(alice)).to.equal(await seMetis.balanceOf(alice));
    });

    it("shares can be given up for nothing", async () => {
      await seMetis.connect(alice).redeem(await seMetis.balanceOf(alice), alice, alice);
      expect(await seMetis.balanceOf(alice)).to.equal(0n);
    });

    it("nothing can be withdrawn, and withdrawing nothing does no harm", async () => {
      await expect(seMetis.connect(alice).withdraw(1n, alice, alice))
        .to.be.revertedWithCustomError(seMetis, "ERC4626ExceededMaxWithdraw")
        .withArgs(alice.address, 1n, 0n);
      await expect(seMetis.connect(alice).withdraw(0n, alice, alice)).not.to.be.reverted;
    });

    it("the next reward is theirs and opens the door again", async () => {
      await pool.addReward(parseEther("7"), 7n * DAY);
      expect(await seMetis.maxDeposit(carol)).to.equal(0n);
      await l2.increase(Number(DAY));
      expect(await seMetis.totalAssets()).to.be.within(parseEther("1") - 10n ** 15n, parseEther("1"));
      expect(await seMetis.maxDeposit(carol)).to.equal(MaxUint256);
    });

    it("the door opens when those who lost have left", async () => {
      for (const holder of [alice, bob]) {
        await seMetis.connect(holder).redeem(await seMetis.balanceOf(holder), holder, holder);
      }
      await seMetis.connect(carol).deposit(parseEther("3"), carol);
      expect(await seMetis.balanceOf(carol)).to.equal(parseEther("3"));
    });
  });

  describe("after a loss of everything that few shares stood for", () => {
    const emptyFixture = createFixture(buildEmptyVault);
    beforeEach(async () => {
      ({ l2, alice, bob, carol, eMetis, seMetis, pool } = await emptyFixture());
    });

    it("a worthless share does not lock the vault, and who stakes then gets out what he put in", async () => {
      await seMetis.connect(alice).deposit(1n, alice);
      await pool.absorbLoss(1n, 0n);
      expect(await seMetis.maxDeposit(carol)).to.equal(MaxUint256);
      await seMetis.connect(carol).deposit(parseEther("3"), carol);
      expect(await seMetis.maxWithdraw(carol)).to.equal(parseEther("3"));
      expect(await seMetis.maxWithdraw(alice)).to.equal(0n);
    });
  });

  describe("burnUnvested", () => {
    it("burns what has not vested and tells the state after it", async () => {
      const before = await freeze();
      const supply = await eMetis.totalSupply();
      await expect(pool.burnUnvested(777n))
        .to.emit(seMetis, "UnvestedBurned")
        .withArgs(777n, before.assets, before.unvested - 777n, before.vestedAt, before.endsAt);
      expect(await eMetis.totalSupply()).to.equal(supply - 777n);
    });

    it("burns the last unvested wei", async () => {
      const { unvested } = await freeze();
      await pool.burnUnvested(unvested);
      expect(await seMetis.unvestedAssets()).to.equal(0n);
    });

    it("burns nothing when a wei is missing, and says so", async () => {
      const { unvested } = await freeze();
      expect(await pool.burnUnvested.staticCall(unvested)).to.equal(true);
      expect(await pool.burnUnvested.staticCall(unvested + 1n)).to.equal(false);
      await expect(pool.burnUnvested(unvested + 1n)).to.changeTokenBalance(eMetis, seMetis, 0n);
    });
  });

  describe("closed by a loss", () => {
    let until: bigint;
    beforeEach(async () => {
      until = BigInt(await l2.now()) + 3n * DAY;
      await pool.absorbLoss(parseEther("100"), until);
    });

    it("says until when", async () => {
      expect(await seMetis.closedUntil()).to.equal(until);
      await expect(pool.absorbLoss(1n, until + 5n))
        .to.emit(seMetis, "ClosedUntilSet")
        .withArgs(until + 5n);
    });

    it("has 0 for every maximum", async () => {
      for (const view of ["maxDeposit", "maxMint", "maxWithdraw", "maxRedeem"] as const) {
        expect(await seMetis[view](alice)).to.equal(0n);
      }
    });

    it("refuses every way in and out, naming the maximum of 0", async () => {
      const asAlice = seMetis.connect(alice);
      const refusals = [
        { error: "ERC4626ExceededMaxDeposit", act: () => asAlice.deposit(9n, alice) },
        { error: "ERC4626ExceededMaxMint", act: () => asAlice.mint(9n, alice) },
        { error: "ERC4626ExceededMaxWithdraw", act: () => asAlice.withdraw(9n, alice, alice) },
        { error: "ERC4626ExceededMaxRedeem", act: () => asAlice.redeem(9n, alice, alice) },
        { error: "ERC4626ExceededMaxDeposit", act: () => pool.depositMinted(9n, alice) },
      ];
      for (const { error, act } of refusals) {
        await expect(act()).to.be.revertedWithCustomError(seMetis, error).withArgs(alice.address, 9n, 0n);
      }
    });

    it("still previews, converts and transfers", async () => {
      expect(await seMetis.previewRedeem(parseEther("1"))).to.be.greaterThan(0n);
      await seMetis.connect(alice).transfer(carol, 5n);
      expect(await seMetis.balanceOf(carol)).to.equal(5n);
    });

    it("still vests, takes rewards and takes losses", async () => {
      const total = await seMetis.totalAssets();
      await pool.addReward(parseEther("7"), 7n * DAY);
      await l2.increase(100);
      expect(await seMetis.totalAssets()).to.be.greaterThan(total);
      await pool.absorbLoss(parseEther("900"), 0n);
      expect(await seMetis.maxRedeem(alice)).to.equal(0n);
    });

    it("is closed in the last second before the time", async () => {
      await l2.increaseTo(Number(until) - 1);
      expect(await seMetis.maxRedeem(alice)).to.equal(0n);
    });

    it("opens by itself at the time, for all four maxima", async () => {
      await l2.increaseTo(Number(until));
      expect(await seMetis.maxRedeem(alice)).to.equal(await seMetis.balanceOf(alice));
      expect(await seMetis.maxWithdraw(alice)).to.be.greaterThan(0n);
      expect([await seMetis.maxDeposit(alice), await seMetis.maxMint(alice)]).to.deep.equal([MaxUint256, MaxUint256]);
      await expect(seMetis.connect(alice).redeem(5n, alice, alice)).not.to.be.reverted;
    });

    it("opens when the pool says so", async () => {
      await expect(pool.reopen()).to.emit(seMetis, "ClosedUntilSet").withArgs(0n);
      expect(await seMetis.closedUntil()).to.equal(0n);
      await expect(seMetis.connect(alice).deposit(parseEther("1"), alice)).not.to.be.reverted;
    });
  });
});
