/** A strict reader of Prometheus's text format, as far as gauges and counters go. */

/** One metric as it was read. */
export interface Family {
  readonly type: string;
  readonly help: string;
  /** By their labels, as `a="b",c="d"`. */
  readonly samples: Map<string, number>;
}

const metricName = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const number = "[+-]?(?:\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|Inf)|NaN";
const helpLine = new RegExp(`^# HELP (${metricName}) (.+)$`);
const typeLine = new RegExp(`^# TYPE (${metricName}) (gauge|counter)$`);
const sampleLine = new RegExp(`^(${metricName})(?:\\{(${label}(?:,${label})*)\\})? (${number})$`);

/**
 * Reads a whole exposition. Fails on a line of another form, a sample without or away from its HELP and TYPE, a metric or a sample
 * that comes twice, and on a missing end of line.
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, Family>();
  const lines = text.slice(0, -1).split("\n");
  let current: string | undefined;
  for (const [index, line] of lines.entries()) {
    const help = helpLine.exec(line);
    if (help !== null) {
      current = begin(families, { help, type: typeLine.exec(lines[index + 1] ?? "") });
      continue;
    }
    if (typeLine.test(line) && helpLine.test(lines[index - 1] ?? "")) continue;
    add(families, current, line);
  }
  return families;
}

function begin(families: Map<string, Family>, { help, type }: Record<"help" | "type", RegExpExecArray | null>): string {
  const [, name = "", text = ""] = help ?? [];
  if (type?.[1] !== name) throw new Error(`no TYPE follows the HELP of ${name}`);
  if (families.has(name)) throw new Error(`${name} comes twice`);
  families.set(name, { type: type[2] ?? "", help: text, samples: new Map() });
  return name;
}

function add(families: Map<string, Family>, current: string | undefined, line: string): void {
  const [, name = "", labels = "", value = ""] = sampleLine.exec(line) ?? [];
  if (name === "") throw new Error(`no sample: ${line}`);
  const samples = families.get(name)?.samples;
  if (samples === undefined || name !== current) throw new Error(`${name} stands away from its TYPE`);
  if (samples.has(labels)) throw new Error(`${name}{${labels}} comes twice`);
  samples.set(labels, Number(value.replace("Inf", "Infinity")));
}
