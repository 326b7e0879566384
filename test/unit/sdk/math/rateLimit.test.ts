import { expect } from "chai";

import { available, take } from "../../../../sdk/src/math/rateLimit";

describe("rateLimit", () => {
  const emptied = { used: 86_400n, usedAt: 1_000_000n };

  it("is full before its first use", () => {
    expect(available({ used: 0n, usedAt: 0n }, 77n, 5n)).to.equal(77n);
  });

  it("refills evenly within a day, rounding down", () => {
    expect(available(emptied, 86_400n, 1_000_007n)).to.equal(7n);
    expect(available({ used: 100n, usedAt: 0n }, 100n, 1_727n)).to.equal(1n);
    expect(available(emptied, 86_400n, 1_086_400n)).to.equal(86_400n);
  });

  it("refills nothing when the clock goes back, and keeps the later time", () => {
    expect(available(emptied, 86_401n, 999_999n)).to.equal(1n);
    expect(take(emptied, 86_401n, 1n, 999_999n)).to.deep.equal({ used: 86_401n, usedAt: 1_000_000n });
  });

  it("gives nothing while a lowered limit is exceeded", () => {
    expect(available(emptied, 1_000n, 1_000_001n)).to.equal(0n);
  });
});
