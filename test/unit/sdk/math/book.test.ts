import { expect } from "chai";

import {
  attribute,
  bookArrival,
  bookL1Mint,
  bookSending,
  bookedAssets,
  elsewhereFromLines,
  emptyBook,
  finalisationCutoff,
  inbound,
  replaceReport,
} from "../../../../sdk/src/math/book";
import { seededRandom } from "../../../helpers/random";

const DAY = 86_400n;
const now = 2_000_000n;

const report = {
  takenAt: 1_900_000n,
  readAt: 1_800_000n,
  l1Assets: 5_009n,
  receivedFromL2: 1_709n,
  sentToL2: 401n,
  l1Deposits: 601n,
  withdrawable: 3n * 10n ** 18n - 1n,
};

describe("book", () => {
  it("keeps its sum where METIS arrives or is sent up", () => {
    const book = { ...emptyBook, buffer: 101n, elsewhere: 7n };
    const moved = bookSending(bookArrival(book, 50n), 120n, now);
    expect([moved.buffer, bookedAssets(moved), moved.lastSentAt]).to.deep.equal([31n, 108n, now]);
  });

  it("floors the sum at 0, not its lines", () => {
    expect([
      bookedAssets({ ...emptyBook, buffer: 5n, elsewhere: -7n }),
      inbound({ ...emptyBook, receivedFromL1: 4n }),
    ]).to.deep.equal([0n, -4n]);
  });

  it("takes a report over, whole METIS of what can leave, and the later time at which all was read", () => {
    const book = { ...emptyBook, reportReadAt: 1_850_000n };
    const replaced = replaceReport(book, 9n, report, now);
    expect({ ...replaced, elsewhere: 0n }).to.deep.equal({
      ...emptyBook,
      reportNumber: 9n,
      reportTakenAt: 1_900_000n,
      reportReadAt: 1_850_000n,
      reportAppliedAt: now,
      l1Assets: 5_009n,
      withdrawable: 2n,
      receivedFromL2: 1_709n,
      sentToL2: 401n,
      l1Deposits: 601n,
    });
  });

  it("counts upwards what exceeds everything ever sent, once", () => {
    const book = replaceReport({ ...emptyBook, sentToL1: 1_700n }, 1n, report, now);
    const once = attribute(book, now);
    expect([once.attributedUp, attribute(once, now + 1n).attributedUp]).to.deep.equal([9n, 9n]);
  });

  it("counts downwards what a snapshot held, by a report read more than 3 days after it", () => {
    const snapshotAt = report.readAt - 3n * DAY;
    const book = { ...replaceReport(emptyBook, 1n, report, now), snapshotReceived: 431n, receivedFromL1: 500n };
    const early = attribute({ ...book, snapshotAt }, now);
    const late = attribute({ ...book, snapshotAt: snapshotAt - 1n }, now);
    expect([early.attributedDown, early.snapshotReceived]).to.deep.equal([0n, 431n]);
    expect([late.attributedDown, late.snapshotReceived, late.snapshotAt]).to.deep.equal([30n, 500n, now]);
  });

  it("lets tickets through that are 6 hours older than the news of the vaults, or 7 days old", () => {
    const book = { ...emptyBook, reportReadAt: now - 2n * DAY };
    expect(finalisationCutoff(book, now)).to.equal(now - 2n * DAY - 21_600n);
    expect(finalisationCutoff(book, now + 20n * DAY)).to.equal(now + 13n * DAY);
  });

  it("has in `elsewhere` what its lines add up to, whatever happens", () => {
    const random = seededRandom(5);
    let book = emptyBook;
    let told = { ...report, receivedFromL2: 0n, sentToL2: 0n, l1Deposits: 0n };
    for (let step = 0n; step < 2_000n; step++) {
      const assets = random.ofBits(60);
      const kind = random.below(4n);
      if (kind === 0n) book = bookArrival(book, assets);
      if (kind === 1n) book = bookSending(book, assets, now + step);
      if (kind === 2n) book = bookL1Mint(book, assets);
      told = { ...told, readAt: now + step * 4_000n, l1Assets: random.ofBits(60) - random.ofBits(50) };
      told = { ...told, receivedFromL2: told.receivedFromL2 + random.ofBits(58), sentToL2: told.sentToL2 + assets };
      if (kind === 3n) book = attribute(replaceReport(book, step, told, now + step * 4_000n), now + step * 4_000n);
      expect(book.elsewhere).to.equal(elsewhereFromLines(book));
    }
  });
});
