import { expect } from "chai";
import type { Log } from "ethers";

import { deposit, rebalance, rewardBatch } from "../../../../scripts/lib/demo/actions";
import { advance } from "../../../../scripts/lib/demo/world";
import { AmountError, MissingLogsError } from "../../../../sdk/src/errors";
import { readProfit } from "../../../../sdk/src/reads/readProfit";
import { type ProtocolWorld, livingProtocol, report, slash } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { errorOf, spied } from "../../../helpers/sdk/spied";
import { lossyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;
const day = 86_400n;
const year = 365n * day;

describe("readProfit", function () {
  it("splits what two reports recognised between treasury and seMetis", async function () {
    const world = await livingProtocol();
    const { eMetis } = world.protocol.l2;
    const { treasury } = world.people;
    const before = { fees: await eMetis.balanceOf(treasury.address), supply: await eMetis.totalSupply() };
    const first = await earn(world);
    const second = await earn(world);
    const { context, requests } = spied(sdkContext(world));
    const found = await readProfit(context, { window: 20n * 3_600n });

    const fees = (await eMetis.balanceOf(treasury.address)) - before.fees;
    const minted = (await eMetis.totalSupply()) - before.supply;
    expect(found).to.include({ reports: 2, fees, rewards: minted - fees, feeShare: one / 10n, losses: 0n });
    const seconds = found.to.timestamp - found.from.timestamp;
    const gross = (profit: bigint, supply: bigint) => (profit * year * one) / (supply * seconds);
    expect(found.grossApr).to.equal(
      gross(first.fee + first.reward, before.supply) + gross(second.fee + second.reward, first.totalSupply),
    );
    expect(found.netApr).to.equal(gross(first.reward, before.supply) + gross(second.reward, first.totalSupply));
    expect(requests().filter((request) => request !== "l2 getBlock")).to.deep.equal([
      ...["l2 call", "l2 getLogs", "l2 getLogs", "l2 call"],
    ]);
  });

  it("counts only what came after the window's first block", async function () {
    const world = await livingProtocol();
    await earn(world);
    await advance(world, 7_200);
    const { reward } = await earn(world);
    expect(await readProfit(sdkContext(world), { window: 3_600n })).to.include({ reports: 1, rewards: reward });
  });

  it("tells what is put off to the next report", async function () {
    const world = await livingProtocol();
    await advance(world, 3_600);
    await rewardBatch(world, [60_001n, 50_003n]);
    await report(world);
    const { deferred } = await readProfit(sdkContext(world), { window: day });
    const { stakingPool } = world.protocol.l2;
    const [last] = (await stakingPool.queryFilter(stakingPool.filters.RewardsMinted(), 0)).slice(-1);
    expect(deferred).to.equal(last!.args.deferred);
    expect(deferred > 0n).to.equal(true);
  });

  it("tells losses, what seMetis bore of them, and what later profits repair free of fee", async function () {
    const world = await livingProtocol();
    await advance(world, 3_600);
    await slash(world, 0n, 900n * one);
    await report(world);
    const lossy = await readProfit(sdkContext(world), { window: 3_600n });
    expect(lossy).to.include({ losses: 900n * one, burnedForLosses: 900n * one, unrecoveredLoss: 900n * one });
    expect(lossy).to.include({ fees: 0n, rewards: 0n, feeShare: 0n, grossApr: 0n, deferred: 0n });
    const { reward } = await earn(world);
    const repaired = await readProfit(sdkContext(world), { window: 3_600n });
    expect(repaired).to.include({ fees: 0n, rewards: reward, feeShare: 0n });
    expect(repaired.unrecoveredLoss).to.equal(900n * one - reward);
  });

  it("tells what seMetis could not bear", async function () {
    const { losses, burnedForLosses } = await readProfit(sdkContext(await lossyProtocol()), { window: 3_600n });
    expect(losses).to.equal(87_000n * one + 87n);
    expect(burnedForLosses > 0n && burnedForLosses < losses).to.equal(true);
  });

  it("tells what the bridge took of seMetis's rewards", async function () {
    const world = await livingProtocol();
    await deposit(world, world.people.carol, 9_000n * one);
    await advance(world, 3_600);
    await rebalance(world, world.people.keeper);
    const { stakingPool } = world.protocol.l2;
    const [sent] = (await stakingPool.queryFilter(stakingPool.filters.SentToL1(), 0)).slice(-1);
    const { burnedForBridge } = await readProfit(sdkContext(world), { window: 3_600n });
    expect(burnedForBridge).to.equal(sent!.args.burned);
    expect(burnedForBridge > 0n).to.equal(true);
  });

  it("notices when a node loses the last report", async function () {
    const world = await livingProtocol();
    const { reportNumber } = await world.protocol.l2.stakingPool.solvency();
    const { context } = withPoolLogs(world, () => false);
    const error = await errorOf(readProfit(context, { window: 5n * day }));
    expect(error).to.be.instanceOf(MissingLogsError);
    expect(error).to.include({
      side: "l2",
      blockNumber: await world.l2.provider.getBlockNumber(),
      reason: `report ${reportNumber} is applied, the last in the logs is none`,
    });
  });

  it("notices when a node loses a reward that seMetis got", async function () {
    const world = await livingProtocol();
    const { stakingPool } = world.protocol.l2;
    const { topicHash } = stakingPool.interface.getEvent("RewardsMinted");
    const { context } = withPoolLogs(world, ({ topics }) => topics[0] !== topicHash);
    const error = await errorOf(readProfit(context, { window: 5n * day }));
    expect(error).to.be.instanceOf(MissingLogsError);
    expect(error).to.include({
      reason: "seMetis was given 202754647605155400000 wei of rewards, the logs of StakingPool tell of 0",
    });
  });

  it("is quiet over a window without reports, and refuses one below an hour", async function () {
    const world = await livingProtocol();
    await advance(world, 7_200);
    const quiet = await readProfit(sdkContext(world), { window: 3_600n });
    expect(quiet).to.include({ reports: 0, fees: 0n, rewards: 0n, grossApr: 0n, netApr: 0n });
    const error = await errorOf(readProfit(sdkContext(world), { window: 1n }));
    expect(error).to.be.instanceOf(AmountError);
    expect(error).to.include({ parameter: "window", amount: 1n });
  });
});

/** A batch of rewards reported after some hours; what the pool minted for it. */
async function earn(world: ProtocolWorld) {
  await advance(world, 9 * 3_600);
  await rewardBatch(world, [1_001n, 503n]);
  await report(world);
  const { stakingPool } = world.protocol.l2;
  const [minted] = (await stakingPool.queryFilter(stakingPool.filters.RewardsMinted(), 0)).slice(-1);
  return minted!.args;
}

/** A node that has only some of StakingPool's logs. */
function withPoolLogs(world: ProtocolWorld, holds: (log: Log) => boolean) {
  const context = sdkContext(world);
  return spied(context, async ({ method }, proceed) => {
    const found = await proceed();
    if (method !== "getLogs") return found;
    return (found as Log[]).filter((log) => log.address !== context.deployment.l2.stakingPool || holds(log));
  });
}
