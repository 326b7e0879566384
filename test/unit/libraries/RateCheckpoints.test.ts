import { expect } from "chai";
import { parseEther } from "ethers";

import { type ContractOf, createFixture } from "../../helpers/chains";
import { itMeasuresGas } from "../../helpers/gas";
import { ONE } from "../../helpers/queue";
import { type Random, seededRandom } from "../../helpers/random";

describe("RateCheckpoints", () => {
  const fixture = createFixture(async ({ l2 }) => ({ line: await l2.deploy("TestRateCheckpoints", []) }));

  describe("extend", () => {
    it("pays the length of the line times the rate", async () => {
      const { line } = await fixture();
      await expect(line.extend(parseEther("7"), (ONE * 9n) / 10n))
        .to.emit(line, "Extended")
        .withArgs(parseEther("6.3"));
    });

    it("rounds down from where the rate began, not at each extension", async () => {
      const { line } = await fixture();
      const rate = (ONE * 4n) / 10n;
      const payouts: bigint[] = [];
      for (const until of [1n, 2n, 3n, 4n, 5n]) {
        payouts.push(await line.extend.staticCall(until, rate));
        await line.extend(until, rate);
      }
      expect(payouts).to.deep.equal([0n, 0n, 1n, 0n, 1n]);
    });

    it("stores a checkpoint when the rate changes, and only then", async () => {
      const { line } = await fixture();
      const counts: bigint[] = [];
      const rates = [ONE, ONE, ONE - 1n, ONE - 1n, ONE];
      for (const [index, rate] of rates.entries()) {
        await line.extend(100n * BigInt(index + 1), rate);
        counts.push(await line.count());
      }
      expect(counts).to.deep.equal([1n, 1n, 2n, 2n, 3n]);
    });

    it("goes on from what was paid before", async () => {
      const { line } = await fixture();
      await line.extend(101n, ONE / 2n);
      await line.extend(201n, ONE);
      expect([await line.payoutAt(101n), await line.payoutAt(102n), await line.payoutAt(201n)]).to.deep.equal([
        50n,
        51n,
        150n,
      ]);
    });
  });

  describe("payoutAt", () => {
    it("is 0 for a line that was never paid", async () => {
      const { line } = await fixture();
      expect(await line.payoutAt(0n)).to.equal(0n);
    });

    it("is the same for every position whatever is paid later", async () => {
      const { line } = await fixture();
      await line.extend(10n, ONE / 3n);
      const before = await payouts(line, 10n);
      await line.extend(25n, ONE);
      await line.extend(40n, ONE / 7n);
      expect(await payouts(line, 10n)).to.deep.equal(before);
    });

    for (const seed of [1, 2, 3]) {
      it(`equals a sum over all stretches, at every position of a random line (seed ${seed})`, async () => {
        const { line } = await fixture();
        const stretches = await randomLine(line, seededRandom(seed), 17, 12n);
        const end = stretches[stretches.length - 1]!.until;
        const expected = Array.from({ length: Number(end) + 1 }, (_, position) =>
          payoutOf(stretches, BigInt(position)),
        );
        expect(await payouts(line, end)).to.deep.equal(expected);
      });
    }

    itMeasuresGas("costs one more read when the checkpoints double", async () => {
      const { line } = await fixture();
      const cost = async () => Number(await line.payoutAt.estimateGas(1n));
      for (let until = 1n; until <= 64n; until++) await line.extend(until, ONE - until);
      const before = await cost();
      for (let until = 65n; until <= 128n; until++) await line.extend(until, ONE - until);
      expect(await line.count()).to.equal(128n);
      expect((await cost()) - before).to.be.lessThan(3_000);
    });
  });

  describe("payoutBetween", () => {
    it("is the difference of both ends' payouts, for every part of a short line", async () => {
      const { line } = await fixture();
      const stretches = await randomLine(line, seededRandom(6), 9, 3n);
      const end = stretches[stretches.length - 1]!.until;
      for (let from = 0n; from < end; from++) {
        for (let until = from + 1n; until <= end; until++) {
          const expected = payoutOf(stretches, until) - payoutOf(stretches, from);
          expect(await line.payoutBetween(from, until)).to.equal(expected);
        }
      }
    });

    it("adds up to what was paid for the whole line, however it is cut", async () => {
      const { line } = await fixture();
      const random = seededRandom(7);
      const stretches = await randomLine(line, random, 9, 10n ** 18n);
      const end = stretches[stretches.length - 1]!.until;
      let total = 0n;
      for (let from = 0n; from < end;) {
        const until = random.between(from + 1n, from + end / 20n);
        const cut = until < end ? until : end;
        total += await line.payoutBetween(from, cut);
        from = cut;
      }
      expect(total).to.equal(await line.payoutAt(end));
    });
  });

  describe("furthest", () => {
    it("gets as far as the assets at one for one", async () => {
      const { line } = await fixture();
      expect(await line.furthest(100n, ONE, 40n)).to.deep.equal([40n, 40n]);
    });

    it("stops at the limit, whatever the assets", async () => {
      const { line } = await fixture();
      expect(await line.furthest(100n, ONE / 2n, 2n ** 256n - 1n)).to.deep.equal([100n, 50n]);
    });

    it("goes on while the next wei of the line costs nothing", async () => {
      const { line } = await fixture();
      expect(await line.furthest(100n, (ONE * 4n) / 10n, 1n)).to.deep.equal([4n, 1n]);
    });

    it("stays at the end when the assets pay for nothing", async () => {
      const { line } = await fixture();
      await line.extend(10n, ONE);
      expect(await line.furthest(100n, ONE / 2n, 0n)).to.deep.equal([10n, 0n]);
    });

    it("reaches the limit for nothing when what is left is worth nothing", async () => {
      const { line } = await fixture();
      await line.extend(10n, ONE);
      expect(await line.furthest(11n, ONE / 2n, 0n)).to.deep.equal([11n, 0n]);
    });

    for (const seed of [8, 9]) {
      it(`is exact: one wei further would cost more than the assets (seed ${seed})`, async () => {
        const random = seededRandom(seed);
        for (let round = 0; round < 25; round++) {
          const { line } = await fixture();
          const stretches = await randomLine(line, random, Number(random.between(1n, 3n)), 50n);
          const last = stretches[stretches.length - 1]!;
          const rate = random.pick([last.rate, randomRate(random)]);
          const limit = last.until + random.between(1n, 60n);
          const assets = random.below(70n);
          const worth = (until: bigint) =>
            payoutOf([...stretches, { until, rate }], until) - payoutOf(stretches, last.until);
          let until = last.until;
          for (let position = last.until + 1n; position <= limit; position++) {
            if (worth(position) <= assets) until = position;
          }
          const expected = worth(until) === 0n && until < limit ? [last.until, 0n] : [until, worth(until)];
          expect(await line.furthest(limit, rate, assets)).to.deep.equal(expected);
        }
      });
    }

    it("agrees with extend over all of METIS", async () => {
      const { line } = await fixture();
      const random = seededRandom(10);
      const end = 2n ** 95n;
      await line.extend(end, ONE - 12_345n);
      for (let round = 0; round < 30; round++) {
        const rate = random.pick([ONE - 12_345n, random.between(1n, ONE)]);
        const limit = end + random.between(1n, 2n ** 95n - 1n);
        const [until, payout] = await line.furthest(limit, rate, random.below(2n ** 95n));
        expect(await line.extend.staticCall(until, rate)).to.equal(payout);
      }
    });
  });
});

type Line = ContractOf<"TestRateCheckpoints">;

interface Stretch {
  readonly until: bigint;
  readonly rate: bigint;
}

function randomRate(random: Random): bigint {
  return random.pick([ONE, ONE - 1n, 1n, random.between(1n, ONE)]);
}

/** Extends the line at random rates by up to `longest` wei at a time; neighbours may have the same rate. */
async function randomLine(line: Line, random: Random, count: number, longest: bigint): Promise<Stretch[]> {
  const stretches: Stretch[] = [];
  let until = 0n;
  while (stretches.length < count) {
    until += random.between(1n, longest);
    const rate = randomRate(random);
    await line.extend(until, rate);
    stretches.push({ until, rate });
  }
  return stretches;
}

/** What the stretches pay up to `position`: each run of one rate rounded down by itself, from where it began. */
function payoutOf(stretches: readonly Stretch[], position: bigint): bigint {
  let [paid, from, start, rate] = [0n, 0n, 0n, 0n];
  for (const stretch of stretches) {
    if (stretch.rate !== rate) {
      paid += ((from - start) * rate) / ONE;
      [start, rate] = [from, stretch.rate];
    }
    if (position <= stretch.until) return paid + ((position - start) * rate) / ONE;
    from = stretch.until;
  }
  throw new Error("the position is beyond the line");
}

async function payouts(line: Line, end: bigint): Promise<bigint[]> {
  const positions = Array.from({ length: Number(end) + 1 }, (_, position) => BigInt(position));
  return Promise.all(positions.map((position) => line.payoutAt(position)));
}
