import { expect } from "chai";

import { claim, requestRedeem } from "../../../../scripts/lib/demo/actions";
import { AddressError, AmountError, ChainMismatchError, RpcTimeoutError } from "../../../../sdk/src/errors";
import { readAccount } from "../../../../sdk/src/reads/readAccount";
import { livingProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { errorOf, spied } from "../../../helpers/sdk/spied";
import { busyProtocol, lossyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;

describe("readAccount", function () {
  it("reads a whole screen in one request to each chain, at once", async function () {
    const world = await busyProtocol();
    const { context, requests, depth } = spied(sdkContext(world));
    const { alice } = world.people;
    const { redemptionQueue } = world.protocol.l2;
    const numbers = Object.values(world.numbers);
    const tickets = [...Object.values(world.ids), 1n, 2n, 3n, 4n];
    await readAccount(context, { account: alice.address, tickets, l1Deposits: [...numbers, 999n] });
    expect([...requests()].sort()).to.deep.equal(["l1 call", "l2 call"]);
    expect(depth()).to.equal(1);
    expect((await redemptionQueue.ticket(world.ids.partly)).owner).to.equal(alice.address);
  });

  it("stays within two round trips however many tickets there are", async function () {
    const world = await busyProtocol();
    const { context, requests, depth } = spied(sdkContext(world));
    const tickets = Array.from({ length: 50 }, (_, index) => BigInt(index));
    const { l2 } = await readAccount(context, { account: world.people.bob.address, tickets });
    expect(l2.tickets).to.have.length(50);
    expect(depth()).to.equal(2);
    expect(requests().filter((request) => request === "l2 call")).to.have.length(4);
  });

  it("reads balances, their worth and allowances as the contracts tell them", async function () {
    const world = await livingProtocol();
    const { alice } = world.people;
    const { eMetis, seMetis, redemptionQueue, stakingPool } = world.protocol.l2;
    const { metis, lockManager } = world.protocol.l1;
    await metis.mint(alice.address, 17n);
    await metis.connect(alice.l1).approve(lockManager, 11n);
    await eMetis.connect(alice.l2).approve(seMetis, 2n);
    await eMetis.connect(alice.l2).approve(redemptionQueue, 3n);
    await seMetis.connect(alice.l2).approve(redemptionQueue, 5n);
    const { l2, l1 } = await readAccount(sdkContext(world), { account: alice.address.toLowerCase() });
    const shares = await seMetis.balanceOf(alice.address);
    expect(l2).to.deep.equal({
      block: { blockNumber: await world.l2.provider.getBlockNumber(), timestamp: BigInt(await world.l2.now()) },
      metis: await world.l2.provider.getBalance(alice.address),
      eMetis: await eMetis.balanceOf(alice.address),
      seMetis: shares,
      staked: await seMetis.convertToAssets(shares),
      allowances: { eMetisForSeMetis: 2n, eMetisForQueue: 3n, seMetisForQueue: 5n },
      limits: {
        maxDeposit: await seMetis.maxDeposit(alice.address),
        maxWithdraw: await seMetis.maxWithdraw(alice.address),
        maxRedeem: shares,
        maxRedeemInstant: await stakingPool.maxRedeemInstant(),
      },
      tickets: [],
      l1Deposits: [],
    });
    expect(l1).to.deep.equal({
      block: { blockNumber: await world.l1.provider.getBlockNumber(), timestamp: BigInt(await world.l1.now()) },
      eth: await world.l1.provider.getBalance(alice.address),
      metis: 17n,
      metisForLockManager: 11n,
    });
    expect(l2.staked > shares && shares > 0n && l2.limits.maxRedeemInstant > 0n).to.equal(true);
  });

  it("tells tickets apart: claimable, in part, waiting, and gone", async function () {
    const world = await busyProtocol();
    const { claimable, partly, waiting } = world.ids;
    const { redemptionQueue } = world.protocol.l2;
    const finalisedUntil = await redemptionQueue.finalisedUntil();
    await claim(world, world.people.stranger, claimable);
    const again = await requestRedeem(world, world.people.bob, one);
    const ids = [claimable, partly, waiting, again, 5n];
    const { l2 } = await readAccount(sdkContext(world), { account: world.people.bob.address, tickets: ids });
    const expected = async (id: bigint) => {
      const { owner, end, claimedUntil, claimable: paid } = await redemptionQueue.ticket(id);
      const claimableAt = await redemptionQueue.estimateClaimTime(id);
      return { id, owner, end, claimedUntil, claimable: paid, claimableAt };
    };
    expect(l2.tickets).to.deep.equal([
      { type: "gone", id: claimable },
      { type: "partlyClaimable", ...(await expected(partly)), ahead: 0n },
      { type: "waiting", ...(await expected(waiting)), ahead: waiting - finalisedUntil },
      { type: "waiting", ...(await expected(again)), ahead: again - finalisedUntil },
      { type: "gone", id: 5n },
    ]);
    expect(waiting > finalisedUntil && finalisedUntil > partly).to.equal(true);
  });

  it("calls a ticket waiting again once its finalised part was claimed, and claimable when all is finalised", async function () {
    const world = await busyProtocol();
    const { claimable, partly } = world.ids;
    await claim(world, world.people.stranger, partly);
    const parameters = { account: world.people.alice.address, tickets: [partly, claimable] };
    const { l2 } = await readAccount(sdkContext(world), parameters);
    expect(l2.tickets.map(({ type }) => type)).to.deep.equal(["waiting", "claimable"]);
    expect(l2.tickets[0]).to.include({ claimable: 0n });
    expect(l2.tickets[1]).to.include({ claimable: 1000n * one + 1n, claimableAt: l2.block.timestamp });
  });

  it("tells what is minted for deposits on Ethereum", async function () {
    const world = await busyProtocol();
    const { partlyMinted, onTheWay } = world.numbers;
    const numbers = [onTheWay, partlyMinted, onTheWay];
    const { l2 } = await readAccount(sdkContext(world), { account: world.people.dave.address, l1Deposits: numbers });
    expect(l2.l1Deposits).to.deep.equal([
      { number: onTheWay, minted: 0n },
      { number: partlyMinted, minted: 50_000n * one },
    ]);
  });

  it("tells that nothing can be done while a loss is not confirmed", async function () {
    const world = await lossyProtocol();
    const { l2 } = await readAccount(sdkContext(world), { account: world.people.alice.address });
    expect(l2.limits).to.deep.equal({ maxDeposit: 0n, maxWithdraw: 0n, maxRedeem: 0n, maxRedeemInstant: 0n });
    expect([l2.staked, l2.seMetis > 0n]).to.deep.equal([0n, true]);
  });

  it("leaves Ethereum out when there is no provider for it", async function () {
    const world = await livingProtocol();
    const { context, requests } = spied(sdkContext(world));
    const { l2, deployment } = context;
    const found = await readAccount({ l2, deployment }, { account: world.people.bob.address });
    expect(Object.keys(found)).to.deep.equal(["l2"]);
    expect(requests()).to.deep.equal(["l2 call"]);
  });

  it("reads the blocks that it is asked for", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const before = await readAccount(context, { account: world.people.bob.address });
    await requestRedeem(world, world.people.bob, one);
    await world.protocol.l1.metis.mint(world.people.bob.address, 5n);
    const blocks = { l1Block: before.l1.block.blockNumber, l2Block: before.l2.block.blockNumber };
    expect(await readAccount(context, { account: world.people.bob.address, ...blocks })).to.deep.equal(before);
  });

  it("refuses what is no account, ticket or deposit", async function () {
    const context = sdkContext(await livingProtocol());
    const account = context.deployment.l1.lockManager;
    const refused = await errorOf(readAccount(context, { account: "0x12" }));
    expect(refused).to.be.instanceOf(AddressError);
    expect(refused).to.include({ parameter: "account", value: "0x12", reason: "malformed" });
    const ticket = await errorOf(readAccount(context, { account, tickets: [-1n] }));
    expect(ticket).to.be.instanceOf(AmountError);
    expect(ticket).to.include({ parameter: "ticket", amount: -1n });
    const deposit = await errorOf(readAccount(context, { account, l1Deposits: [0n] }));
    expect(deposit).to.be.instanceOf(AmountError);
    expect(deposit).to.include({ parameter: "l1Deposit", amount: 0n });
  });

  it("fails as a whole when one chain does not answer, or is another one", async function () {
    const world = await livingProtocol();
    const account = world.people.bob.address;
    const { context } = spied(sdkContext(world), async ({ side }, proceed) =>
      side === "l1" ? new Promise(() => undefined) : proceed(),
    );
    const late = await errorOf(readAccount({ ...context, timeout: 500 }, { account }));
    expect(late).to.be.instanceOf(RpcTimeoutError);
    expect(late).to.include({ side: "l1", method: "eth_call" });
    const swapped = await errorOf(readAccount({ ...context, l1: context.l2, l2: context.l2 }, { account }));
    expect(swapped).to.be.instanceOf(ChainMismatchError);
  });
});
