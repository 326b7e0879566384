import { expect } from "chai";

import { costBasis } from "../../../../sdk/src/accounting/costBasis";
import { exportCsv, parseCsv } from "../../../../sdk/src/accounting/exportCsv";
import { exportJson, parseJson } from "../../../../sdk/src/accounting/exportJson";
import { noLines } from "../../../../sdk/src/accounting/lines";
import type { Row } from "../../../../sdk/src/accounting/rows";
import { columns } from "../../../../sdk/src/accounting/statement";
import { tradesOf } from "../../../../sdk/src/accounting/tradesOf";
import { StatementError } from "../../../../sdk/src/errors";

const account = "0x52908400098527886E0F7030069857D2E4169EE7";
const huge = 2n ** 96n + 1n;
const lines = { ...noLines(), deposits: huge, rewards: 17n, rounding: -1n };
const rows: readonly Row[] = [
  {
    ...{ type: "event", side: "l2", blockNumber: 7, transactionHash: `0x${"ab".repeat(32)}` },
    events: ["deposited", "eMetisMoved"],
    ...{ from: 5n, to: 9n, opening: 3n, ...lines, closing: huge + 19n, protocolFee: 2n },
  },
  { type: "report", number: 4n, from: 9n, to: 10n, opening: 0n, ...noLines(), closing: 0n, protocolFee: 0n },
  { type: "day", date: "2026-11-22", from: 9n, to: 10n, opening: 0n, ...noLines(), closing: 0n, protocolFee: 0n },
  { type: "period", from: 9n, to: 10n, opening: 5n, ...noLines(), claims: -5n, closing: 0n, protocolFee: 0n },
];

describe("exportCsv", function () {
  it("is read back to the same rows, to the wei", function () {
    expect(parseCsv(exportCsv({ account, rows }))).to.deep.equal({ account, rows });
  });

  it("writes a header, then each row in one record that ends in CRLF", function () {
    const [header, first, ...rest] = exportCsv({ account, rows: rows.slice(0, 1) }).split("\r\n");
    expect(header).to.equal(columns.join(","));
    expect(first).to.equal(
      `1,${account},event,5,9,3,${huge},0,0,0,0,0,17,0,0,0,0,-1,${huge + 19n},2,l2,7,0x${"ab".repeat(32)},deposited eMetisMoved,,`,
    );
    expect(rest).to.deep.equal([""]);
  });

  it("refuses a row whose lines do not add up", function () {
    const text = exportCsv({ account, rows }).replace(",17,", ",18,");
    expect(() => parseCsv(text)).to.throw(StatementError, "added up");
  });

  it("refuses another version, another header and a record that is cut off", function () {
    const text = exportCsv({ account, rows });
    expect(() => parseCsv(text.replace("\r\n1,", "\r\n2,"))).to.throw(StatementError, "schemaVersion");
    expect(() => parseCsv(text.replace("opening", "open"))).to.throw(StatementError, "header");
    expect(() => parseCsv(text.slice(0, -40))).to.throw(StatementError, "fields");
  });

  it("reads the last record without the end of its line, as where a text was trimmed", function () {
    expect(parseCsv(exportCsv({ account, rows }).trimEnd())).to.deep.equal({ account, rows });
  });

  it("refuses a date that is none, so no formula gets through it, and a block that is none", function () {
    const text = exportCsv({ account, rows });
    expect(() => parseCsv(text.replace("2026-11-22", "=HYPERLINK(1)"))).to.throw(StatementError, "date");
    expect(() => parseCsv(text.replace(",l2,7,", ",l2,-7,"))).to.throw(StatementError, "blockNumber");
  });

  it("reads fields in quotes and lines that end in LF", function () {
    const text = exportCsv({ account, rows }).replaceAll("\r\n", "\n").replaceAll(account, `"${account}"`);
    expect(parseCsv(text)).to.deep.equal({ account, rows });
  });
});

describe("exportJson", function () {
  it("is read back to the same rows, to the wei", function () {
    expect(parseJson(exportJson({ account, rows }))).to.deep.equal({ account, rows });
    expect(parseJson(exportJson({ account, rows: [] }))).to.deep.equal({ account, rows: [] });
  });

  it("refuses what is no JSON, another version and a number that is none", function () {
    const text = exportJson({ account, rows });
    expect(() => parseJson(text.slice(1))).to.throw(StatementError, "JSON");
    expect(() => parseJson(text.replace('"schemaVersion": 1', '"schemaVersion": 9'))).to.throw(StatementError, "9");
    expect(() => parseJson(text.replace('"17"', '"17.5"'))).to.throw(StatementError, "rewards");
  });
});

describe("tradesOf", function () {
  it("acquires what comes in and rewards at their worth, and disposes of the rest for nothing or its worth", function () {
    const price = (time: bigint) => time * 10n ** 18n;
    expect(tradesOf(rows.slice(0, 1), { price })).to.deep.equal([
      { type: "acquired", time: 5n, units: 3n, money: 15n },
      { type: "acquired", time: 9n, units: 17n, money: 153n },
      { type: "acquired", time: 9n, units: huge, money: 9n * huge },
      { type: "disposed", time: 9n, units: 1n, money: 0n },
    ]);
    expect(tradesOf(rows.slice(3), { price }).at(-1)).to.deep.equal({
      type: "disposed",
      time: 10n,
      units: 5n,
      money: 50n,
    });
    expect(tradesOf(rows.slice(0, 1), { price, rewards: "zero" })[1]?.money).to.equal(0n);
  });

  it("brings a row's deposit before its rounding, which could take from nothing else", function () {
    const first: Row = {
      ...{ type: "period", from: 5n, to: 9n, opening: 0n },
      ...{ ...noLines(), deposits: 100n, rounding: -1n, closing: 99n, protocolFee: 0n },
    };
    const { lots } = costBasis(tradesOf([first], { price: () => 10n ** 18n }), "fifo");
    expect(lots).to.deep.equal([{ acquiredAt: 9n, units: 99n, cost: 99n }]);
  });

  it("does not set a loss off against the rewards of its row", function () {
    const first: Row = {
      ...{ type: "period", from: 5n, to: 9n, opening: 0n },
      ...{ ...noLines(), deposits: 100n, rewards: 10n, losses: -3n, closing: 107n, protocolFee: 0n },
    };
    expect(tradesOf([first], { price: () => 10n ** 18n })).to.deep.equal([
      { type: "acquired", time: 9n, units: 10n, money: 10n },
      { type: "acquired", time: 9n, units: 100n, money: 100n },
      { type: "disposed", time: 9n, units: 3n, money: 0n },
    ]);
  });

  it("leaves as many units as the rows close with", function () {
    const { lots } = costBasis(tradesOf(rows.slice(0, 1), { price: () => 1n }), "fifo");
    expect(lots.reduce((sum, { units }) => sum + units, 0n)).to.equal(rows[0]?.closing);
  });
});
