import { expect } from "chai";

import { beginLine, endAt, growTo } from "../../../../sdk/src/math/hourlyLine";
import { createFixture } from "../../../helpers/chains";
import { seededRandom } from "../../../helpers/random";

const HOUR = 3_600n;

describe("hourlyLine", () => {
  const fixture = createFixture(async ({ l2 }) => {
    const contract = await l2.deploy("TestHourlyLine", []);
    return { l2, contract, begun: BigInt(await l2.now()) };
  });

  it("counts what grew in an hour from the end of that hour on", () => {
    const line = growTo(beginLine(10n * HOUR), 5n, 10n * HOUR + 1n);
    expect([endAt(line, 11n * HOUR - 1n), endAt(line, 11n * HOUR)]).to.deep.equal([0n, 5n]);
  });

  it("finds where the line ended before hours without growth", () => {
    const line = growTo(growTo(beginLine(10n * HOUR), 5n, 10n * HOUR), 9n, 40n * HOUR);
    expect([endAt(line, 39n * HOUR), endAt(line, 41n * HOUR)]).to.deep.equal([5n, 9n]);
  });

  it("knows nothing of 256 hours and more before the last growth", () => {
    const line = growTo(growTo(beginLine(HOUR), 5n, HOUR), 9n, 1_000n * HOUR);
    expect([endAt(line, 744n * HOUR), endAt(line, 745n * HOUR)]).to.deep.equal([0n, 5n]);
  });

  it("keeps the hour where the clock goes back", () => {
    const line = growTo(growTo(beginLine(9n * HOUR), 5n, 9n * HOUR), 8n, 7n * HOUR);
    expect([line.hour, endAt(line, 9n * HOUR), endAt(line, 10n * HOUR)]).to.deep.equal([9n, 0n, 8n]);
  });

  it("remembers no more than 256 hours with growth", () => {
    let line = beginLine(0n);
    for (let hour = 1n; hour < 300n; hour++) line = growTo(line, hour, hour * HOUR);
    expect([line.past.length, line.past[0]]).to.deep.equal([256, { hour: 43n, end: 43n }]);
  });

  it("is the contract's over a long life, at each moment asked for", async () => {
    const { l2, contract, begun } = await fixture();
    const random = seededRandom(31);
    let now = begun;
    let line = beginLine(begun);
    for (let growth = 0; growth < 420; growth++) {
      now += random.pick([1n, 600n, HOUR, HOUR, 2n * HOUR, random.below(30n * HOUR)]);
      const end = line.end + random.below(10n ** 20n) + 1n;
      await l2.setNextBlockTimestamp(Number(now));
      await contract.growTo(end);
      line = growTo(line, end, now);
      const asked = now + HOUR - random.below(random.pick([3n, 40n, 300n]) * HOUR);
      expect(endAt(line, asked)).to.equal(await contract.endAt(asked));
    }
  });
});
