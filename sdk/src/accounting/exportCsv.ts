import { StatementError } from "../errors";
import { type Statement, columns, fieldsOf, rowFrom } from "./statement";

/**
 * A statement as CSV of RFC 4180: a header, one record a row, CRLF after each; all numbers in decimal wei, each record with the version
 * of the columns.
 *
 * @example
 * const text = exportCsv({ account, rows: history.byDay });
 */
export function exportCsv({ account, rows }: Statement): string {
  const records = rows.map((row) => {
    const fields = fieldsOf(account, row);
    return columns.map((column) => quoted(fields[column]));
  });
  return [columns, ...records].map((record) => `${record.join(",")}\r\n`).join("");
}

/**
 * The statement of {@link exportCsv}; each row is checked to add up. Records may end in LF too, as after an editor.
 *
 * @throws {@link StatementError} for what is malformed, of another version, or does not add up, and for no rows: nobody could say whose
 * they are.
 * @example
 * const { rows } = parseCsv(exportCsv(statement));
 */
export function parseCsv(text: string): Statement {
  const [header, ...records] = recordsOf(text);
  if (header?.join(",") !== columns.join(",")) throw new StatementError("header", header?.join(","), columns.join(","));
  const parsed = records.map((record, position) => {
    const path = `record ${position + 1}`;
    if (record.length !== columns.length) throw new StatementError(path, record.length, `${columns.length} fields`);
    return rowFrom(path, Object.fromEntries(columns.map((column, at) => [column, record[at]])));
  });
  const [first] = parsed;
  if (first === undefined) throw new StatementError("text", text, "at least one record");
  const other = parsed.find(({ account }) => account !== first.account);
  if (other !== undefined) throw new StatementError("account", other.account, `of one account, ${first.account}`);
  return { account: first.account, rows: parsed.map(({ row }) => row) };
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function recordsOf(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (fields.lastIndex < text.length) {
    const found = fields.exec(text);
    if (found === null) throw new StatementError(`record ${records.length}`, text.slice(0, 40), "fields of RFC 4180");
    const [, inQuotes, plain = "", end] = found;
    record.push(inQuotes === undefined ? plain : inQuotes.replaceAll('""', '"'));
    if (end === ",") continue;
    records.push(record);
    record = [];
  }
  // A text that ends behind a comma ends with an empty field.
  return record.length === 0 ? records : [...records, [...record, ""]];
}
