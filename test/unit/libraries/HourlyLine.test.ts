import { expect } from "chai";

import { type Chain, createFixture } from "../../helpers/chains";
import { itMeasuresGas } from "../../helpers/gas";
import { HOUR, gasOf } from "../../helpers/queue";
import { seededRandom } from "../../helpers/random";

describe("HourlyLine", () => {
  const fixture = createFixture(async ({ l2 }) => {
    const firstHour = Math.floor((await l2.now()) / HOUR) + 2;
    await l2.setNextBlockTimestamp(firstHour * HOUR);
    const line = await l2.deploy("TestHourlyLine", []);
    /** Lets the line grow to `end`, `hours` after it began. */
    const growAt = async (hours: number, end: bigint) => {
      await toHour(l2, firstHour + hours);
      return line.growTo(end);
    };
    /** Where the line is said to have ended when `hours` hours after its beginning had passed. */
    const endAfter = (hours: number, seconds = 0) => line.endAt((firstHour + hours) * HOUR + seconds);
    return { l2, line, growAt, endAfter };
  });

  it("counts nothing of an hour before its end, and all of it from then on", async () => {
    const { growAt, endAfter } = await fixture();
    await growAt(3, 17n);
    expect([await endAfter(3), await endAfter(4, -1), await endAfter(4)]).to.deep.equal([0n, 0n, 17n]);
  });

  it("counts nothing before the line began", async () => {
    const { growAt, endAfter } = await fixture();
    await growAt(0, 5n);
    await growAt(2, 9n);
    expect([await endAfter(-1), await endAfter(0), await endAfter(1)]).to.deep.equal([0n, 0n, 5n]);
  });

  it("takes all growth of one hour together", async () => {
    const { growAt, endAfter } = await fixture();
    await growAt(1, 3n);
    await growAt(1, 8n);
    await growAt(2, 11n);
    expect([await endAfter(1), await endAfter(2), await endAfter(3)]).to.deep.equal([0n, 8n, 11n]);
  });

  it("keeps the end through hours without growth, however many", async () => {
    const { growAt, endAfter } = await fixture();
    await growAt(1, 3n);
    await growAt(2_000, 8n);
    expect([await endAfter(1_990), await endAfter(2_000), await endAfter(2_001)]).to.deep.equal([3n, 3n, 8n]);
  });

  it("looks back 255 hours from the last growth and no further", async () => {
    const { growAt, endAfter } = await fixture();
    await growAt(1, 3n);
    await growAt(300, 8n);
    expect([await endAfter(44), await endAfter(45)]).to.deep.equal([0n, 3n]);
  });

  it("counts growth from later hours when the clock went back", async () => {
    const { line, growAt, endAfter } = await fixture();
    await growAt(1, 3n);
    await line.advance(10);
    await growAt(2, 7n);
    expect([await endAfter(11), await endAfter(12)]).to.deep.equal([0n, 7n]);
  });

  for (const seed of [1, 2]) {
    it(`knows the end after each of the last 255 hours of a random past (seed ${seed})`, async () => {
      const { growAt, endAfter } = await fixture();
      const random = seededRandom(seed);
      const ends: bigint[] = [];
      let [hour, end] = [0, 0n];
      for (let round = 0; round < 330; round++) {
        const idle = random.pick([0, 0, 1, 1, 1, 2, Number(random.below(seed === 1 ? 9n : 2n))]);
        for (let skipped = 0; skipped < idle; skipped++) ends[hour++] = end;
        end += random.between(1n, 10n ** 20n);
        await growAt(hour, end);
      }
      ends[hour] = end;
      const first = hour - 254;
      const answers = await Promise.all(ends.slice(first).map((_, index) => endAfter(first + index + 1)));
      expect(answers).to.deep.equal(ends.slice(first));
    });
  }

  itMeasuresGas(
    "never costs more to grow in a new hour than the first time, in whatever round of the ring",
    async () => {
      const { growAt } = await fixture();
      const costs: number[] = [];
      for (let hour = 1; hour <= 520; hour++) {
        // Ends of one length, so that calldata costs the same but for a few bytes.
        costs.push(await gasOf(growAt(hour, 2n ** 90n + 2n ** 80n * BigInt(hour))));
      }
      expect(Math.max(...costs)).to.be.at.most(costs[1]! + 100);
    },
  );

  it("refuses an end that does not fit into 96 bits", async () => {
    const { line } = await fixture();
    await expect(line.growTo(2n ** 96n))
      .to.be.revertedWithCustomError(line, "SafeCastOverflowedUintDowncast")
      .withArgs(96, 2n ** 96n);
  });
});

async function toHour(l2: Chain, hour: number): Promise<void> {
  const next = Math.max(hour * HOUR, await l2.now());
  await l2.setNextBlockTimestamp(next);
}
