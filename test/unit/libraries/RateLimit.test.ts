import { expect } from "chai";
import { parseEther } from "ethers";

import { type ContractOf, createFixture } from "../../helpers/chains";
import { seededRandom } from "../../helpers/random";

interface Bucket {
  readonly used: bigint;
  readonly usedAt: bigint;
}

const DAY = 86_400n;
const limit = parseEther("50000");
const now = 1_800_000_000n;
const full: Bucket = { used: 0n, usedAt: 0n };

describe("RateLimit", () => {
  const fixture = createFixture(async ({ l2 }) => ({ harness: await l2.deploy("TestRateLimit", []) }));
  let harness: ContractOf<"TestRateLimit">;
  beforeEach(async () => {
    ({ harness } = await fixture());
  });

  async function take(bucket: Bucket, assets: bigint, time: bigint): Promise<Bucket> {
    const [used, usedAt] = await harness.take(bucket, limit, assets, time);
    return { used, usedAt };
  }

  it("is full before it is used", async () => {
    expect(await harness.available(full, limit, now)).to.equal(limit);
  });

  it("gives only what is left within the same second", async () => {
    const bucket = await take(full, parseEther("49999"), now);
    expect(await harness.available(bucket, limit, now)).to.equal(parseEther("1"));
  });

  it("refills evenly", async () => {
    const bucket = await take(full, limit, now);
    expect(await harness.available(bucket, limit, now + 1n)).to.equal(limit / DAY);
    expect(await harness.available(bucket, limit, now + DAY / 2n)).to.equal(limit / 2n);
  });

  it("is full again after a day, and no fuller after a year", async () => {
    const bucket = await take(full, limit, now);
    expect(await harness.available(bucket, limit, now + DAY - 1n)).to.equal((limit * (DAY - 1n)) / DAY);
    expect(await harness.available(bucket, limit, now + DAY)).to.equal(limit);
    expect(await harness.available(bucket, limit, now + 365n * DAY)).to.equal(limit);
  });

  it("refills nothing when the clock goes back, and does not empty", async () => {
    const bucket = await take(full, parseEther("20000"), now);
    expect(await harness.available(bucket, limit, now - DAY)).to.equal(parseEther("30000"));
    const next = await take(bucket, parseEther("1"), now - DAY);
    expect(next).to.deep.equal({ used: parseEther("20001"), usedAt: now });
  });

  it("gives nothing while more is used than a lowered limit", async () => {
    const bucket = await take(full, parseEther("40000"), now);
    const lowered = parseEther("86.4");
    expect(await harness.available(bucket, lowered, now)).to.equal(0n);
    expect(await harness.available(bucket, lowered, now + DAY - 1n)).to.equal(0n);
    expect(await harness.available(bucket, lowered, now + DAY)).to.equal(lowered);
  });

  it("gives at once what a raised limit adds", async () => {
    const bucket = await take(full, limit, now);
    expect(await harness.available(bucket, limit * 2n, now)).to.equal(limit);
  });

  it("gives nothing at a limit of 0", async () => {
    expect(await harness.available(full, 0n, now)).to.equal(0n);
  });

  it("never gives more than twice the limit within a day, however it is used", async () => {
    const random = seededRandom(99);
    for (let round = 0; round < 10; round++) {
      let bucket = full;
      let time = now;
      let taken = 0n;
      while (time < now + DAY) {
        const available = await harness.available(bucket, limit, time);
        const assets = random.below(available + 1n);
        bucket = await take(bucket, assets, time);
        taken += assets;
        // The clock goes back now and then.
        time += random.between(-600n, 9_000n);
      }
      expect(taken)
        .to.be.above(limit / 2n)
        .and.at.most(2n * limit);
    }
  });
});
