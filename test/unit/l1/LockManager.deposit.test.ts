import { expect } from "chai";
import { AbiCoder, ZeroAddress, keccak256, parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import {
  DAY,
  arrive,
  books,
  deployLockManager,
  ethSpent,
  lockAll,
  messageFee,
  positionWord,
  setPosition,
  soundBooks,
} from "../../helpers/lockManager";

const assets = parseEther("123.456") + 7n;

describe("LockManager deposit", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    await world.token.mint(world.alice, parseEther("5000"));
    await world.token.connect(world.alice).approve(world.manager, parseEther("5000"));
    return { ...world, asAlice: world.manager.connect(world.alice) };
  });

  it("keeps the METIS idle, counts it and tells who gets what", async () => {
    const world = await fixture();
    const { asAlice, alice, bob, token } = world;
    await expect(asAlice.deposit(assets, bob, true, { value: messageFee }))
      .to.emit(asAlice, "Deposited")
      .withArgs(alice.address, bob.address, 1n, assets, true, assets, assets);
    expect(await asAlice.idle()).to.equal(assets);
    expect(await asAlice.l1Assets()).to.equal(assets);
    expect(await asAlice.counters()).to.deep.equal([0n, 0n, assets]);
    expect(await token.balanceOf(alice)).to.equal(parseEther("5000") - assets);
    expect(await books(world)).to.deep.equal(soundBooks);
  });

  it("sends a message with the running total of all deposits", async () => {
    const { asAlice, bob, gateway } = await fixture();
    await asAlice.deposit(assets, bob, true, { value: messageFee });
    const payload = AbiCoder.defaultAbiCoder().encode(
      ["uint8", "address", "uint256", "uint256", "bool"],
      [1, bob.address, assets + 1n, 2n * assets + 1n, false],
    );
    const transaction = asAlice.deposit(assets + 1n, bob, false, { value: messageFee });
    await expect(transaction).to.emit(asAlice, "MessageSent").withArgs(2n, payload);
    await expect(transaction)
      .to.emit(gateway, "MessageHashSent")
      .withArgs(2n, await gateway.messageHash(2n, keccak256(payload)));
    expect(await asAlice.payloadHash(2n)).to.equal(keccak256(payload));
    expect(await asAlice.lastMessage()).to.equal(2n);
  });

  it("takes exactly the message's fee and gives the surplus back", async () => {
    const world = await fixture();
    const { asAlice, alice, bob } = world;
    const spent = await ethSpent(world, alice, () => asAlice.deposit(assets, bob, false, { value: messageFee + 99n }));
    expect(spent).to.equal(messageFee);
  });

  it("refuses less than the fee", async () => {
    const { asAlice, bob } = await fixture();
    await expect(asAlice.deposit(assets, bob, false, { value: messageFee - 1n }))
      .to.be.revertedWithCustomError(asAlice, "LockManager__FeeTooLow")
      .withArgs(messageFee - 1n, messageFee);
  });

  it("does not swallow METIS that had arrived unbooked", async () => {
    const world = await fixture();
    const { asAlice, bob } = world;
    await arrive(world, 31n);
    await expect(asAlice.deposit(assets, bob, false, { value: messageFee }))
      .to.emit(asAlice, "ArrivalBooked")
      .withArgs(31n, 31n, 31n);
    expect(await asAlice.counters()).to.deep.equal([31n, 0n, assets]);
    expect(await asAlice.idle()).to.equal(assets + 31n);
  });

  it("refuses less than the minimum", async () => {
    const { asAlice, bob } = await fixture();
    const minimum = await asAlice.MIN_DEPOSIT();
    expect(minimum).to.equal(parseEther("0.01"));
    await asAlice.deposit(minimum, bob, false, { value: messageFee });
    await expect(asAlice.deposit(minimum - 1n, bob, false, { value: messageFee }))
      .to.be.revertedWithCustomError(asAlice, "LockManager__BelowMinimum")
      .withArgs(minimum - 1n, minimum);
  });

  it("refuses a receiver of zero", async () => {
    const { asAlice } = await fixture();
    await expect(asAlice.deposit(assets, ZeroAddress, false, { value: messageFee })).to.be.revertedWithCustomError(
      asAlice,
      "LockManager__ZeroAddress",
    );
  });

  it("is closed for three days after a loss was seen", async () => {
    const world = await fixture();
    const { asAlice, bob, l1 } = world;
    await lockAll(world, parseEther("30000"));
    await setPosition(world, 0n, positionWord.amount, parseEther("29999"));
    await asAlice.sync();
    const openAt = Number(await asAlice.lossSeenAt()) + 3 * DAY;

    await l1.setNextBlockTimestamp(openAt - 1);
    await expect(asAlice.deposit(assets, bob, false, { value: messageFee }))
      .to.be.revertedWithCustomError(asAlice, "LockManager__LossSeen")
      .withArgs(openAt);
    await l1.setNextBlockTimestamp(openAt);
    await asAlice.deposit(assets, bob, false, { value: messageFee });
  });

  it("is closed while paused", async () => {
    const { asAlice, asGuardian, bob } = await fixture();
    await asGuardian.pause();
    await expect(asAlice.deposit(assets, bob, false, { value: messageFee }))
      .to.be.revertedWithCustomError(asAlice, "LockManager__Paused")
      .withArgs(await asAlice.pausedUntil());
  });

  it("refuses METIS that the depositor does not allow", async () => {
    const { asAlice, manager, bob, token } = await fixture();
    await expect(manager.deposit(assets, bob, false, { value: messageFee })).to.be.revertedWithCustomError(
      token,
      "ERC20InsufficientAllowance",
    );
    expect(await asAlice.lastMessage()).to.equal(0n);
  });
});
