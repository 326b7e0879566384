import { expect } from "chai";
import { AbiCoder, type Interface, MaxUint256, ZeroAddress, keccak256, parseEther } from "ethers";

import { type ContractOf, createFixture } from "../../helpers/chains";
import { itMeasuresGas } from "../../helpers/gas";
import { ONE, finaliseAll, finaliseTo, namespaceSlot, queueFixture } from "../../helpers/queue";

/** What TestHolder does with METIS and tickets. */
const Mood = { Accept: 0n, Refuse: 1n, BurnAllGas: 2n, RefuseAtLength: 3n } as const;

describe("RedemptionQueue claims", () => {
  /** Tickets [0, 4) and [4, 5) alice's, [5, 8) bob's, [8, 10) the holder's, a contract, and [10, 12) carol's. */
  const fixture = createFixture(async () => {
    const setup = await queueFixture();
    const { l2, queue, alice, bob, carol } = setup;
    const holder = await l2.deploy("TestHolder", []);
    const owners = [
      ["4", alice],
      ["1", alice],
      ["3", bob],
      ["2", holder],
      ["2", carol],
    ] as const;
    for (const [metis, owner] of owners) await queue.connect(alice).requestRedeem(parseEther(metis), owner);
    const [first, second, bobs, holders, carols] = ["0", "4", "5", "8", "10"].map((metis) => parseEther(metis)) as [
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    return { ...setup, holder, ids: { first, second, bobs, holders, carols } };
  });

  describe("claim", () => {
    it("pays a finalised ticket to its owner and burns it", async () => {
      const f = await fixture();
      const { l2, queue, alice, keeper, ids } = f;
      await finaliseAll(f);
      const claim = () => queue.connect(keeper).claim(ids.first);
      expect(await l2.coinChanges(claim, [alice, keeper, queue])).to.deep.equal([
        parseEther("4"),
        0n,
        -parseEther("4"),
      ]);
      await expect(queue.ownerOf(ids.first)).to.be.revertedWithCustomError(queue, "TokenDoesNotExist");
      expect(await queue.balanceOf(alice)).to.equal(1n);
    });

    it("pays the rate at which each part was finalised", async () => {
      const f = await fixture();
      const { l2, queue, pool, alice, ids } = f;
      await pool.finalise(parseEther("1"), ONE, { value: parseEther("1") });
      await pool.finalise(parseEther("3"), ONE / 2n, { value: parseEther("1") });
      await finaliseAll(f, ONE / 4n);
      expect(await l2.coinChanges(() => queue.claim(ids.first), [alice])).to.deep.equal([parseEther("2.25")]);
    });

    it("tells the part, the receiver and the METIS", async () => {
      const f = await fixture();
      const { queue, pool, bob, ids } = f;
      await pool.finalise(parseEther("7"), ONE / 2n, { value: parseEther("3.5") });
      await expect(queue.claim(ids.bobs))
        .to.emit(queue, "RedemptionClaimed")
        .withArgs(ids.bobs, bob, bob, ids.bobs, parseEther("7"), parseEther("1"));
    });

    it("answers what it pays", async () => {
      const f = await fixture();
      await finaliseAll(f);
      expect(await f.queue.claim.staticCall(f.ids.bobs)).to.equal(parseEther("3"));
    });

    it("pays the finalised part of a ticket and the rest of it later, under the same id", async () => {
      const f = await fixture();
      const { l2, queue, alice, ids } = f;
      await finaliseTo(f, parseEther("1.5"));
      expect(await l2.coinChanges(() => queue.claim(ids.first), [alice])).to.deep.equal([parseEther("1.5")]);
      await finaliseTo(f, parseEther("3"));
      expect(await queue.ticket(ids.first)).to.deep.equal([
        alice.address,
        parseEther("4"),
        parseEther("1.5"),
        parseEther("1.5"),
      ]);
      expect(await l2.coinChanges(() => queue.claim(ids.first), [alice])).to.deep.equal([parseEther("1.5")]);
      await finaliseAll(f);
      expect(await l2.coinChanges(() => queue.claim(ids.first), [alice])).to.deep.equal([parseEther("1")]);
      expect(await queue.balanceOf(alice)).to.equal(1n);
    });

    it("forgets how far a ticket was claimed once it is paid in full", async () => {
      const f = await fixture();
      const { l2, queue, ids } = f;
      const key = AbiCoder.defaultAbiCoder().encode(
        ["uint256", "uint256"],
        [ids.first, namespaceSlot("RedemptionTicket")],
      );
      const stored = async () => BigInt(await l2.provider.getStorage(queue, keccak256(key)));
      await finaliseTo(f, parseEther("1.5"));
      await queue.claim(ids.first);
      expect(await stored()).to.equal(parseEther("1.5"));
      await finaliseAll(f);
      await queue.claim(ids.first);
      expect(await stored()).to.equal(0n);
    });

    it("keeps the approval of a ticket that it pays in part", async () => {
      const f = await fixture();
      const { queue, alice, keeper, ids } = f;
      await queue.connect(alice).approve(keeper, ids.first);
      await finaliseTo(f, parseEther("1.5"));
      await queue.claim(ids.first);
      expect(await queue.getApproved(ids.first)).to.equal(keeper.address);
    });

    it("pays whoever holds the ticket now, and only for what was not claimed before", async () => {
      const f = await fixture();
      const { l2, queue, alice, carol, ids } = f;
      await finaliseTo(f, parseEther("1"));
      await queue.claim(ids.first);
      await queue.connect(alice).transferFrom(alice, carol, ids.first);
      await finaliseAll(f);
      expect(await l2.coinChanges(() => queue.claim(ids.first), [alice, carol])).to.deep.equal([0n, parseEther("3")]);
    });

    it("never pays a later ticket before an earlier one, whoever claims first", async () => {
      const f = await fixture();
      const { queue, ids } = f;
      await finaliseTo(f, ids.second);
      for (const id of [ids.second, ids.bobs, ids.carols]) {
        await expect(queue.claim(id))
          .to.be.revertedWithCustomError(queue, "RedemptionQueue__NotFinalised")
          .withArgs(id, ids.second);
      }
      expect(await queue.claim.staticCall(ids.first)).to.equal(parseEther("4"));
    });

    it("refuses a ticket of which all that is finalised was claimed", async () => {
      const f = await fixture();
      const { queue, ids } = f;
      await finaliseTo(f, ONE);
      await queue.claim(ids.first);
      await expect(queue.claim(ids.first))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__NotFinalised")
        .withArgs(ONE, ONE);
    });

    it("refuses a ticket that was paid, one that never was, and one that lies within another", async () => {
      const f = await fixture();
      const { queue, ids } = f;
      await finaliseAll(f);
      await queue.claim(ids.first);
      for (const id of [ids.first, parseEther("12"), ids.bobs + 1n, MaxUint256]) {
        await expect(queue.claim(id))
          .to.be.revertedWithCustomError(queue, "RedemptionQueue__UnknownTicket")
          .withArgs(id);
      }
    });

    it("settles a part that is worth nothing without a payment", async () => {
      const f = await fixture();
      const { l2, queue, pool, holder, ids } = f;
      await finaliseTo(f, ids.holders);
      await holder.setMood(Mood.Refuse);
      await pool.finalise(ids.holders + 1n, ONE / 2n);
      expect(await l2.coinChanges(() => queue.claim(ids.holders), [holder])).to.deep.equal([0n]);
      expect((await queue.ticket(ids.holders)).claimedUntil).to.equal(ids.holders + 1n);
    });

    for (const [name, mood] of [
      ["refuses it", Mood.Refuse],
      ["burns all gas", Mood.BurnAllGas],
      ["refuses it at length", Mood.RefuseAtLength],
    ] as const) {
      it(`reverts and changes nothing when the owner ${name}`, async () => {
        const f = await fixture();
        const { queue, holder, ids } = f;
        await finaliseAll(f);
        await holder.setMood(mood);
        const before = await queue.ticket(ids.holders);
        await expect(queue.claim(ids.holders, { gasLimit: 2_000_000n }))
          .to.be.revertedWithCustomError(queue, "RedemptionQueue__PaymentFailed")
          .withArgs(holder, parseEther("2"));
        expect(await queue.ticket(ids.holders)).to.deep.equal(before);
      });
    }

    it("still pays an owner who refused once he takes it", async () => {
      const f = await fixture();
      const { l2, queue, holder, ids } = f;
      await finaliseAll(f);
      await holder.setMood(Mood.Refuse);
      await queue.claim(ids.holders).catch(() => undefined);
      await holder.setMood(Mood.Accept);
      expect(await l2.coinChanges(() => queue.claim(ids.holders), [holder])).to.deep.equal([parseEther("2")]);
    });
  });

  describe("claimBatch", () => {
    it("pays tickets of one owner in one payment", async () => {
      const f = await fixture();
      const { l2, queue, alice, keeper, ids } = f;
      await finaliseAll(f);
      const claim = () => queue.connect(keeper).claimBatch([ids.second, ids.first]);
      expect(await l2.coinChanges(claim, [alice, queue])).to.deep.equal([parseEther("5"), -parseEther("5")]);
      expect(await queue.balanceOf(alice)).to.equal(0n);
    });

    it("pays a contract once for all of its tickets", async () => {
      const f = await fixture();
      const { queue, holder, alice, ids } = f;
      await queue.connect(alice).transferFrom(alice, holder, ids.first);
      await finaliseAll(f);
      await holder.setCalls(queue, [queue.interface.encodeFunctionData("reserved")]);
      await queue.claimBatch([ids.first, ids.holders]);
      expect(decode(queue, "reserved", await holder.answers(0n))).to.equal(parseEther("6"));
      expect(await holder.answerCount()).to.equal(1n);
    });

    it("pays several owners, whatever the order of their tickets", async () => {
      const f = await fixture();
      const { l2, queue, alice, bob, holder, carol, ids } = f;
      await finaliseAll(f);
      const mixed = [ids.carols, ids.first, ids.bobs, ids.second, ids.holders];
      expect(await queue.claimBatch.staticCall(mixed)).to.equal(parseEther("12"));
      expect(await l2.coinChanges(() => queue.claimBatch(mixed), [alice, bob, holder, carol])).to.deep.equal(
        ["5", "3", "2", "2"].map((metis) => parseEther(metis)),
      );
    });

    it("pays a ticket that is named twice once", async () => {
      const f = await fixture();
      const { l2, queue, alice, bob, ids } = f;
      await finaliseTo(f, parseEther("7"));
      const twice = [ids.first, ids.bobs, ids.first, ids.bobs, ids.second, ids.first];
      expect(await l2.coinChanges(() => queue.claimBatch(twice), [alice, bob])).to.deep.equal([
        parseEther("5"),
        parseEther("2"),
      ]);
    });

    it("pays a ticket that is named twice in a row once", async () => {
      const f = await fixture();
      const { l2, queue, alice, ids } = f;
      await finaliseTo(f, parseEther("2"));
      const claim = () => queue.claimBatch([ids.first, ids.first]);
      expect(await l2.coinChanges(claim, [alice])).to.deep.equal([parseEther("2")]);
    });

    it("passes over tickets that are gone, not finalised or unknown", async () => {
      const f = await fixture();
      const { l2, queue, alice, bob, ids } = f;
      await finaliseTo(f, parseEther("6"));
      await queue.claim(ids.first);
      const batch = [ids.first, ids.second, MaxUint256, ids.carols, ids.bobs];
      expect(await l2.coinChanges(() => queue.claimBatch(batch), [alice, bob])).to.deep.equal([ONE, ONE]);
      expect(await queue.claimBatch.staticCall(batch)).to.equal(0n);
      expect(await queue.claimBatch.staticCall([MaxUint256, ids.first])).to.equal(0n);
    });

    it("refuses an empty batch", async () => {
      const { queue } = await fixture();
      await expect(queue.claimBatch([])).to.be.revertedWithCustomError(queue, "RedemptionQueue__EmptyBatch");
    });

    it("reverts when the only owner refuses the payment", async () => {
      const f = await fixture();
      const { queue, holder, ids } = f;
      await finaliseAll(f);
      await holder.setMood(Mood.Refuse);
      await expect(queue.claimBatch([ids.holders]))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__PaymentFailed")
        .withArgs(holder, parseEther("2"));
    });

    for (const [name, mood] of [
      ["refuses its payment", Mood.Refuse],
      ["burns all gas", Mood.BurnAllGas],
      ["refuses its payment at length", Mood.RefuseAtLength],
    ] as const) {
      it(`pays all others when one owner ${name}`, async () => {
        const f = await fixture();
        const { l2, queue, alice, bob, carol, holder, ids } = f;
        await finaliseAll(f);
        await holder.setMood(mood);
        const batch = [ids.first, ids.holders, ids.bobs, ids.carols];
        const failure = queue.interface.encodeErrorResult("RedemptionQueue__PaymentFailed", [
          holder.target,
          parseEther("2"),
        ]);
        const claim = queue.claimBatch(batch, { gasLimit: 3_000_000n });
        await expect(claim).to.emit(queue, "ClaimSkipped").withArgs(holder, failure);
        expect(await l2.coinChanges(async () => claim, [alice, bob, carol, holder])).to.deep.equal(
          ["4", "3", "2", "0"].map((metis) => parseEther(metis)),
        );
        expect((await queue.ticket(ids.holders)).claimable).to.equal(parseEther("2"));
      });
    }

    it("reverts rather than skip an owner for want of gas", async () => {
      const f = await fixture();
      const { queue, ids } = f;
      await finaliseAll(f);
      await expect(queue.claimBatch([ids.first, ids.bobs], { gasLimit: 250_000n })).to.be.revertedWithCustomError(
        queue,
        "RedemptionQueue__TooLittleGas",
      );
    });

    itMeasuresGas("gives an estimate of gas with which nobody is skipped", async () => {
      const f = await fixture();
      const { queue, ids } = f;
      await finaliseAll(f);
      const batch = [ids.first, ids.bobs, ids.holders, ids.carols, ids.second];
      const gasLimit = await queue.claimBatch.estimateGas(batch);
      await expect(queue.claimBatch(batch, { gasLimit })).not.to.emit(queue, "ClaimSkipped");
      expect(await queue.reserved()).to.equal(0n);
    });
  });

  describe("claimTo", () => {
    it("pays the owner's tickets to another receiver, in one payment", async () => {
      const f = await fixture();
      const { l2, queue, alice, keeper, ids } = f;
      await finaliseAll(f);
      const claim = () => queue.connect(alice).claimTo([ids.first, ids.second], keeper);
      expect(await l2.coinChanges(claim, [keeper, alice])).to.deep.equal([parseEther("5"), 0n]);
    });

    it("tells owner and receiver", async () => {
      const f = await fixture();
      const { queue, alice, keeper, ids } = f;
      await finaliseAll(f);
      await expect(queue.connect(alice).claimTo([ids.second], keeper))
        .to.emit(queue, "RedemptionClaimed")
        .withArgs(ids.second, alice, keeper, ids.second, parseEther("5"), ONE);
    });

    it("lets who is approved for a ticket, and who is for all of an owner's, say where to", async () => {
      const f = await fixture();
      const { l2, queue, alice, bob, carol, keeper, ids } = f;
      await finaliseAll(f);
      await queue.connect(alice).approve(keeper, ids.first);
      await queue.connect(bob).setApprovalForAll(keeper, true);
      const claim = () => queue.connect(keeper).claimTo([ids.first, ids.bobs], carol);
      expect(await l2.coinChanges(claim, [carol, alice, bob])).to.deep.equal([parseEther("7"), 0n, 0n]);
    });

    it("refuses tickets of others, with all that came along", async () => {
      const f = await fixture();
      const { queue, alice, ids } = f;
      await finaliseAll(f);
      await expect(queue.connect(alice).claimTo([ids.first, ids.bobs], alice))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__NotApproved")
        .withArgs(ids.bobs, alice);
    });

    it("refuses who was approved by an earlier owner", async () => {
      const f = await fixture();
      const { queue, alice, bob, keeper, ids } = f;
      await finaliseAll(f);
      await queue.connect(alice).approve(keeper, ids.first);
      await queue.connect(alice).transferFrom(alice, bob, ids.first);
      await expect(queue.connect(keeper).claimTo([ids.first], keeper))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__NotApproved")
        .withArgs(ids.first, keeper);
    });

    it("pays a ticket that is named twice once and passes over those with nothing to pay", async () => {
      const f = await fixture();
      const { l2, queue, alice, keeper, ids } = f;
      await finaliseTo(f, parseEther("3"));
      const batch = [ids.first, ids.first, ids.second, MaxUint256];
      expect(await l2.coinChanges(() => queue.connect(alice).claimTo(batch, keeper), [keeper])).to.deep.equal([
        parseEther("3"),
      ]);
      expect(await queue.connect(alice).claimTo.staticCall(batch, keeper)).to.equal(0n);
    });

    it("refuses no receiver, an empty batch and a receiver that refuses", async () => {
      const f = await fixture();
      const { queue, holder, alice, ids } = f;
      await finaliseAll(f);
      await holder.setMood(Mood.Refuse);
      const claims = queue.connect(alice);
      await expect(claims.claimTo([ids.first], ZeroAddress)).to.be.revertedWithCustomError(
        queue,
        "RedemptionQueue__ZeroAddress",
      );
      await expect(claims.claimTo([], alice)).to.be.revertedWithCustomError(queue, "RedemptionQueue__EmptyBatch");
      await expect(claims.claimTo([ids.first], holder))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__PaymentFailed")
        .withArgs(holder, parseEther("4"));
    });

    it("cannot pay the queue itself", async () => {
      const f = await fixture();
      const { queue, alice, ids } = f;
      await finaliseAll(f);
      await expect(queue.connect(alice).claimTo([ids.first], queue))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__PaymentFailed")
        .withArgs(queue, parseEther("4"));
    });
  });

  describe("a receiver that calls back", () => {
    it("sees its ticket gone, what is reserved paid and nothing to skim", async () => {
      const f = await fixture();
      const { queue, holder, ids } = f;
      await finaliseAll(f);
      const encode = queue.interface.encodeFunctionData.bind(queue.interface);
      await holder.setCalls(queue, [
        encode("ticket", [ids.holders]),
        encode("reserved"),
        encode("balanceOf", [holder.target]),
        encode("skim"),
        encode("pending"),
      ]);
      await queue.claim(ids.holders);
      const answers = await answersOf(holder);
      expect(answers[0]).to.equal("0x");
      expect(decode(queue, "reserved", answers[1]!)).to.equal(parseEther("10"));
      expect(decode(queue, "balanceOf", answers[2]!)).to.equal(0n);
      expect(queue.interface.decodeFunctionResult("skim", answers[3]!).toArray()).to.deep.equal([0n, 0n]);
      expect(decode(queue, "pending", answers[4]!)).to.equal(0n);
    });

    it("sees a ticket that is paid in part as claimed up to there", async () => {
      const f = await fixture();
      const { queue, holder, ids } = f;
      await finaliseTo(f, ids.holders + ONE);
      await holder.setCalls(queue, [queue.interface.encodeFunctionData("ticket", [ids.holders])]);
      await queue.claim(ids.holders);
      const [ticket] = queue.interface.decodeFunctionResult("ticket", await holder.answers(0n));
      expect(ticket).to.deep.equal([holder.target, parseEther("10"), parseEther("9"), 0n]);
    });

    it("is not paid twice, by whatever it calls", async () => {
      const f = await fixture();
      const { l2, queue, alice, bob, holder, ids } = f;
      await finaliseAll(f);
      const encode = queue.interface.encodeFunctionData.bind(queue.interface);
      await holder.setCalls(queue, [
        encode("claim", [ids.holders]),
        encode("claimBatch", [[ids.holders, ids.holders]]),
        encode("claimTo", [[ids.holders], holder.target]),
        encode("transferFrom", [holder.target, alice.address, ids.holders]),
        encode("claimBatch", [[ids.bobs, ids.first]]),
      ]);
      const batch = [ids.first, ids.holders, ids.bobs];
      expect(
        await l2.coinChanges(() => queue.claimBatch(batch, { gasLimit: 5_000_000n }), [holder, alice, bob]),
      ).to.deep.equal(["2", "4", "3"].map((metis) => parseEther(metis)));
      expect(await queue.reserved()).to.equal(parseEther("3"));
    });

    it("can claim its other tickets meanwhile, each once", async () => {
      const f = await fixture();
      const { l2, queue, holder, alice, ids } = f;
      await queue.connect(alice).transferFrom(alice, holder, ids.first);
      await finaliseAll(f);
      await holder.setCalls(queue, [queue.interface.encodeFunctionData("claim", [ids.first])]);
      expect(await l2.coinChanges(() => queue.claim(ids.holders), [holder, queue])).to.deep.equal([
        parseEther("6"),
        -parseEther("6"),
      ]);
    });

    it("gets a ticket by safe transfer and claims it in the same breath", async () => {
      const f = await fixture();
      const { l2, queue, holder, alice, ids } = f;
      await finaliseTo(f, parseEther("1"));
      await holder.setCalls(queue, [queue.interface.encodeFunctionData("claim", [ids.first])]);
      const send = () => queue.connect(alice)["safeTransferFrom(address,address,uint256)"](alice, holder, ids.first);
      expect(await l2.coinChanges(send, [holder, alice])).to.deep.equal([ONE, 0n]);
      expect((await queue.ticket(ids.first)).claimedUntil).to.equal(ONE);
    });

    it("gets a ticket by safe transfer with its owner and its part of the line in place", async () => {
      const f = await fixture();
      const { queue, holder, alice, ids } = f;
      await finaliseTo(f, parseEther("1"));
      await holder.setCalls(queue, [queue.interface.encodeFunctionData("ticket", [ids.first])]);
      await queue.connect(alice)["safeTransferFrom(address,address,uint256)"](alice, holder, ids.first);
      const [ticket] = queue.interface.decodeFunctionResult("ticket", await holder.answers(0n));
      expect(ticket).to.deep.equal([holder.target, parseEther("4"), 0n, ONE]);
    });
  });
});

type Queue = ContractOf<"RedemptionQueue">;

function decode(queue: Queue, name: "reserved" | "balanceOf" | "pending", answer: string): unknown {
  const abi: Interface = queue.interface;
  return abi.decodeFunctionResult(name, answer)[0];
}

async function answersOf(holder: ContractOf<"TestHolder">): Promise<string[]> {
  const count = Number(await holder.answerCount());
  return Promise.all(Array.from({ length: count }, (_, index) => holder.answers(BigInt(index))));
}
