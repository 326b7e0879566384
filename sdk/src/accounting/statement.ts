import { StatementError } from "../errors";
import type { Address } from "../types";
import { type JsonFields, jsonReaders } from "./json";
import { type OpenLines, lineNames, noLines } from "./lines";
import { type Row, type RowSubject, residualOf } from "./rows";

/** Of statements as this release writes them. */
export const statementVersion = 1;

/** Rows of one account, to be stored or handed on. */
export interface Statement {
  readonly account: Address;
  readonly rows: readonly Row[];
}

/** A row in texts: numbers on chain in decimal, in the order of the columns. */
export type RowFields = Readonly<Record<(typeof columns)[number], string>>;

/** The columns of a statement. */
export const columns = [
  ...(["schemaVersion", "account", "type", "from", "to", "opening"] as const),
  ...lineNames,
  ...(["closing", "protocolFee", "side", "blockNumber", "transactionHash", "events", "report", "date"] as const),
] as const;

const { text, wei, integer, address, hash } = jsonReaders((path, value, expected) => {
  throw new StatementError(path, value, expected);
});

/** A row as texts. */
export function fieldsOf(account: Address, row: Row): RowFields {
  const lines = Object.fromEntries(lineNames.map((name) => [name, String(row[name])]));
  const { from, to, opening, closing, protocolFee, type } = row;
  const isEvent = row.type === "event";
  const fields: JsonFields = {
    ...{ schemaVersion: String(statementVersion), account, type },
    ...{ from: String(from), to: String(to), opening: String(opening), closing: String(closing) },
    ...lines,
    protocolFee: String(protocolFee),
    side: isEvent ? row.side : "",
    blockNumber: isEvent ? String(row.blockNumber) : "",
    transactionHash: isEvent ? row.transactionHash : "",
    events: isEvent ? row.events.join(" ") : "",
    report: row.type === "report" ? String(row.number) : "",
    date: row.type === "day" ? row.date : "",
  };
  return checkedFields("", fields);
}

/**
 * The row that texts say.
 *
 * @throws {@link StatementError} for what is malformed, of another version, or does not add up.
 */
export function rowFrom(path: string, value: unknown): { readonly account: Address; readonly row: Row } {
  const fields = checkedFields(path, isFields(value) ? value : {});
  const version = fields.schemaVersion;
  if (version !== String(statementVersion)) throw new StatementError(`${path}.schemaVersion`, version, "1");
  const number = (name: (typeof columns)[number]) => wei(`${path}.${name}`, fields[name]);
  const lines: OpenLines = noLines();
  for (const name of lineNames) lines[name] = number(name);
  const ends = { from: number("from"), to: number("to"), opening: number("opening"), closing: number("closing") };
  const row = { ...subjectFrom(path, fields), ...ends, ...lines, protocolFee: number("protocolFee") };
  if (residualOf(row) !== 0n) throw new StatementError(`${path}.closing`, row.closing, "opening and lines added up");
  return { account: address(`${path}.account`, fields.account), row };
}

function subjectFrom(path: string, fields: RowFields): RowSubject {
  switch (fields.type) {
    case "event":
      return eventFrom(path, fields);
    case "report":
      return { type: "report", number: wei(`${path}.report`, fields.report) };
    case "day":
      return { type: "day", date: dateFrom(path, fields.date) };
    case "period":
      return { type: "period" };
    default:
      throw new StatementError(`${path}.type`, fields.type, "event, report, day or period");
  }
}

function eventFrom(path: string, fields: RowFields): RowSubject {
  const { side, events } = fields;
  if (side !== "l1" && side !== "l2") throw new StatementError(`${path}.side`, side, "l1 or l2");
  return {
    ...{ type: "event", side },
    blockNumber: integer(`${path}.blockNumber`, Number(wei(`${path}.blockNumber`, fields.blockNumber))),
    transactionHash: hash(`${path}.transactionHash`, fields.transactionHash),
    events: events.split(" ").map((name) => eventName(path, name)),
  };
}

/** A day and nothing else: a spreadsheet would run a formula. */
function dateFrom(path: string, date: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(date)) return date;
  throw new StatementError(`${path}.date`, date, "a date like 2026-11-22");
}

type EventName = (RowSubject & { readonly type: "event" })["events"][number];

const ownEvents: readonly EventName[] = [
  ...(["staked", "unstaked", "eMetisMoved", "sharesMoved", "ticketMoved", "requested", "claimed"] as const),
  ...(["deposited", "l1DepositMinted", "redeemedInstantly", "l1Deposited"] as const),
];

function eventName(path: string, name: string): EventName {
  const found = ownEvents.find((known) => known === name);
  if (found === undefined) throw new StatementError(`${path}.events`, name, `one of ${ownEvents.join(", ")}`);
  return found;
}

function checkedFields(path: string, fields: JsonFields): RowFields {
  const checked: Partial<Record<(typeof columns)[number], string>> = {};
  for (const column of columns) checked[column] = text(`${path}.${column}`, fields[column]);
  if (!isComplete(checked)) throw new StatementError(path, fields, "a row with all columns");
  return checked;
}

function isComplete(fields: Partial<Record<string, string>>): fields is RowFields {
  return columns.every((column) => fields[column] !== undefined);
}

function isFields(value: unknown): value is JsonFields {
  return typeof value === "object" && value !== null;
}
