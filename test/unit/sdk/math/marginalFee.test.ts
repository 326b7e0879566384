import { expect } from "chai";

import { marginalFee } from "../../../../sdk/src/math/marginalFee";

const bps = 10n ** 14n;

describe("marginalFee", function () {
  const line = { target: 900n, minInstantFeeBps: 10n, maxInstantFeeBps: 100n };

  it("falls on a line from the most at an empty buffer to the least at the target", function () {
    expect([0n, 300n, 899n, 900n, 901n].map((free) => marginalFee(free, line))).to.deep.equal([
      100n * bps,
      70n * bps,
      10n * bps + bps / 10n,
      10n * bps,
      10n * bps,
    ]);
  });

  it("rounds up", function () {
    expect(marginalFee(1n, { ...line, target: 7n })).to.equal((610n * bps) / 7n + 1n);
  });

  it("is the least everywhere when there is no target", function () {
    expect(marginalFee(0n, { ...line, target: 0n })).to.equal(10n * bps);
  });
});
