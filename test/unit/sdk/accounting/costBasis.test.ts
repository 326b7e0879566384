import { expect } from "chai";

import { type CostMethod, type Trade, costBasis, unrealised } from "../../../../sdk/src/accounting/costBasis";
import { AmountError, ParameterError } from "../../../../sdk/src/errors";
import { seededRandom } from "../../../helpers/random";

const acquired = (time: bigint, units: bigint, money: bigint): Trade => ({ type: "acquired", time, units, money });
const disposed = (time: bigint, units: bigint, money: bigint): Trade => ({ type: "disposed", time, units, money });

const purchases = [acquired(1n, 7n, 70n), acquired(2n, 5n, 101n), acquired(3n, 11n, 99n)];

describe("costBasis", function () {
  it("gives up the oldest lots first under FIFO, and keeps the rest of the one it cuts", function () {
    const { disposals, lots, realised } = costBasis([...purchases, disposed(4n, 9n, 200n)], "fifo");
    expect(disposals).to.deep.equal([
      {
        ...{ time: 4n, units: 9n, proceeds: 200n, cost: 110n, gain: 90n },
        lots: [
          { acquiredAt: 1n, units: 7n, cost: 70n },
          { acquiredAt: 2n, units: 2n, cost: 40n },
        ],
      },
    ]);
    expect(lots).to.deep.equal([
      { acquiredAt: 2n, units: 3n, cost: 61n },
      { acquiredAt: 3n, units: 11n, cost: 99n },
    ]);
    expect(realised).to.equal(90n);
  });

  it("gives up the newest lots first under LIFO", function () {
    const { disposals } = costBasis([...purchases, disposed(4n, 12n, 0n)], "lifo");
    expect(disposals[0]?.lots).to.deep.equal([
      { acquiredAt: 3n, units: 11n, cost: 99n },
      { acquiredAt: 2n, units: 1n, cost: 20n },
    ]);
  });

  it("gives up the lots that are dearest by the unit first under HIFO", function () {
    const { disposals } = costBasis([...purchases, disposed(4n, 13n, 0n)], "hifo");
    expect(disposals[0]?.lots).to.deep.equal([
      { acquiredAt: 2n, units: 5n, cost: 101n },
      { acquiredAt: 1n, units: 7n, cost: 70n },
      { acquiredAt: 3n, units: 1n, cost: 9n },
    ]);
  });

  it("gives up the average cost, rounded down, under average", function () {
    const { disposals, lots } = costBasis([...purchases, disposed(4n, 10n, 300n)], "average");
    expect(disposals[0]).to.include({ cost: 117n, gain: 183n });
    expect(lots).to.deep.equal([{ acquiredAt: 1n, units: 13n, cost: 153n }]);
  });

  it("compares lots by the unit without dividing", function () {
    const trades = [acquired(1n, 3n, 10n), acquired(2n, 300_000_001n, 1_000_000_004n), disposed(3n, 1n, 0n)];
    expect(costBasis(trades, "hifo").disposals[0]?.lots[0]?.acquiredAt).to.equal(2n);
  });

  for (const method of ["fifo", "lifo", "hifo", "average"] satisfies readonly CostMethod[]) {
    it(`adds the costs of all parts up to all that was paid, whatever is sold, under ${method}`, function () {
      const random = seededRandom(7);
      let held = 0n;
      const trades = Array.from({ length: 300 }, (_, index) => {
        const units = random.below(3n) === 0n ? random.below(held + 1n) : random.ofBits(90);
        const isSale = units <= held && random.below(2n) === 0n;
        held += isSale ? -units : units;
        return {
          type: isSale ? "disposed" : "acquired",
          time: BigInt(index),
          units,
          money: random.ofBits(70),
        } as const;
      });
      const { disposals, lots, realised } = costBasis(trades, method);
      const sum = (numbers: readonly bigint[]) => numbers.reduce((total, number) => total + number, 0n);
      const paid = sum(trades.filter(({ type }) => type === "acquired").map(({ money }) => money));
      const proceeds = sum(trades.filter(({ type }) => type === "disposed").map(({ money }) => money));
      const given = sum(disposals.map(({ cost }) => cost));
      expect(disposals.length).to.be.greaterThan(50);
      expect(given + sum(lots.map(({ cost }) => cost))).to.equal(paid);
      expect(sum(lots.map(({ units }) => units))).to.equal(held);
      expect(realised).to.equal(proceeds - given);
      for (const { lots: parts, units, cost } of disposals) {
        expect([sum(parts.map((part) => part.units)), sum(parts.map((part) => part.cost))]).to.deep.equal([
          units,
          cost,
        ]);
      }
      expect(unrealised(lots, 5n)).to.equal(5n - (paid - given));
    });
  }

  it("goes on with the rest of a lot before others of the same second under FIFO", function () {
    const same = [acquired(1n, 10n, 0n), acquired(1n, 10n, 100n)];
    const { disposals } = costBasis([...same, disposed(2n, 5n, 0n), disposed(3n, 5n, 0n)], "fifo");
    expect(disposals.map(({ cost }) => cost)).to.deep.equal([0n, 0n]);
  });

  it("finds the dearest lot where another one is of nothing", function () {
    const trades = [acquired(1n, 1n, 1n), acquired(2n, 0n, 0n), acquired(3n, 1n, 5n), disposed(4n, 1n, 9n)];
    expect(costBasis(trades, "hifo").disposals[0]).to.include({ cost: 5n, gain: 4n });
  });

  it("refuses to dispose of more than is held, and says how much that is", function () {
    expect(() => costBasis([...purchases, disposed(4n, 24n, 0n)], "fifo")).to.throw(ParameterError, "at most the 23");
  });

  it("refuses trades that go back in time", function () {
    expect(() => costBasis([acquired(5n, 1n, 1n), acquired(4n, 1n, 1n)], "lifo")).to.throw(
      ParameterError,
      "order of time",
    );
  });

  it("refuses negative numbers", function () {
    expect(() => costBasis([acquired(5n, -1n, 1n)], "lifo")).to.throw(AmountError, "units is -1");
  });
});
