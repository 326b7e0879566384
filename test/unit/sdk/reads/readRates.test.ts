import { expect } from "chai";

import { RpcError, RpcTimeoutError } from "../../../../sdk/src/errors";
import { compoundDaily } from "../../../../sdk/src/math/apr";
import { forwardApr } from "../../../../sdk/src/math/rates";
import { readRates } from "../../../../sdk/src/reads/readRates";
import { livingProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { errorOf, spied } from "../../../helpers/sdk/spied";
import { lossyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;

describe("readRates", function () {
  it("reads what the contracts say, in one request", async function () {
    const world = await livingProtocol();
    const { context, requests } = spied(sdkContext(world));
    const rates = await readRates(context);
    const { stakingPool, seMetis, eMetis } = world.protocol.l2;
    const [assets, unvested, vestedAt, endsAt] = await seMetis.stream();
    const stream = { assets, unvested, vestedAt, endsAt, shares: await seMetis.totalSupply() };
    const now = BigInt(await world.l2.now());
    expect(rates).to.deep.equal({
      block: { blockNumber: await world.l2.provider.getBlockNumber(), timestamp: now },
      redemptionRate: one,
      price: await seMetis.convertToAssets(one),
      stream,
      apr: forwardApr(stream, now),
      apy: compoundDaily(forwardApr(stream, now)),
      totalAssets: await stakingPool.totalAssets(),
      totalSupply: await eMetis.totalSupply(),
    });
    expect(rates.apr > 0n && rates.price > one).to.equal(true);
    expect(requests()).to.deep.equal(["l2 call"]);
  });

  it("reads a redemption rate below one, and no APR when nothing streams", async function () {
    const world = await lossyProtocol();
    const { redemptionRate, apr, apy } = await readRates(sdkContext(world));
    expect(redemptionRate).to.equal(await world.protocol.l2.stakingPool.redemptionRate());
    expect(redemptionRate < one).to.equal(true);
    expect([apr, apy]).to.deep.equal([0n, 0n]);
  });

  it("reads the block that it is asked for", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const before = await readRates(context);
    await world.l2.increase(3_600);
    expect(await readRates(context, { l2Block: before.block.blockNumber })).to.deep.equal(before);
    expect((await readRates(context)).price > before.price).to.equal(true);
  });

  it("says so when the node fails, or does not answer in time", async function () {
    const world = await livingProtocol();
    const failing = spied(sdkContext(world), async () => Promise.reject(new Error("502 Bad Gateway")));
    const error = await errorOf(readRates(failing.context));
    expect(error).to.be.instanceOf(RpcError);
    expect(error).to.include({ side: "l2", method: "eth_call" });
    const hanging = spied(sdkContext(world), async () => new Promise(() => undefined));
    const late = await errorOf(readRates({ ...hanging.context, timeout: 20 }));
    expect(late).to.be.instanceOf(RpcTimeoutError);
    expect(late).to.include({ side: "l2", method: "eth_call", milliseconds: 20 });
  });
});
