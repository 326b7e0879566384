import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { depositOnL1 } from "../../../../scripts/lib/demo/actions";
import { advance } from "../../../../scripts/lib/demo/world";
import { RpcError } from "../../../../sdk/src/errors";
import { readLimits } from "../../../../sdk/src/reads/readLimits";
import { type ProtocolWorld, deliver, livingProtocol, report } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { errorOf, spied } from "../../../helpers/sdk/spied";
import { busyProtocol, lossyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;
const cent = 10n ** 16n;
const lossDelay = 3n * 86_400n;

describe("readLimits", function () {
  it("reads both chains in two round trips", async function () {
    const world = await livingProtocol();
    const { context, requests, depth } = spied(sdkContext(world));
    const { l2, l1 } = await readLimits(context);
    expect(l2).to.deep.equal({
      block: { blockNumber: await world.l2.provider.getBlockNumber(), timestamp: BigInt(await world.l2.now()) },
      minDeposit: cent,
      minTicket: cent,
      deposits: { type: "open" },
      instantRedemption: { type: "open", maximum: await world.protocol.l2.stakingPool.maxRedeemInstant() },
      seMetis: { type: "open" },
      l1DepositLimit: 50_000n * one,
      l1DepositsAvailable: 50_000n * one,
    });
    expect(l1).to.deep.equal({
      block: { blockNumber: await world.l1.provider.getBlockNumber(), timestamp: BigInt(await world.l1.now()) },
      minDeposit: cent,
      deposits: { type: "open" },
      messageFee: await world.protocol.l1.l1Gateway.messageFee(),
    });
    expect([...requests()].sort()).to.deep.equal(["l1 call", "l2 call", "l2 getStorage", "l2 getStorage"]);
    expect(depth()).to.equal(2);
  });

  it("tells exactly how much of deposits from Ethereum can be minted in this second", async function () {
    const world = await busyProtocol();
    const { stakingPool } = world.protocol.l2;
    await depositOnL1(world, world.people.dave, 50_000n * one);
    for (const seconds of [600, 7, 4_000]) {
      await advance(world, seconds);
      const { l2 } = await readLimits(sdkContext(world));
      const before = await stakingPool.l1DepositMinted(world.numbers.partlyMinted);
      await world.l2.setNextBlockTimestamp(Number(l2.block.timestamp));
      await deliver(world, world.numbers.partlyMinted);
      const minted = (await stakingPool.l1DepositMinted(world.numbers.partlyMinted)) - before;
      expect(l2.l1DepositsAvailable).to.equal(minted);
      expect(minted > 0n && minted < 5_000n * one).to.equal(true);
    }
  });

  it("says until when a loss stops everything, and what lacks once it does not", async function () {
    const world = await lossyProtocol();
    const { stakingPool, seMetis } = world.protocol.l2;
    const stoppedUntil = await stakingPool.stoppedUntil();
    const { l2, l1 } = await readLimits(sdkContext(world));
    expect(l2.deposits).to.deep.equal({ type: "lossUnconfirmed", until: stoppedUntil });
    expect(l2.instantRedemption).to.deep.equal({ type: "lossUnconfirmed", until: stoppedUntil });
    expect(l2.seMetis).to.deep.equal({ type: "closed", until: await seMetis.closedUntil() });
    const lossSeenAt = await world.protocol.l1.lockManager.lossSeenAt();
    expect(l1.deposits).to.deep.equal({ type: "lossSeen", until: lossSeenAt + lossDelay });
    await expectRefused(world, "StakingPool__LossUnconfirmed");

    await advance(world, Number(lossDelay));
    const later = await readLimits(sdkContext(world));
    const { totalAssets, totalSupply } = await stakingPool.solvency();
    const missing = totalSupply - totalAssets;
    expect(later.l2.deposits).to.deep.equal({ type: "undercollateralised", missing });
    expect(later.l2.instantRedemption).to.include({ type: "open" });
    expect(later.l2.seMetis).to.deep.equal({ type: "drained" });
    expect(later.l1.deposits).to.deep.equal({ type: "open" });
    await expectRefused(world, "StakingPool__Undercollateralised");
  });

  it("says until when each chain is paused", async function () {
    const world = await livingProtocol();
    const { guardian } = world.people;
    const { stakingPool } = world.protocol.l2;
    const { lockManager } = world.protocol.l1;
    await stakingPool.connect(guardian.l2).pause();
    await lockManager.connect(guardian.l1).pause();
    const { l2, l1 } = await readLimits(sdkContext(world));
    const until = await stakingPool.pausedUntil();
    expect([l2.deposits, l2.instantRedemption]).to.deep.equal([
      { type: "paused", until },
      { type: "paused", until },
    ]);
    expect(l1.deposits).to.deep.equal({ type: "paused", until: await lockManager.pausedUntil() });
    await expectRefused(world, "StakingPool__Paused");
    await advance(world, 7 * 86_400);
    const later = await readLimits(sdkContext(world));
    expect([later.l2.deposits.type, later.l1.deposits.type]).to.deep.equal(["open", "open"]);
  });

  it("names eMetis that was minted for deposits that Ethereum does not know", async function () {
    const world = await livingProtocol();
    const { stakingPool, l2Gateway } = world.protocol.l2;
    const gateway = await world.l2.impersonate(l2Gateway);
    const receiver = world.people.bob.address;
    const forged = { receiver, assets: 5n * one, runningTotal: 0n, isStaked: false };
    await stakingPool.connect(gateway).mintL1Deposit(99n, forged);
    const { l2 } = await readLimits(sdkContext(world));
    expect(l2.deposits).to.deep.equal({ type: "unbackedL1Mints", assets: 5n * one });
    await expectRefused(world, "StakingPool__UnbackedL1Mints");
    await report(world);
    expect((await readLimits(sdkContext(world))).l2.deposits.type).to.equal("unbackedL1Mints");
  });

  it("leaves Ethereum out when there is no provider for it", async function () {
    const world = await livingProtocol();
    const { context, requests } = spied(sdkContext(world));
    const { l2, deployment } = context;
    expect(Object.keys(await readLimits({ l2, deployment }))).to.deep.equal(["l2"]);
    expect(requests().filter((request) => request.startsWith("l1"))).to.deep.equal([]);
  });

  it("reads the blocks that it is asked for", async function () {
    const world = await busyProtocol();
    const context = sdkContext(world);
    const before = await readLimits(context);
    await advance(world, 3_600);
    await deliver(world, world.numbers.partlyMinted);
    const blocks = { l1Block: before.l1.block.blockNumber, l2Block: before.l2.block.blockNumber };
    expect(await readLimits(context, blocks)).to.deep.equal(before);
  });

  it("says so when the node gives no storage", async function () {
    const { context } = spied(sdkContext(await livingProtocol()), async ({ method }, proceed) =>
      method === "getStorage" ? Promise.reject(new Error("the method does not exist")) : proceed(),
    );
    const error = await errorOf(readLimits(context));
    expect(error).to.be.instanceOf(RpcError);
    expect(error).to.include({ side: "l2", method: "eth_getStorageAt" });
  });
});

/** The pool refuses a deposit for the same reason. */
async function expectRefused({ protocol, people }: ProtocolWorld, reason: string): Promise<void> {
  const { stakingPool } = protocol.l2;
  const pool = stakingPool.connect(people.bob.l2);
  const deposit = pool.deposit(people.bob.address, ZeroAddress, { value: one });
  await expect(deposit).to.be.revertedWithCustomError(stakingPool, reason);
}
