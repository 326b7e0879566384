import { expect } from "chai";

import { redeemInstant, requestRedeem } from "../../../../scripts/lib/demo/actions";
import { AmountError } from "../../../../sdk/src/errors";
import { instantPayout } from "../../../../sdk/src/math/instantFee";
import { readFees } from "../../../../sdk/src/reads/readFees";
import { type ProtocolWorld, livingProtocol, report } from "../../../helpers/protocol";
import { seededRandom } from "../../../helpers/random";
import { sdkContext } from "../../../helpers/sdk/context";
import { errorOf, spied } from "../../../helpers/sdk/spied";
import { lossyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;

describe("readFees", function () {
  it("reads fees and the reserve target that the last report set, in two round trips", async function () {
    const world = await livingProtocol();
    const { context, requests, depth } = spied(sdkContext(world));
    const fees = await readFees(context);
    const { stakingPool } = world.protocol.l2;
    const reports = await stakingPool.queryFilter(stakingPool.filters.ReportApplied(), 0);
    expect(fees).to.deep.equal({
      block: { blockNumber: await world.l2.provider.getBlockNumber(), timestamp: BigInt(await world.l2.now()) },
      protocolFeeBps: 1_000n,
      minInstantFeeBps: 10n,
      maxInstantFeeBps: 100n,
      freeBuffer: await stakingPool.buffer(),
      reserveTarget: (reports.at(-1)!.args.totalSupply * 500n) / 10_000n,
      marginalInstantFee: 10n * 10n ** 14n,
    });
    expect(requests()).to.deep.equal(["l2 call", "l2 getStorage", "l2 getStorage"]);
    expect(depth()).to.equal(2);
  });

  it("knows the line so well that it prices any redemption to the wei", async function () {
    const world = await livingProtocol();
    const random = seededRandom(90_210);
    const { stakingPool } = world.protocol.l2;
    for (let round = 0; round < 8; round++) {
      const { freeBuffer, reserveTarget, ...fees } = await readFees(sdkContext(world));
      const assets = random.between(1n, freeBuffer / 3n);
      const paid = instantPayout(assets, freeBuffer, { target: reserveTarget, ...fees });
      expect(paid).to.equal(await stakingPool.previewRedeemInstant(assets));
      await redeemInstant(world, world.people.bob, assets);
    }
  });

  it("quotes what is paid, and the fee grows with an emptier buffer", async function () {
    const world = await livingProtocol();
    const { quote } = await readFees(sdkContext(world), { assets: 1_000n * one });
    const paid = await world.protocol.l2.stakingPool.previewRedeemInstant(1_000n * one);
    expect(quote).to.deep.equal({
      type: "quote",
      assets: 1_000n * one,
      value: 1_000n * one,
      paid,
      fee: 1_000n * one - paid,
    });
    await redeemInstant(world, world.people.bob, 2_000n * one);
    const later = await readFees(sdkContext(world));
    const { freeBuffer, reserveTarget } = later;
    const exact = 100n * 10n ** 14n - (90n * 10n ** 14n * freeBuffer) / reserveTarget;
    expect(later.marginalInstantFee).to.equal(exact);
  });

  it("leaves out of the free buffer what the queue waits for", async function () {
    const world = await livingProtocol();
    await requestRedeem(world, world.people.bob, 1_000n * one + 3n);
    const { freeBuffer } = await readFees(sdkContext(world));
    expect(freeBuffer).to.equal((await world.protocol.l2.stakingPool.buffer()) - 1_000n * one - 3n);
    await requestRedeem(world, world.people.bob, 9_000n * one);
    expect((await readFees(sdkContext(world))).freeBuffer).to.equal(0n);
  });

  it("says what the buffer covers when it is too small", async function () {
    const world = await livingProtocol();
    const { quote } = await readFees(sdkContext(world), { assets: 20_000n * one });
    const available = await world.protocol.l2.stakingPool.maxRedeemInstant();
    expect(quote).to.deep.equal({
      type: "bufferTooSmall",
      assets: 20_000n * one,
      value: 20_000n * one,
      available,
    });
  });

  it("says that it is closed after a loss, and what is worth less once it is open", async function () {
    const world = await lossyProtocol();
    const context = sdkContext(world);
    expect((await readFees(context, { assets: one })).quote).to.deep.equal({ type: "closed", assets: one });
    await confirmLoss(world);
    const { quote } = await readFees(context, { assets: one });
    const rate = await world.protocol.l2.stakingPool.redemptionRate();
    expect(quote).to.include({ type: "quote", value: rate });
    await world.protocol.l2.stakingPool.connect(world.people.guardian.l2).pause();
    expect((await readFees(context, { assets: one })).quote).to.deep.equal({ type: "closed", assets: one });
  });

  it("refuses to quote nothing", async function () {
    const error = await errorOf(readFees(sdkContext(await livingProtocol()), { assets: 0n }));
    expect(error).to.be.instanceOf(AmountError);
    expect(error).to.include({ parameter: "assets", amount: 0n });
  });
});

async function confirmLoss(world: ProtocolWorld): Promise<void> {
  await world.protocol.l2.stakingPool.connect(world.people.governance.l2).confirmLoss();
  await report(world);
}
