import { expect } from "chai";

import { linesOf, readSolvency } from "../../../../sdk/src/reads/readSolvency";
import { type ProtocolWorld, arriveDown, livingProtocol, report } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { spied } from "../../../helpers/sdk/spied";
import { busyProtocol, lossyProtocol } from "../../../helpers/sdk/states";
import { rebalance, rewardBatch } from "../../../../scripts/lib/demo/actions";

describe("readSolvency", function () {
  it("names every line of the ledger, in one request", async function () {
    const world = await livingProtocol();
    const { context, requests } = spied(sdkContext(world));
    const { counters, report: applied, ...found } = await readSolvency(context);
    const { stakingPool } = world.protocol.l2;
    const solvency = await stakingPool.solvency();
    const { buffer, sentToL1, attributedUp, receivedFromL1, attributedDown, mintedForL1 } = solvency;
    const { l1Assets, receivedFromL2, sentToL2, l1Deposits } = solvency;
    const own = { buffer, sentToL1, attributedUp, receivedFromL1, attributedDown, mintedForL1 };
    expect(counters).to.deep.equal({ ...own, l1Assets, receivedFromL2, sentToL2, l1Deposits });
    const now = BigInt(await world.l2.now());
    expect(applied).to.deep.equal({
      number: solvency.reportNumber,
      takenAt: solvency.reportTakenAt,
      readAt: solvency.reportReadAt,
      appliedAt: solvency.reportAppliedAt,
      age: now - solvency.reportTakenAt,
    });
    expect(found).to.deep.include({ totalAssets: solvency.totalAssets, totalSupply: solvency.totalSupply });
    expect(requests()).to.deep.equal(["l2 call"]);
  });

  it("adds its lines up to what the pool says, with METIS and deposits on the way both ways", async function () {
    const world = await busyProtocol();
    await expectSum(world);
    await rewardBatch(world, [5_001n, 3_003n]);
    await world.protocol.l1.lockManager.connect(world.people.keeper.l1).harvest({ value: 10n ** 18n });
    await report(world);
    await expectSum(world);
    await rebalance(world, world.people.stranger);
    await expectSum(world);
    await arriveDown(world);
    await rebalance(world, world.people.stranger);
    await expectSum(world);
  });

  it("is solvent with a margin of what is not recognised yet", async function () {
    const world = await livingProtocol();
    const { isSolvent, margin, totalAssets, totalSupply, unrecoveredLoss } = await readSolvency(sdkContext(world));
    expect([isSolvent, margin, unrecoveredLoss]).to.deep.equal([true, totalAssets - totalSupply, 0n]);
  });

  it("is not after a loss, by as much as lacks", async function () {
    const world = await lossyProtocol();
    const { isSolvent, margin, unrecoveredLoss } = await readSolvency(sdkContext(world));
    const { totalAssets, totalSupply } = await world.protocol.l2.stakingPool.solvency();
    expect([isSolvent, margin]).to.deep.equal([false, totalAssets - totalSupply]);
    expect(margin < 0n).to.equal(true);
    expect(unrecoveredLoss).to.equal(await world.protocol.l2.stakingPool.unrecoveredLoss());
  });

  it("is not while eMetis was minted for deposits that Ethereum does not know", async function () {
    const world = await livingProtocol();
    const { stakingPool, l2Gateway } = world.protocol.l2;
    const gateway = await world.l2.impersonate(l2Gateway);
    const forged = { receiver: world.people.bob.address, assets: 5n, runningTotal: 0n, isStaked: false };
    await stakingPool.connect(gateway).mintL1Deposit(99n, forged);
    const { isSolvent, margin, unbackedL1Mints } = await readSolvency(sdkContext(world));
    expect([isSolvent, margin, unbackedL1Mints]).to.deep.equal([false, 0n, 5n]);
  });

  it("keeps a line negative whose METIS came before its report", function () {
    const nothing = { buffer: 0n, sentToL1: 0n, attributedUp: 0n, receivedFromL1: 0n, attributedDown: 0n };
    const reported = { mintedForL1: 2n, l1Assets: -3n, receivedFromL2: 5n, sentToL2: 7n, l1Deposits: 11n };
    const counters = { ...nothing, ...reported, receivedFromL1: 9n, sentToL1: 4n };
    expect(linesOf(counters)).to.deep.equal({ buffer: 0n, up: -1n, l1Assets: -3n, down: -2n, deposits: -9n });
  });
});

async function expectSum(world: ProtocolWorld): Promise<void> {
  const { lines, margin, totalAssets, totalSupply } = await readSolvency(sdkContext(world));
  const sum = lines.buffer + lines.up + lines.l1Assets + lines.down + lines.deposits;
  expect([sum, margin]).to.deep.equal([totalAssets, totalAssets - totalSupply]);
  expect(totalAssets).to.equal(await world.protocol.l2.stakingPool.totalAssets());
}
