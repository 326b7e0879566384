import { expect } from "chai";
import { parseEther } from "ethers";

import { depositOnL1 } from "../../../../sdk/src/actions/depositOnL1";
import { approve } from "../../../../sdk/src/actions/approve";
import { requestRedeem } from "../../../../sdk/src/actions/requestRedeem";
import { requestRedeemBatch } from "../../../../sdk/src/actions/requestRedeemBatch";
import { messagesOf } from "../../../../sdk/src/receipts/messagesOf";
import { ticketsOf } from "../../../../sdk/src/receipts/ticketsOf";
import { payloadOf } from "../../../helpers/protocol";
import { sendCall } from "../../../helpers/sdk/calls";
import { sdkDeployment } from "../../../helpers/sdk/context";
import { addressOf, approvedProtocol } from "../../../helpers/sdk/previews";

const [assets, more] = [parseEther("7.000000000000000003"), parseEther("11.000000000000000005")];

describe("receipts", function () {
  it("ticketsOf finds the tickets of a batch, in order", async () => {
    const { protocol, people } = await approvedProtocol();
    const deployment = sdkDeployment(protocol);
    const [owner, caller] = [addressOf(people.carol), addressOf(people.bob)];
    const id = await protocol.l2.redemptionQueue.requestedUntil();
    const receipt = await sendCall(people.bob.l2, requestRedeemBatch(deployment, { assets: [assets, more], owner }));
    expect(ticketsOf(deployment, receipt)).to.deep.equal([
      { id, owner, caller, assets, end: id + assets },
      { id: id + assets, owner, caller, assets: more, end: id + assets + more },
    ]);
  });

  it("ticketsOf believes no other contract", async () => {
    const { protocol, people } = await approvedProtocol();
    const deployment = sdkDeployment(protocol);
    const { logs } = await sendCall(people.bob.l2, requestRedeem(deployment, { assets, owner: addressOf(people.bob) }));
    const forged = logs.map(({ topics, data }) => ({ address: people.stranger.address, topics, data }));
    expect(ticketsOf(deployment, { logs: forged })).to.deep.equal([]);
  });

  it("messagesOf finds number and payload of a deposit on Ethereum, and nothing else", async () => {
    const world = await approvedProtocol();
    const { protocol, people } = world;
    const deployment = sdkDeployment(protocol);
    const { metis, lockManager } = protocol.l1;
    await metis.mint(people.dave.address, assets);
    const approval = approve(deployment, { token: "metis", spender: "lockManager", amount: assets });
    expect(messagesOf(deployment, await sendCall(people.dave.l1, approval))).to.deep.equal([]);
    const parameters = { assets, receiver: addressOf(people.dave), isStaked: true, fee: parseEther("0.1") };
    const receipt = await sendCall(people.dave.l1, depositOnL1(deployment, parameters));
    const number = await lockManager.lastMessage();
    expect(messagesOf(deployment, receipt)).to.deep.equal([{ number, payload: await payloadOf(world, number) }]);
  });
});
