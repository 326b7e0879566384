import { expect } from "chai";
import { parseEther } from "ethers";

import { deposit } from "../../../../sdk/src/actions/deposit";
import { depositAndStake } from "../../../../sdk/src/actions/depositAndStake";
import { depositOnL1 } from "../../../../sdk/src/actions/depositOnL1";
import { approve } from "../../../../sdk/src/actions/approve";
import { MIN_DEPOSIT } from "../../../../sdk/src/actions/limits";
import { type ProtocolWorld, arriveDown, deliver, livingProtocol } from "../../../helpers/protocol";
import { sendCall } from "../../../helpers/sdk/calls";
import { sdkDeployment } from "../../../helpers/sdk/context";

const assets = parseEther("7.000000000000000003");

describe("deposits", function () {
  let world: ProtocolWorld;
  let deployment: ReturnType<typeof sdkDeployment>;

  beforeEach(async () => {
    world = await livingProtocol();
    deployment = sdkDeployment(world.protocol);
  });

  it("knows the least deposit of both chains", async () => {
    const { l1, l2 } = world.protocol;
    expect([await l2.stakingPool.MIN_DEPOSIT(), await l1.lockManager.MIN_DEPOSIT()]).to.deep.equal([
      MIN_DEPOSIT,
      MIN_DEPOSIT,
    ]);
  });

  it("deposit gives the receiver as many wei of eMetis as METIS was sent, and names the referrer", async () => {
    const { carol, stranger, donor } = world.people;
    const { eMetis, stakingPool } = world.protocol.l2;
    const call = deposit(deployment, {
      assets,
      receiver: stranger.address,
      referrer: donor.address,
    });
    const { blockNumber } = await sendCall(carol.l2, call);
    expect(await eMetis.balanceOf(stranger.address)).to.equal(assets);
    const [event] = await stakingPool.queryFilter(stakingPool.filters.Deposited(), blockNumber);
    expect([event?.args.caller, event?.args.referrer]).to.deep.equal([carol.address, donor.address]);
  });

  it("depositAndStake gives the receiver at least the shares asked for", async () => {
    const { carol, stranger } = world.people;
    const { seMetis } = world.protocol.l2;
    const receiver = stranger.address as `0x${string}`;
    await world.l2.setNextBlockTimestamp((await world.l2.now()) + 10);
    const { blockNumber } = await sendCall(carol.l2, depositAndStake(deployment, { assets, receiver, minShares: 1n }));
    const [event] = await seMetis.queryFilter(seMetis.filters.Deposit(), blockNumber);
    expect(await seMetis.balanceOf(receiver))
      .to.equal(event?.args.shares)
      .and.to.be.greaterThan(0n);
    expect(event?.args.assets).to.equal(assets);
  });

  it("depositAndStake hands the bound on to the contract", async () => {
    const { carol } = world.people;
    const receiver = carol.address as `0x${string}`;
    const call = depositAndStake(deployment, { assets, receiver, minShares: assets });
    await expect(carol.l2.sendTransaction(call)).to.be.revertedWithCustomError(
      world.protocol.l2.stakingPool,
      "StakingPool__TooFewShares",
    );
  });

  for (const [isStaked, token] of [
    [true, "seMetis"],
    [false, "eMetis"],
  ] as const) {
    it(`depositOnL1 with isStaked ${isStaked} ends as ${token} of the receiver on Metis, for exactly the bridge's fee`, async () => {
      const { dave, stranger } = world.people;
      const { metis, lockManager, l1Gateway } = world.protocol.l1;
      await metis.mint(dave.address, assets);
      await sendCall(dave.l1, approve(deployment, { token: "metis", spender: "lockManager", amount: assets }));
      const receiver = stranger.address as `0x${string}`;
      const fee = await l1Gateway.messageFee();
      const call = depositOnL1(deployment, { assets, receiver, isStaked, fee });
      const [paid] = await world.l1.coinChanges(() => sendCall(dave.l1, call), [dave.address]);
      await arriveDown(world);
      await deliver(world, await lockManager.lastMessage());
      expect(paid).to.equal(-fee);
      expect(await world.protocol.l2[token].balanceOf(receiver)).to.be.greaterThan(0n);
    });
  }
});
