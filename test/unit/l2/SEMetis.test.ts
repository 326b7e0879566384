import { expect } from "chai";
import { MaxUint256, parseEther, ZeroAddress } from "ethers";

import { createFixture } from "../../helpers/chains";
import { shouldBehaveLikeERC4626 } from "../../helpers/shouldBehaveLikeERC4626";
import { shouldBehaveLikePermitToken } from "../../helpers/shouldBehaveLikePermitToken";
import { buildVault, inTheSameSecond, storedStream, type VaultFixture } from "../../helpers/tokens";

const amount = 12_345_678_901_234_567_891n;

describe("SEMetis", () => {
  const fixture = createFixture(buildVault);
  let { l2, alice, bob, carol, queue, eMetis, seMetis, pool } = {} as VaultFixture;
  beforeEach(async () => {
    ({ l2, alice, bob, carol, queue, eMetis, seMetis, pool } = await fixture());
  });

  it("is called Staked eMetis, seMetis, and has 18 decimals", async () => {
    expect(await seMetis.name()).to.equal("Staked eMetis");
    expect(await seMetis.symbol()).to.equal("seMetis");
    expect(await seMetis.decimals()).to.equal(18n);
  });

  it("names its pool and the least of shares for which rewards vest", async () => {
    expect(await seMetis.STAKING_POOL()).to.equal(await pool.getAddress());
    expect(await seMetis.MIN_VESTING_SHARES()).to.equal(10n ** 18n);
  });

  it("hears its pool and nobody else", async () => {
    const asAlice = seMetis.connect(alice);
    for (const call of [
      () => asAlice.depositMinted(1n, alice),
      () => asAlice.addReward(0n, 1n),
      () => asAlice.absorbLoss(0n, 0n),
      () => asAlice.burnUnvested(0n),
      () => asAlice.reopen(),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(seMetis, "SEMetis__OnlyStakingPool").withArgs(alice.address);
    }
  });

  it("has no other function that changes anything than those of the standards and of the pool", () => {
    const writes = seMetis.interface.fragments
      .map((fragment) => fragment.format("full"))
      .filter((text) => text.startsWith("function") && !/ (view|pure) ?/.test(text))
      .map((text) => text.slice("function ".length, text.indexOf("(")));
    const standard = ["approve", "deposit", "mint", "permit", "redeem", "transfer", "transferFrom", "withdraw"];
    const ofThePool = ["absorbLoss", "addReward", "burnUnvested", "depositMinted", "reopen"];
    expect([...new Set(writes)].sort()).to.deep.equal([...standard, ...ofThePool].sort());
  });

  describe("deposit", () => {
    it("refuses assets that give no shares", async () => {
      await expect(seMetis.connect(alice).deposit(1n, alice))
        .to.be.revertedWithCustomError(seMetis, "SEMetis__NoShares")
        .withArgs(1n);
    });

    it("refuses no assets", async () => {
      await expect(seMetis.connect(alice).deposit(0n, alice))
        .to.be.revertedWithCustomError(seMetis, "SEMetis__NoShares")
        .withArgs(0n);
    });

    it("refuses to give shares to nobody", async () => {
      await expect(seMetis.connect(alice).deposit(amount, ZeroAddress))
        .to.be.revertedWithCustomError(seMetis, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });

    it("refuses what does not fit 88 bits", async () => {
      const { unvested } = await storedStream(seMetis);
      const [total, vested] = [await seMetis.totalAssets(), await seMetis.unvestedAssets()];
      await inTheSameSecond(l2);
      await expect(seMetis.connect(alice).deposit(2n ** 88n, alice))
        .to.be.revertedWithCustomError(seMetis, "SafeCastOverflowedUintDowncast")
        .withArgs(88n, total + vested + 2n ** 88n);
      expect(unvested).to.be.greaterThan(vested);
    });

    it("brings the stream to the present and tells where it stands", async () => {
      await l2.increase(1);
      const [total, unvested] = [await seMetis.totalAssets(), await seMetis.unvestedAssets()];
      const { endsAt } = await storedStream(seMetis);
      const now = await l2.now();
      await inTheSameSecond(l2);
      await expect(seMetis.connect(carol).deposit(amount, carol))
        .to.emit(seMetis, "StreamUpdated")
        .withArgs(total + amount, unvested, now, endsAt);
      expect(await storedStream(seMetis)).to.deep.equal({
        assets: total + amount,
        unvested,
        vestedAt: BigInt(now),
        endsAt,
      });
    });
  });

  describe("mint", () => {
    it("refuses no shares", async () => {
      await expect(seMetis.connect(alice).mint(0n, alice))
        .to.be.revertedWithCustomError(seMetis, "SEMetis__NoShares")
        .withArgs(0n);
    });
  });

  describe("redeem", () => {
    it("brings the stream to the present and tells where it stands", async () => {
      await l2.increase(1);
      const [total, unvested] = [await seMetis.totalAssets(), await seMetis.unvestedAssets()];
      const paid = await seMetis.previewRedeem(amount);
      const { endsAt } = await storedStream(seMetis);
      await inTheSameSecond(l2);
      await expect(seMetis.connect(bob).redeem(amount, bob, bob))
        .to.emit(seMetis, "StreamUpdated")
        .withArgs(total - paid, unvested, await l2.now(), endsAt);
    });

    it("pays any holder, not only who deposited", async () => {
      const shares = await seMetis.balanceOf(alice);
      await seMetis.connect(alice).transfer(queue, shares);
      expect(await seMetis.balanceOf(alice)).to.equal(0n);
      await l2.increase(1);
      const worth = await seMetis.previewRedeem(shares);
      await inTheSameSecond(l2);
      await seMetis.connect(queue).redeem(shares, queue, queue);
      expect(await eMetis.balanceOf(queue)).to.equal(worth);
    });

    it("takes no wei from an infinite allowance", async () => {
      await seMetis.connect(alice).approve(bob, MaxUint256);
      await seMetis.connect(bob).redeem(amount, bob, alice);
      expect(await seMetis.allowance(alice, bob)).to.equal(MaxUint256);
    });

    it("refuses to pay nobody", async () => {
      await expect(seMetis.connect(alice).redeem(amount, ZeroAddress, alice))
        .to.be.revertedWithCustomError(eMetis, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });
  });

  describe("depositMinted", () => {
    it("gives the receiver the shares of a deposit, emitted as the pool's", async () => {
      await l2.increase(1);
      const shares = await seMetis.previewDeposit(amount);
      const total = await seMetis.totalAssets();
      await inTheSameSecond(l2);
      await expect(pool.depositMinted(amount, carol))
        .to.emit(seMetis, "Deposit")
        .withArgs(await pool.getAddress(), carol.address, amount, shares);
      expect(await seMetis.balanceOf(carol)).to.equal(shares);
      expect(await seMetis.totalAssets()).to.equal(total + amount);
    });

    it("refuses assets that give no shares", async () => {
      await expect(pool.depositMinted(1n, carol))
        .to.be.revertedWithCustomError(seMetis, "SEMetis__NoShares")
        .withArgs(1n);
    });
  });

  describe("a donation", () => {
    it("moves neither assets nor price", async () => {
      await l2.increase(1);
      const before = [await seMetis.totalAssets(), await seMetis.convertToAssets(amount)];
      await inTheSameSecond(l2);
      await eMetis.connect(carol).transfer(seMetis, parseEther("4000"));
      expect([await seMetis.totalAssets(), await seMetis.convertToAssets(amount)]).to.deep.equal(before);
    });

    it("cannot be taken by a staker who leaves", async () => {
      await eMetis.connect(carol).transfer(seMetis, parseEther("4000"));
      for (const holder of [alice, bob]) {
        await seMetis.connect(holder).redeem(await seMetis.balanceOf(holder), holder, holder);
      }
      const { assets, unvested } = await storedStream(seMetis);
      expect(await eMetis.balanceOf(seMetis)).to.equal(assets + unvested + parseEther("4000"));
    });

    it("may come from a withdrawal to the vault itself", async () => {
      await seMetis.connect(alice).withdraw(amount, seMetis, alice);
      const { assets, unvested } = await storedStream(seMetis);
      expect(await eMetis.balanceOf(seMetis)).to.equal(assets + unvested + amount);
    });
  });

  shouldBehaveLikeERC4626(async () => {
    await eMetis.connect(carol).approve(seMetis, 0n);
    return { l2, vault: seMetis, asset: eMetis, holder: alice, other: carol, receiver: queue };
  });

  shouldBehaveLikePermitToken("Staked eMetis", () =>
    Promise.resolve({ l2, token: seMetis, owner: alice, relayer: bob, spender: carol.address }),
  );
});
