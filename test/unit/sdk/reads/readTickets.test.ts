import { expect } from "chai";
import { toBeHex } from "ethers";

import { claim, requestRedeem } from "../../../../scripts/lib/demo/actions";
import { AddressError, MissingLogsError } from "../../../../sdk/src/errors";
import { readTickets } from "../../../../sdk/src/reads/readTickets";
import { type ProtocolWorld, livingProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { errorOf, spied } from "../../../helpers/sdk/spied";
import { busyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;

describe("readTickets", function () {
  it("finds the tickets of an account in the order of the line, in three round trips", async function () {
    const world = await busyProtocol();
    const { context, requests, depth } = spied(sdkContext(world));
    const { bob } = world.people;
    const { block, tickets } = await readTickets(context, { account: bob.address });
    const { claimable, waiting } = world.ids;
    expect(tickets.map(({ id, type, owner }) => ({ id, type, owner }))).to.deep.equal([
      { id: claimable, type: "claimable", owner: bob.address },
      { id: waiting, type: "waiting", owner: bob.address },
    ]);
    expect(block.blockNumber).to.equal(await world.l2.provider.getBlockNumber());
    expect(requests()).to.deep.equal(["l2 call", "l2 getLogs", "l2 getLogs", "l2 call"]);
    expect(depth()).to.equal(3);
  });

  it("follows tickets that change hands, come back, are given to oneself, and are claimed", async function () {
    const world = await busyProtocol();
    const { bob, carol, alice } = world.people;
    const { claimable, partly, waiting } = world.ids;
    const queue = world.protocol.l2.redemptionQueue;
    const move = (from: typeof bob, to: typeof bob, id: bigint) =>
      queue.connect(from.l2).transferFrom(from.address, to.address, id);
    await move(bob, carol, waiting);
    await move(alice, carol, partly);
    await move(carol, bob, waiting);
    await move(bob, bob, waiting);
    await claim(world, carol, claimable);
    const context = sdkContext(world);
    const held = async ({ address }: typeof bob) =>
      (await readTickets(context, { account: address })).tickets.map(({ id }) => id);
    expect([await held(alice), await held(bob), await held(carol)]).to.deep.equal([[], [waiting], [partly]]);
  });

  it("asks for no ticket that went away", async function () {
    const world = await busyProtocol();
    const { alice, carol } = world.people;
    const { partly } = world.ids;
    await world.protocol.l2.redemptionQueue.connect(alice.l2).transferFrom(alice.address, carol.address, partly);
    const asked: string[] = [];
    const { context } = spied(sdkContext(world), async ({ method, parameters }, proceed) => {
      if (method === "call") asked.push(JSON.stringify(parameters));
      return proceed();
    });
    const isAsked = () => asked.some((request) => request.includes(toBeHex(partly, 32).slice(2)));
    await readTickets(context, { account: alice.address });
    expect(isAsked()).to.equal(false);
    await readTickets(context, { account: carol.address });
    expect(isAsked()).to.equal(true);
  });

  it("goes on from what is known", async function () {
    const world = await busyProtocol();
    const { bob } = world.people;
    const context = sdkContext(world);
    const before = await readTickets(context, { account: bob.address });
    await claim(world, bob, world.ids.claimable);
    const id = await requestRedeem(world, bob, one);
    const later = await readTickets(context, {
      account: bob.address,
      fromBlock: before.block.blockNumber + 1,
      known: before.tickets.map((ticket) => ticket.id),
    });
    expect(later.tickets.map((ticket) => ticket.id)).to.deep.equal([world.ids.waiting, id]);
  });

  it("notices when a node loses logs", async function () {
    const world = await busyProtocol();
    const account = world.people.bob.address;
    const { context } = spied(sdkContext(world), async ({ method }, proceed) => {
      const answer = await proceed();
      return method === "getLogs" && Array.isArray(answer) ? answer.slice(1) : answer;
    });
    await expectMissing(world, errorOf(readTickets(context, { account })));
    const fromBlock = await world.l2.provider.getBlockNumber();
    await expectMissing(world, errorOf(readTickets(sdkContext(world), { account, fromBlock })));
  });

  it("finds none of who has none, and refuses what is no account", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    expect((await readTickets(context, { account: world.people.bob.address })).tickets).to.deep.equal([]);
    const error = await errorOf(readTickets(context, { account: "bob" }));
    expect(error).to.be.instanceOf(AddressError);
    expect(error).to.include({ parameter: "account", value: "bob", reason: "malformed" });
  });
});

async function expectMissing(world: ProtocolWorld, found: Promise<unknown>): Promise<void> {
  const error = await found;
  expect(error).to.be.instanceOf(MissingLogsError);
  expect(error).to.include({ side: "l2", blockNumber: await world.l2.provider.getBlockNumber() });
  expect(error).to.have.property("reason").that.includes("holds 2 tickets");
}
