import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import {
  claim,
  deposit,
  depositAndStake,
  depositOnL1,
  rebalance,
  requestRedeem,
  rewardBatch,
} from "../../scripts/lib/demo/actions";
import { advance, generousEth } from "../../scripts/lib/demo/world";
import { day } from "../../scripts/lib/localClock";
import type { ContractOf } from "../helpers/chains";
import {
  type ProtocolWorld,
  arriveDown,
  deliver,
  donateOnL2,
  expectConserved,
  expectTrueLedger,
  finaliseQueue,
  livingProtocol,
  protocolAfter,
  report,
  slash,
  takeReport,
} from "../helpers/protocol";

const one = 10n ** 18n;

/** Both vaults lose so much that seMetis has nothing left and eMetis is worth less than METIS; governance has confirmed it. */
const brokenPeg = protocolAfter(livingProtocol, async (world) => {
  await slash(world, 0n, parseEther("44000.000000000000000044"));
  await slash(world, 1n, parseEther("43000.000000000000000043"));
  await report(world);
  await world.protocol.l2.stakingPool.connect(world.people.governance.l2).confirmLoss();
  return {};
});

describe("Losses (D2, D4, F3, F4, F9)", () => {
  let world: ProtocolWorld;
  let stakingPool: ContractOf<"StakingPool">;
  let seMetis: ContractOf<"SEMetis">;
  let eMetis: ContractOf<"EMetis">;
  let queue: ContractOf<"RedemptionQueue">;

  const begin = async (fixture: () => Promise<ProtocolWorld>) => {
    world = await fixture();
    ({ stakingPool, seMetis, eMetis, redemptionQueue: queue } = world.protocol.l2);
  };

  /** Delivers report `number` in the second of the latest block. */
  const deliverAtOnce = async (number: bigint) => {
    await arriveDown(world);
    await world.l2.setNextBlockTimestamp(await world.l2.now());
    return deliver(world, number);
  };

  describe("in their order", () => {
    beforeEach(() => begin(livingProtocol));

    it("take first what has not vested", async () => {
      await slash(world, 0n, parseEther("50.000000000000000005"));
      const number = await takeReport(world);
      await world.l2.mine();
      const [assets, unvested] = [await seMetis.totalAssets(), await seMetis.unvestedAssets()];
      await deliverAtOnce(number);
      expect([await seMetis.totalAssets(), await seMetis.unvestedAssets()]).to.deep.equal([
        assets,
        unvested - parseEther("50.000000000000000005"),
      ]);
    });

    it("take then what stakers have", async () => {
      await slash(world, 0n, parseEther("900.000000000000000009"));
      const number = await takeReport(world);
      await world.l2.mine();
      const sum = (await seMetis.totalAssets()) + (await seMetis.unvestedAssets());
      await deliverAtOnce(number);
      expect([await seMetis.totalAssets(), await seMetis.unvestedAssets()]).to.deep.equal([
        sum - parseEther("900.000000000000000009"),
        0n,
      ]);
      expect(await stakingPool.redemptionRate()).to.equal(one);
    });

    it("take last what eMetis is worth, in equal parts", async () => {
      await slash(world, 0n, parseEther("44000.000000000000000044"));
      await slash(world, 1n, parseEther("43000.000000000000000043"));
      await report(world);
      const { totalAssets, totalSupply } = await stakingPool.solvency();
      expect([await seMetis.totalAssets(), await seMetis.unvestedAssets()]).to.deep.equal([0n, 0n]);
      expect(await stakingPool.redemptionRate()).to.equal((totalAssets * one) / totalSupply);
      expect(totalAssets).to.be.lessThan(totalSupply);
      await expectTrueLedger(world);
    });
  });

  describe("that someone sees coming", () => {
    beforeEach(() => begin(livingProtocol));

    it("reach a ticket that was asked for just before them", async () => {
      const { bob, stranger } = world.people;
      const id = await requestRedeem(world, bob, parseEther("1000.000000000000000001"));
      await slash(world, 0n, parseEther("44000"));
      await slash(world, 1n, parseEther("43000"));
      await rebalance(world, stranger);
      expect((await queue.ticket(id)).claimable).to.equal(0n);
      await report(world);
      await stakingPool.connect(world.people.governance.l2).confirmLoss();
      await finaliseQueue(world);
      const [finalised] = await queue.queryFilter(queue.filters.RedemptionsFinalised(), 0);
      const { rate } = finalised!.args;
      expect(rate).to.be.lessThan(one);
      expect(await claim(world, stranger, id)).to.equal((parseEther("1000.000000000000000001") * rate) / one);
      await expectTrueLedger(world);
    });

    it("reach it also when an older report, taken before them, is delivered first", async () => {
      const { bob, stranger } = world.people;
      const older = await takeReport(world);
      const id = await requestRedeem(world, bob, parseEther("1000"));
      await slash(world, 0n, parseEther("44000"));
      await advance(world, 2 * day);
      await arriveDown(world);
      await deliver(world, older);
      await rebalance(world, stranger);
      expect((await queue.ticket(id)).claimable).to.equal(0n);
    });

    it("reach it when the clock of Metis lags 4 hours and the older report is taken a moment before them", async () => {
      const { bob, stranger } = world.people;
      await world.l1.increaseTo((await world.l2.now()) + 4 * 3_600);
      const older = await takeReport(world);
      await slash(world, 0n, parseEther("44000"));
      const id = await requestRedeem(world, bob, parseEther("1000"));
      await arriveDown(world);
      await deliver(world, older);
      await rebalance(world, stranger);
      expect((await queue.ticket(id)).claimable).to.equal(0n);
    });

    it("are not outrun by asking, cranking and claiming in one second", async () => {
      const { bob, stranger } = world.people;
      const id = await requestRedeem(world, bob, parseEther("100"));
      const number = await takeReport(world);
      await deliverAtOnce(number);
      await world.l2.setNextBlockTimestamp(await world.l2.now());
      await rebalance(world, stranger);
      await world.l2.setNextBlockTimestamp(await world.l2.now());
      await expect(queue.connect(stranger.l2).claim(id))
        .to.be.revertedWithCustomError(queue, "RedemptionQueue__NotFinalised")
        .withArgs(id, await queue.finalisedUntil());
    });
  });

  describe("above the threshold", () => {
    beforeEach(() => begin(livingProtocol));

    const lose = async () => {
      await slash(world, 0n, parseEther("5000"));
      await report(world);
      return world.l2.now();
    };

    it("stop deposits, exits and seMetis until 3 days have passed, and no longer", async () => {
      const appliedAt = await lose();
      const { alice, carol } = world.people;
      const pool = stakingPool.connect(carol.l2);
      expect(await stakingPool.stoppedUntil()).to.equal(appliedAt + 3 * day);
      await expect(pool.deposit(carol.address, ZeroAddress, { value: one }))
        .to.be.revertedWithCustomError(stakingPool, "StakingPool__LossUnconfirmed")
        .withArgs(appliedAt + 3 * day);
      expect([
        await stakingPool.maxRedeemInstant(),
        await seMetis.maxDeposit(alice.address),
        await seMetis.maxRedeem(alice.address),
      ]).to.deep.equal([0n, 0n, 0n]);
      await world.l2.increaseTo(appliedAt + 3 * day);
      expect(await seMetis.maxRedeem(alice.address)).to.equal(await seMetis.balanceOf(alice.address));
      await pool.deposit(carol.address, ZeroAddress, { value: one });
    });

    it("do not stop the claim of what was finalised", async () => {
      const id = await requestRedeem(world, world.people.bob, parseEther("321.000000000000000001"));
      await finaliseQueue(world);
      await lose();
      expect(await claim(world, world.people.stranger, id)).to.equal(parseEther("321.000000000000000001"));
    });

    it("do not stop the next report", async () => {
      await lose();
      await rewardBatch(world, [101n, 103n]);
      await report(world);
      await expectTrueLedger(world);
    });

    it("close deposits on Ethereum for 3 days", async () => {
      await lose();
      const { lockManager } = world.protocol.l1;
      const openAt = (await lockManager.lossSeenAt()) + BigInt(3 * day);
      await expect(
        lockManager.connect(world.people.dave.l1).deposit(one, world.people.dave.address, true, { value: generousEth }),
      )
        .to.be.revertedWithCustomError(lockManager, "LockManager__LossSeen")
        .withArgs(openAt);
    });
  });

  describe("that broke the peg", () => {
    beforeEach(() => begin(brokenPeg));

    const gap = async () => {
      const { totalAssets, totalSupply } = await stakingPool.solvency();
      return totalSupply - totalAssets;
    };

    it("are repaired by profits before anyone is paid", async () => {
      const before = await gap();
      const supply = await eMetis.totalSupply();
      await rewardBatch(world, [10_007n, 10_009n]);
      await advance(world, day);
      await report(world);
      expect(await eMetis.totalSupply()).to.equal(supply);
      expect(await gap()).to.be.lessThan(before);
      await expectTrueLedger(world);
    });

    it("are repaired without a fee, and what comes beyond the gap too until stakers have theirs back", async () => {
      const fees = await eMetis.balanceOf(world.people.treasury.address);
      const loss = await stakingPool.unrecoveredLoss();
      await donateOnL2(
        world,
        world.protocol.deployment.l2.stakingPool,
        (await gap()) + parseEther("3.000000000000000003"),
      );
      await advance(world, 30 * day);
      await report(world);
      const { totalAssets, totalSupply } = await stakingPool.solvency();
      expect(totalAssets).to.equal(totalSupply);
      expect(await eMetis.balanceOf(world.people.treasury.address)).to.equal(fees);
      expect(loss - (await stakingPool.unrecoveredLoss())).to.equal(parseEther("3.000000000000000003"));
    });

    it("close deposits while eMetis is worth less than METIS", async () => {
      const { carol } = world.people;
      const { totalAssets, totalSupply } = await stakingPool.solvency();
      await expect(stakingPool.connect(carol.l2).deposit(carol.address, ZeroAddress, { value: one }))
        .to.be.revertedWithCustomError(stakingPool, "StakingPool__Undercollateralised")
        .withArgs(totalAssets + one, totalSupply + one);
    });
  });

  it("give a deposit from Ethereum as eMetis when staking it fails (C7)", async () => {
    await begin(livingProtocol);
    await depositOnL1(world, world.people.carol, parseEther("1000.000000000000000001"));
    const number = await world.protocol.l1.lockManager.lastMessage();
    await slash(world, 0n, parseEther("44000"));
    await slash(world, 1n, parseEther("43000"));
    await report(world);
    await stakingPool.connect(world.people.governance.l2).confirmLoss();
    await deliver(world, number, world.people.carol);
    expect([
      await eMetis.balanceOf(world.people.carol.address),
      await seMetis.balanceOf(world.people.carol.address),
    ]).to.deep.equal([parseEther("1000.000000000000000001"), 0n]);
    await expectTrueLedger(world);
  });

  describe("and gains: a report", () => {
    beforeEach(() => begin(livingProtocol));

    it("earns nothing for whoever stakes just before it and leaves just after it", async () => {
      const { carol } = world.people;
      await rewardBatch(world, [5_003n, 6_007n]);
      const number = await takeReport(world);
      await arriveDown(world);
      const assets = parseEther("50000.000000000000000005");
      await depositAndStake(world, carol, assets);
      await deliverAtOnce(number);
      await world.l2.setNextBlockTimestamp(await world.l2.now());
      await seMetis.connect(carol.l2).redeem(await seMetis.balanceOf(carol.address), carol.address, carol.address);
      expect(await eMetis.balanceOf(carol.address)).to.be.within(assets - 2n, assets);
    });

    it("moves no price in its second (D1)", async () => {
      await rewardBatch(world, [5_003n, 6_007n]);
      const number = await takeReport(world);
      await world.l2.mine();
      const before = await seMetis.totalAssets();
      await deliverAtOnce(number);
      expect(await seMetis.totalAssets()).to.equal(before);
      expect(await seMetis.unvestedAssets()).to.be.greaterThan(0n);
    });

    it("lets no instant redemption touch what the queue waits for (F8)", async () => {
      const { bob, carol } = world.people;
      await deposit(world, carol, parseEther("2000"));
      await requestRedeem(world, bob, (await stakingPool.buffer()) - parseEther("100"));
      const most = await stakingPool.maxRedeemInstant();
      expect(most).to.be.lessThan(parseEther("101"));
      await expect(
        stakingPool.connect(carol.l2).redeemInstant(parseEther("101"), 0n, carol.address),
      ).to.be.revertedWithCustomError(stakingPool, "StakingPool__BufferTooSmall");
      await expectConserved(world);
    });
  });
});
