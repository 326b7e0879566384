import { expect } from "chai";
import { parseEther } from "ethers";

import { deposit, depositOnL1, rebalance, requestRedeem, rewardBatch } from "../../../../scripts/lib/demo/actions";
import { advance, generousEth } from "../../../../scripts/lib/demo/world";
import { day } from "../../../../scripts/lib/localClock";
import type { Line } from "../../../../sdk/src/reserves/line";
import { type ReservesVerdict, verifyReserves } from "../../../../sdk/src/reserves/verifyReserves";
import {
  type ProtocolWorld,
  arriveDown,
  backing,
  bridgeUp,
  deliver,
  donateOnL1,
  donateOnL2,
  emptyProtocol,
  finaliseQueue,
  forceUnlock,
  livingProtocol,
  report,
  slash,
  takeReport,
} from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { counting, faulty } from "../../../helpers/sdk/faultyProvider";

const gift = parseEther("123.000000000000000123");

describe("verifyReserves", () => {
  let world: ProtocolWorld;

  const verify = () => verifyReserves(sdkContext(world));
  /** The lines whose numbers differ, as [name, difference, explanation and direction]. */
  const differences = ({ lines }: ReservesVerdict) =>
    lines
      .filter(({ explanation }) => explanation !== "equal")
      .map(({ name, difference, explanation, direction }: Line) =>
        [name, difference, ...[explanation, direction ?? ""]].filter((part) => part !== ""),
      );
  /** `totalAssets` right after a report of now is applied, before anything is minted for it. */
  const assetsByReport = async () => {
    const { stakingPool } = world.protocol.l2;
    const number = await takeReport(world);
    await arriveDown(world);
    await deliver(world, number);
    const [event] = await stakingPool.queryFilter(stakingPool.filters.ReportApplied(number), 0);
    return event!.args.totalAssets;
  };
  const expectForetold = async (verdict: ReservesVerdict) => {
    const { pool, onTheWayUp, onL1, onTheWayDown, toBeMinted } = verdict.buckets;
    expect(pool + onTheWayUp + onL1 + onTheWayDown + toBeMinted, "sum of the buckets").to.equal(verdict.assets);
    expect(verdict.assets - verdict.liabilities).to.equal(verdict.margin);
    expect(verdict.assets, "assets by the next report").to.equal(await assetsByReport());
  };

  describe("of a whole protocol", () => {
    beforeEach(async () => {
      world = await livingProtocol();
    });

    it("finds it backed, to the wei, in 1 round trip on Metis and 2 on Ethereum", async () => {
      const [l1, l2] = [counting(), counting()];
      const context = sdkContext(world);
      const verdict = await verifyReserves({
        ...context,
        l1: faulty(context.l1, l1.fault),
        l2: faulty(context.l2, l2.fault),
      });
      expect(verdict.type).to.equal("backed");
      expect(verdict.assets).to.equal(await backing(world));
      expect(verdict.liabilities).to.equal(await world.protocol.l2.eMetis.totalSupply());
      expect(differences(verdict)).to.deep.equal([]);
      expect(verdict.lines).to.have.length(23);
      expect([l1.count(), l2.count()]).to.deep.equal([2, 1]);
      await expectForetold(verdict);
    });

    it("says which blocks it is of, and can be asked for others", async () => {
      const l1Block = await world.l1.provider.getBlockNumber();
      const l2Block = await world.l2.provider.getBlockNumber();
      const before = await verify();
      await deposit(world, world.people.bob, parseEther("5"));
      await world.l1.mine();
      expect(await verifyReserves(sdkContext(world), { l1Block, l2Block })).to.deep.equal(before);
      expect([before.l1Block, before.l2Block]).to.deep.equal([l1Block, l2Block]);
      expect((await verify()).l2Block).to.equal(l2Block + 1);
    });

    it("counts a deposit at once", async () => {
      const before = await verify();
      await deposit(world, world.people.carol, parseEther("7.000000000000000007"));
      const after = await verify();
      expect(after.liabilities - before.liabilities).to.equal(parseEther("7.000000000000000007"));
      expect(after.margin).to.equal(before.margin);
    });

    it("explains METIS on its way up, and then its arrival", async () => {
      await deposit(world, world.people.bob, parseEther("9000.09"));
      const sentBefore = (await world.protocol.l2.stakingPool.solvency()).sentToL1;
      await rebalance(world, world.people.stranger);
      const sent = (await world.protocol.l2.stakingPool.solvency()).sentToL1 - sentBefore;
      const moving = await verify();
      expect(moving.type).to.equal("backed");
      expect(differences(moving)).to.deep.equal([["sentUp", -sent, "inTransit", "up"]]);
      expect(moving.buckets.onTheWayUp).to.equal(sent);
      await bridgeUp(world);
      const arrived = await verify();
      expect(differences(arrived)).to.deep.equal([
        ["lockManagerBalance", sent, "notYetReported"],
        ["reportedReceivedFromL2", sent, "notYetReported"],
      ]);
      expect(arrived.margin).to.equal(moving.margin);
      await expectForetold(arrived);
    });

    it("explains METIS on its way down, at the gateway, and before it is reported", async () => {
      const { l1, l2 } = world.protocol;
      const sent = parseEther("1000.1");
      await l1.lockManager.connect(world.people.keeper.l1).recall(sent, { value: generousEth });
      const moving = await verify();
      expect(differences(moving)).to.deep.equal([
        ["sentDown", -sent, "inTransit", "down"],
        ["reportedSentToL2", sent, "notYetReported"],
      ]);
      await arriveDown(world);
      const waiting = await verify();
      expect(differences(waiting)).to.deep.equal([
        ["l2GatewayBalance", sent, "inTransit", "down"],
        ...differences(moving),
      ]);
      await l2.l2Gateway.forwardArrivals();
      const booked = await verify();
      expect(differences(booked)).to.deep.equal([["reportedSentToL2", sent, "notYetReported"]]);
      expect([waiting.margin, booked.margin]).to.deep.equal([moving.margin, moving.margin]);
      await expectForetold(booked);
    });

    it("explains a deposit from Ethereum until it is minted", async () => {
      const before = await verify();
      const assets = parseEther("777.000000000000000001");
      await depositOnL1(world, world.people.dave, assets);
      const sent = await verify();
      expect(differences(sent)).to.deep.equal([
        ["l1DepositsMinted", -assets, "inTransit", "down"],
        ["reportedL1Deposits", assets, "notYetReported"],
      ]);
      expect(sent.buckets.toBeMinted).to.equal(-assets);
      expect(sent.margin).to.equal(before.margin);
      await arriveDown(world);
      await deliver(world, await world.protocol.l1.lockManager.lastMessage());
      const minted = await verify();
      expect(differences(minted)).to.deep.equal([["reportedL1Deposits", assets, "notYetReported"]]);
      expect(minted.liabilities - sent.liabilities).to.equal(assets);
      expect(minted.margin).to.equal(sent.margin);
      await expectForetold(minted);
    });

    it("counts rewards that nobody has booked yet, without the operators' part", async () => {
      const before = await verify();
      await rewardBatch(world, [1_001n, 2_003n]);
      const after = await verify();
      const { lockManager, lockingPool } = world.protocol.l1;
      let net = 0n;
      for (const index of [0n, 1n]) {
        const { sequencerId, commissionBps, reward } = await lockManager.vaultAt(index);
        const { reward: now } = await lockingPool.sequencers(sequencerId);
        net += now - (now * commissionBps) / 10_000n - (reward - (reward * commissionBps) / 10_000n);
      }
      expect(after.margin - before.margin).to.equal(net);
      expect(differences(after).map(([name]) => name)).to.deep.equal(["reward", "reward", "earnedOnL1"]);
      await expectForetold(after);
    });

    it("holds through a redemption", async () => {
      const id = await requestRedeem(world, world.people.bob, parseEther("1234.5"));
      expect((await verify()).type).to.equal("backed");
      await finaliseQueue(world);
      const { stakingPool, redemptionQueue } = world.protocol.l2;
      expect(await redemptionQueue.finalisedUntil()).to.be.greaterThan(id);
      const finalised = await verify();
      expect(finalised.type).to.equal("backed");
      expect(finalised.lines.find(({ name }) => name === "queueBalance")).to.include({ explanation: "equal" });
      expect(finalised.buckets.pool).to.equal(await stakingPool.buffer());
      await expectForetold(finalised);
    });

    it("names what an exit by force paid as on its way, and what came after as unannounced", async () => {
      await rewardBatch(world, [500n, 0n]);
      const before = await verify();
      const { reward, sequencerId } = await world.protocol.l1.lockManager.vaultAt(0n);
      const { reward: paid } = await world.protocol.l1.lockingPool.sequencers(sequencerId);
      await forceUnlock(world, 0n);
      const verdict = await verify();
      expect(verdict.type).to.equal("backed");
      expect(differences(verdict)).to.deep.include(["rewardPaidByForce", -reward, "inTransit", "down"]);
      expect(differences(verdict)).to.deep.include(["sentDown", -reward, "inTransit", "down"]);
      // What was not seen before is hidden until it is judged, with the commission that it would have borne.
      expect(before.margin).to.be.greaterThan(verdict.margin);
      expect(paid).to.be.greaterThan(reward);
      await expectForetold(verdict);
    });

    it("calls a gift a gift wherever it lies", async () => {
      const { l1, l2 } = world.protocol.deployment;
      const before = await verify();
      await donateOnL1(world, l1.l1Gateway, gift);
      await donateOnL1(world, world.protocol.sequencers[1]!.vault, gift + 1n);
      await donateOnL2(world, l2.redemptionQueue, gift + 2n);
      await world.protocol.l2.eMetis.connect(world.people.bob.l2).transfer(l2.seMetis, 3n);
      await world.protocol.l2.eMetis.connect(world.people.bob.l2).transfer(l2.redemptionQueue, 4n);
      const verdict = await verify();
      expect(differences(verdict)).to.deep.equal([
        ["l1GatewayBalance", gift, "donation"],
        ["vaultBalance", gift + 1n, "donation"],
        ["queueBalance", gift + 2n, "donation"],
        ["queueEscrow", 4n, "donation"],
        ["seMetisBalance", 3n, "donation"],
      ]);
      expect([verdict.type, verdict.margin]).to.deep.equal(["backed", before.margin]);
      await expectForetold(verdict);
    });

    it("counts a gift to the pool, which the next report books", async () => {
      const before = await verify();
      await donateOnL2(world, world.protocol.deployment.l2.stakingPool, gift);
      const verdict = await verify();
      expect(differences(verdict)).to.deep.equal([["poolBalance", gift, "donation"]]);
      expect(verdict.margin - before.margin).to.equal(gift);
      await expectForetold(verdict);
    });

    it("counts a gift to LockManager, which the next report attributes", async () => {
      const before = await verify();
      await donateOnL1(world, world.protocol.deployment.l1.lockManager, gift);
      const verdict = await verify();
      expect(differences(verdict)).to.deep.include(["sentUp", gift, "donation"]);
      expect(verdict.margin - before.margin).to.equal(gift);
      await expectForetold(verdict);
    });

    it("counts no gift to the gateway on Metis until it is proved to be one", async () => {
      const before = await verify();
      await donateOnL2(world, world.protocol.deployment.l2.l2Gateway, gift);
      await world.protocol.l2.l2Gateway.forwardArrivals();
      const verdict = await verify();
      expect(differences(verdict)).to.deep.equal([["sentDown", gift, "donation"]]);
      expect(verdict.margin).to.equal(before.margin);
      await expectForetold(verdict);
      for (let reports = 0; reports < 2; reports++) {
        await advance(world, 4 * day);
        await report(world);
      }
      expect(differences(await verify())).to.deep.equal([]);
    });

    it("calls it underbacked when Ethereum has booked a loss that profits do not cover", async () => {
      const before = await verify();
      await slash(world, 0n, parseEther("5000"));
      await world.protocol.l1.lockManager.sync();
      const verdict = await verify();
      expect([verdict.type, verdict.margin]).to.deep.equal(["underbacked", before.margin - parseEther("5000")]);
      expect(differences(verdict)).to.deep.equal([["earnedOnL1", -parseEther("5000"), "notYetReported"]]);
      await expectForetold(verdict);
    });

    it("refuses blocks that are none, and a block of Ethereum from before the report", async () => {
      const context = sdkContext(world);
      const errors = await Promise.all(
        [{ l1Block: -1 }, { l2Block: 0.5 }, { l1Block: 3 }].map(async (parameters) =>
          verifyReserves(context, parameters).then(null, (reason: unknown) => reason),
        ),
      );
      expect(errors[0]).to.include({ name: "ParameterError", parameter: "l1Block", value: -1 });
      expect(errors[1]).to.include({ name: "ParameterError", parameter: "l2Block", value: 0.5 });
      expect(errors[2]).to.include({ name: "NoContractError", blockNumber: 3 });
      const l1Block = await world.l1.provider.getBlockNumber();
      await world.l1.increase(1);
      await report(world);
      const old: unknown = await verifyReserves(context, { l1Block }).then(null, (reason: unknown) => reason);
      expect(old).to.include({ name: "ParameterError", parameter: "l1Block", value: l1Block });
    });
  });

  it("finds an empty protocol backed by nothing", async () => {
    world = await emptyProtocol();
    const verdict = await verify();
    expect([verdict.type, verdict.assets, verdict.liabilities]).to.deep.equal(["backed", 0n, 0n]);
    expect(differences(verdict)).to.deep.equal([]);
  });
});
