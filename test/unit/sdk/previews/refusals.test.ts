import { expect } from "chai";
import { AbiCoder, dataSlice, getAddress, parseEther } from "ethers";

import { claim } from "../../../../sdk/src/actions/claim";
import { deposit } from "../../../../sdk/src/actions/deposit";
import { MAX_ASSETS } from "../../../../sdk/src/actions/limits";
import { redeemInstant } from "../../../../sdk/src/actions/redeemInstant";
import { stake } from "../../../../sdk/src/actions/stake";
import { ParameterError, RpcError } from "../../../../sdk/src/errors";
import { previewClaim } from "../../../../sdk/src/previews/previewClaim";
import { previewDeposit } from "../../../../sdk/src/previews/previewDeposit";
import { previewMintShares } from "../../../../sdk/src/previews/previewMintShares";
import { previewRedeemInstant } from "../../../../sdk/src/previews/previewRedeemInstant";
import { previewRequestRedeemStaked } from "../../../../sdk/src/previews/previewRequestRedeemStaked";
import { previewStake } from "../../../../sdk/src/previews/previewStake";
import { previewUnstake } from "../../../../sdk/src/previews/previewUnstake";
import { previewWithdrawStaked } from "../../../../sdk/src/previews/previewWithdrawStaked";
import { previewDepositAndStake } from "../../../../sdk/src/previews/previewDepositAndStake";
import type { Context } from "../../../../sdk/src/context";
import type { Call } from "../../../../sdk/src/types";
import { type Person, type ProtocolWorld, bridgeOnL2 } from "../../../helpers/protocol";
import { failureOf, sendCall } from "../../../helpers/sdk/calls";
import { sdkContext } from "../../../helpers/sdk/context";
import { addressOf, approvedProtocol, asOutcome, outcomeAt, queuedProtocol } from "../../../helpers/sdk/previews";

const one = 10n ** 18n;

describe("rare outcomes of previews", function () {
  let world: ProtocolWorld;
  let context: Context;
  let alice: Person;
  let bob: Person;

  beforeEach(async () => {
    world = await approvedProtocol();
    context = sdkContext(world);
    ({ alice, bob } = world.people);
  });

  const refusalOf = async (sender: Person, call: Call) =>
    outcomeAt(world, sender, { call, at: BigInt(await world.l2.now()) + 1n }, () => Promise.resolve({}));

  it("previewStake knows that a wei is less than a share", async () => {
    const parameters = { assets: 1n, receiver: addressOf(bob) };
    const said = asOutcome(await previewStake(context, parameters));
    expect(said).to.deep.equal({ type: "refused", error: "SEMetis__NoShares", args: { assets: 1n } });
    expect(await refusalOf(bob, stake(context.deployment, parameters))).to.deep.equal(said);
  });

  it("previewRedeemInstant knows what the buffer cannot pay", async () => {
    const parameters = { assets: parseEther("20000.000000000000000003"), receiver: addressOf(bob), minOut: 0n };
    const said = asOutcome(await previewRedeemInstant(context, parameters));
    expect(said).to.deep.include({ type: "refused", error: "StakingPool__BufferTooSmall" });
    expect(await refusalOf(bob, redeemInstant(context.deployment, parameters))).to.deep.equal(said);
  });

  it("previewDeposit knows what the buffer cannot hold", async () => {
    await world.l2.setBalance(bob.address, 2n * MAX_ASSETS);
    const parameters = { assets: MAX_ASSETS, receiver: addressOf(bob) };
    const said = asOutcome(await previewDeposit(context, parameters));
    expect(said).to.deep.include({ type: "refused", error: "SafeCastOverflowedUintDowncast" });
    expect(await refusalOf(bob, deposit(context.deployment, parameters))).to.deep.equal(said);
  });

  it("previewStake knows what the stream cannot hold", async () => {
    await world.l2.setBalance(bob.address, 2n * MAX_ASSETS);
    const { buffer } = await world.protocol.l2.stakingPool.solvency();
    await sendCall(bob.l2, deposit(context.deployment, { assets: MAX_ASSETS - buffer, receiver: addressOf(bob) }));
    const parameters = { assets: MAX_ASSETS - one, receiver: addressOf(bob) };
    const said = asOutcome(await previewStake(context, parameters));
    expect(said).to.deep.include({ type: "refused", error: "SafeCastOverflowedUintDowncast" });
    expect(await refusalOf(bob, stake(context.deployment, parameters))).to.deep.equal(said);
  });

  it("previewDeposit knows of eMetis that Ethereum does not back", async () => {
    const { l2Gateway } = world.protocol.l2;
    const payload = AbiCoder.defaultAbiCoder().encode(
      ["uint8", "address", "uint256", "uint256", "bool"],
      [1, bob.address, 7n * one, 0n, false],
    );
    const hash = await l2Gateway.messageHash(999n, payload);
    const bridge = l2Gateway.connect(await world.l2.impersonate(bridgeOnL2));
    await bridge.mint(getAddress(dataSlice(hash, 0, 20)), BigInt(dataSlice(hash, 20)));
    await l2Gateway.deliver(999n, payload);
    const parameters = { assets: one, receiver: addressOf(bob) };
    const said = asOutcome(await previewDeposit(context, parameters));
    expect(said).to.deep.equal({ type: "refused", error: "StakingPool__UnbackedL1Mints", args: { assets: 7n * one } });
    expect(await refusalOf(bob, deposit(context.deployment, parameters))).to.deep.equal(said);
  });

  it("refuse a second that is over, and take the block's own", async () => {
    const now = BigInt(await world.l2.now());
    const parameters = { assets: one, receiver: addressOf(bob) };
    expect((await previewStake(context, parameters)).at).to.equal(now);
    expect((await previewStake(context, { ...parameters, at: now })).at).to.equal(now);
    const failure = await failureOf(() => previewStake(context, { ...parameters, at: now - 1n }));
    expect(failure)
      .to.be.instanceOf(ParameterError)
      .and.to.include({ parameter: "at", value: now - 1n });
  });

  it("take one request each", async () => {
    let requests = 0;
    const call = context.l2.call.bind(context.l2);
    const l2 = Object.create(context.l2, {
      call: { value: (request: Parameters<typeof call>[0]) => (requests++, call(request)) },
    }) as typeof context.l2;
    const counted = { ...context, l2 };
    const [assets, shares, receiver, owner] = [one, one, addressOf(bob), addressOf(alice)];
    const previews = [
      () => previewDeposit(counted, { assets, receiver }),
      () => previewDepositAndStake(counted, { assets, receiver }),
      () => previewStake(counted, { assets, receiver }),
      () => previewMintShares(counted, { shares, receiver }),
      () => previewUnstake(counted, { shares, receiver, owner }),
      () => previewWithdrawStaked(counted, { assets, receiver, owner }),
      () => previewRequestRedeemStaked(counted, { shares, owner, caller: owner }),
      () => previewRedeemInstant(counted, { assets, receiver }),
      () => previewClaim(counted, { id: 0n }),
    ];
    for (const preview of previews) await preview();
    expect(requests).to.equal(previews.length);
  });

  it("take a node that fails for no refusal of the contracts", async () => {
    const l2 = Object.create(context.l2, {
      call: { value: () => Promise.reject(new Error("502")) },
    }) as typeof context.l2;
    const failures = [
      await failureOf(() => previewRedeemInstant({ ...context, l2 }, { assets: one, receiver: addressOf(bob) })),
      await failureOf(() => previewClaim({ ...context, l2 }, { id: 0n })),
    ];
    for (const failure of failures) expect(failure).to.be.instanceOf(RpcError);
  });
});

describe("previewClaim", function () {
  const names = ["that is whole", "that is finalised in part", "that is not finalised"];
  for (const [index, name] of names.entries()) {
    it(`says to the wei what a claim of a ticket does ${name}, twice`, async () => {
      const { ids, ...world } = await queuedProtocol();
      const { deployment, ...context } = sdkContext(world);
      const { redemptionQueue } = world.protocol.l2;
      const id = ids[index]!;
      for (let count = 0; count < 2; count++) {
        const said = asOutcome(await previewClaim({ ...context, deployment }, { id }));
        const at = BigInt(await world.l2.now()) + 1n;
        const call = claim(deployment, { id });
        const done = await outcomeAt(world, world.people.stranger, { call, at }, async ({ blockNumber }) => {
          const filter = redemptionQueue.filters.RedemptionClaimed();
          const [event] = await redemptionQueue.queryFilter(filter, blockNumber, blockNumber);
          const { owner, paid, until } = event!.args;
          const isWhole = await redemptionQueue.ticket(id).then(
            () => false,
            () => true,
          );
          return { owner, paid, claimedUntil: until, isWhole };
        });
        expect(said).to.deep.equal(done);
      }
    });
  }

  it("pays the whole first ticket and a part of the second, and nothing of the third", async () => {
    const { ids, ...world } = await queuedProtocol();
    const context = sdkContext(world);
    const previews = await Promise.all(ids.map((id) => previewClaim(context, { id })));
    expect(previews.map((preview) => (preview.type === "done" ? preview.isWhole : preview.type))).to.deep.equal([
      true,
      false,
      "refused",
    ]);
    expect(asOutcome(previews[0]!)).to.deep.include({ paid: parseEther("5.000000000000000001") });
  });

  it("names a ticket that is not there", async () => {
    const context = sdkContext(await queuedProtocol());
    expect(asOutcome(await previewClaim(context, { id: 1n }))).to.deep.equal({
      type: "refused",
      error: "RedemptionQueue__UnknownTicket",
      args: { id: 1n },
    });
  });
});
