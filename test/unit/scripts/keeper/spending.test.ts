import { expect } from "chai";

import { sumOfExpenses } from "../../../../scripts/lib/keeper/spending";

const now = 1_800_000_000n;
const expense = (hash: string, cost: bigint, at = now) => ({ side: "l1", hash, cost, at }) as const;

describe("sumOfExpenses", () => {
  it("adds what only this process knows to what is found on the chain, each transaction once", () => {
    const found = [expense("0x1", 5n), expense("0x2", 7n)];
    expect(sumOfExpenses("l1", found, [expense("0x2", 7n), expense("0x3", 11n)], now)).to.equal(23n);
  });

  it("forgets what this process paid a day ago", () => {
    expect(sumOfExpenses("l1", [], [expense("0x1", 5n, now - 86_400n)], now)).to.equal(0n);
    expect(sumOfExpenses("l1", [], [expense("0x1", 5n, now - 86_399n)], now)).to.equal(5n);
  });

  it("keeps the chains apart", () => {
    expect(sumOfExpenses("l2", [expense("0x1", 5n)], [expense("0x2", 5n)], now)).to.equal(0n);
  });
});
