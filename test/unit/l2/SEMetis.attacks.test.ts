import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { parseEther } from "ethers";

import * as shares from "../../../sdk/src/math/shares";
import { createFixture } from "../../helpers/chains";
import { seededRandom } from "../../helpers/random";
import {
  buildEmptyVault,
  buildVault,
  DAY,
  inTheSameSecond,
  storedStream,
  type VaultFixture,
} from "../../helpers/tokens";
import * as model from "../../helpers/vaultModel";

const WAD = 10n ** 18n;
/** How often a pumping loop goes round. */
const rounds = 40;

describe("SEMetis under attack", () => {
  const emptyFixture = createFixture(buildEmptyVault);
  const usedFixture = createFixture(buildVault);
  let { l2, alice, bob, carol, eMetis, seMetis, pool } = {} as VaultFixture;
  const use = (fixture: VaultFixture) => {
    ({ l2, alice, bob, carol, eMetis, seMetis, pool } = fixture);
  };

  /** What `holder` could take out at once, less `assets`, which he puts in for it. */
  async function gainOfStaking(holder: HardhatEthersSigner, assets: bigint): Promise<bigint> {
    await seMetis.connect(holder).deposit(assets, holder);
    return (await seMetis.maxWithdraw(holder)) - assets;
  }

  describe("the first depositor", () => {
    beforeEach(async () => {
      use(await emptyFixture());
    });

    it("takes nothing from the second with a donation", async () => {
      await seMetis.connect(alice).deposit(1n, alice);
      await eMetis.connect(alice).transfer(seMetis, parseEther("1000"));
      expect(await gainOfStaking(carol, parseEther("10"))).to.equal(0n);
      expect(await seMetis.maxWithdraw(alice)).to.equal(1n);
    });

    it("takes nothing from the second with a donation that a report has brought into the stream", async () => {
      await seMetis.connect(alice).deposit(1n, alice);
      await eMetis.connect(alice).transfer(seMetis, parseEther("1000"));
      await pool.addReward(1n, 7n * DAY);
      await l2.increase(30 * Number(DAY));
      expect(await gainOfStaking(carol, parseEther("10"))).to.equal(0n);
    });

    it("with one share and the rewards of all METIS there is takes less than 10^7 wei from the second", async () => {
      await seMetis.connect(alice).deposit(WAD, alice);
      await pool.addReward(parseEther("10000000"), 7n * DAY);
      await l2.increase(7 * Number(DAY));
      expect(await gainOfStaking(carol, parseEther("10"))).to.be.within(-(10n ** 7n) - 1n, 0n);
    });
  });

  describe("pumping the price by rounding while there are few shares", () => {
    beforeEach(async () => {
      use(await emptyFixture());
    });

    /** Leaves the attacker one wei of shares, at a price of 1.7. */
    async function leaveOneShare(): Promise<void> {
      await seMetis.connect(alice).deposit(parseEther("1"), alice);
      await pool.addReward(parseEther("0.7"), DAY);
      await l2.increase(Number(DAY));
      await seMetis.connect(alice).redeem(parseEther("1") - 1n, alice, alice);
    }

    it("gets nowhere, and the next depositor loses but some wei", async () => {
      await leaveOneShare();
      for (let round = 0; round < rounds; round++) {
        const wasteful = (await seMetis.previewMint(2n)) - 1n;
        await seMetis.connect(alice).deposit(wasteful, alice);
        await seMetis.connect(alice).withdraw(1n, alice, alice);
      }
      expect(await seMetis.convertToAssets(WAD)).to.be.at.most(BigInt(rounds) * WAD);
      expect(await gainOfStaking(carol, parseEther("10"))).to.be.within(-BigInt(rounds), 0n);
    });

    it("puts what rounding took into the stream, not into the price", async () => {
      await leaveOneShare();
      const before = await storedStream(seMetis);
      await seMetis.connect(alice).deposit(3n, alice);
      const after = await storedStream(seMetis);
      expect(after.assets + after.unvested).to.equal(before.assets + before.unvested + 3n);
      expect(after.unvested).to.equal(before.unvested + 1n);
    });

    it("gets nowhere either by leaving few shares behind out of many", async () => {
      await seMetis.connect(alice).deposit(parseEther("1"), alice);
      await pool.addReward(parseEther("2.5"), DAY);
      await l2.increase(Number(DAY));
      const before = await seMetis.convertToAssets(100n);
      const wasteful = (await seMetis.previewRedeem(parseEther("1") - 2n)) + 1n;
      await seMetis.connect(alice).withdraw(wasteful, alice, alice);
      expect(await seMetis.balanceOf(alice)).to.equal(1n);
      expect((await seMetis.convertToAssets(100n)) - before).to.be.within(0n, 50n);
      expect((await storedStream(seMetis)).unvested).to.equal(3n);
    });

    it("would multiply the price without that rule", () => {
      let vault = { totalAssets: 2n, totalSupply: 1n };
      for (let round = 0; round < rounds; round++) {
        const wasteful = shares.previewMint(2n, vault) - 1n;
        const minted = shares.previewDeposit(wasteful, vault);
        vault = { totalAssets: vault.totalAssets + wasteful, totalSupply: vault.totalSupply + minted };
        const burned = shares.previewWithdraw(1n, vault);
        vault = { totalAssets: vault.totalAssets - 1n, totalSupply: vault.totalSupply - burned };
      }
      expect(shares.convertToAssets(1n, vault)).to.be.greaterThan(10n ** 9n);
    });

    it("raises the price by at most a wei a call in 3,000 random calls on the model", () => {
      const random = seededRandom(7);
      const vault = model.emptyVault();
      vault.assets.set("attacker", 10n ** 30n);
      model.deposit(vault, 0n, "attacker", WAD, false);
      model.addReward(vault, 0n, WAD, 1n);
      model.redeem(vault, 1n, "attacker", WAD - 1n);
      let calls = 0n;
      for (; calls < 3_000n; calls++) {
        const price = model.priceAt(vault, 1n);
        const held = model.heldBy(vault.shares, "attacker");
        const size = random.below(9n);
        if (held > 8n) model.redeem(vault, 1n, "attacker", held - random.below(3n));
        else if (random.below(2n) === 0n)
          model.deposit(vault, 1n, "attacker", shares.previewMint(size + 1n, price) - 1n, false);
        else model.withdraw(vault, 1n, "attacker", random.below(shares.convertToAssets(held, price) + 1n));
      }
      expect(shares.convertToAssets(WAD, model.priceAt(vault, 1n))).to.be.at.most((calls + 2n) * WAD);
    });
  });

  describe("any sequence within a second", () => {
    for (const seed of [41, 42, 43]) {
      it(`leaves the caller with no more than he had (seed ${seed})`, async () => {
        use(await usedFixture());
        const random = seededRandom(seed);
        const asCarol = seMetis.connect(carol);
        await l2.increase(1);
        const before = await eMetis.balanceOf(carol);
        for (let step = 0; step < 25; step++) {
          const [free, held, most] = [
            await eMetis.balanceOf(carol),
            await asCarol.balanceOf(carol),
            await asCarol.maxWithdraw(carol),
          ];
          await inTheSameSecond(l2);
          const action = random.below(4n);
          if (action === 0n || held === 0n) await asCarol.deposit(random.between(2n, free), carol);
          else if (action === 1n) await asCarol.mint(random.ofBits(60) + 1n, carol);
          else if (action === 2n) await asCarol.withdraw(random.between(0n, most), carol, carol);
          else await asCarol.redeem(random.between(0n, held), carol, carol);
        }
        const held = await asCarol.balanceOf(carol);
        await inTheSameSecond(l2);
        await asCarol.redeem(held, carol, carol);
        expect((await eMetis.balanceOf(carol)) - before).to.be.within(-60n, 0n);
      });
    }

    it("leaves the others no less than they had", async () => {
      use(await usedFixture());
      await l2.increase(1);
      const worth = async () => [await seMetis.maxWithdraw(alice), await seMetis.maxWithdraw(bob)];
      const [alices, bobs] = (await worth()) as [bigint, bigint];
      for (const assets of [2n, 3n, 1_000_001n, parseEther("4999")]) {
        await inTheSameSecond(l2);
        await seMetis.connect(carol).deposit(assets, carol);
        const held = await seMetis.balanceOf(carol);
        await inTheSameSecond(l2);
        await seMetis.connect(carol).redeem(held, carol, carol);
      }
      const [alicesAfter, bobsAfter] = (await worth()) as [bigint, bigint];
      expect(alicesAfter - alices).to.be.within(0n, 8n);
      expect(bobsAfter - bobs).to.be.within(0n, 8n);
    });
  });
});
