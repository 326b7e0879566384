import { expect } from "chai";
import { parseEther } from "ethers";

import { approve } from "../../../../sdk/src/actions/approve";
import { claim } from "../../../../sdk/src/actions/claim";
import { claimBatch } from "../../../../sdk/src/actions/claimBatch";
import { claimTo } from "../../../../sdk/src/actions/claimTo";
import { MIN_TICKET } from "../../../../sdk/src/actions/limits";
import { redeemInstant } from "../../../../sdk/src/actions/redeemInstant";
import { requestRedeem } from "../../../../sdk/src/actions/requestRedeem";
import { requestRedeemBatch } from "../../../../sdk/src/actions/requestRedeemBatch";
import { requestRedeemStaked } from "../../../../sdk/src/actions/requestRedeemStaked";
import type { Deployment } from "../../../../sdk/src/deployments";
import type { Address } from "../../../../sdk/src/types";
import { type Person, type ProtocolWorld, finaliseQueue, livingProtocol } from "../../../helpers/protocol";
import { sendCall } from "../../../helpers/sdk/calls";
import { sdkDeployment } from "../../../helpers/sdk/context";

const assets = parseEther("7.000000000000000003");
const more = parseEther("11.000000000000000005");

describe("redemption calls", function () {
  let world: ProtocolWorld;
  let deployment: Deployment;
  let alice: Person;
  let bob: Person;
  let owner: Address;

  beforeEach(async () => {
    world = await livingProtocol();
    deployment = sdkDeployment(world.protocol);
    ({ alice, bob } = world.people);
    owner = world.people.carol.address as Address;
    await sendCall(bob.l2, approve(deployment, { token: "eMetis", spender: "redemptionQueue", amount: assets + more }));
    await sendCall(alice.l2, approve(deployment, { token: "seMetis", spender: "redemptionQueue", amount: assets }));
  });

  /** Two tickets of carol's and one of alice's, all finalised. */
  async function finalised(): Promise<readonly [bigint, bigint, bigint]> {
    await sendCall(bob.l2, requestRedeemBatch(deployment, { assets: [assets, more], owner }));
    const { redemptionQueue } = world.protocol.l2;
    const third = await redemptionQueue.requestedUntil();
    await sendCall(alice.l2, requestRedeemStaked(deployment, { shares: assets, owner: alice.address }));
    await finaliseQueue(world);
    return [third - assets - more, third - more, third];
  }

  /** Wei that carol and alice got by a call that a stranger sent. */
  const paidBy = (call: ReturnType<typeof claim>) =>
    world.l2.coinChanges(() => sendCall(world.people.stranger.l2, call), [owner, alice.address]);

  it("knows the least ticket", async () => {
    expect(await world.protocol.l2.redemptionQueue.MIN_TICKET()).to.equal(MIN_TICKET);
  });

  it("requestRedeem makes the caller's eMetis a ticket of the owner", async () => {
    const { redemptionQueue } = world.protocol.l2;
    const id = await redemptionQueue.requestedUntil();
    await sendCall(bob.l2, requestRedeem(deployment, { assets, owner }));
    expect([...(await redemptionQueue.ticket(id))]).to.deep.equal([owner, id + assets, id, 0n]);
  });

  it("requestRedeemBatch opens the tickets in the order given", async () => {
    const { redemptionQueue } = world.protocol.l2;
    const id = await redemptionQueue.requestedUntil();
    await sendCall(bob.l2, requestRedeemBatch(deployment, { assets: [assets, more], owner }));
    expect((await redemptionQueue.ticket(id)).end).to.equal(id + assets);
    expect((await redemptionQueue.ticket(id + assets)).end).to.equal(id + assets + more);
  });

  it("requestRedeemStaked burns exactly the caller's shares for a ticket of the owner", async () => {
    const { redemptionQueue, seMetis } = world.protocol.l2;
    const before = await seMetis.balanceOf(alice.address);
    const id = await redemptionQueue.requestedUntil();
    await sendCall(alice.l2, requestRedeemStaked(deployment, { shares: assets, owner }));
    expect(before - (await seMetis.balanceOf(alice.address))).to.equal(assets);
    expect((await redemptionQueue.ticket(id)).owner).to.equal(owner);
  });

  it("claim pays the ticket's owner, whoever sends it", async () => {
    const [first] = await finalised();
    expect(await paidBy(claim(deployment, { id: first }))).to.deep.equal([assets, 0n]);
  });

  it("claimBatch pays each owner, and a ticket that is there twice once", async () => {
    const [first, second, third] = await finalised();
    const { end } = await world.protocol.l2.redemptionQueue.ticket(third);
    const call = claimBatch(deployment, { ids: [first, second, first, third] });
    expect(await paidBy(call)).to.deep.equal([assets + more, end - third]);
  });

  it("claimTo pays who the owner says", async () => {
    const [first, second] = await finalised();
    const receiver = world.people.donor.address as Address;
    const call = claimTo(deployment, { ids: [first, second], receiver });
    const changes = await world.l2.coinChanges(() => sendCall(world.people.carol.l2, call), [receiver]);
    expect(changes).to.deep.equal([assets + more]);
  });

  it("redeemInstant pays the receiver at once", async () => {
    const paid = await world.protocol.l2.stakingPool.previewRedeemInstant(assets);
    const call = redeemInstant(deployment, { assets, minOut: paid, receiver: owner });
    expect(await world.l2.coinChanges(() => sendCall(bob.l2, call), [owner])).to.deep.equal([paid]);
  });

  it("redeemInstant hands the bound on to the contract", async () => {
    const { stakingPool } = world.protocol.l2;
    const paid = await stakingPool.previewRedeemInstant(assets);
    const call = redeemInstant(deployment, { assets, minOut: paid + 1n, receiver: owner });
    await expect(bob.l2.sendTransaction(call))
      .to.be.revertedWithCustomError(stakingPool, "StakingPool__TooLittleOut")
      .withArgs(paid, paid + 1n);
  });
});
