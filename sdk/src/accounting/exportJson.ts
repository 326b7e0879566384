import { checkAddress } from "../check";
import { StatementError } from "../errors";
import { type Statement, fieldsOf, rowFrom, statementVersion } from "./statement";

/**
 * A statement as JSON: `{ schemaVersion, account, rows }`, all numbers as decimal texts.
 *
 * @example
 * const text = exportJson({ account, rows: history.byDay });
 */
export function exportJson({ account, rows }: Statement): string {
  const fields = rows.map((row) => fieldsOf(account, row));
  return JSON.stringify({ schemaVersion: statementVersion, account, rows: fields }, undefined, 2);
}

/**
 * The statement of {@link exportJson}; each row is checked to add up.
 *
 * @throws {@link StatementError} for what is malformed, of another version, or does not add up.
 * @example
 * const { rows } = parseJson(exportJson(statement));
 */
export function parseJson(text: string): Statement {
  const root = rootOf(text);
  const rows = "rows" in root && Array.isArray(root.rows) ? root.rows : undefined;
  if (rows === undefined) throw new StatementError("rows", undefined, "a list");
  if (!("schemaVersion" in root) || root.schemaVersion !== statementVersion) {
    throw new StatementError("schemaVersion", "schemaVersion" in root ? root.schemaVersion : undefined, "1");
  }
  const account = "account" in root ? root.account : undefined;
  const parsed = rows.map((row: unknown, position) => rowFrom(`rows[${position}]`, row));
  const other = parsed.find((row) => row.account !== account);
  if (other !== undefined)
    throw new StatementError("account", other.account, `the account of the whole, ${String(account)}`);
  return { account: rowAccount(account), rows: parsed.map(({ row }) => row) };
}

function rootOf(text: string): object {
  try {
    const root: unknown = JSON.parse(text);
    if (typeof root === "object" && root !== null) return root;
  } catch {
    // Said below.
  }
  throw new StatementError("text", text.slice(0, 40), "an object of JSON");
}

function rowAccount(account: unknown) {
  if (typeof account !== "string") throw new StatementError("account", account, "an address");
  try {
    return checkAddress("account", account);
  } catch {
    throw new StatementError("account", account, "an address");
  }
}
