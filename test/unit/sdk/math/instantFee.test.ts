import { expect } from "chai";

import { instantPayout, instantPotential, maxInstantValue, potentialScale } from "../../../../sdk/src/math/instantFee";
import { createRandom } from "../../../model/random";

const METIS = 10n ** 18n;
const fee = { target: 5_003n * METIS, minInstantFeeBps: 10n, maxInstantFeeBps: 100n };

describe("instantFee", () => {
  it("takes the least fee far above the target", () => {
    expect(instantPayout(1_001n * METIS, 50_000n * METIS, fee)).to.equal(METIS * 1_000n);
  });

  it("takes half of the way between both ends from the target to an empty buffer", () => {
    const value = maxInstantValue(fee.target, fee);
    expect(value).to.equal((fee.target * 10_055n) / 10_000n);
    expect(instantPayout(value, fee.target, fee)).to.equal(fee.target);
  });

  it("refuses one wei more than the buffer can serve", () => {
    expect(instantPayout(maxInstantValue(fee.target, fee) + 1n, fee.target, fee)).to.equal(undefined);
  });

  it("pays the same flat fee everywhere without a target or a slope", () => {
    const flat = { ...fee, maxInstantFeeBps: 10n };
    expect(instantPayout(1_001n, 9_999n, { ...fee, target: 0n })).to.equal(1_000n);
    expect(instantPayout(1_001n, 9_999n, flat)).to.equal(1_000n);
  });

  it("keeps at least the potential that is due", () => {
    for (const { free, value } of samples(2_000)) {
      const left = free - (instantPayout(value, free, fee) ?? 0n);
      expect(instantPotential(left, fee) >= instantPotential(free, fee) - value * potentialScale(fee)).to.equal(true);
    }
  });

  it("gives nothing for splitting, and takes two wei for it at most", () => {
    for (const { free, value, part } of samples(2_000)) {
      const whole = instantPayout(value, free, fee) ?? 0n;
      const first = instantPayout(part, free, fee) ?? 0n;
      const second = instantPayout(value - part, free - first, fee) ?? 0n;
      expect(whole - first - second >= 0n && whole - first - second <= 2n).to.equal(true);
    }
  });
});

/** Redemptions that the free buffer can serve, on both sides of the target. */
function samples(count: number): readonly { readonly free: bigint; readonly value: bigint; readonly part: bigint }[] {
  const random = createRandom(11);
  return Array.from({ length: count }, () => {
    const free = random.share(3n * fee.target);
    const value = random.share(maxInstantValue(free, fee));
    return { free, value, part: random.share(value) };
  });
}
