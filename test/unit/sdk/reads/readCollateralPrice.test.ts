import { expect } from "chai";

import { readCollateralPrice } from "../../../../sdk/src/reads/readCollateralPrice";
import { donateOnL2, hidePosition, livingProtocol, report } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { spied } from "../../../helpers/sdk/spied";
import { lossyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;

describe("readCollateralPrice", function () {
  it("is price times redemption rate, with the age of the report, in one request", async function () {
    const world = await livingProtocol();
    const { context, requests } = spied(sdkContext(world));
    const found = await readCollateralPrice(context);
    const price = await world.protocol.l2.seMetis.convertToAssets(one);
    const { reportNumber, reportTakenAt, reportReadAt } = await world.protocol.l2.stakingPool.solvency();
    const now = BigInt(await world.l2.now());
    expect(found).to.deep.equal({
      block: { blockNumber: await world.l2.provider.getBlockNumber(), timestamp: now },
      metis: price,
      price,
      redemptionRate: one,
      reportNumber,
      reportAge: now - reportTakenAt,
      vaultsAge: now - reportReadAt,
      stoppedUntil: 0n,
    });
    expect(found.reportAge >= 3n * 86_400n).to.equal(true);
    expect(requests()).to.deep.equal(["l2 call"]);
  });

  it("is nothing after a loss that took all, and says until when exits are stopped", async function () {
    const world = await lossyProtocol();
    const found = await readCollateralPrice(sdkContext(world));
    const { stakingPool } = world.protocol.l2;
    expect(found).to.include({
      metis: 0n,
      price: 0n,
      redemptionRate: await stakingPool.redemptionRate(),
      stoppedUntil: await stakingPool.stoppedUntil(),
    });
    expect(found.stoppedUntil > found.block.timestamp).to.equal(true);
  });

  it("forgets a stop that is over, and knows a pause", async function () {
    const world = await lossyProtocol();
    await world.l2.increase(3 * 86_400);
    expect((await readCollateralPrice(sdkContext(world))).stoppedUntil).to.equal(0n);
    const { stakingPool } = world.protocol.l2;
    await stakingPool.connect(world.people.guardian.l2).pause();
    expect((await readCollateralPrice(sdkContext(world))).stoppedUntil).to.equal(await stakingPool.pausedUntil());
  });

  it("does not rise by donations", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const { block } = await readCollateralPrice(context);
    await donateOnL2(world, context.deployment.l2.stakingPool, 50_000n * one);
    const { eMetis, seMetis } = world.protocol.l2;
    await eMetis.connect(world.people.bob.l2).transfer(seMetis, 9_000n * one);
    const after = await readCollateralPrice(context);
    const [assets, unvested, vestedAt, endsAt] = await seMetis.stream({ blockTag: block.blockNumber });
    const vested = assets + (unvested * (after.block.timestamp - vestedAt)) / (endsAt - vestedAt);
    expect(after.price).to.equal((one * (vested + 1n)) / ((await seMetis.totalSupply()) + 1n));
    expect(after.metis).to.equal(after.price);
  });

  it("tells since when a vault could not be read", async function () {
    const world = await livingProtocol();
    await hidePosition(world, 0n);
    await world.l1.increase(3_600);
    await world.l2.increase(3_600);
    await report(world);
    const { reportAge, vaultsAge } = await readCollateralPrice(sdkContext(world));
    expect(vaultsAge - reportAge >= 3n * 86_400n).to.equal(true);
  });
});
