import { expect } from "chai";
import { MaxUint256, type Interface, parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import { itMeasuresGas } from "../../helpers/gas";
import {
  HOUR,
  MIN_TICKET,
  ONE,
  finaliseAll,
  finaliseTo,
  gasOf,
  namespaceSlot,
  queueFixture,
} from "../../helpers/queue";

describe("RedemptionQueue finalisation", () => {
  /** Three tickets, [0, 4) alice's, [4, 5) bob's, [5, 10) carol's, all asked for in one hour that ends at `hourEnd`. */
  const fixture = createFixture(async () => {
    const setup = await queueFixture();
    const { l2, queue, alice, bob, carol } = setup;
    await queue.connect(alice).requestRedeem(parseEther("4"), alice);
    await queue.connect(bob).requestRedeem(parseEther("1"), bob);
    await queue.connect(carol).requestRedeem(parseEther("5"), carol);
    const hourEnd = (Math.floor((await l2.now()) / HOUR) + 1) * HOUR;
    return { ...setup, hourEnd };
  });

  describe("finalise", () => {
    it("moves one number and keeps the METIS that came along", async () => {
      const { l2, queue, pool } = await fixture();
      await pool.finalise(parseEther("4.5"), ONE, { value: parseEther("4.5") });
      expect([await queue.finalisedUntil(), await queue.pending(), await queue.reserved()]).to.deep.equal([
        parseEther("4.5"),
        parseEther("5.5"),
        parseEther("4.5"),
      ]);
      expect(await l2.provider.getBalance(queue)).to.equal(parseEther("4.5"));
    });

    it("burns the eMetis it took and answers what is left in existence", async () => {
      const { queue, eMetis, pool } = await fixture();
      const rest = parseEther("30000") - parseEther("4");
      expect(await pool.finalise.staticCall(parseEther("4"), ONE, { value: parseEther("4") })).to.equal(rest);
      await pool.finalise(parseEther("4"), ONE, { value: parseEther("4") });
      expect([await eMetis.totalSupply(), await eMetis.balanceOf(queue)]).to.deep.equal([rest, parseEther("6")]);
    });

    it("takes less METIS at a rate below one, and burns the eMetis in full", async () => {
      const { queue, eMetis, pool } = await fixture();
      await pool.finalise(parseEther("4"), (ONE * 3n) / 4n, { value: parseEther("3") });
      expect([await queue.reserved(), await eMetis.balanceOf(queue)]).to.deep.equal([parseEther("3"), parseEther("6")]);
    });

    it("tells the part of the line, the rate and the METIS", async () => {
      const { queue, pool } = await fixture();
      await pool.finalise(parseEther("4"), ONE, { value: parseEther("4") });
      await expect(pool.finalise(parseEther("6"), ONE / 2n, { value: parseEther("1") }))
        .to.emit(queue, "RedemptionsFinalised")
        .withArgs(parseEther("4"), parseEther("6"), ONE / 2n, parseEther("1"));
    });

    it("is for the pool only", async () => {
      const { queue, alice } = await fixture();
      await expect(queue.connect(alice).finalise(1n, ONE, { value: 1n }))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__Unauthorized")
        .withArgs(alice);
    });

    for (const [name, rate] of [
      ["0", 0n],
      ["above one", ONE + 1n],
    ] as const) {
      it(`refuses a rate of ${name}`, async () => {
        const { queue, pool } = await fixture();
        await expect(pool.finalise(ONE, rate, { value: (ONE * rate) / ONE }))
          .to.be.revertedWithCustomError(queue, "RedemptionQueue__RateOutOfBounds")
          .withArgs(rate);
      });
    }

    for (const [name, value] of [
      ["less", ONE - 1n],
      ["more", ONE + 1n],
    ] as const) {
      it(`refuses ${name} METIS than the part is worth`, async () => {
        const { queue, pool } = await fixture();
        await expect(pool.finalise(ONE, ONE, { value }))
          .to.be.revertedWithCustomError(queue, "RedemptionQueue__WrongFinalisation")
          .withArgs(ONE, value, ONE);
      });
    }

    it("refuses to stand still and to go back", async () => {
      const { queue, pool } = await fixture();
      await pool.finalise(ONE, ONE, { value: ONE });
      for (const until of [ONE, ONE - 1n]) {
        await expect(pool.finalise(until, ONE))
          .to.be.revertedWithCustomError(queue, "RedemptionQueue__WrongFinalisation")
          .withArgs(until, 0n, 0n);
      }
    });

    it("refuses to go beyond the end of the line", async () => {
      const { queue, pool } = await fixture();
      const until = parseEther("10") + 1n;
      await expect(pool.finalise(until, ONE, { value: until }))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__WrongFinalisation")
        .withArgs(until, until, 0n);
    });

    itMeasuresGas("costs the same for one ticket and for ten thousand, and so do claims after it", async () => {
      const { queue, eMetis, pool, alice, bob } = await queueFixture();
      await eMetis.connect(alice).approve(queue, MaxUint256);
      const hundred = Array<bigint>(100).fill(MIN_TICKET);
      for (let round = 0; round < 101; round++) await queue.connect(alice).requestRedeemBatch(hundred, bob);
      // One ticket stays, so that no balance falls to 0, which would refund gas.
      const end = (await queue.requestedUntil()) - MIN_TICKET;
      // The first one leaves no storage that is used for the first time.
      await pool.finalise(MIN_TICKET, ONE, { value: MIN_TICKET });
      await queue.claim(0n);
      const one = await gasOf(pool.finalise(2n * MIN_TICKET, ONE, { value: MIN_TICKET }));
      const claimOfOne = await gasOf(queue.claim(MIN_TICKET));
      const tenThousand = await gasOf(pool.finalise(end, ONE, { value: end - 2n * MIN_TICKET }));
      const claimOfMany = await gasOf(queue.claim(end - MIN_TICKET));
      // Calldata of a longer number is all that may differ.
      expect(tenThousand - one).to.be.within(-100, 100);
      expect(claimOfMany - claimOfOne).to.be.within(-100, 100);
    });
  });

  describe("finalisable", () => {
    it("goes as far as the METIS at one for one", async () => {
      const { queue, hourEnd } = await fixture();
      expect(await queue.finalisable(parseEther("4.2"), ONE, hourEnd)).to.deep.equal([
        parseEther("4.2"),
        parseEther("4.2"),
      ]);
    });

    it("goes further at a rate below one", async () => {
      const { queue, hourEnd } = await fixture();
      expect(await queue.finalisable(parseEther("4"), ONE / 2n, hourEnd)).to.deep.equal([
        parseEther("8") + 1n,
        parseEther("4"),
      ]);
    });

    it("goes no further than the line, whatever the METIS", async () => {
      const { queue, hourEnd } = await fixture();
      expect(await queue.finalisable(MaxUint256, ONE / 2n, hourEnd)).to.deep.equal([parseEther("10"), parseEther("5")]);
    });

    it("goes on from what is finalised", async () => {
      const f = await fixture();
      await finaliseTo(f, parseEther("4"));
      expect(await f.queue.finalisable(parseEther("2"), ONE, f.hourEnd)).to.deep.equal([
        parseEther("6"),
        parseEther("2"),
      ]);
    });

    it("counts a ticket at the end of its hour and not a second before", async () => {
      const { queue, hourEnd } = await fixture();
      expect(await queue.finalisable(ONE, ONE, hourEnd - 1)).to.deep.equal([0n, 0n]);
      expect(await queue.finalisable(ONE, ONE, hourEnd)).to.deep.equal([ONE, ONE]);
    });

    it("leaves younger tickets out, in whatever hour they were asked for", async () => {
      const { l2, queue, alice, hourEnd } = await fixture();
      await l2.increase(HOUR);
      await queue.connect(alice).requestRedeem(parseEther("7"), alice);
      await l2.increase(5 * HOUR);
      await queue.connect(alice).requestRedeem(parseEther("9"), alice);
      const untils = [0, 1, 5, 6].map(
        async (hours) => (await queue.finalisable(MaxUint256, ONE, hourEnd + hours * HOUR))[0],
      );
      expect(await Promise.all(untils)).to.deep.equal(["10", "17", "17", "26"].map((metis) => parseEther(metis)));
    });

    it("counts tickets later, never earlier, when the clock went back", async () => {
      const { l2, queue, alice, hourEnd } = await fixture();
      // The last request was made five hours ahead of the clock as it is now.
      await shiftLastHour(l2, queue.target, 5n);
      await queue.connect(alice).requestRedeem(parseEther("7"), alice);
      expect(await queue.finalisable(MaxUint256, ONE, hourEnd + 5 * HOUR - 1)).to.deep.equal([0n, 0n]);
      expect((await queue.finalisable(MaxUint256, ONE, hourEnd + 5 * HOUR))[0]).to.equal(parseEther("17"));
    });

    for (const [name, rate] of [
      ["0", 0n],
      ["above one", ONE + 1n],
    ] as const) {
      it(`finalises nothing at a rate of ${name}`, async () => {
        const { queue, hourEnd } = await fixture();
        expect(await queue.finalisable(MaxUint256, rate, hourEnd)).to.deep.equal([0n, 0n]);
      });
    }

    it("finalises nothing without METIS", async () => {
      const { queue, hourEnd } = await fixture();
      expect(await queue.finalisable(0n, ONE / 2n, hourEnd)).to.deep.equal([0n, 0n]);
    });

    it("finalises nothing when nothing waits", async () => {
      const f = await fixture();
      await finaliseAll(f);
      expect(await f.queue.finalisable(MaxUint256, ONE, f.hourEnd)).to.deep.equal([parseEther("10"), 0n]);
    });

    it("frees a remainder that is worth nothing", async () => {
      const f = await fixture();
      await finaliseTo(f, parseEther("10") - 1n);
      expect(await f.queue.finalisable(0n, ONE / 2n, f.hourEnd)).to.deep.equal([parseEther("10"), 0n]);
    });

    it("is what finalise takes, to the wei", async () => {
      const { queue, pool, hourEnd } = await fixture();
      const rate = 987_654_321_987_654_321n;
      const [until, payout] = await queue.finalisable(parseEther("3.3333"), rate, hourEnd);
      await pool.finalise(until, rate, { value: payout });
      expect(await queue.reserved()).to.equal(payout);
      expect(payout).to.be.within(parseEther("3.3333") - 1n, parseEther("3.3333"));
    });
  });

  describe("payoutAt", () => {
    it("adds up the rates of each part", async () => {
      const { queue, pool } = await fixture();
      await pool.finalise(parseEther("4"), ONE, { value: parseEther("4") });
      await pool.finalise(parseEther("8"), ONE / 2n, { value: parseEther("2") });
      await pool.finalise(parseEther("10"), ONE / 4n, { value: parseEther("0.5") });
      const payouts = ["0", "3", "4", "6", "8", "9", "10"].map((metis) => queue.payoutAt(parseEther(metis)));
      expect(await Promise.all(payouts)).to.deep.equal(
        ["0", "3", "4", "5", "6", "6.25", "6.5"].map((metis) => parseEther(metis)),
      );
    });

    it("refuses a position that is not finalised", async () => {
      const { queue, pool } = await fixture();
      await pool.finalise(ONE, ONE, { value: ONE });
      await expect(queue.payoutAt(ONE + 1n))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__NotFinalised")
        .withArgs(ONE + 1n, ONE);
    });
  });

  describe("METIS that no finalisation brought", () => {
    it("is refused when it is sent", async () => {
      const { queue, alice } = await fixture();
      await expect(alice.sendTransaction({ to: queue, value: 1n })).to.be.reverted;
    });

    it("is refused by every function that the ERC-721 lets take it", async () => {
      const { queue, alice, bob } = await fixture();
      const payable = payableFunctions(queue.interface).filter((name) => !/^(finalise|upgradeToAndCall)\(/.test(name));
      expect(payable.sort()).to.deep.equal([
        "approve(address,uint256)",
        "safeTransferFrom(address,address,uint256)",
        "safeTransferFrom(address,address,uint256,bytes)",
        "transferFrom(address,address,uint256)",
      ]);
      const sending = queue.connect(alice);
      const calls = [
        () => sending.approve(bob, 0n, { value: 3n }),
        () => sending.transferFrom(alice, bob, 0n, { value: 3n }),
        () => sending["safeTransferFrom(address,address,uint256)"](alice, bob, 0n, { value: 3n }),
        () => sending["safeTransferFrom(address,address,uint256,bytes)"](alice, bob, 0n, "0x", { value: 3n }),
      ];
      for (const call of calls) {
        await expect(call()).to.be.revertedWithCustomError(queue, "RedemptionQueue__ValueNotTaken").withArgs(3n);
      }
    });

    it("is taken by no ticket", async () => {
      const f = await fixture();
      const { l2, queue, alice } = f;
      await finaliseTo(f, parseEther("4"));
      await l2.setBalance(queue, parseEther("104"));
      expect(await l2.coinChanges(() => queue.claim(0n), [alice, queue])).to.deep.equal([
        parseEther("4"),
        -parseEther("4"),
      ]);
    });

    it("goes to the pool by skim, with what is reserved left here", async () => {
      const f = await fixture();
      const { l2, queue, pool, keeper } = f;
      await finaliseTo(f, parseEther("5"));
      await queue.claim(0n);
      await l2.setBalance(queue, parseEther("1") + 77n);
      expect(await queue.connect(keeper).skim.staticCall()).to.deep.equal([77n, 0n]);
      expect(await l2.coinChanges(() => queue.connect(keeper).skim(), [queue, pool, keeper])).to.deep.equal([
        -77n,
        77n,
        0n,
      ]);
      expect(await queue.reserved()).to.equal(parseEther("1"));
    });

    it("is told when it is skimmed, with eMetis that came unasked and is burned", async () => {
      const f = await fixture();
      const { l2, queue, eMetis, bob } = f;
      await l2.setBalance(queue, 5n);
      await eMetis.connect(bob).transfer(queue, 9n);
      await expect(queue.skim()).to.emit(queue, "SurplusSkimmed").withArgs(5n, 9n);
      expect(await eMetis.balanceOf(queue)).to.equal(await queue.pending());
    });

    it("leaves METIS alone where only eMetis came unasked", async () => {
      const { queue, eMetis, bob } = await fixture();
      await eMetis.connect(bob).transfer(queue, 9n);
      await expect(queue.skim()).to.emit(queue, "SurplusSkimmed").withArgs(0n, 9n);
    });

    it("is no matter to skim when there is none", async () => {
      const f = await fixture();
      await finaliseTo(f, parseEther("5"));
      await expect(f.queue.skim()).not.to.emit(f.queue, "SurplusSkimmed");
    });

    it("moves no number of the queue", async () => {
      const f = await fixture();
      const { l2, queue, eMetis, bob } = f;
      const state = async () => [
        await queue.pending(),
        await queue.reserved(),
        await queue.finalisable(ONE, ONE, f.hourEnd),
      ];
      const before = await state();
      await l2.setBalance(queue, parseEther("50"));
      await eMetis.connect(bob).transfer(queue, ONE);
      expect(await state()).to.deep.equal(before);
    });
  });

  describe("power", () => {
    it("is initialised once, and not at all behind the proxy", async () => {
      const { queue, implementation, alice } = await fixture();
      for (const contract of [queue, implementation]) {
        await expect(contract.initialize(alice)).to.be.revertedWithCustomError(contract, "InvalidInitialization");
      }
    });

    it("knows its peers", async () => {
      const { queue, eMetis, seMetis, pool, authority } = await fixture();
      const peers = [await queue.EMETIS(), await queue.SEMETIS(), await queue.STAKING_POOL(), await queue.authority()];
      expect(peers).to.deep.equal([eMetis.target, seMetis.target, pool.target, authority.target]);
    });

    it("lets nobody upgrade it whom the authority does not let", async () => {
      const { queue, implementation, alice } = await fixture();
      await expect(queue.connect(alice).upgradeToAndCall(implementation, "0x"))
        .to.be.revertedWithCustomError(queue, "AccessManagedUnauthorized")
        .withArgs(alice);
    });

    it("keeps line, tickets and METIS through an upgrade", async () => {
      const f = await fixture();
      const { l2, queue, eMetis, seMetis, pool } = f;
      await finaliseTo(f, parseEther("4.5"));
      const next = await l2.deploy("RedemptionQueue", [eMetis, seMetis, pool]);
      const tickets = async () => Promise.all([0n, parseEther("4"), parseEther("5")].map((id) => queue.ticket(id)));
      const before = await tickets();
      await queue.upgradeToAndCall(next, "0x");
      expect(await tickets()).to.deep.equal(before);
      expect(await queue.reserved()).to.equal(parseEther("4.5"));
    });

    it("keeps its storage where its name says", async () => {
      const { l2, queue } = await fixture();
      await queue.requestedUntil();
      const slots = ["RedemptionQueue", "RedemptionTicket"].map(namespaceSlot);
      const words = await Promise.all(slots.map((slot) => l2.provider.getStorage(queue, slot)));
      expect(BigInt(words[0]!) % 2n ** 96n).to.equal(parseEther("10"));
      expect(BigInt(words[1]!)).to.equal(0n);
    });
  });
});

function payableFunctions(contract: Interface): string[] {
  const names: string[] = [];
  contract.forEachFunction((fragment) => {
    if (fragment.payable) names.push(fragment.format());
  });
  return names;
}

/** Moves the hour of the last request, which stands above the 96 bits of the line's end in the struct's first word. */
async function shiftLastHour(
  l2: Awaited<ReturnType<typeof queueFixture>>["l2"],
  queue: Parameters<typeof l2.provider.getStorage>[0],
  hours: bigint,
): Promise<void> {
  const slot = namespaceSlot("RedemptionQueue");
  const word = BigInt(await l2.provider.getStorage(queue, slot)) + (hours << 96n);
  const hex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;
  await l2.provider.send("hardhat_setStorageAt", [queue, `0x${slot.toString(16)}`, hex(word)]);
}
