import { expect } from "chai";
import { parseEther } from "ethers";

import { claim, requestRedeem } from "../../../../scripts/lib/demo/actions";
import { redemptionStatus } from "../../../../sdk/src/progress/redemptionStatus";
import { type ProtocolWorld, finaliseQueue, livingProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { counting, faulty, losingLogs } from "../../../helpers/sdk/faultyProvider";

const small = parseEther("100.000000000000000001");
const large = parseEther("20000.000000000000000002");

describe("redemptionStatus", () => {
  let world: ProtocolWorld;

  beforeEach(async () => {
    world = await livingProtocol();
  });

  const ask = async (id: bigint) => redemptionStatus(sdkContext(world), { id });

  it("says how much is before a waiting ticket, and when it should be paid", async () => {
    const { bob } = world.people;
    const first = await requestRedeem(world, bob, small);
    const second = await requestRedeem(world, bob, large);
    const { redemptionQueue } = world.protocol.l2;
    const facts = { type: "waiting", owner: bob.address, claimable: 0n };
    expect(await ask(first)).to.deep.equal({
      ...{ ...facts, id: first, assets: small, ahead: 0n },
      estimate: await redemptionQueue.estimateClaimTime(first),
    });
    expect(await ask(second)).to.deep.equal({
      ...{ ...facts, id: second, assets: large, ahead: small },
      estimate: await redemptionQueue.estimateClaimTime(second),
    });
  });

  it("tells claimable and partly claimable apart, before and after a part is claimed", async () => {
    const { bob } = world.people;
    const { redemptionQueue } = world.protocol.l2;
    const first = await requestRedeem(world, bob, small);
    const second = await requestRedeem(world, bob, large);
    await finaliseQueue(world);
    expect(await ask(first)).to.deep.equal({
      ...{ type: "claimable", id: first, owner: bob.address, assets: small, claimable: small },
    });
    const finalised = (await redemptionQueue.finalisedUntil()) - second;
    const partly = await ask(second);
    expect(partly).to.include({
      type: "partlyClaimable",
      claimable: finalised,
      waiting: large - finalised,
      assets: large,
    });
    await claim(world, bob, second);
    expect(await ask(second)).to.include({ type: "waiting", claimable: 0n, ahead: 0n, assets: large - finalised });
  });

  it("adds up the payments of a ticket that is gone, with receivers and transactions", async () => {
    const { bob, carol } = world.people;
    const { redemptionQueue } = world.protocol.l2;
    const id = await requestRedeem(world, bob, small);
    await finaliseQueue(world);
    await redemptionQueue.connect(bob.l2).claimTo([id], carol.address);
    const block = await world.l2.provider.getBlock("latest");
    expect(await ask(id)).to.deep.equal({
      ...{ type: "claimed", id, paid: small },
      payments: [
        { receiver: carol.address, paid: small, transactionHash: block!.transactions[0], blockNumber: block!.number },
      ],
    });
  });

  it("does not know a ticket beyond the line", async () => {
    const id = await requestRedeem(world, world.people.bob, small);
    expect(await ask(id + small)).to.deep.equal({ type: "unknown", id: id + small });
  });

  it("does not say unknown of what may be a paid ticket whose logs are lost", async () => {
    const id = await requestRedeem(world, world.people.bob, small);
    const error: unknown = await ask(id + 1n).then(null, (reason: unknown) => reason);
    expect(error).to.include({ name: "MissingLogsError", side: "l2" });
  });

  it("refuses a negative id and a first block that is none", async () => {
    const context = sdkContext(world);
    const id = await requestRedeem(world, world.people.bob, small);
    await finaliseQueue(world);
    await claim(world, world.people.bob, id);
    const negative: unknown = await ask(-1n).then(null, (reason: unknown) => reason);
    expect(negative).to.include({ name: "AmountError", parameter: "id", amount: -1n });
    const future: unknown = await redemptionStatus(context, { id, fromBlock: 10 ** 9 }).then(
      null,
      (reason: unknown) => reason,
    );
    expect(future).to.include({ name: "ParameterError", parameter: "fromBlock" });
  });

  it("does not take half of a ticket's payments for all", async () => {
    const { bob } = world.people;
    const id = await requestRedeem(world, bob, small);
    await finaliseQueue(world);
    await claim(world, bob, id);
    await world.l2.mine(2);
    const context = sdkContext(world);
    const lossy = { ...context, l2: faulty(context.l2, losingLogs(3)) };
    const error: unknown = await redemptionStatus(lossy, { id }).then(null, (reason: unknown) => reason);
    expect(error).to.include({ name: "MissingLogsError", side: "l2" });
  });

  it("takes 1 round trip for a ticket that is there, 2 for one that is gone", async () => {
    const id = await requestRedeem(world, world.people.bob, small);
    const context = sdkContext(world);
    const { fault, count } = counting();
    await redemptionStatus({ ...context, l2: faulty(context.l2, fault) }, { id });
    expect(count()).to.equal(1);
    await finaliseQueue(world);
    await claim(world, world.people.bob, id);
    await redemptionStatus({ ...context, l2: faulty(context.l2, fault) }, { id });
    expect(count()).to.equal(3);
  });
});
