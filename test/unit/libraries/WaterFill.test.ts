import { expect } from "chai";

import { createFixture } from "../../helpers/chains";
import { seededRandom } from "../../helpers/random";

const minLock = 20n;

describe("WaterFill", () => {
  const fixture = createFixture(async ({ l1 }) => ({ library: await l1.deploy("TestWaterFill", []) }));

  for (const [claim, levels, ceilings, assets, shares] of [
    ["gives nothing without vaults", [], [], 7n, []],
    ["gives nothing of nothing", [30n, 40n], [100n, 100n], 0n, [0n, 0n]],
    ["fills the lowest alone up to the next", [30n, 40n], [100n, 100n], 9n, [9n, 0n]],
    ["raises equals together", [30n, 40n], [100n, 100n], 16n, [13n, 3n]],
    ["goes on above a ceiling with the others", [30n, 40n], [35n, 100n], 16n, [5n, 11n]],
    ["keeps what nobody can take", [30n, 40n], [35n, 45n], 16n, [5n, 5n]],
    ["keeps less than a wei a vault", [30n, 30n, 30n], [100n, 100n, 100n], 5n, [1n, 1n, 1n]],
    ["brings started vaults to minLock first, in order", [30n, 12n, 15n], [100n, 100n, 100n], 10n, [0n, 8n, 2n]],
    ["opens a vault only with minLock", [30n, 0n], [100n, 100n], 19n, [19n, 0n]],
    ["opens a vault before others grow", [30n, 0n], [100n, 100n], 20n, [0n, 20n]],
    ["opens as many as minLock is there for", [0n, 0n, 0n], [100n, 100n, 100n], 59n, [29n, 29n, 0n]],
    ["opens none below its ceiling's reach", [0n, 30n], [19n, 100n], 20n, [0n, 20n]],
    ["leaves out whoever has no ceiling", [30n, 0n], [0n, 0n], 50n, [0n, 0n]],
    ["leaves vaults above their ceiling alone", [50n, 60n], [40n, 70n], 50n, [0n, 10n]],
  ] as const) {
    it(claim, async () => {
      const { library } = await fixture();
      expect(await library.plan([...levels], [...ceilings], minLock, assets)).to.deep.equal(shares);
    });
  }

  it("gives whole vaults their shares, spends all that fits, and never leaves a lower vault behind", async () => {
    const { library } = await fixture();
    const random = seededRandom(4_242);
    for (let round = 0; round < 150; round++) {
      const count = Number(random.below(8n));
      const levels = Array.from({ length: count }, () => (random.below(3n) === 0n ? 0n : random.below(120n)));
      const ceilings = Array.from({ length: count }, () => random.below(140n));
      const assets = random.below(400n);
      const shares = [...(await library.plan([...levels], [...ceilings], minLock, assets))];

      const total = shares.reduce((sum, share) => sum + share, 0n);
      const label = JSON.stringify({ levels, ceilings, assets, shares }, (_, value: unknown) => String(value));
      expect(total, label).to.be.at.most(assets);
      const reached = levels.map((level, i) => level + shares[i]!);
      const hasRoom = reached.map((level, i) => (levels[i] !== 0n || level !== 0n) && level < ceilings[i]!);
      const open = hasRoom.filter(Boolean).length;
      if (open > 0) expect(assets - total, label).to.be.lessThan(BigInt(open));
      shares.forEach((share, i) => {
        if (share === 0n) return;
        expect(reached[i], label).to.be.at.most(ceilings[i]);
        if (levels[i] === 0n) expect(share, label).to.be.at.least(minLock);
        const floor = levels[i]! < minLock ? minLock : 0n;
        const behind = reached.filter((level, j) => hasRoom[j]! && level + 1n < reached[i]! && reached[i]! > floor);
        expect(behind, label).to.deep.equal([]);
      });
    }
  });
});
