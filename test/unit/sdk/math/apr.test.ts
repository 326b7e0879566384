import { expect } from "chai";

import { AmountError } from "../../../../sdk/src/errors";
import { aprOf, apyOf, compoundDaily } from "../../../../sdk/src/math/apr";
import { seededRandom } from "../../../helpers/random";

const one = 10n ** 18n;
const year = 365n * 86_400n;

/** The exact APY of whole windows in a year, as a fraction, rounded down to 1e18. */
function exactApy(opening: bigint, closing: bigint, seconds: bigint): bigint {
  const [n, rest] = [year / seconds, year % seconds];
  const numerator = closing ** n * (opening * seconds + (closing - opening) * rest);
  const denominator = opening ** n * opening * seconds;
  return (numerator * one) / denominator - one;
}

describe("apr", function () {
  it("takes the growth of a window for a year's, without compounding", function () {
    expect(aprOf({ opening: 1_000n, closing: 1_001n, seconds: 86_400n })).to.equal(365n * 10n ** 15n);
  });

  it("is negative after a loss, and rounds towards zero", function () {
    expect(aprOf({ opening: 3n * one, closing: 2n * one, seconds: year })).to.equal(-333_333_333_333_333_333n);
  });

  it("compounds as exact fractions do, and is never a unit above them", function () {
    const random = seededRandom(77_001);
    for (let round = 0; round < 60; round++) {
      const opening = random.between(one / 2n, 2n * one);
      const closing = opening + random.between(-opening / 500n, opening / 300n);
      const seconds = random.between(20_000n, 3n * year);
      const below = exactApy(opening, closing, seconds) - apyOf({ opening, closing, seconds });
      expect(below === 0n || below === 1n, `${opening} ${closing} ${seconds} ${below}`).to.equal(true);
    }
  });

  it("compounds nothing in a window of a year", function () {
    const growth = { opening: one, closing: (one * 21n) / 20n, seconds: year };
    expect([apyOf(growth), aprOf(growth)]).to.deep.equal([one / 20n, one / 20n]);
  });

  it("compounds an APR 365 times", function () {
    expect(compoundDaily(5n * 10n ** 16n)).to.equal(exactApy(365n * one, 365n * one + 5n * 10n ** 16n, 86_400n));
    expect(compoundDaily(0n)).to.equal(0n);
  });

  it("loses all when the price went to nothing", function () {
    expect(apyOf({ opening: one, closing: 0n, seconds: 86_400n })).to.equal(-one);
  });

  it("refuses a window of less than an hour, and a price of nothing to grow from", function () {
    expect(() => aprOf({ opening: one, closing: one, seconds: 3_599n }))
      .to.throw(AmountError)
      .that.includes({ parameter: "seconds", amount: 3_599n });
    expect(() => apyOf({ opening: 0n, closing: one, seconds: 3_600n }))
      .to.throw(AmountError)
      .that.includes({ parameter: "opening", amount: 0n });
  });
});
