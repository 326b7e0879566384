import { expect } from "chai";
import { parseEther } from "ethers";

import { permit } from "../../../../sdk/src/actions/permit";
import { permitTypedData } from "../../../../sdk/src/actions/permitTypedData";
import { permitVrs } from "../../../../sdk/src/actions/permitVrs";
import { requestRedeemStakedWithPermit } from "../../../../sdk/src/actions/requestRedeemStakedWithPermit";
import { requestRedeemWithPermit } from "../../../../sdk/src/actions/requestRedeemWithPermit";
import { signPermit } from "../../../../sdk/src/actions/signPermit";
import { checkHex } from "../../../../sdk/src/check";
import type { Context } from "../../../../sdk/src/context";
import { ParameterError, RpcAnswerError, UserRejectedError } from "../../../../sdk/src/errors";
import type { Address } from "../../../../sdk/src/types";
import { type Person, type ProtocolWorld, livingProtocol } from "../../../helpers/protocol";
import { failureOf, sendCall } from "../../../helpers/sdk/calls";
import { sdkContext } from "../../../helpers/sdk/context";

const value = parseEther("7.000000000000000003");

describe("permits", function () {
  let world: ProtocolWorld;
  let context: Context;
  let alice: Person;
  let bob: Person;
  let deadline: bigint;
  let spender: Address;

  beforeEach(async () => {
    world = await livingProtocol();
    context = sdkContext(world);
    ({ alice, bob } = world.people);
    deadline = BigInt(await world.l2.now()) + 600n;
    spender = context.deployment.l2.redemptionQueue;
  });

  const sign = async (token: "eMetis" | "seMetis", owner: Person) => {
    const permitted = { token, owner: owner.address as Address, spender, value, deadline };
    return { ...permitted, signature: await signPermit(owner.l2, await permitTypedData(context, permitted)) };
  };

  for (const token of ["eMetis", "seMetis"] as const) {
    it(`permit by an account lets the spender take ${token}, whoever brings it`, async () => {
      await sendCall(bob.l2, permit(context.deployment, await sign(token, alice)));
      expect(await world.protocol.l2[token].allowance(alice.address, spender)).to.equal(value);
    });

    it(`permitVrs does the same in the form of ERC-2612, again and again, for ${token}`, async () => {
      for (let count = 0; count < 2; count++) {
        await sendCall(bob.l2, permitVrs(context.deployment, await sign(token, alice)));
      }
      expect(await world.protocol.l2[token].allowance(alice.address, spender)).to.equal(value);
      expect(await world.protocol.l2[token].nonces(alice.address)).to.equal(2n);
    });
  }

  it("permit takes what a contract wallet takes, longer signatures too", async () => {
    const wallet = await world.l2.deploy("TestERC1271Wallet", [bob.address]);
    const owner = (await wallet.getAddress()) as Address;
    const permitted = { token: "eMetis", owner, spender, value, deadline } as const;
    const { domain, types, message } = await permitTypedData(context, permitted);
    const signature = await bob.l2.signTypedData(domain, { Permit: [...types.Permit] }, message);
    const long = checkHex("signature", `${signature}c0ffee`);
    await sendCall(alice.l2, permit(context.deployment, { ...permitted, signature: long }));
    expect(await world.protocol.l2.eMetis.allowance(owner, spender)).to.equal(value);
  });

  it("requestRedeemWithPermit needs no approval", async () => {
    const { redemptionQueue, eMetis } = world.protocol.l2;
    const id = await redemptionQueue.requestedUntil();
    const { signature } = await sign("eMetis", bob);
    const owner = alice.address as Address;
    const call = requestRedeemWithPermit(context.deployment, { assets: value, owner, deadline, signature });
    await sendCall(bob.l2, call);
    expect([...(await redemptionQueue.ticket(id))]).to.deep.equal([owner, id + value, id, 0n]);
    expect(await eMetis.allowance(bob.address, spender)).to.equal(0n);
  });

  it("requestRedeemStakedWithPermit needs no approval", async () => {
    const { redemptionQueue, seMetis } = world.protocol.l2;
    const before = await seMetis.balanceOf(alice.address);
    const id = await redemptionQueue.requestedUntil();
    const { signature } = await sign("seMetis", alice);
    const owner = bob.address as Address;
    const call = requestRedeemStakedWithPermit(context.deployment, { shares: value, owner, deadline, signature });
    await sendCall(alice.l2, call);
    expect((await redemptionQueue.ticket(id)).owner).to.equal(owner);
    expect(before - (await seMetis.balanceOf(alice.address))).to.equal(value);
  });

  it("permitTypedData refuses a deadline that is over", async () => {
    const late = BigInt(await world.l2.now()) - 1n;
    const parameters = { token: "eMetis", owner: alice.address as Address, spender, value, deadline: late } as const;
    const failure = await failureOf(() => permitTypedData(context, parameters));
    expect(failure).to.be.instanceOf(ParameterError).and.to.include({ parameter: "deadline", value: late });
  });

  it("permitTypedData refuses a domain that a node made up", async () => {
    const { eMetis, l2Gateway } = context.deployment.l2;
    const call = context.l2.call.bind(context.l2);
    const lying = async (request: Parameters<typeof call>[0]) =>
      (await call(request)).replaceAll(eMetis.slice(2).toLowerCase(), l2Gateway.slice(2).toLowerCase());
    const l2 = Object.create(context.l2, { call: { value: lying } }) as typeof context.l2;
    const parameters = { token: "eMetis", owner: alice.address as Address, spender, value, deadline } as const;
    const failure = await failureOf(() => permitTypedData({ ...context, l2 }, parameters));
    expect(failure).to.be.instanceOf(RpcAnswerError).and.to.include({ side: "l2", method: "eip712Domain" });
  });

  it("signPermit refuses a signer that is not the owner", async () => {
    const parameters = { token: "eMetis", owner: alice.address as Address, spender, value, deadline } as const;
    const typedData = await permitTypedData(context, parameters);
    const failure = await failureOf(() => signPermit(bob.l2, typedData));
    expect(failure).to.be.instanceOf(ParameterError).and.to.include({ parameter: "signer", value: bob.address });
  });

  it("signPermit says when the user refused", async () => {
    const parameters = { token: "eMetis", owner: alice.address as Address, spender, value, deadline } as const;
    const typedData = await permitTypedData(context, parameters);
    const refusing = {
      getAddress: () => Promise.resolve(alice.address),
      signTypedData: () => Promise.reject(Object.assign(new Error("denied"), { code: 4001 })),
    };
    expect(await failureOf(() => signPermit(refusing, typedData))).to.be.instanceOf(UserRejectedError);
  });
});
