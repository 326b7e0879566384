import { expect } from "chai";
import { parseEther } from "ethers";

import type { ContractOf } from "../../helpers/chains";
import { createFixture } from "../../helpers/chains";
import { type Random, seededRandom } from "../../helpers/random";

interface Line {
  readonly target: bigint;
  readonly minBps: bigint;
  readonly maxBps: bigint;
}

const BPS = 10_000n;
const start: Line = { target: parseEther("5000"), minBps: 10n, maxBps: 100n };

/** Φ(free) · 2 · T · 10,000, exactly: the value that a free buffer redeems, over one common denominator. */
function scaledWorth({ target, minBps, maxBps }: Line, free: bigint): bigint {
  const above = free > target ? free - target : 0n;
  const below = free - above;
  return (
    2n * target * above * (BPS + minBps) + 2n * target * (BPS + maxBps) * below - (maxBps - minBps) * below * below
  );
}

/** The least free buffer that is still worth at least what remains: found by bisection, without roots. */
function exactLeft(line: Line, free: bigint, value: bigint): bigint | undefined {
  const remaining = scaledWorth(line, free) - value * BPS * 2n * line.target;
  if (remaining < 0n) return undefined;
  let low = 0n;
  let high = free;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (scaledWorth(line, middle) >= remaining) high = middle;
    else low = middle + 1n;
  }
  return low;
}

function randomLine(random: Random): Line {
  const maxBps = random.between(0n, 500n);
  return { target: 1n + random.ofBits(90), minBps: random.between(0n, maxBps), maxBps };
}

describe("InstantFee", () => {
  const fixture = createFixture(async ({ l2 }) => ({ harness: await l2.deploy("TestInstantFee", []) }));
  let harness: ContractOf<"TestInstantFee">;
  beforeEach(async () => {
    ({ harness } = await fixture());
  });

  async function leftAfter(line: Line, free: bigint, value: bigint): Promise<bigint | undefined> {
    const [isEnough, left] = await harness.leftAfter(line, free, value);
    if (!isEnough) expect(left).to.equal(0n);
    return isEnough ? left : undefined;
  }

  it("takes the lower fee of what lies above the target", async () => {
    // 1001 wei of value cost 1 wei of fee at 0.1 %.
    expect(await leftAfter(start, parseEther("6001"), parseEther("1001"))).to.equal(parseEther("5001"));
  });

  it("takes on average the mean of both fees of a buffer emptied from the target", async () => {
    // (1 % + 0.1 %) / 2 of 5000 = 27.5
    expect(await harness.worth(start, parseEther("5000"))).to.equal(parseEther("5027.5"));
    expect(await leftAfter(start, parseEther("5000"), parseEther("5027.5"))).to.equal(0n);
  });

  it("says that a buffer does not suffice by one wei of value", async () => {
    expect(await leftAfter(start, parseEther("5000"), parseEther("5027.5") + 1n)).to.equal(undefined);
  });

  it("leaves the buffer as it is for a value of 0", async () => {
    const line = { target: 1_000_003n, minBps: 7n, maxBps: 500n };
    for (const free of [0n, 1n, 999_999n, 1_000_003n, 1_000_004n])
      expect(await leftAfter(line, free, 0n)).to.equal(free);
  });

  it("knows no slope with equal fees", async () => {
    const line = { target: parseEther("5000"), minBps: 25n, maxBps: 25n };
    expect(await leftAfter(line, parseEther("5000"), parseEther("401"))).to.equal(parseEther("4600"));
    expect(await harness.worth(line, parseEther("4000"))).to.equal(parseEther("4010"));
  });

  it("takes no fee where both ends are 0", async () => {
    const line = { target: parseEther("5000"), minBps: 0n, maxBps: 0n };
    expect(await leftAfter(line, parseEther("4321") + 1n, parseEther("4321"))).to.equal(1n);
    expect(await harness.worth(line, parseEther("4321"))).to.equal(parseEther("4321"));
  });

  for (const maxBps of [100n, 10n]) {
    describe(`with a target of 0 and fees of 10 to ${maxBps}`, () => {
      const line = { target: 0n, minBps: 10n, maxBps };

      it("takes the lower fee throughout", async () => {
        expect(await leftAfter(line, parseEther("3"), parseEther("1.001"))).to.equal(parseEther("2"));
        expect(await harness.worth(line, parseEther("3"))).to.equal(parseEther("3.003"));
      });

      it("empties the buffer for all that it is worth", async () => {
        expect(await leftAfter(line, parseEther("3"), parseEther("3.003"))).to.equal(0n);
      });

      it("says that a buffer does not suffice by one wei of value", async () => {
        expect(await leftAfter(line, parseEther("3"), parseEther("3.003") + 1n)).to.equal(undefined);
        expect(await leftAfter(line, 0n, 1n)).to.equal(undefined);
      });
    });
  }

  it("is within a wei of the exact line and never pays more than it", async () => {
    const random = seededRandom(20_251);
    for (let round = 0; round < 300; round++) {
      const line = randomLine(random);
      const free = random.below(line.target * 2n);
      const value = random.below((free * 11n) / 10n + 1n);
      const exact = exactLeft(line, free, value);
      const left = await leftAfter(line, free, value);
      if (exact === undefined) {
        expect(left).to.equal(undefined);
        continue;
      }
      expect(left).to.be.within(exact, exact + 1n);
      expect(left).to.be.at.most(free);
    }
  });

  it("never gains from being split, however it is split", async () => {
    const random = seededRandom(777);
    for (let round = 0; round < 60; round++) {
      const line = randomLine(random);
      const free = random.below(line.target * 2n) + 1n;
      const value = random.below(await harness.worth(line, free)) + 1n;
      const whole = await leftAfter(line, free, value);
      let left: bigint | undefined = free;
      let remaining = value;
      const parts = Number(random.between(2n, 6n));
      for (let part = 1; part <= parts && left !== undefined; part++) {
        const piece: bigint = part === parts ? remaining : random.below(remaining + 1n);
        left = await leftAfter(line, left, piece);
        remaining -= piece;
      }
      // What was rounded up on the way may leave the last part a wei short: then it gains nothing either.
      expect(left ?? free).to.be.at.least(whole);
      expect(left ?? free).to.be.at.most(left === undefined ? free : whole! + BigInt(parts));
    }
  });

  it("agrees with itself: all that a buffer is worth empties it to at most a wei, a wei more is too much", async () => {
    const random = seededRandom(31);
    for (let round = 0; round < 200; round++) {
      const line = randomLine(random);
      const free = random.below(line.target * 2n);
      const value = await harness.worth(line, free);
      expect(await leftAfter(line, free, value)).to.be.at.most(exactLeft(line, free, value)! + 1n);
      expect(await leftAfter(line, free, value + 1n)).to.equal(undefined);
    }
  });

  it("charges at least the lower and at most the higher fee", async () => {
    const random = seededRandom(5);
    for (let round = 0; round < 200; round++) {
      const line = randomLine(random);
      const free = random.below(line.target * 2n) + 2n;
      const value = random.below(await harness.worth(line, free)) + 1n;
      const paid = free - (await leftAfter(line, free, value))!;
      expect(paid * (BPS + line.minBps)).to.be.at.most(value * BPS);
      // Two wei of rounding.
      expect((paid + 2n) * (BPS + line.maxBps)).to.be.at.least(value * BPS);
    }
  });

  it("holds at the largest amounts there can be", async () => {
    const line = { target: 2n ** 96n - 1n, minBps: 0n, maxBps: 500n };
    const free = 2n ** 96n - 1n;
    const value = await harness.worth(line, free);
    expect(await leftAfter(line, free, value)).to.be.at.most(1n);
    expect(await leftAfter(line, 2n ** 88n - 1n, 2n ** 88n - 1n)).to.be.within(
      exactLeft(line, 2n ** 88n - 1n, 2n ** 88n - 1n)!,
      exactLeft(line, 2n ** 88n - 1n, 2n ** 88n - 1n)! + 1n,
    );
  });
});
