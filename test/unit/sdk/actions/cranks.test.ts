import { expect } from "chai";
import { MaxUint256, parseEther } from "ethers";

import { day } from "../../../../scripts/lib/localClock";
import { deposit, openBatch, requestRedeem, rewardBatch } from "../../../../scripts/lib/demo/actions";
import { advance } from "../../../../scripts/lib/demo/world";
import { allocate } from "../../../../sdk/src/actions/allocate";
import { beginExitForNeed } from "../../../../sdk/src/actions/beginExitForNeed";
import { deliver } from "../../../../sdk/src/actions/deliver";
import { expelDonation } from "../../../../sdk/src/actions/expelDonation";
import { finishExit } from "../../../../sdk/src/actions/finishExit";
import { forwardArrivals } from "../../../../sdk/src/actions/forwardArrivals";
import { fundQueue } from "../../../../sdk/src/actions/fundQueue";
import { harvest } from "../../../../sdk/src/actions/harvest";
import { payCommission } from "../../../../sdk/src/actions/payCommission";
import { type BridgeFees, readBridgeFees } from "../../../../sdk/src/actions/readBridgeFees";
import { rebalance } from "../../../../sdk/src/actions/rebalance";
import { recallForNeed } from "../../../../sdk/src/actions/recallForNeed";
import { refreshRewardRecipient } from "../../../../sdk/src/actions/refreshRewardRecipient";
import { report } from "../../../../sdk/src/actions/report";
import { resend } from "../../../../sdk/src/actions/resend";
import { signalNeed } from "../../../../sdk/src/actions/signalNeed";
import { skim } from "../../../../sdk/src/actions/skim";
import { sweepVault } from "../../../../sdk/src/actions/sweepVault";
import { sync } from "../../../../sdk/src/actions/sync";
import type { Deployment } from "../../../../sdk/src/deployments";
import { messagesOf } from "../../../../sdk/src/receipts/messagesOf";
import type { Call } from "../../../../sdk/src/types";
import {
  type ProtocolWorld,
  arriveDown,
  bridgeUp,
  donateOnL1,
  donateOnL2,
  livingProtocol,
  report as bringReport,
} from "../../../helpers/protocol";
import { sendCall } from "../../../helpers/sdk/calls";
import { sdkContext } from "../../../helpers/sdk/context";

const gift = parseEther("3.000000000000000001");

describe("cranks, each sent by a stranger,", function () {
  let world: ProtocolWorld;
  let deployment: Deployment;
  let fees: BridgeFees;

  beforeEach(async () => {
    world = await livingProtocol();
    const context = sdkContext(world);
    ({ deployment } = context);
    fees = await readBridgeFees(context);
  });

  const onL1 = (call: Call) => sendCall(world.people.stranger.l1, call);
  const onL2 = (call: Call) => sendCall(world.people.stranger.l2, call);

  /** All of bob's and dave's METIS is wanted back, and Ethereum knows. */
  async function raiseNeed() {
    const { bob, dave, alice } = world.people;
    const { eMetis, seMetis, redemptionQueue } = world.protocol.l2;
    await requestRedeem(world, bob, await eMetis.balanceOf(bob.address));
    for (const { address, l2 } of [alice, dave]) {
      await seMetis.connect(l2).approve(redemptionQueue, MaxUint256);
      await redemptionQueue.connect(l2).requestRedeemStaked(await seMetis.balanceOf(address), address);
    }
    await onL2(signalNeed(deployment, { fee: fees.l2Withdrawal }));
    await bridgeUp(world);
    await openBatch(world);
  }

  it("rebalance sends the free buffer up", async () => {
    const { stakingPool } = world.protocol.l2;
    await deposit(world, world.people.bob, parseEther("9000"));
    const { sentToL1 } = await stakingPool.solvency();
    await onL2(rebalance(deployment, { fee: 0n }));
    expect((await stakingPool.solvency()).sentToL1).to.be.greaterThan(sentToL1);
  });

  it("fundQueue pays the queue", async () => {
    await requestRedeem(world, world.people.bob, gift);
    await advance(world, day / 3);
    await bringReport(world);
    await onL2(fundQueue(deployment));
    expect(await world.protocol.l2.redemptionQueue.pending()).to.equal(0n);
  });

  it("forwardArrivals books what arrived", async () => {
    const { stakingPool, l2Gateway } = world.protocol.l2;
    await donateOnL2(world, await l2Gateway.getAddress(), gift);
    const { receivedFromL1 } = await stakingPool.solvency();
    await onL2(forwardArrivals(deployment));
    expect((await stakingPool.solvency()).receivedFromL1 - receivedFromL1).to.equal(gift);
  });

  it("skim takes out what nobody queued", async () => {
    const { stakingPool, redemptionQueue } = world.protocol.l2;
    await donateOnL2(world, await redemptionQueue.getAddress(), gift);
    const [change] = await world.l2.coinChanges(() => onL2(skim(deployment)), [stakingPool]);
    expect(change).to.equal(gift);
  });

  it("signalNeed tells Ethereum the need, for exactly the bridge's fee", async () => {
    const { stranger, bob } = world.people;
    const { l1, l2 } = world.protocol;
    await requestRedeem(world, bob, await l2.eMetis.balanceOf(bob.address));
    const target = await l2.stakingPool.neededFromL1();
    const call = signalNeed(deployment, { fee: fees.l2Withdrawal });
    const changes = await world.l2.coinChanges(() => onL2(call), [stranger.address]);
    await bridgeUp(world);
    expect(changes).to.deep.equal([-fees.l2Withdrawal]);
    expect((await l1.lockManager.need()).target).to.equal(target);
  });

  it("report and deliver bring the state of Ethereum to Metis, for exactly the bridge's fee", async () => {
    let messages: ReturnType<typeof messagesOf> = [];
    const send = async () => {
      const receipt = await onL1(report(deployment, { fee: fees.l1Message }));
      messages = messagesOf(deployment, receipt);
      return receipt;
    };
    const changes = await world.l1.coinChanges(send, [world.people.stranger.address]);
    await arriveDown(world);
    for (const message of messages) await onL2(deliver(deployment, message));
    expect(changes).to.deep.equal([-fees.l1Message]);
    expect((await world.protocol.l2.stakingPool.solvency()).reportNumber).to.equal(
      await world.protocol.l1.lockManager.lastMessage(),
    );
  });

  it("resend sends the hash of a message again", async () => {
    const { l1Gateway, lockManager } = world.protocol.l1;
    const number = await lockManager.lastMessage();
    const { blockNumber } = await onL1(resend(deployment, { number, fee: fees.l1Message }));
    const [event] = await l1Gateway.queryFilter(l1Gateway.filters.MessageHashSent(), blockNumber);
    expect(event?.args.number).to.equal(number);
  });

  it("sync books METIS that came to Ethereum", async () => {
    const { lockManager } = world.protocol.l1;
    await donateOnL1(world, await lockManager.getAddress(), gift);
    const idle = await lockManager.idle();
    await onL1(sync(deployment));
    expect((await lockManager.idle()) - idle).to.equal(gift);
  });

  it("allocate locks what is idle", async () => {
    const { lockManager } = world.protocol.l1;
    const idle = await lockManager.idle();
    await donateOnL1(world, await lockManager.getAddress(), gift);
    const { blockNumber } = await onL1(allocate(deployment));
    const events = await lockManager.queryFilter(lockManager.filters.Locked(), blockNumber);
    expect(events.reduce((sum, { args }) => sum + args.assets, 0n)).to.equal(idle + gift);
  });

  it("harvest compounds, payCommission pays the operator of that vault", async () => {
    const { lockManager, metis } = world.protocol.l1;
    await rewardBatch(world, [1_001n, 2_003n]);
    await onL1(harvest(deployment, { fee: 2n * fees.l1Metis }));
    const { owed, operator } = await lockManager.vaultAt(1n);
    await donateOnL1(world, await lockManager.getAddress(), owed * 3n);
    const before = await metis.balanceOf(operator);
    await onL1(payCommission(deployment, { index: 1n }));
    expect(owed).to.be.greaterThan(0n);
    expect((await metis.balanceOf(operator)) - before).to.equal(owed);
  });

  it("sweepVault books what was sent to that vault", async () => {
    const { lockManager } = world.protocol.l1;
    await donateOnL1(world, await lockManager.vaultAddress(1n), gift);
    const idle = await lockManager.idle();
    await onL1(sweepVault(deployment, { index: 1n }));
    expect((await lockManager.idle()) - idle).to.equal(gift);
  });

  it("refreshRewardRecipient points that vault's rewards at the gateway", async () => {
    const { lockManager, lockingPool } = world.protocol.l1;
    const { sequencerId } = await lockManager.vaultAt(1n);
    const { blockNumber } = await onL1(refreshRewardRecipient(deployment, { index: 1n }));
    const [event] = await lockingPool.queryFilter(lockingPool.filters.SequencerRewardRecipientChanged(), blockNumber);
    expect([...(event?.args ?? [])]).to.deep.equal([sequencerId, deployment.l2.l2Gateway]);
  });

  it("expelDonation finds no donation in that vault", async () => {
    const call = expelDonation(deployment, { index: 1n, fee: fees.l1Metis });
    await expect(world.people.stranger.l1.sendTransaction(call))
      .to.be.revertedWithCustomError(world.protocol.l1.lockManager, "LockManager__NoDonation")
      .withArgs(1n);
  });

  it("recallForNeed sends METIS down, for exactly the bridge's fee", async () => {
    await raiseNeed();
    const { lockManager } = world.protocol.l1;
    const { sentToL2 } = await lockManager.counters();
    const call = recallForNeed(deployment, { fee: fees.l1Metis });
    const changes = await world.l1.coinChanges(() => onL1(call), [world.people.stranger.address]);
    expect(changes).to.deep.equal([-fees.l1Metis]);
    expect((await lockManager.counters()).sentToL2).to.be.greaterThan(sentToL2);
  });

  it("beginExitForNeed unlocks that vault, and finishExit brings its METIS back", async () => {
    await raiseNeed();
    const { lockManager } = world.protocol.l1;
    await onL1(recallForNeed(deployment, { fee: fees.l1Metis }));
    await advance(world, 7 * day);
    await onL1(beginExitForNeed(deployment, { index: 1n, fee: 2n * fees.l1Metis }));
    const phases = [(await lockManager.vaultAt(1n)).phase];
    await advance(world, 21 * day);
    await onL1(finishExit(deployment, { index: 1n, fee: fees.l1Metis }));
    phases.push((await lockManager.vaultAt(1n)).phase);
    expect(phases).to.deep.equal([2n, 0n]);
  });
});
