import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import { ONE, finaliseAll, queueFixture } from "../../helpers/queue";

describe("RedemptionTicket", () => {
  /** Ticket 0 is alice's. */
  const fixture = createFixture(async () => {
    const setup = await queueFixture();
    await setup.queue.connect(setup.alice).requestRedeem(parseEther("4"), setup.alice);
    return setup;
  });

  it("has the name and symbol of tickets", async () => {
    const { queue } = await fixture();
    expect([await queue.name(), await queue.symbol()]).to.deep.equal(["eMetis Redemption Ticket", "eMetisRT"]);
  });

  it("describes a ticket by its id, in JSON that needs no server", async () => {
    const { queue, alice } = await fixture();
    await queue.connect(alice).requestRedeem(ONE, alice);
    const [head, ...rest] = (await queue.tokenURI(parseEther("4"))).split(",");
    expect(head).to.equal("data:application/json");
    expect(JSON.parse(rest.join(","))).to.deep.equal({ name: "eMetis Redemption Ticket 4000000000000000000" });
  });

  it("describes no ticket that does not exist", async () => {
    const { queue } = await fixture();
    await expect(queue.tokenURI(1n))
      .to.be.revertedWithCustomError(queue, "RedemptionQueue__UnknownTicket")
      .withArgs(1n);
    await expect(queue.ticket(1n)).to.be.revertedWithCustomError(queue, "RedemptionQueue__UnknownTicket").withArgs(1n);
  });

  for (const [name, id, isSupported] of [
    ["ERC-165", "0x01ffc9a7", true],
    ["ERC-721", "0x80ac58cd", true],
    ["ERC-721 metadata", "0x5b5e139f", true],
    ["ERC-721 enumeration", "0x780e9d63", false],
    ["the id that is none", "0xffffffff", false],
  ] as const) {
    it(`${isSupported ? "announces" : "does not announce"} ${name}`, async () => {
      const { queue } = await fixture();
      expect(await queue.supportsInterface(id)).to.equal(isSupported);
    });
  }

  it("moves by its owner's hand, with its part of the line", async () => {
    const { queue, alice, bob } = await fixture();
    await expect(queue.connect(alice).transferFrom(alice, bob, 0n))
      .to.emit(queue, "Transfer")
      .withArgs(alice, bob, 0n);
    expect(await queue.ticket(0n)).to.deep.equal([bob.address, parseEther("4"), 0n, 0n]);
    expect([await queue.balanceOf(alice), await queue.balanceOf(bob)]).to.deep.equal([0n, 1n]);
  });

  it("moves by the hand of who is approved, once", async () => {
    const { queue, alice, bob, keeper } = await fixture();
    await queue.connect(alice).approve(keeper, 0n);
    await queue.connect(keeper).transferFrom(alice, bob, 0n);
    expect(await queue.getApproved(0n)).to.equal(ZeroAddress);
    await expect(queue.connect(keeper).transferFrom(bob, keeper, 0n)).to.be.revertedWithCustomError(
      queue,
      "NotOwnerNorApproved",
    );
  });

  it("moves by nobody else's hand, and cannot be approved by another", async () => {
    const { queue, alice, bob } = await fixture();
    await expect(queue.connect(bob).transferFrom(alice, bob, 0n)).to.be.revertedWithCustomError(
      queue,
      "NotOwnerNorApproved",
    );
    await expect(queue.connect(bob).approve(bob, 0n)).to.be.revertedWithCustomError(queue, "NotOwnerNorApproved");
  });

  it("does not move to a contract that refuses it, by safe transfer", async () => {
    const { l2, queue, alice } = await fixture();
    const holder = await l2.deploy("TestHolder", []);
    await holder.setMood(1n);
    await expect(
      queue.connect(alice)["safeTransferFrom(address,address,uint256)"](alice, holder, 0n),
    ).to.be.revertedWithCustomError(holder, "TestHolder__Refused");
  });

  it("is burned when it is paid, for good", async () => {
    const f = await fixture();
    const { queue, alice } = f;
    await finaliseAll(f);
    await expect(queue.claim(0n)).to.emit(queue, "Transfer").withArgs(alice, ZeroAddress, 0n);
    await queue.connect(alice).requestRedeem(ONE, alice);
    await expect(queue.ownerOf(0n)).to.be.revertedWithCustomError(queue, "TokenDoesNotExist");
  });
});
