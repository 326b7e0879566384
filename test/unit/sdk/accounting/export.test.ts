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
      { type: "acquired", time: 9n, units: 16n, money: 144n },
      { type: "acquired", time: 9n, units: huge, money: 9n * huge },
    ]);
    expect(tradesOf(rows.slice(3), { price }).at(-1)).to.deep.equal({
      type: "disposed",
      time: 10n,
      units: 5n,
      money: 50n,
    });
    expect(tradesOf(rows.slice(0, 1), { price, rewards: "zero" })[1]?.money).to.equal(0n);
  });

  it("leaves as many units as the rows close with", function () {
    const { lots } = costBasis(tradesOf(rows.slice(0, 1), { price: () => 1n }), "fifo");
    expect(lots.reduce((sum, { units }) => sum + units, 0n)).to.equal(rows[0]?.closing);
  });
});
