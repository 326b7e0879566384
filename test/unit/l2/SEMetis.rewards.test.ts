import { expect } from "chai";
import { parseEther, toBeHex } from "ethers";
import hre from "hardhat";

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

const reward = 12_345_678_901_234_567_891n;

/** The slot of a variable of SEMetis. */
async function slotOf(label: string): Promise<string> {
  const name = "contracts/l2/SEMetis.sol";
  const info = await hre.artifacts.getBuildInfo(`${name}:SEMetis`);
  const output: unknown = info!.output.contracts[name]!.SEMetis;
  const { storageLayout } = output as { storageLayout: { storage: readonly { label: string; slot: string }[] } };
  return storageLayout.storage.find((variable) => variable.label === label)!.slot;
}

describe("SEMetis rewards", () => {
  const fixture = createFixture(buildVault);
  let { l2, alice, carol, eMetis, seMetis, pool } = {} as VaultFixture;
  beforeEach(async () => {
    ({ l2, alice, carol, eMetis, seMetis, pool } = await fixture());
  });

  describe("addReward", () => {
    it("moves no price in its own second", async () => {
      await l2.increase(1);
      const before = await seMetis.convertToAssets(parseEther("1"));
      await inTheSameSecond(l2);
      await pool.addReward(parseEther("4000"), DAY);
      expect(await seMetis.convertToAssets(parseEther("1"))).to.equal(before);
    });

    it("joins the stream, whose end becomes the weighted average, and tells its state", async () => {
      await l2.increase(1);
      const now = BigInt(await l2.now());
      const before = math.checkpoint(await storedStream(seMetis), now);
      const after = math.add(before, reward, 30n * DAY);
      await inTheSameSecond(l2);
      await expect(pool.addReward(reward, 30n * DAY))
        .to.emit(seMetis, "RewardAdded")
        .withArgs(reward, 0n, after.assets, after.unvested, now, after.endsAt);
      expect(await storedStream(seMetis)).to.deep.equal(after);
    });

    it("takes in what was transferred to the vault unasked", async () => {
      await eMetis.connect(carol).transfer(seMetis, 777n);
      await l2.increase(1);
      const now = BigInt(await l2.now());
      const after = math.add(math.checkpoint(await storedStream(seMetis), now), reward + 777n, 7n * DAY);
      await inTheSameSecond(l2);
      await expect(pool.addReward(reward, 7n * DAY))
        .to.emit(seMetis, "RewardAdded")
        .withArgs(reward, 777n, after.assets, after.unvested, now, after.endsAt);
      expect(await eMetis.balanceOf(seMetis)).to.equal(after.assets + after.unvested);
    });

    it("takes in a donation with no reward at all", async () => {
      await eMetis.connect(carol).transfer(seMetis, 777n);
      const unvested = await seMetis.unvestedAssets();
      await pool.addReward(0n, 7n * DAY);
      expect(await seMetis.unvestedAssets()).to.be.within(unvested - parseEther("1"), unvested + 777n);
      const { assets, unvested: after } = await storedStream(seMetis);
      expect(await eMetis.balanceOf(seMetis)).to.equal(assets + after);
    });

    it("takes nothing without harm", async () => {
      const { endsAt } = await storedStream(seMetis);
      await pool.addReward(0n, 7n * DAY);
      expect((await storedStream(seMetis)).endsAt).to.equal(endsAt);
    });

    it("takes one wei without harm", async () => {
      const { endsAt } = await storedStream(seMetis);
      await pool.addReward(1n, 30n * DAY);
      expect((await storedStream(seMetis)).endsAt).to.equal(endsAt + 1n);
    });

    it("refuses a reward that was never minted", async () => {
      const balance = await eMetis.balanceOf(seMetis);
      await expect(pool.addMissingReward(5n, DAY))
        .to.be.revertedWithCustomError(seMetis, "SEMetis__RewardMissing")
        .withArgs(balance, balance + 5n);
    });

    it("vests in full, to the wei, at the end of the stream", async () => {
      await pool.addReward(reward, 10n * DAY);
      const { assets, unvested, endsAt } = await storedStream(seMetis);
      await l2.increaseTo(Number(endsAt) - 1);
      expect(await seMetis.unvestedAssets()).to.be.greaterThan(0n);
      await l2.increaseTo(Number(endsAt));
      expect(await seMetis.unvestedAssets()).to.equal(0n);
      expect(await seMetis.totalAssets()).to.equal(assets + unvested);
      expect(await eMetis.balanceOf(seMetis)).to.equal(assets + unvested);
    });
  });

  describe("the price", () => {
    it("moves within a second by the stream and by nothing else", async () => {
      await l2.increase(1);
      const stored = await storedStream(seMetis);
      const [total, now] = [await seMetis.totalAssets(), BigInt(await l2.now())];
      await l2.increase(1);
      const streamed = math.vested(stored, now + 1n) - math.vested(stored, now);
      expect((await seMetis.totalAssets()) - total).to.equal(streamed);
    });

    it("gives who comes before a reward and leaves at once no more than he brought", async () => {
      await l2.increase(1);
      const before = await eMetis.balanceOf(carol);
      await inTheSameSecond(l2);
      await seMetis.connect(carol).deposit(parseEther("1000"), carol);
      await inTheSameSecond(l2);
      await pool.addReward(parseEther("300"), 7n * DAY);
      await inTheSameSecond(l2);
      await seMetis.connect(carol).redeem(await seMetis.balanceOf(carol), carol, carol);
      expect((await eMetis.balanceOf(carol)) - before).to.be.within(-2n, 0n);
    });

    it("gives who leaves after ten seconds at most his part of ten seconds' stream", async () => {
      await seMetis.connect(carol).deposit(parseEther("1000"), carol);
      await inTheSameSecond(l2);
      await pool.addReward(parseEther("300"), 7n * DAY);
      const before = await seMetis.convertToAssets(await seMetis.balanceOf(carol));
      const stored = await storedStream(seMetis);
      const ten = math.vested(stored, stored.vestedAt + 10n);
      const [shares, supply] = [await seMetis.balanceOf(carol), await seMetis.totalSupply()];
      await l2.increase(10);
      const gain = (await seMetis.convertToAssets(shares)) - before;
      expect(gain).to.be.within((ten * shares) / supply - 2n, (ten * shares) / supply + 2n);
    });
  });

  describe("while fewer shares exist than vest", () => {
    const emptyFixture = createFixture(buildEmptyVault);
    beforeEach(async () => {
      ({ l2, alice, carol, eMetis, seMetis, pool } = await emptyFixture());
    });

    it("nothing vests while nobody has staked", async () => {
      await pool.addReward(reward, 7n * DAY);
      await l2.increase(20 * Number(DAY));
      expect([await seMetis.totalAssets(), await seMetis.unvestedAssets()]).to.deep.equal([0n, reward]);
    });

    it("the stream keeps its full length for the first who stakes", async () => {
      await pool.addReward(reward, 7n * DAY);
      await l2.increase(20 * Number(DAY));
      await seMetis.connect(alice).deposit(parseEther("2"), alice);
      expect(await storedStream(seMetis)).to.deep.equal({
        assets: parseEther("2"),
        unvested: reward,
        vestedAt: BigInt(await l2.now()),
        endsAt: BigInt(await l2.now()) + 7n * DAY,
      });
    });

    it("nothing vests for a share less a wei, and all for that wei more", async () => {
      await seMetis.connect(alice).deposit(10n ** 18n - 1n, alice);
      await pool.addReward(reward, 7n * DAY);
      await l2.increase(7 * Number(DAY));
      expect(await seMetis.totalAssets()).to.equal(10n ** 18n - 1n);
      await seMetis.connect(alice).deposit(1n, alice);
      await l2.increase(7 * Number(DAY));
      expect(await seMetis.totalAssets()).to.equal(10n ** 18n + reward);
    });

    it("the stream stops when the stakers leave and goes on when one comes", async () => {
      await seMetis.connect(alice).deposit(parseEther("2"), alice);
      await pool.addReward(reward, 7n * DAY);
      await l2.increase(3 * Number(DAY));
      await seMetis.connect(alice).redeem(parseEther("2"), alice, alice);
      const left = await seMetis.unvestedAssets();
      await l2.increase(100 * Number(DAY));
      expect(await seMetis.unvestedAssets()).to.equal(left);
      await seMetis.connect(carol).deposit(parseEther("2"), carol);
      const { vestedAt, endsAt } = await storedStream(seMetis);
      expect(endsAt - vestedAt).to.be.within(4n * DAY - 2n, 4n * DAY);
    });
  });

  describe("when the clock goes back", () => {
    /** Makes the stored stream exact for a second that has not come, as a sequencer's clock that goes back would. */
    async function setClockBack(seconds: bigint): Promise<math.Stream> {
      await seMetis.connect(alice).deposit(parseEther("1"), alice);
      const stored = await storedStream(seMetis);
      const ahead = { ...stored, vestedAt: stored.vestedAt + seconds };
      const packed = ahead.assets | (ahead.unvested << 88n) | (ahead.vestedAt << 176n) | (ahead.endsAt << 208n);
      const slot = toBeHex(await slotOf("_stream"));
      await l2.provider.send("hardhat_setStorageAt", [await seMetis.getAddress(), slot, toBeHex(packed, 32)]);
      expect(await storedStream(seMetis)).to.deep.equal(ahead);
      return ahead;
    }

    it("nothing vests until it has caught up", async () => {
      const ahead = await setClockBack(5_000n);
      await l2.increase(4_000);
      expect(await seMetis.totalAssets()).to.equal(ahead.assets);
      await l2.increase(2_000);
      expect(await seMetis.totalAssets()).to.equal(ahead.assets + math.vested(ahead, BigInt(await l2.now())));
    });

    it("stakers come and go, rewards and losses are booked", async () => {
      const ahead = await setClockBack(5_000n);
      await seMetis.connect(carol).deposit(parseEther("10"), carol);
      await seMetis.connect(alice).redeem(parseEther("5"), alice, alice);
      await pool.addReward(reward, DAY);
      await pool.absorbLoss(777n, 0n);
      const { vestedAt, endsAt } = await storedStream(seMetis);
      expect(vestedAt).to.equal(ahead.vestedAt);
      expect(endsAt).to.equal(math.add(ahead, reward, DAY).endsAt);
    });
  });
});
