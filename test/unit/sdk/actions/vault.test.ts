import { expect } from "chai";
import { parseEther } from "ethers";

import { approve } from "../../../../sdk/src/actions/approve";
import { mintShares } from "../../../../sdk/src/actions/mintShares";
import { stake } from "../../../../sdk/src/actions/stake";
import { unstake } from "../../../../sdk/src/actions/unstake";
import { withdrawStaked } from "../../../../sdk/src/actions/withdrawStaked";
import type { Deployment } from "../../../../sdk/src/deployments";
import type { Address } from "../../../../sdk/src/types";
import { type Person, type ProtocolWorld, livingProtocol } from "../../../helpers/protocol";
import { sendCall } from "../../../helpers/sdk/calls";
import { sdkDeployment } from "../../../helpers/sdk/context";

const amount = parseEther("7.000000000000000003");

describe("staking calls", function () {
  let world: ProtocolWorld;
  let deployment: Deployment;
  let alice: Person;
  let bob: Person;
  let receiver: Address;
  let owner: Address;

  beforeEach(async () => {
    world = await livingProtocol();
    deployment = sdkDeployment(world.protocol);
    ({ alice, bob } = world.people);
    receiver = world.people.stranger.address as Address;
    owner = alice.address as Address;
  });

  const approveVault = () =>
    sendCall(bob.l2, approve(deployment, { token: "eMetis", spender: "seMetis", amount: 2n * amount }));

  it("stake takes the caller's eMetis and gives the receiver seMetis", async () => {
    const { eMetis, seMetis } = world.protocol.l2;
    await approveVault();
    const before = await eMetis.balanceOf(bob.address);
    await sendCall(bob.l2, stake(deployment, { assets: amount, receiver }));
    expect(before - (await eMetis.balanceOf(bob.address))).to.equal(amount);
    expect(await seMetis.balanceOf(receiver)).to.be.within(amount / 2n, amount);
  });

  it("mintShares gives the receiver exactly the shares", async () => {
    const { seMetis } = world.protocol.l2;
    await approveVault();
    await sendCall(bob.l2, mintShares(deployment, { shares: amount, receiver }));
    expect(await seMetis.balanceOf(receiver)).to.equal(amount);
  });

  it("unstake burns exactly the owner's shares and pays the receiver eMetis", async () => {
    const { eMetis, seMetis } = world.protocol.l2;
    const before = await seMetis.balanceOf(owner);
    await sendCall(alice.l2, unstake(deployment, { shares: amount, receiver, owner }));
    expect(before - (await seMetis.balanceOf(owner))).to.equal(amount);
    expect(await eMetis.balanceOf(receiver)).to.be.within(amount, 2n * amount);
  });

  it("withdrawStaked pays the receiver exactly the eMetis", async () => {
    await sendCall(alice.l2, withdrawStaked(deployment, { assets: amount, receiver, owner }));
    expect(await world.protocol.l2.eMetis.balanceOf(receiver)).to.equal(amount);
  });

  it("approve lets an address given in full take exactly the amount, and 0 revokes it", async () => {
    const { seMetis } = world.protocol.l2;
    await sendCall(alice.l2, approve(deployment, { token: "seMetis", spender: receiver, amount }));
    expect(await seMetis.allowance(owner, receiver)).to.equal(amount);
    await sendCall(alice.l2, approve(deployment, { token: "seMetis", spender: receiver, amount: 0n }));
    expect(await seMetis.allowance(owner, receiver)).to.equal(0n);
  });

  for (const [token, spender] of [
    ["eMetis", "seMetis"],
    ["eMetis", "redemptionQueue"],
    ["seMetis", "redemptionQueue"],
  ] as const) {
    it(`approve knows ${spender} as a spender of ${token}`, async () => {
      await sendCall(alice.l2, approve(deployment, { token, spender, amount }));
      expect(await world.protocol.l2[token].allowance(owner, deployment.l2[spender])).to.equal(amount);
    });
  }
});
