import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import {
  ONE,
  type PoolFixture,
  applyReport,
  balanceOf,
  emptyPoolFixture,
  mined,
  poolFixture,
} from "../../helpers/pool";
import { seededRandom } from "../../helpers/random";

const assets = parseEther("123.456") + 7n;

describe("StakingPool.redeemInstant", () => {
  let fixture: PoolFixture;
  let { l2, pool, eMetis, seMetis, queue, alice, carol, referrer } = {} as PoolFixture;
  beforeEach(async () => {
    fixture = await poolFixture();
    ({ l2, pool, eMetis, seMetis, queue, alice, carol, referrer } = fixture);
  });

  /** A loss of `share` ten-thousandths of supply beyond all that seMetis has, confirmed. */
  async function lose(share: bigint): Promise<void> {
    const { l1Assets, totalAssets, totalSupply } = await pool.solvency();
    const beyond = totalAssets - totalSupply + (await eMetis.balanceOf(seMetis));
    await applyReport(fixture, { l1Assets: l1Assets - beyond - (totalSupply * share) / 10_000n });
    await pool.confirmLoss();
  }

  it("burns the caller's eMetis and pays METIS less the fee to the receiver", async () => {
    const paid = await pool.previewRedeemInstant(assets);
    const { buffer, totalSupply } = await pool.solvency();
    const redeeming = pool.connect(alice).redeemInstant(assets, paid, carol);
    await expect(redeeming).to.changeTokenBalances(eMetis, [alice, carol], [-assets, 0n]);
    await expect(redeeming)
      .to.emit(pool, "RedeemedInstantly")
      .withArgs(alice, carol, assets, paid, assets - paid, buffer - paid, totalSupply - assets);
    expect(await pool.buffer()).to.equal(buffer - paid);
    expect(await balanceOf(fixture, pool)).to.equal(buffer - paid);
  });

  it("pays exactly what it promised, whoever sends it", async () => {
    const paid = await pool.connect(alice).redeemInstant.staticCall(assets, 0n, carol);
    expect(paid).to.equal(await pool.previewRedeemInstant(assets));
    expect(
      await l2.coinChanges(
        async () => mined(pool.connect(alice).redeemInstant(assets, 0n, carol)),
        [alice, carol, pool],
      ),
    ).to.deep.equal([0n, paid, -paid]);
  });

  it("takes a fee between its two ends", async () => {
    const paid = await pool.previewRedeemInstant(assets);
    expect(assets - paid).to.be.within(assets / 1_001n, assets / 100n);
  });

  it("leaves the fee to the holders: it is profit of the next report", async () => {
    await pool.connect(alice).redeemInstant(assets, 0n, alice);
    const { totalAssets, totalSupply } = await pool.solvency();
    const fee = totalAssets - totalSupply;
    expect(fee).to.be.above(0n);
    await l2.increase(86_400);
    const reward = fee - fee / 10n;
    await expect(applyReport(fixture)).to.changeTokenBalance(eMetis, seMetis, reward);
  });

  it("refuses to pay less than asked for", async () => {
    const paid = await pool.previewRedeemInstant(assets);
    await expect(pool.connect(alice).redeemInstant(assets, paid + 1n, alice))
      .to.be.revertedWithCustomError(pool, "StakingPool__TooLittleOut")
      .withArgs(paid, paid + 1n);
  });

  it("refuses zero assets and the zero address", async () => {
    await expect(pool.connect(alice).redeemInstant(0n, 0n, alice))
      .to.be.revertedWithCustomError(pool, "StakingPool__BelowMinimum")
      .withArgs(0n, 1n);
    await expect(pool.connect(alice).redeemInstant(1n, 0n, ZeroAddress)).to.be.revertedWithCustomError(
      pool,
      "StakingPool__ZeroAddress",
    );
  });

  it("burns no more than the caller has", async () => {
    await expect(pool.connect(carol).redeemInstant(assets, 0n, carol))
      .to.be.revertedWithCustomError(eMetis, "ERC20InsufficientBalance")
      .withArgs(carol, 0n, assets);
  });

  it("says which receiver refused the METIS, and burns nothing then", async () => {
    const receiver = await l2.deploy("TestAccount", []);
    await receiver.refuse();
    const paid = await pool.previewRedeemInstant(assets);
    await expect(pool.connect(alice).redeemInstant(assets, 0n, receiver))
      .to.be.revertedWithCustomError(pool, "StakingPool__PaymentFailed")
      .withArgs(receiver, paid);
  });

  it("shows a receiver that calls back the state after the redemption", async () => {
    const receiver = await l2.deploy("TestAccount", []);
    await receiver.callWhenPaid(pool, pool.interface.encodeFunctionData("solvency"));
    await pool.connect(alice).redeemInstant(assets, 0n, receiver);
    const [seen] = pool.interface.decodeFunctionResult("solvency", await receiver.answer()) as unknown as [
      { buffer: bigint; totalSupply: bigint },
    ];
    const { buffer, totalSupply } = await pool.solvency();
    expect(seen.buffer).to.equal(buffer);
    expect(seen.totalSupply).to.equal(totalSupply);
  });

  it("pays a receiver that redeems again as if it came later", async () => {
    const receiver = await l2.deploy("TestAccount", []);
    await eMetis.connect(alice).transfer(receiver, assets);
    const whole = await pool.previewRedeemInstant(assets * 2n);
    await receiver.callWhenPaid(
      pool,
      pool.interface.encodeFunctionData("redeemInstant", [assets, 0n, await receiver.getAddress()]),
    );
    await pool.connect(alice).redeemInstant(assets, 0n, receiver);
    expect(await receiver.isAnswered()).to.equal(true);
    expect(await balanceOf(fixture, receiver)).to.be.within(whole - 2n, whole);
    expect(await balanceOf(fixture, pool)).to.equal(await pool.buffer());
  });

  describe("the free buffer", () => {
    it("is what the queue does not wait for", async () => {
      const buffer = await pool.buffer();
      await queue.connect(alice).requestRedeem(buffer - parseEther("10"), alice);
      expect(await pool.maxRedeemInstant()).to.be.within(parseEther("10"), parseEther("10.1"));
      const asked = parseEther("11");
      await expect(pool.connect(alice).redeemInstant(asked, 0n, alice))
        .to.be.revertedWithCustomError(pool, "StakingPool__BufferTooSmall")
        .withArgs(asked, await pool.maxRedeemInstant());
    });

    it("is nothing while the queue waits for more than is here", async () => {
      await queue.connect(alice).requestRedeem((await pool.buffer()) + 1n, alice);
      expect(await pool.maxRedeemInstant()).to.equal(0n);
      await expect(pool.connect(alice).redeemInstant(1n, 0n, alice))
        .to.be.revertedWithCustomError(pool, "StakingPool__BufferTooSmall")
        .withArgs(1n, 0n);
    });

    it("goes to the last wei of what is offered, and not a wei further", async () => {
      const most = await pool.maxRedeemInstant();
      await expect(pool.connect(alice).redeemInstant(most + 1n, 0n, alice))
        .to.be.revertedWithCustomError(pool, "StakingPool__BufferTooSmall")
        .withArgs(most + 1n, most);
      await pool.connect(alice).redeemInstant(most, 0n, alice);
      expect(await pool.buffer()).to.be.at.most(1n);
    });

    it("names the buffer even for more than there can be", async () => {
      await expect(pool.previewRedeemInstant(2n ** 256n - 1n))
        .to.be.revertedWithCustomError(pool, "StakingPool__BufferTooSmall")
        .withArgs(2n ** 256n - 1n, await pool.maxRedeemInstant());
    });

    it("does not exceed it before the first report has set a reserve", async () => {
      const empty = await emptyPoolFixture();
      await empty.pool.connect(empty.alice).deposit(empty.alice, referrer, { value: parseEther("100") });
      await empty.eMetis.connect(empty.alice).approve(empty.queue, parseEther("60"));
      await empty.queue.connect(empty.alice).requestRedeem(parseEther("60"), empty.alice);
      // 40 METIS at 0.1 % are worth 40.04, the supply is 100.
      expect(await empty.pool.maxRedeemInstant()).to.equal(parseEther("40.04"));
      await expect(empty.pool.connect(empty.alice).redeemInstant(parseEther("40.04") + 1n, 0n, empty.alice))
        .to.be.revertedWithCustomError(pool, "StakingPool__BufferTooSmall")
        .withArgs(parseEther("40.04") + 1n, parseEther("40.04"));
    });

    it("offers no more than there is eMetis", async () => {
      const empty = await emptyPoolFixture();
      await empty.pool.connect(empty.alice).deposit(empty.alice, referrer, { value: parseEther("100") });
      expect(await empty.pool.maxRedeemInstant()).to.equal(parseEther("100"));
    });
  });

  it("gains nothing by being split", async () => {
    const random = seededRandom(2_026);
    const total = parseEther("4000");
    const whole = await pool.previewRedeemInstant(total);
    const before = await pool.buffer();
    let left = total;
    for (let part = 0; part < 7; part++) {
      const piece = random.below(left / 2n) + 1n;
      await pool.connect(alice).redeemInstant(piece, 0n, alice);
      left -= piece;
    }
    await pool.connect(alice).redeemInstant(left, 0n, alice);
    expect(before - (await pool.buffer())).to.be.within(whole - 8n, whole);
  });

  it("is not made cheaper by what a deposit adds and takes back", async () => {
    const direct = assets - (await pool.previewRedeemInstant(assets));
    const loop = parseEther("5000");
    await pool.connect(alice).deposit(alice, referrer, { value: loop });
    const before = await pool.buffer();
    await pool.connect(alice).redeemInstant(loop + assets, 0n, alice);
    const cost = loop + assets - (before - (await pool.buffer()));
    expect(cost).to.be.above(direct);
  });

  describe("when assets fall short", () => {
    beforeEach(async () => {
      await lose(300n);
    });

    it("pays the lower rate less the fee, and counts what leavers bore", async () => {
      const rate = await pool.redemptionRate();
      expect(rate).to.be.within((ONE * 956n) / 1000n, (ONE * 958n) / 1000n);
      const value = (assets * rate) / ONE;
      const paid = await pool.previewRedeemInstant(assets);
      expect(value - paid).to.be.within(value / 1_001n, value / 100n);
      const unrecovered = await pool.unrecoveredLoss();
      const { buffer, totalSupply } = await pool.solvency();
      await expect(pool.connect(alice).redeemInstant(assets, paid, alice))
        .to.emit(pool, "RedeemedInstantly")
        .withArgs(alice, alice, assets, paid, value - paid, buffer - paid, totalSupply - assets);
      expect(await pool.unrecoveredLoss()).to.equal(unrecovered + assets - value);
    });

    it("does not lower the rate of those who stay", async () => {
      const rate = await pool.redemptionRate();
      await pool.connect(alice).redeemInstant(assets, 0n, alice);
      expect(await pool.redemptionRate()).to.be.at.least(rate);
    });

    it("takes the most that it offers", async () => {
      await pool.connect(alice).redeemInstant(await pool.maxRedeemInstant(), 0n, alice);
      expect(await pool.buffer()).to.be.at.most(2n);
    });
  });

  it("pays nothing, and offers nothing, when nothing is left", async () => {
    const { l1Assets, totalAssets } = await pool.solvency();
    await applyReport(fixture, { l1Assets: l1Assets - totalAssets - 1n });
    await pool.confirmLoss();
    expect(await pool.redemptionRate()).to.equal(0n);
    expect(await pool.maxRedeemInstant()).to.equal(0n);
    expect(await pool.previewRedeemInstant(assets)).to.equal(0n);
  });

  it("is closed by a pause and by a loss that is not confirmed", async () => {
    await pool.pause();
    const paused = [await pool.pausedUntil()];
    expect(await pool.maxRedeemInstant()).to.equal(0n);
    for (const call of [pool.connect(alice).redeemInstant(assets, 0n, alice), pool.previewRedeemInstant(assets)]) {
      await expect(call)
        .to.be.revertedWithCustomError(pool, "StakingPool__Paused")
        .withArgs(...paused);
    }
    await pool.unpause();
    const { l1Assets } = await pool.solvency();
    await applyReport(fixture, { l1Assets: l1Assets - parseEther("2000") });
    expect(await pool.maxRedeemInstant()).to.equal(0n);
    await expect(pool.connect(alice).redeemInstant(assets, 0n, alice))
      .to.be.revertedWithCustomError(pool, "StakingPool__LossUnconfirmed")
      .withArgs(await pool.stoppedUntil());
  });
});
