import { expect } from "chai";

import * as math from "../../../sdk/src/math/rewardStream";
import type { ContractOf } from "../../helpers/chains";
import { createFixture } from "../../helpers/chains";
import { seededRandom, type Random } from "../../helpers/random";

type Returned = Awaited<ReturnType<ContractOf<"TestRewardStream">["checkpoint"]>>;

const LAST_SECOND = 2n ** 32n - 1n;
const MAX_ASSETS = 2n ** 88n - 1n;
const stream: math.Stream = { assets: 5_000n, unvested: 1_001n, vestedAt: 1_000n, endsAt: 1_700n };
const withFlag = (plain: math.Stream, isClosed = false) => ({ ...plain, isClosed });
const plain = ({ assets, unvested, vestedAt, endsAt }: Returned): math.Stream => ({
  assets,
  unvested,
  vestedAt,
  endsAt,
});

describe("RewardStream", () => {
  const fixture = createFixture(async ({ l2 }) => ({ library: await l2.deploy("TestRewardStream", []) }));
  let library: ContractOf<"TestRewardStream">;
  beforeEach(async () => {
    ({ library } = await fixture());
  });

  describe("vested", () => {
    const moments: readonly (readonly [string, bigint, bigint])[] = [
      ["nothing at the second it is exact for", 1_000n, 0n],
      ["nothing when the clock went back", 999n, 0n],
      ["nothing at second 0", 0n, 0n],
      ["the first second's share, rounded down", 1_001n, 1n],
      ["half at half-time, rounded down", 1_350n, 500n],
      ["all but the last second's share just before the end", 1_699n, 999n],
      ["all at the end", 1_700n, 1_001n],
      ["all and no more long after the end", 10n ** 12n, 1_001n],
    ];
    for (const [claim, time, expected] of moments) {
      it(`is ${claim}`, async () => {
        expect(await library.vested(withFlag(stream), time)).to.equal(expected);
      });
    }

    it("is nothing in the second of a stream without length, and all in the next", async () => {
      const atOnce = withFlag({ ...stream, endsAt: 1_000n });
      expect(await library.vested(atOnce, 1_000n)).to.equal(0n);
      expect(await library.vested(atOnce, 1_001n)).to.equal(1_001n);
    });

    it("multiplies the greatest amount by the longest time without overflow", async () => {
      const greatest = { assets: 0n, unvested: MAX_ASSETS, vestedAt: 0n, endsAt: LAST_SECOND };
      expect(await library.vested(withFlag(greatest), LAST_SECOND - 1n)).to.equal(
        (MAX_ASSETS * (LAST_SECOND - 1n)) / LAST_SECOND,
      );
    });
  });

  describe("checkpoint", () => {
    it("moves what has vested to what counts", async () => {
      const after = await library.checkpoint(withFlag(stream), 1_350n);
      expect(plain(after)).to.deep.equal({ assets: 5_500n, unvested: 501n, vestedAt: 1_350n, endsAt: 1_700n });
    });

    it("leaves a stream alone when the clock went back", async () => {
      expect(plain(await library.checkpoint(withFlag(stream), 1n))).to.deep.equal(stream);
    });

    it("vests nothing twice when the clock goes back and comes again", async () => {
      const there = await library.checkpoint(withFlag(stream), 1_350n);
      const back = await library.checkpoint(withFlag(plain(there)), 1_100n);
      const again = await library.checkpoint(withFlag(plain(back)), 1_350n);
      expect(plain(again)).to.deep.equal(plain(there));
    });

    it("keeps the vault's flag", async () => {
      expect((await library.checkpoint(withFlag(stream, true), 1_350n)).isClosed).to.equal(true);
    });

    it("reads a time past 2106 as the last second of 32 bits", async () => {
      const after = await library.checkpoint(withFlag(stream), LAST_SECOND + 77n);
      expect(plain(after)).to.deep.equal({ assets: 6_001n, unvested: 0n, vestedAt: LAST_SECOND, endsAt: 1_700n });
    });

    it("vests the greatest amount into the greatest vault that fits without overflow", async () => {
      const greatest = { assets: 1n, unvested: MAX_ASSETS - 1n, vestedAt: 0n, endsAt: 1n };
      expect((await library.checkpoint(withFlag(greatest), 5n)).assets).to.equal(MAX_ASSETS);
    });

    it("vests within a wei a step of what one step vests, and ends with the same", async () => {
      let steps = stream;
      for (let time = 1_001n; time < 1_350n; time += 1n) steps = math.checkpoint(steps, time);
      const once = await library.checkpoint(withFlag(stream), 1_349n);
      expect(once.assets - steps.assets).to.be.within(0n, 349n);
      expect((await library.checkpoint(withFlag(steps), 1_700n)).assets).to.equal(6_001n);
    });
  });

  describe("postpone", () => {
    it("puts the end off by the time that passed", async () => {
      const after = await library.postpone(withFlag(stream), 1_350n);
      expect(plain(after)).to.deep.equal({ assets: 5_000n, unvested: 1_001n, vestedAt: 1_350n, endsAt: 2_050n });
    });

    it("leaves a stream alone when the clock went back", async () => {
      expect(plain(await library.postpone(withFlag(stream), 999n))).to.deep.equal(stream);
    });

    it("gives a stream that was over no new length", async () => {
      const after = await library.postpone(withFlag({ ...stream, endsAt: 900n }), 1_350n);
      expect(plain(after)).to.deep.equal({ assets: 5_000n, unvested: 1_001n, vestedAt: 1_350n, endsAt: 1_350n });
    });

    it("stops at the last second of 32 bits", async () => {
      const after = await library.postpone(withFlag(stream), LAST_SECOND - 10n);
      expect([after.vestedAt, after.endsAt]).to.deep.equal([LAST_SECOND - 10n, LAST_SECOND]);
    });
  });

  describe("add", () => {
    it("gives an empty stream the reward's own end", async () => {
      const after = await library.add(withFlag({ ...stream, unvested: 0n }), 300n, 600n);
      expect(plain(after)).to.deep.equal({ assets: 5_000n, unvested: 300n, vestedAt: 1_000n, endsAt: 1_600n });
    });

    it("ends at the average of both ends weighted by their amounts, rounded up", async () => {
      const after = await library.add(withFlag(stream), 2_000n, 1_000n);
      // 1,000 + (1,001 × 700 + 2,000 × 1,000) / 3,001 = 1,899.93
      expect(plain(after)).to.deep.equal({ assets: 5_000n, unvested: 3_001n, vestedAt: 1_000n, endsAt: 1_900n });
    });

    it("neither stretches nor compresses the stream by more than a second for a wei", async () => {
      expect((await library.add(withFlag(stream), 1n, 30n)).endsAt).to.equal(1_700n);
      const long = await library.add(withFlag({ ...stream, unvested: 10n ** 18n }), 1n, 30n * 86_400n);
      expect(long.endsAt).to.equal(1_701n);
    });

    it("counts an end that has passed as the present", async () => {
      const after = await library.add(withFlag({ ...stream, endsAt: 10n }), 1_001n, 100n);
      expect(after.endsAt).to.equal(1_050n);
    });

    it("changes nothing for nothing", async () => {
      const nothing = { ...stream, unvested: 0n, endsAt: 3n };
      expect(plain(await library.add(withFlag(nothing), 0n, 600n))).to.deep.equal(nothing);
    });

    it("stops at the last second of 32 bits, however long the duration", async () => {
      expect((await library.add(withFlag({ ...stream, unvested: 0n }), 1n, 2n ** 256n - 1n)).endsAt).to.equal(
        LAST_SECOND,
      );
    });

    it("takes what just fits 88 bits and refuses a wei more", async () => {
      const room = MAX_ASSETS - 6_001n;
      expect((await library.add(withFlag(stream), room, 9n)).unvested).to.equal(room + 1_001n);
      await expect(library.add(withFlag(stream), room + 1n, 9n))
        .to.be.revertedWithCustomError(library, "SafeCastOverflowedUintDowncast")
        .withArgs(88n, MAX_ASSETS + 1n);
    });
  });

  describe("absorb", () => {
    const losses: readonly (readonly [string, bigint, bigint, bigint])[] = [
      ["nothing for no loss", 0n, 0n, 0n],
      ["only unvested wei for a loss below them", 1_000n, 1_000n, 0n],
      ["every unvested wei before the first that counts", 1_002n, 1_001n, 1n],
      ["all there is for a loss as great", 6_001n, 1_001n, 5_000n],
      ["all there is and no more for a greater loss", 2n ** 256n - 1n, 1_001n, 5_000n],
    ];
    for (const [claim, loss, fromUnvested, fromAssets] of losses) {
      it(`takes ${claim}`, async () => {
        const [after, ...taken] = await library.absorb(withFlag(stream), loss);
        expect(taken).to.deep.equal([fromUnvested, fromAssets]);
        expect(plain(after)).to.deep.equal({
          ...stream,
          assets: stream.assets - fromAssets,
          unvested: stream.unvested - fromUnvested,
        });
      });
    }
  });

  describe("book", () => {
    it("sets what counts", async () => {
      expect(plain(await library.book(withFlag(stream), 7_000n, 7_000n))).to.deep.equal({ ...stream, assets: 7_000n });
    });

    it("lets what is above the limit vest", async () => {
      expect(plain(await library.book(withFlag(stream), 7_000n, 6_990n))).to.deep.equal({
        ...stream,
        assets: 6_990n,
        unvested: 1_011n,
      });
    });

    it("takes what just fits 88 bits and refuses a wei more", async () => {
      const room = MAX_ASSETS - 1_001n;
      expect((await library.book(withFlag(stream), room, room)).assets).to.equal(room);
      await expect(library.book(withFlag(stream), room + 1n, 3n))
        .to.be.revertedWithCustomError(library, "SafeCastOverflowedUintDowncast")
        .withArgs(88n, MAX_ASSETS + 1n);
    });
  });

  describe("assetsAtSamePrice", () => {
    it("scales the assets with the shares, counting the virtual ones, rounded up", async () => {
      expect(await library.assetsAtSamePrice(199n, 99n, 49n)).to.equal(99n);
      expect(await library.assetsAtSamePrice(200n, 99n, 49n)).to.equal(100n);
    });
  });

  describe("against the SDK's maths", () => {
    const randomStream = (random: Random): math.Stream => {
      const assets = random.ofBits(87);
      return {
        assets,
        unvested: random.ofBits(86),
        vestedAt: random.between(1_700_000_000n, 1_800_000_000n),
        endsAt: random.between(1_690_000_000n, 1_820_000_000n),
      };
    };

    it("does the same on 60 random streams, at times before, within and after them", async () => {
      const random = seededRandom(1);
      for (let run = 0; run < 60; run++) {
        const given = randomStream(random);
        const time = random.between(1_690_000_000n, 1_830_000_000n);
        const amount = random.ofBits(86);
        const limit = random.ofBits(88);
        const duration = random.between(0n, 40n * 86_400n);
        const flagged = withFlag(given);
        expect(await library.vested(flagged, time)).to.equal(math.vested(given, time));
        expect(plain(await library.checkpoint(flagged, time))).to.deep.equal(math.checkpoint(given, time));
        expect(plain(await library.postpone(flagged, time))).to.deep.equal(math.postpone(given, time));
        expect(plain(await library.add(flagged, amount, duration))).to.deep.equal(math.add(given, amount, duration));
        expect(plain(await library.book(flagged, amount, limit))).to.deep.equal(math.book(given, amount, limit));
        const [after, ...taken] = await library.absorb(flagged, amount);
        const absorbed = math.absorb(given, amount);
        expect(plain(after)).to.deep.equal(absorbed.stream);
        expect(taken).to.deep.equal([absorbed.fromUnvested, absorbed.fromAssets]);
        expect(await library.assetsAtSamePrice(given.assets, amount, limit)).to.equal(
          math.assetsAtSamePrice(given.assets, amount, limit),
        );
      }
    });
  });
});
