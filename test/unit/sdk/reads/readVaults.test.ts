import { expect } from "chai";

import { rewardBatch } from "../../../../scripts/lib/demo/actions";
import { advance } from "../../../../scripts/lib/demo/world";
import { sendSurelyAs } from "../../../../scripts/lib/localNode";
import { NoContractError } from "../../../../sdk/src/errors";
import { readVaults } from "../../../../sdk/src/reads/readVaults";
import {
  type ProtocolWorld,
  emptyProtocol,
  forceUnlock,
  hidePosition,
  livingProtocol,
  slash,
} from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { errorOf, spied } from "../../../helpers/sdk/spied";

const one = 10n ** 18n;

describe("readVaults", function () {
  it("reads every vault as LockManager and LockingPool know it, in two round trips", async function () {
    const world = await livingProtocol();
    const { context, requests, depth } = spied(sdkContext(world));
    const { vaults, totals, block } = await readVaults(context);
    const { lockManager } = world.protocol.l1;
    expect(vaults).to.deep.equal([await expectedVault(world, 0), await expectedVault(world, 1)]);
    expect(totals).to.deep.equal({
      l1Assets: await lockManager.l1Assets(),
      withdrawableNow: await lockManager.withdrawableNow(),
      idle: await lockManager.idle(),
      owed: await lockManager.owed(),
      principal: vaults[0]!.principal + vaults[1]!.principal,
      reward: vaults[0]!.reward + vaults[1]!.reward,
    });
    expect(totals.principal > 0n && totals.reward > 0n).to.equal(true);
    expect(block.timestamp).to.equal(BigInt(await world.l1.now()));
    expect(requests()).to.deep.equal(["l1 call", "l1 call"]);
    expect(depth()).to.equal(2);
  });

  it("knows rewards and losses before LockManager does", async function () {
    const world = await livingProtocol();
    const before = await readVaults(sdkContext(world));
    await rewardBatch(world, [1_001n, 0n]);
    await slash(world, 1n, 3n * one);
    const { vaults, totals } = await readVaults(sdkContext(world));
    const rewarded = 1_001n * (await world.protocol.l1.lockingPool.rewardPerBlock());
    const [first, second] = vaults;
    expect(first).to.include({ reward: before.vaults[0]!.reward });
    expect(first!.live).to.include({ reward: first!.reward + rewarded });
    expect(second!.live).to.include({ principal: second!.principal - 3n * one });
    expect([totals.reward, totals.principal]).to.deep.equal([
      before.totals.reward + rewarded,
      before.totals.principal - 3n * one,
    ]);
  });

  it("tells an exit and when it can end, before and after LockManager has seen it", async function () {
    const world = await livingProtocol();
    await forceUnlock(world, 0n);
    const unlockedAt = BigInt(await world.l1.now());
    const exitDelay = await world.protocol.l1.lockingPool.exitDelayPeriod();
    const seen = (await readVaults(sdkContext(world))).vaults[0]!;
    expect(seen).to.include({ phase: "active" });
    expect(seen.live).to.include({ phase: "exiting", exitClaimableAt: unlockedAt + exitDelay, reward: 0n });
    await world.protocol.l1.lockManager.sync();
    expect((await readVaults(sdkContext(world))).vaults[0]).to.include({ phase: "exiting" });
  });

  it("goes on with what LockManager read last where a position cannot be read", async function () {
    const world = await livingProtocol();
    const before = await readVaults(sdkContext(world));
    await hidePosition(world, 0n);
    const { vaults, totals } = await readVaults(sdkContext(world));
    expect(vaults.map(({ live }) => live.type)).to.deep.equal(["unreadable", "position"]);
    expect(totals.principal).to.equal(before.totals.principal);
  });

  it("takes a LockingPool that answers nonsense for unreadable, and for one that lets nobody in", async function () {
    const world = await livingProtocol();
    await world.l1.setCode(world.protocol.metis.lockingPool, "0x60006000fd");
    const { vaults } = await readVaults(sdkContext(world));
    expect(vaults.map(({ live, isWhitelisted }) => [live.type, isWhitelisted])).to.deep.equal([
      ["unreadable", false],
      ["unreadable", false],
    ]);
    await world.l1.setCode(world.protocol.metis.lockingPool, "0x600160005260206000f3");
    const odd = await readVaults(sdkContext(world));
    expect(odd.vaults.map(({ live, isWhitelisted }) => [live.type, isWhitelisted])).to.deep.equal([
      ["unreadable", true],
      ["unreadable", true],
    ]);
  });

  it("tells whom Metis does not let work", async function () {
    const world = await livingProtocol();
    const { lockingPool, lockManager, node } = world.protocol.l1;
    const { vault } = await lockManager.vaultAt(1n);
    const data = lockingPool.interface.encodeFunctionData("setWhitelist", [vault, false]);
    await sendSurelyAs(node, { from: await lockingPool.owner(), to: world.protocol.metis.lockingPool, data });
    const { vaults } = await readVaults(sdkContext(world));
    expect(vaults.map(({ isWhitelisted }) => isWhitelisted)).to.deep.equal([true, false]);
  });

  it("knows vaults without a position", async function () {
    const world = await emptyProtocol();
    const { vaults, totals } = await readVaults(sdkContext(world));
    expect(vaults.map(({ phase, live, sequencerId }) => [phase, live.type, sequencerId])).to.deep.equal([
      ["waiting", "none", 0n],
      ["waiting", "none", 0n],
    ]);
    expect(totals.principal).to.equal(0n);
  });

  it("reads the block that it is asked for", async function () {
    const world = await livingProtocol();
    const before = await readVaults(sdkContext(world));
    await rewardBatch(world, [1_001n, 7n]);
    await advance(world, 60);
    await world.protocol.l1.lockManager.sync();
    expect(await readVaults(sdkContext(world), { l1Block: before.block.blockNumber })).to.deep.equal(before);
  });

  it("says so when there is no LockManager", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const { deployment } = context;
    const elsewhere = { ...deployment, l1: { ...deployment.l1, lockManager: deployment.l2.eMetis } };
    const error = await errorOf(readVaults({ ...context, deployment: elsewhere }));
    expect(error).to.be.instanceOf(NoContractError);
    expect(error).to.include({ side: "l1", address: deployment.l2.eMetis });
  });
});

async function expectedVault({ protocol }: ProtocolWorld, index: number) {
  const { lockManager, lockingPool } = protocol.l1;
  const book = await lockManager.vaultAt(index);
  const position = await lockingPool.sequencers(book.sequencerId);
  const { vault, operator, sequencerId, principal, reward, owed, cap, commissionBps, nextCommissionBps } = book;
  return {
    ...{ index, vault, operator, phase: "active", sequencerId, principal, reward, owed, cap },
    ...{ commissionBps, nextCommissionBps, isWhitelisted: await lockingPool.whitelist(vault) },
    live: {
      type: "position",
      phase: "active",
      principal: position.amount,
      reward: position.reward,
      rewardRecipient: protocol.deployment.l2.l2Gateway,
      owner: vault,
      exitClaimableAt: 0n,
    },
  };
}
