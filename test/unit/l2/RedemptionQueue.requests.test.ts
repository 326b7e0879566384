import { expect } from "chai";
import { MaxUint256, TypedDataEncoder, ZeroAddress, parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import { MIN_TICKET, ONE, permitOf, queueFixture } from "../../helpers/queue";

describe("RedemptionQueue requests", () => {
  const fixture = createFixture(async () => {
    const setup = await queueFixture();
    const { l2, queue, seMetis, pool, alice, bob } = setup;
    // Alice stakes, and rewards make her shares worth more than their number.
    await pool.stake(alice, parseEther("100"));
    await pool.addReward(parseEther("50"), 86_400n);
    await l2.increase(86_400);
    await seMetis.connect(alice).approve(queue, parseEther("50"));
    // The line begins with another's ticket, so that ids and amounts cannot be confused.
    await queue.connect(bob).requestRedeem(parseEther("3"), bob);
    return { ...setup, deadline: BigInt((await l2.now()) + 1_000) };
  });

  describe("requestRedeem", () => {
    it("gives the owner a ticket for the next part of the line", async () => {
      const { queue, alice, carol } = await fixture();
      await queue.connect(alice).requestRedeem(parseEther("7"), carol);
      const id = parseEther("3");
      expect(await queue.ownerOf(id)).to.equal(carol.address);
      expect(await queue.ticket(id)).to.deep.equal([carol.address, parseEther("10"), id, 0n]);
    });

    it("escrows the caller's eMetis", async () => {
      const { queue, eMetis, alice, carol } = await fixture();
      const request = queue.connect(alice).requestRedeem(parseEther("7"), carol);
      await expect(request).to.changeTokenBalances(
        eMetis,
        [alice, carol, queue],
        [-parseEther("7"), 0n, parseEther("7")],
      );
    });

    it("answers the ticket's id", async () => {
      const { queue, alice, carol } = await fixture();
      expect(await queue.connect(alice).requestRedeem.staticCall(parseEther("7"), carol)).to.equal(parseEther("3"));
    });

    it("moves the end of the line and what waits, not what is finalised", async () => {
      const { queue, alice } = await fixture();
      await queue.connect(alice).requestRedeem(parseEther("7"), alice);
      expect([await queue.requestedUntil(), await queue.pending(), await queue.finalisedUntil()]).to.deep.equal([
        parseEther("10"),
        parseEther("10"),
        0n,
      ]);
    });

    it("tells the ticket, who asked, and where the line ends", async () => {
      const { queue, alice, carol } = await fixture();
      await expect(queue.connect(alice).requestRedeem(parseEther("7"), carol))
        .to.emit(queue, "RedemptionRequested")
        .withArgs(parseEther("3"), carol, alice, parseEther("7"), parseEther("10"))
        .and.to.emit(queue, "Transfer")
        .withArgs(ZeroAddress, carol, parseEther("3"));
    });

    it("takes the smallest ticket", async () => {
      const { queue, alice } = await fixture();
      await queue.connect(alice).requestRedeem(MIN_TICKET, alice);
      expect(await queue.pending()).to.equal(parseEther("3.01"));
    });

    it("refuses one wei less than the smallest ticket", async () => {
      const { queue, alice } = await fixture();
      await expect(queue.connect(alice).requestRedeem(MIN_TICKET - 1n, alice))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__BelowMinimum")
        .withArgs(MIN_TICKET - 1n, MIN_TICKET);
    });

    it("refuses a ticket for nobody", async () => {
      const { queue, alice } = await fixture();
      await expect(queue.connect(alice).requestRedeem(ONE, ZeroAddress)).to.be.revertedWithCustomError(
        queue,
        "RedemptionQueue__ZeroAddress",
      );
    });

    it("refuses more than the caller's allowance", async () => {
      const { queue, eMetis, alice } = await fixture();
      await expect(queue.connect(alice).requestRedeem(parseEther("9999") + 1n, alice))
        .to.be.revertedWithCustomError(eMetis, "ERC20InsufficientAllowance")
        .withArgs(queue, parseEther("9999"), parseEther("9999") + 1n);
    });

    it("refuses more than the caller has", async () => {
      const { queue, eMetis, alice } = await fixture();
      await eMetis.connect(alice).approve(queue, MaxUint256);
      await expect(queue.connect(alice).requestRedeem(parseEther("10001"), alice))
        .to.be.revertedWithCustomError(eMetis, "ERC20InsufficientBalance")
        .withArgs(alice, parseEther("10000"), parseEther("10001"));
    });

    it("mints to a contract without calling it", async () => {
      const { l2, queue, alice } = await fixture();
      const holder = await l2.deploy("TestHolder", []);
      await holder.setMood(1n);
      await queue.connect(alice).requestRedeem(ONE, holder);
      expect(await queue.balanceOf(holder)).to.equal(1n);
    });
  });

  describe("requestRedeemBatch", () => {
    const amounts = [parseEther("1"), parseEther("0.5"), MIN_TICKET];

    it("gives one ticket for each amount, in that order", async () => {
      const { queue, alice, carol } = await fixture();
      const ids = await queue.connect(alice).requestRedeemBatch.staticCall(amounts, carol);
      await queue.connect(alice).requestRedeemBatch(amounts, carol);
      const tickets = await Promise.all(ids.map((id) => queue.ticket(id)));
      expect([...ids]).to.deep.equal([parseEther("3"), parseEther("4"), parseEther("4.5")]);
      expect(tickets.map(({ end }) => end)).to.deep.equal([parseEther("4"), parseEther("4.5"), parseEther("4.51")]);
      expect(await queue.balanceOf(carol)).to.equal(3n);
    });

    it("takes the eMetis in one transfer", async () => {
      const { queue, eMetis, alice } = await fixture();
      await queue.connect(alice).requestRedeemBatch(amounts, alice);
      const transfers = await eMetis.queryFilter(eMetis.filters.Transfer(alice));
      const toQueue = transfers.filter(({ args }) => args.to === queue.target);
      expect(toQueue.map(({ args }) => args.value)).to.deep.equal([parseEther("1.51")]);
    });

    it("tells each ticket with the end of the line after it", async () => {
      const { queue, alice, carol } = await fixture();
      await expect(queue.connect(alice).requestRedeemBatch(amounts, carol))
        .to.emit(queue, "RedemptionRequested")
        .withArgs(parseEther("3"), carol, alice, parseEther("1"), parseEther("4"))
        .and.to.emit(queue, "RedemptionRequested")
        .withArgs(parseEther("4.5"), carol, alice, MIN_TICKET, parseEther("4.51"));
    });

    it("refuses all when one amount is too small", async () => {
      const { queue, alice } = await fixture();
      await expect(queue.connect(alice).requestRedeemBatch([ONE, 1n, ONE], alice))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__BelowMinimum")
        .withArgs(1n, MIN_TICKET);
    });

    it("refuses amounts that overflow together", async () => {
      const { queue, alice } = await fixture();
      await expect(queue.connect(alice).requestRedeemBatch([ONE, MaxUint256], alice)).to.be.revertedWithPanic(0x11);
    });

    it("refuses an empty batch", async () => {
      const { queue, alice } = await fixture();
      await expect(queue.connect(alice).requestRedeemBatch([], alice)).to.be.revertedWithCustomError(
        queue,
        "RedemptionQueue__EmptyBatch",
      );
    });

    it("refuses tickets for nobody", async () => {
      const { queue, alice } = await fixture();
      await expect(queue.connect(alice).requestRedeemBatch(amounts, ZeroAddress)).to.be.revertedWithCustomError(
        queue,
        "RedemptionQueue__ZeroAddress",
      );
    });
  });

  describe("requestRedeemWithPermit", () => {
    const assets = parseEther("5");

    it("needs no allowance", async () => {
      const { queue, eMetis, alice, deadline } = await fixture();
      await eMetis.connect(alice).approve(queue, 0n);
      const signature = await alice.signTypedData(...(await permitOf(eMetis, alice, queue, assets, deadline)));
      await queue.connect(alice).requestRedeemWithPermit(assets, alice, deadline, signature);
      expect(await queue.ownerOf(parseEther("3"))).to.equal(alice.address);
      expect(await eMetis.allowance(alice, queue)).to.equal(0n);
    });

    it("works when somebody else brought the permit before", async () => {
      const { queue, eMetis, alice, keeper, deadline } = await fixture();
      await eMetis.connect(alice).approve(queue, 0n);
      const signature = await alice.signTypedData(...(await permitOf(eMetis, alice, queue, assets, deadline)));
      await eMetis
        .connect(keeper)
        ["permit(address,address,uint256,uint256,bytes)"](alice, queue, assets, deadline, signature);
      await queue.connect(alice).requestRedeemWithPermit(assets, alice, deadline, signature);
      expect(await queue.ownerOf(parseEther("3"))).to.equal(alice.address);
    });

    it("takes the permit of a contract", async () => {
      const { l2, queue, eMetis, pool, deadline } = await fixture();
      const holder = await l2.deploy("TestHolder", []);
      await pool.mint(holder, assets);
      await holder.sign(TypedDataEncoder.hash(...(await permitOf(eMetis, holder, queue, assets, deadline))));
      const request = [assets, await holder.getAddress(), deadline, "0x1234"] as const;
      await holder.execute(queue, queue.interface.encodeFunctionData("requestRedeemWithPermit", [...request]));
      expect(await queue.ownerOf(parseEther("3"))).to.equal(holder.target);
    });

    it("says what lacks when the permit is not the caller's", async () => {
      const { queue, eMetis, alice, bob, deadline } = await fixture();
      await eMetis.connect(alice).approve(queue, 0n);
      const signature = await bob.signTypedData(...(await permitOf(eMetis, alice, queue, assets, deadline)));
      await expect(queue.connect(alice).requestRedeemWithPermit(assets, alice, deadline, signature))
        .to.be.revertedWithCustomError(eMetis, "ERC20InsufficientAllowance")
        .withArgs(queue, 0n, assets);
    });
  });

  describe("requestRedeemStaked", () => {
    const shares = parseEther("10");

    it("turns the caller's shares into a ticket for what they are worth", async () => {
      const { queue, seMetis, alice, carol } = await fixture();
      const worth = await seMetis.previewRedeem(shares);
      await queue.connect(alice).requestRedeemStaked(shares, carol);
      expect(worth).to.equal(14_999_999_999_999_999_999n);
      expect(await queue.ticket(parseEther("3"))).to.deep.equal([
        carol.address,
        parseEther("3") + worth,
        parseEther("3"),
        0n,
      ]);
    });

    it("escrows the eMetis and burns the shares", async () => {
      const { queue, eMetis, seMetis, alice, carol } = await fixture();
      const worth = await seMetis.previewRedeem(shares);
      const request = queue.connect(alice).requestRedeemStaked(shares, carol);
      await expect(request).to.changeTokenBalance(eMetis, queue, worth);
      await expect(request).to.changeTokenBalance(seMetis, alice, -shares);
    });

    it("tells the ticket", async () => {
      const { queue, seMetis, alice, carol } = await fixture();
      const worth = await seMetis.previewRedeem(shares);
      await expect(queue.connect(alice).requestRedeemStaked(shares, carol))
        .to.emit(queue, "RedemptionRequested")
        .withArgs(parseEther("3"), carol, alice, worth, parseEther("3") + worth);
    });

    it("refuses shares worth less than the smallest ticket", async () => {
      const { queue, seMetis, alice } = await fixture();
      const worth = await seMetis.previewRedeem(MIN_TICKET / 2n);
      await expect(queue.connect(alice).requestRedeemStaked(MIN_TICKET / 2n, alice))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__BelowMinimum")
        .withArgs(worth, MIN_TICKET);
    });

    it("refuses a ticket for nobody", async () => {
      const { queue, alice } = await fixture();
      await expect(queue.connect(alice).requestRedeemStaked(shares, ZeroAddress)).to.be.revertedWithCustomError(
        queue,
        "RedemptionQueue__ZeroAddress",
      );
    });

    it("refuses more shares than the caller's allowance", async () => {
      const { queue, seMetis, alice } = await fixture();
      await expect(queue.connect(alice).requestRedeemStaked(parseEther("51"), alice))
        .to.be.revertedWithCustomError(seMetis, "ERC20InsufficientAllowance")
        .withArgs(queue, parseEther("50"), parseEther("51"));
    });

    it("takes a permit for seMetis, also one that somebody else brought before", async () => {
      const { queue, seMetis, alice, keeper, deadline } = await fixture();
      await seMetis.connect(alice).approve(queue, 0n);
      const signature = await alice.signTypedData(...(await permitOf(seMetis, alice, queue, shares, deadline)));
      await seMetis
        .connect(keeper)
        ["permit(address,address,uint256,uint256,bytes)"](alice, queue, shares, deadline, signature);
      await queue.connect(alice).requestRedeemStakedWithPermit(shares, alice, deadline, signature);
      expect(await queue.ownerOf(parseEther("3"))).to.equal(alice.address);
    });

    it("needs no allowance with a permit", async () => {
      const { queue, seMetis, alice, deadline } = await fixture();
      await seMetis.connect(alice).approve(queue, 0n);
      const signature = await alice.signTypedData(...(await permitOf(seMetis, alice, queue, shares, deadline)));
      await queue.connect(alice).requestRedeemStakedWithPermit(shares, alice, deadline, signature);
      expect(await seMetis.allowance(alice, queue)).to.equal(0n);
    });
  });
});
