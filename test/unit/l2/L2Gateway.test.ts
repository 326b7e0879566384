import { expect } from "chai";
import { ZeroAddress, ZeroHash, parseEther } from "ethers";

import {
  BRIDGE_FEE,
  DAY,
  type PoolFixture,
  arrive,
  balanceOf,
  bring,
  bringAndDeliver,
  encodeL1Deposit,
  encodeReport,
  envelopeHash,
  mined,
  nextReport,
  poolFixture,
  startParameters,
  toChannel,
} from "../../helpers/pool";

describe("L2Gateway", () => {
  let fixture: PoolFixture;
  let { l2, pool, eMetis, queue, gateway, bridge, metis, gasOracle, deployment, asBridge, alice, bob, carol, keeper } =
    {} as PoolFixture;
  beforeEach(async () => {
    fixture = await poolFixture();
    ({ l2, pool, eMetis, queue, gateway, bridge, metis, gasOracle, deployment } = fixture);
    ({ asBridge, alice, bob, carol, keeper } = fixture);
  });

  const l1Deposit = (assets: bigint) => ({ receiver: carol.address, assets, runningTotal: assets, isStaked: false });

  describe("a message that arrives", () => {
    const hash = `0x${"ab".repeat(32)}`;

    it("becomes known, and is told", async () => {
      expect(await gateway.hashState(hash)).to.equal(0n);
      await expect(gateway.connect(asBridge).mint(...toChannel(hash)))
        .to.emit(gateway, "MessageArrived")
        .withArgs(hash);
      expect(await gateway.hashState(hash)).to.equal(1n);
    });

    it("is heard from nobody but Metis's bridge", async () => {
      for (const caller of [alice, fixture.deployer, fixture.asGateway]) {
        await expect(gateway.connect(caller).mint(...toChannel(hash)))
          .to.be.revertedWithCustomError(gateway, "L2Gateway__OnlyBridge")
          .withArgs(caller);
      }
    });

    it("must fit into 256 bits", async () => {
      await gateway.connect(asBridge).mint(alice, 2n ** 96n - 1n);
      await expect(gateway.connect(asBridge).mint(alice, 2n ** 96n))
        .to.be.revertedWithCustomError(gateway, "L2Gateway__AmountTooLarge")
        .withArgs(2n ** 96n);
    });

    it("changes nothing when it comes again", async () => {
      await gateway.connect(asBridge).mint(...toChannel(hash));
      await expect(gateway.connect(asBridge).mint(...toChannel(hash))).not.to.emit(gateway, "MessageArrived");
    });

    it("answers ERC-165 for itself and for what the bridge asks", async () => {
      expect(await gateway.supportsInterface("0x01ffc9a7")).to.equal(true);
      expect(await gateway.supportsInterface("0x1d1d8b63")).to.equal(true);
      expect(await gateway.supportsInterface("0xffffffff")).to.equal(false);
      expect(await gateway.supportsInterface("0x36372b07")).to.equal(false);
    });

    describe("through the bridge itself", () => {
      /** Finalises a deposit as the bridge does when Ethereum's bridge tells it so. */
      async function finalize(l1Token: string, amount = 7n) {
        const messenger = await l2.attach("LocalL2Messenger", await bridge.messenger());
        const data = bridge.interface.encodeFunctionData("finalizeDeposit", [
          l1Token,
          await gateway.getAddress(),
          alice.address,
          bob.address,
          amount,
          "0x",
        ]);
        const aliased = BigInt(await messenger.l1CrossDomainMessenger()) + 0x1111000000000000000000000000000000001111n;
        const sender = await l2.impersonate(`0x${(aliased % 2n ** 160n).toString(16).padStart(40, "0")}`);
        return messenger.connect(sender).relayMessage(bridge, await bridge.l1TokenBridge(), data, 0n);
      }

      it("is known when it is the L1 gateway's own", async () => {
        await expect(finalize(deployment.l1.l1Gateway)).to.emit(gateway, "MessageArrived");
      });

      it("is not when somebody poses as the L1 token", async () => {
        await expect(finalize(carol.address)).to.emit(bridge, "DepositFailed");
        expect(await gateway.hashState(`0x${bob.address.slice(2)}${"7".padStart(24, "0")}`)).to.equal(0n);
      });
    });
  });

  describe("deliver", () => {
    it("refuses what the bridge never brought", async () => {
      const payload = encodeReport(await nextReport(fixture));
      await expect(gateway.deliver(9n, payload))
        .to.be.revertedWithCustomError(gateway, "L2Gateway__UnknownMessage")
        .withArgs(9n, envelopeHash(fixture, 9n, payload));
    });

    it("refuses another number or another payload than was brought", async () => {
      const report = await nextReport(fixture);
      const payload = encodeReport(report);
      await bring(fixture, 9n, payload);
      const forged = encodeReport({ ...report, l1Assets: report.l1Assets + 1n });
      await expect(gateway.deliver(10n, payload)).to.be.revertedWithCustomError(gateway, "L2Gateway__UnknownMessage");
      await expect(gateway.deliver(9n, forged)).to.be.revertedWithCustomError(gateway, "L2Gateway__UnknownMessage");
      await expect(gateway.deliver(9n, `${payload}00`)).to.be.revertedWithCustomError(
        gateway,
        "L2Gateway__UnknownMessage",
      );
    });

    it("applies a report for anyone, once", async () => {
      const report = await nextReport(fixture, { l1Deposits: 5n });
      const payload = encodeReport(report);
      await bring(fixture, 9n, payload);
      expect(await gateway.connect(carol).deliver.staticCall(9n, payload)).to.equal(true);
      const hash = envelopeHash(fixture, 9n, payload);
      await expect(gateway.connect(carol).deliver(9n, payload)).to.emit(gateway, "MessageDelivered").withArgs(9n, hash);
      expect((await pool.solvency()).reportNumber).to.equal(9n);
      expect(await gateway.hashState(hash)).to.equal(2n);
      await expect(gateway.deliver(9n, payload))
        .to.be.revertedWithCustomError(gateway, "L2Gateway__UsedMessage")
        .withArgs(9n, hash);
    });

    it("does not use a message again that the bridge brings again", async () => {
      const payload = encodeL1Deposit(l1Deposit(500n));
      await bringAndDeliver(fixture, 9n, payload);
      await bring(fixture, 9n, payload);
      await expect(gateway.deliver(9n, payload)).to.be.revertedWithCustomError(gateway, "L2Gateway__UsedMessage");
      expect(await eMetis.balanceOf(carol)).to.equal(500n);
    });

    it("uses up an older report without effect", async () => {
      await bringAndDeliver(fixture, 9n, encodeReport(await nextReport(fixture)));
      const older = encodeReport(await nextReport(fixture, { l1Assets: 1n }));
      await bring(fixture, 8n, older);
      await expect(gateway.deliver(8n, older)).to.emit(pool, "ReportIgnored").withArgs(8n, 9n);
      expect(await gateway.hashState(envelopeHash(fixture, 8n, older))).to.equal(2n);
    });

    it("keeps a report that is too far ahead for later", async () => {
      const takenAt = BigInt(await l2.now()) + 4n * BigInt(DAY);
      const payload = encodeReport(await nextReport(fixture, { takenAt }));
      await bring(fixture, 9n, payload);
      await expect(gateway.deliver(9n, payload)).to.be.revertedWithCustomError(
        pool,
        "StakingPool__ReportFromTheFuture",
      );
      await l2.increase(2 * DAY);
      await gateway.deliver(9n, payload);
      expect((await pool.solvency()).reportNumber).to.equal(9n);
    });

    it("refuses a payload of a kind that there is not", async () => {
      const payload = `0x${"2".padStart(64, "0")}`;
      await bring(fixture, 9n, payload);
      await expect(gateway.deliver(9n, payload)).to.be.reverted;
    });

    it("mints a deposit of any number: it needs no order", async () => {
      await bringAndDeliver(fixture, 77n, encodeL1Deposit({ ...l1Deposit(500n), runningTotal: 900n }));
      await bringAndDeliver(fixture, 3n, encodeL1Deposit(l1Deposit(400n)));
      expect(await eMetis.balanceOf(carol)).to.equal(900n);
    });

    it("mints a great deposit part by part, and is used up by the last one", async () => {
      const payload = encodeL1Deposit(l1Deposit(startParameters.l1DepositLimit + 11n));
      const hash = envelopeHash(fixture, 9n, payload);
      await bring(fixture, 9n, payload);
      expect(await gateway.deliver.staticCall(9n, payload)).to.equal(false);
      await expect(gateway.deliver(9n, payload)).to.emit(gateway, "MessagePartlyDelivered").withArgs(9n, hash);
      expect(await gateway.hashState(hash)).to.equal(1n);
      await l2.increase(DAY);
      await expect(gateway.deliver(9n, payload)).to.emit(gateway, "MessageDelivered").withArgs(9n, hash);
      expect(await eMetis.balanceOf(carol)).to.equal(startParameters.l1DepositLimit + 11n);
      await expect(gateway.deliver(9n, payload)).to.be.revertedWithCustomError(gateway, "L2Gateway__UsedMessage");
    });

    describe("a deposit while eMetis is worth less than METIS", () => {
      let payload: string;
      beforeEach(async () => {
        payload = encodeL1Deposit(l1Deposit(1_000n));
        const supply = await eMetis.totalSupply();
        const { l1Assets } = await pool.solvency();
        const report = await nextReport(fixture, { l1Assets: l1Assets - supply / 2n });
        await pool.connect(fixture.asGateway).applyReport(8n, report);
        await pool.confirmLoss();
        await bring(fixture, 9n, payload);
      });

      it("is not minted by a stranger", async () => {
        const rate = await pool.redemptionRate();
        expect(rate).to.be.lessThan(10n ** 18n);
        await expect(gateway.connect(alice).deliver(9n, payload))
          .to.be.revertedWithCustomError(gateway, "L2Gateway__BelowPar")
          .withArgs(9n, rate);
      });

      it("is minted when its receiver delivers it", async () => {
        await expect(gateway.connect(carol).deliver(9n, payload)).to.changeTokenBalance(eMetis, carol, 1_000n);
      });
    });

    it("keeps a deposit for later while nothing fits", async () => {
      const payload = encodeL1Deposit({ ...l1Deposit(5n), runningTotal: startParameters.l1DepositLimit + 5n });
      await bring(fixture, 9n, payload);
      await bringAndDeliver(fixture, 8n, encodeL1Deposit(l1Deposit(startParameters.l1DepositLimit)));
      // In the same second, for the bucket refills with every other one.
      await l2.setNextBlockTimestamp(await l2.now());
      await expect(gateway.deliver(9n, payload))
        .to.be.revertedWithCustomError(pool, "StakingPool__L1DepositLimited")
        .withArgs(9n, 5n);
      await l2.increase(60);
      await expect(gateway.deliver(9n, payload)).to.changeTokenBalance(eMetis, carol, 5n);
    });
  });

  describe("another gateway on Ethereum", () => {
    it("is the only one heard from then on, and nothing is minted twice", async () => {
      const payload = encodeL1Deposit(l1Deposit(500n));
      await bring(fixture, 9n, payload);
      const second = encodeL1Deposit({ ...l1Deposit(400n), runningTotal: 900n });
      await bring(fixture, 10n, second);
      await gateway.deliver(9n, payload);
      await expect(gateway.setL1Gateway(bob)).to.emit(gateway, "L1GatewaySet").withArgs(bob);
      expect(await gateway.l1Token()).to.equal(bob.address);
      await expect(gateway.deliver(10n, second)).to.be.revertedWithCustomError(gateway, "L2Gateway__UnknownMessage");

      // The new one sends both again.
      for (const [number, message] of [
        [9n, payload],
        [10n, second],
      ] as const) {
        await gateway.connect(asBridge).mint(...toChannel(await gateway.messageHash(number, message)));
      }
      await expect(gateway.deliver(9n, payload))
        .to.be.revertedWithCustomError(pool, "StakingPool__L1DepositMinted")
        .withArgs(9n);
      await gateway.deliver(10n, second);
      expect(await eMetis.balanceOf(carol)).to.equal(900n);
    });

    it("is never the zero address", async () => {
      await expect(gateway.setL1Gateway(ZeroAddress)).to.be.revertedWithCustomError(gateway, "L2Gateway__ZeroAddress");
    });
  });

  describe("without a gateway on Ethereum", () => {
    async function unset() {
      const implementation = await l2.deploy("L2Gateway", [deployment.l2.stakingPool, deployment.l1ChainId]);
      const data = implementation.interface.encodeFunctionData("initialize", [
        await fixture.manager.getAddress(),
        ZeroAddress,
      ]);
      return l2.attach("L2Gateway", await l2.deploy("ERC1967Proxy", [implementation, data]));
    }

    it("signals nothing", async () => {
      const other = await unset();
      expect(await other.l1Token()).to.equal(ZeroAddress);
      await expect(other.signalNeed({ value: BRIDGE_FEE })).to.be.revertedWithCustomError(
        other,
        "L2Gateway__PeerUnset",
      );
    });

    it("knows no message", async () => {
      const other = await unset();
      await expect(other.deliver(1n, "0x")).to.be.revertedWithCustomError(other, "L2Gateway__UnknownMessage");
    });
  });

  it("names the hash that a payload must have arrived with", async () => {
    const payload = encodeL1Deposit(l1Deposit(1n));
    expect(await gateway.messageHash(9n, payload)).to.equal(envelopeHash(fixture, 9n, payload));
    expect(await gateway.hashState(ZeroHash)).to.equal(0n);
  });

  describe("METIS that arrived", () => {
    it("goes to the pool, all of it, for anyone", async () => {
      await arrive(fixture, 1_234n);
      expect(await gateway.connect(carol).forwardArrivals.staticCall()).to.equal(1_234n);
      const buffer = await pool.buffer();
      await expect(gateway.connect(carol).forwardArrivals()).to.emit(gateway, "ArrivalsForwarded").withArgs(1_234n);
      expect(await pool.buffer()).to.equal(buffer + 1_234n);
      expect(await balanceOf(fixture, gateway)).to.equal(0n);
    });

    it("is nothing when nothing is there", async () => {
      expect(await gateway.forwardArrivals.staticCall()).to.equal(0n);
      await expect(gateway.forwardArrivals()).not.to.emit(pool, "ArrivalBooked");
    });

    it("comes by the bridge or as an ERC-20, never by a call", async () => {
      await expect(alice.sendTransaction({ to: gateway, value: 1n })).to.be.reverted;
      await metis.connect(alice).transfer(gateway, 7n);
      expect(await gateway.forwardArrivals.staticCall()).to.equal(7n);
    });
  });

  describe("signalNeed", () => {
    let target: bigint;
    beforeEach(async () => {
      await queue.connect(alice).requestRedeem((await pool.buffer()) + parseEther("123"), alice);
      target = parseEther("123");
    });

    it("sends number and target up through the channel, one unit at a time", async () => {
      const signalling = gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE });
      await expect(signalling).to.emit(gateway, "NeedSignalled").withArgs(1n, target);
      const to = `0x${((1n << 96n) | target).toString(16).padStart(40, "0")}`;
      await expect(signalling)
        .to.emit(bridge, "WithdrawalInitiated")
        .withArgs(
          deployment.l1.l1Gateway,
          gateway,
          gateway,
          (address: string) => address.toLowerCase() === to,
          1n,
          "0x",
        );
    });

    it("counts up, so that the newest is known", async () => {
      await gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE });
      await expect(gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE }))
        .to.emit(gateway, "NeedSignalled")
        .withArgs(2n, target);
    });

    it("answers the target", async () => {
      expect(await gateway.connect(keeper).signalNeed.staticCall({ value: BRIDGE_FEE })).to.equal(target);
    });

    it("takes the fee exactly and returns the rest", async () => {
      await arrive(fixture, parseEther("3"));
      expect(
        await l2.coinChanges(
          async () => mined(gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE + 99n })),
          [keeper, gateway],
        ),
      ).to.deep.equal([-BRIDGE_FEE, 0n]);
    });

    it("refuses a wei less than the fee", async () => {
      await expect(gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE - 1n }))
        .to.be.revertedWithCustomError(gateway, "L2Gateway__FeeTooLow")
        .withArgs(BRIDGE_FEE - 1n, BRIDGE_FEE);
    });

    it("is free while the bridge is", async () => {
      await gasOracle.setMinErc20BridgeCost(0n);
      await expect(gateway.connect(keeper).signalNeed()).to.emit(gateway, "NeedSignalled");
    });

    it("refuses when there is no need", async () => {
      await arrive(fixture, target);
      await gateway.forwardArrivals();
      await applyCovered();
      await expect(gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE })).to.be.revertedWithCustomError(
        gateway,
        "L2Gateway__NoNeed",
      );
    });

    it("takes a need back with one of 0 when nothing is needed any more, and once", async () => {
      await gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE });
      await arrive(fixture, target);
      await gateway.forwardArrivals();
      await applyCovered();
      await expect(gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE }))
        .to.emit(gateway, "NeedSignalled")
        .withArgs(2n, 0n);
      await expect(gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE })).to.be.revertedWithCustomError(
        gateway,
        "L2Gateway__NoNeed",
      );
    });

    async function applyCovered(): Promise<void> {
      const report = await nextReport(fixture, {
        sentToL2: target,
        l1Assets: (await pool.solvency()).l1Assets - target,
      });
      await pool.connect(fixture.asGateway).applyReport(9n, report);
    }

    it("says who refused the rest of the fee", async () => {
      const caller = await l2.deploy("TestAccount", []);
      await caller.refuse();
      const signal = gateway.interface.encodeFunctionData("signalNeed");
      await expect(caller.connect(keeper).execute(gateway, signal, { value: BRIDGE_FEE + 5n }))
        .to.be.revertedWithCustomError(gateway, "L2Gateway__RefundFailed")
        .withArgs(caller, 5n);
    });

    it("books nothing of a fee as arrived, not even for who calls back while he is paid", async () => {
      const caller = await l2.deploy("TestAccount", []);
      await caller.callWhenPaid(gateway, gateway.interface.encodeFunctionData("forwardArrivals"));
      const { receivedFromL1 } = await pool.solvency();
      const signal = gateway.interface.encodeFunctionData("signalNeed");
      await caller.connect(keeper).execute(gateway, signal, { value: BRIDGE_FEE + parseEther("5") });
      expect(await caller.isAnswered()).to.equal(true);
      expect((await pool.solvency()).receivedFromL1).to.equal(receivedFromL1);
    });

    it("works while the pool is paused", async () => {
      await pool.pause();
      await expect(gateway.connect(keeper).signalNeed({ value: BRIDGE_FEE })).to.emit(gateway, "NeedSignalled");
    });

    it("cannot be forged: the bridge burns for nobody but the gateway itself", async () => {
      const forged = `0x${((9n << 96n) | parseEther("1000000")).toString(16).padStart(40, "0")}`;
      for (const amount of [0n, 1n]) {
        await expect(bridge.connect(alice).withdrawTo(gateway, forged, amount, 0, "0x", { value: BRIDGE_FEE }))
          .to.be.revertedWithCustomError(gateway, "L2Gateway__OnlyBridge")
          .withArgs(bridge);
        await expect(bridge.connect(alice).withdraw(gateway, amount, 0, "0x", { value: BRIDGE_FEE }))
          .to.be.revertedWithCustomError(gateway, "L2Gateway__OnlyBridge")
          .withArgs(bridge);
      }
      await expect(gateway.connect(alice).burn(gateway, 1n))
        .to.be.revertedWithCustomError(gateway, "L2Gateway__OnlyBridge")
        .withArgs(alice);
    });
  });
});
