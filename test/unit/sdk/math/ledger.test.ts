import { expect } from "chai";

import {
  CLOCK_MARGIN,
  attributeDown,
  attributeUp,
  isJudgedBy,
  ledgerSum,
  reportRefusal,
  totalAssets,
  unbackedL1Mints,
} from "../../../../sdk/src/math/ledger";

const counters = {
  buffer: 101n,
  sentToL1: 2_003n,
  attributedUp: 7n,
  receivedFromL1: 307n,
  attributedDown: 11n,
  mintedForL1: 503n,
};
const report = { takenAt: 1_000_000n, l1Assets: 5_009n, receivedFromL2: 1_709n, sentToL2: 401n, l1Deposits: 601n };

describe("ledger", () => {
  it("adds every line up with its sign", () => {
    expect(ledgerSum(counters, report)).to.equal(101n + 301n + 5_009n + 105n - 98n);
  });

  it("floors the sum, not the lines, at 0", () => {
    expect(totalAssets({ ...counters, buffer: 0n }, { ...report, l1Assets: 0n, sentToL2: 0n })).to.equal(0n);
    expect(totalAssets(counters, { ...report, sentToL2: 0n })).to.equal(101n + 301n + 5_009n - 296n - 98n);
  });

  it("attributes upwards only what exceeds everything ever sent, and once", () => {
    expect(attributeUp(counters, report)).to.equal(7n);
    expect(attributeUp(counters, { ...report, receivedFromL2: 2_020n })).to.equal(17n);
  });

  it("attributes downwards what a snapshot holds beyond all that was ever sent", () => {
    const snapshot = { receivedFromL1: 430n, takenAt: 0n };
    expect(attributeDown(counters, snapshot, report)).to.equal(29n);
    expect(attributeDown(counters, { ...snapshot, receivedFromL1: 409n }, report)).to.equal(11n);
  });

  it("judges a snapshot by a report taken more than 3 days after it", () => {
    const snapshot = { receivedFromL1: 1n, takenAt: 500n };
    expect(isJudgedBy(snapshot, 500n + CLOCK_MARGIN)).to.equal(false);
    expect(isJudgedBy(snapshot, 501n + CLOCK_MARGIN)).to.equal(true);
  });

  it("refuses reports from the future, older ones, and counters that fell", () => {
    const now = 1_000_000n;
    expect([
      reportRefusal(report, { ...report, takenAt: now + CLOCK_MARGIN }, now),
      reportRefusal(report, { ...report, takenAt: now + CLOCK_MARGIN + 1n }, now),
      reportRefusal(report, { ...report, takenAt: report.takenAt - 1n }, now),
      reportRefusal(report, { ...report, receivedFromL2: 1_708n }, now),
      reportRefusal(report, { ...report, sentToL2: 400n }, now),
      reportRefusal(report, { ...report, l1Deposits: 600n }, now),
      reportRefusal(report, { ...report, l1Assets: 0n }, now),
    ]).to.deep.equal([undefined, "fromTheFuture", "tooOld", "counterFell", "counterFell", "counterFell", undefined]);
  });

  it("names mints beyond both what was reported and what was announced", () => {
    expect(unbackedL1Mints(counters, report, 0n)).to.equal(0n);
    expect(unbackedL1Mints({ ...counters, mintedForL1: 640n }, report, 0n)).to.equal(39n);
    expect(unbackedL1Mints({ ...counters, mintedForL1: 640n }, report, 635n)).to.equal(5n);
  });
});
