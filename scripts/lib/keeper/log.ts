/** One line of JSON for each thing that happens. */

/** How much it matters. */
export type Level = "info" | "warn" | "error";

/** Writes one line: time, level, event and fields; integers of the chain as decimal text. */
export type Log = (level: Level, event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Writes lines of JSON to `write`, with the time of `clock`. */
export function createLog(write: (line: string) => void, clock: () => Date): Log {
  return (level, event, fields = {}) => {
    write(jsonOf({ time: clock().toISOString(), level, event, ...fields }));
  };
}

/** JSON with integers of the chain as decimal text. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) => (typeof field === "bigint" ? String(field) : field));
}
