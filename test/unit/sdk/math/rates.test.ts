import { expect } from "chai";

import { SEMetis__factory } from "../../../../sdk/src/generated/contracts";
import { type StakedStream, assetsAt, forwardApr, metisPrice, priceAt, vaultAt } from "../../../../sdk/src/math/rates";
import { readRates } from "../../../../sdk/src/reads/readRates";
import { readL2 } from "../../../../sdk/src/rpc/readPinned";
import { emptyProtocol, livingProtocol } from "../../../helpers/protocol";
import { seededRandom } from "../../../helpers/random";
import { sdkContext } from "../../../helpers/sdk/context";
import { lossyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;
const stream: StakedStream = { assets: one, unvested: 800n, vestedAt: 1_000n, endsAt: 1_008n, shares: one };

describe("rates", function () {
  it("prices shares as seMetis does, at seconds from now until after the stream's end", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const { stream: stored, block } = await readRates(context);
    const random = seededRandom(20_351);
    const seconds = Array.from({ length: 12 }, () => random.between(1n, stored.endsAt - block.timestamp + 90_000n));
    const shares = 987_654_321_000_000_000_019n;
    for (const second of seconds.sort((a, b) => Number(a - b)).map((later) => block.timestamp + later)) {
      await world.l2.increaseTo(Number(second));
      const { value } = await readL2(context, undefined, (runner) => {
        const seMetis = SEMetis__factory.connect(context.deployment.l2.seMetis, runner);
        return Promise.all([seMetis.convertToAssets(one), seMetis.convertToAssets(shares), seMetis.totalAssets()]);
      });
      expect([
        priceAt(stored, second),
        assetsAt(stored, shares, second),
        vaultAt(stored, second).totalAssets,
      ]).to.deep.equal(value);
    }
  });

  it("vests nothing while there are fewer than 1e18 shares", function () {
    const few = { ...stream, shares: one - 1n };
    expect(vaultAt(few, 1_004n)).to.deep.equal({ totalAssets: one, totalSupply: one - 1n });
    expect(vaultAt(stream, 1_004n)).to.deep.equal({ totalAssets: one + 400n, totalSupply: one });
  });

  it("starts at a price of one", async function () {
    const world = await emptyProtocol();
    const { stream: empty, block } = await readRates(sdkContext(world));
    expect(priceAt(empty, block.timestamp)).to.equal(one);
  });

  it("prices shares that a loss left without assets at nothing", async function () {
    const world = await lossyProtocol();
    const { stream: stored, block } = await readRates(sdkContext(world));
    expect(priceAt(stored, block.timestamp)).to.equal(await world.protocol.l2.seMetis.convertToAssets(one));
    expect(priceAt(stored, block.timestamp)).to.equal(0n);
  });

  it("multiplies price and redemption rate, and rounds down", function () {
    expect(metisPrice(3n, one / 2n)).to.equal(1n);
  });

  describe("forwardApr", function () {
    it("is what the stream pays in a second, for a year, of what is staked", function () {
      // 100 wei a second of 1e18 wei and the 400 that have vested.
      expect(forwardApr(stream, 1_004n)).to.equal((100n * 365n * 86_400n * one) / (one + 400n + 1n));
    });

    it("is nothing at the stream's end, without one, and while nothing vests", function () {
      const streams = [
        { ...stream, unvested: 0n },
        { ...stream, endsAt: 1_000n },
        { ...stream, shares: one - 1n },
      ];
      expect([forwardApr(stream, 1_008n), ...streams.map((other) => forwardApr(other, 1_004n))]).to.deep.equal([
        0n,
        0n,
        0n,
        0n,
      ]);
    });

    it("is within a millionth what the price grows by in the next hour", async function () {
      const { stream: stored, block } = await readRates(sdkContext(await livingProtocol()));
      const [now, later] = [priceAt(stored, block.timestamp), priceAt(stored, block.timestamp + 3_600n)];
      const grown = ((later - now) * 8_760n * one) / now;
      const apr = forwardApr(stored, block.timestamp);
      expect(apr > 10n ** 15n && (grown - apr) * 1_000_000n < apr && (apr - grown) * 1_000_000n < apr).to.equal(true);
    });
  });
});
