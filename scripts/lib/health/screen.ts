/** The health on one screen, for a person: what is wrong first. */
import { type Alarm, alarms } from "./alarms";
import type { Health } from "./health";
import { rowsOf } from "./rows";
import { timeOf } from "./words";

const width = 100;
const height = 45;

/** At most 45 lines of at most 100 columns. */
export function renderScreen(health: Health): string {
  const found = alarms(health);
  const head = `eMetis on ${health.network}, read at ${timeOf(health.readAt)}`;
  const state = rowsOf(health);
  const room = height - state.length - 3;
  const lines = [head, "", ...troubleOf(found, room), "", ...state];
  return lines.map((line) => cut(line, width)).join("\n");
}

/** What `npm run status` exits with: 2 with a critical alarm, 1 with a warning, 0 else. */
export function exitCodeOf(found: readonly Alarm[]): 0 | 1 | 2 {
  if (found.some(({ severity }) => severity === "critical")) return 2;
  return found.some(({ severity }) => severity === "warning") ? 1 : 0;
}

function troubleOf(found: readonly Alarm[], room: number): readonly string[] {
  if (found.length === 0) return ["Nothing is wrong."];
  const shown = found.flatMap(({ severity, name, message, runbook }) => [
    ...wrap(`${severity.toUpperCase().padEnd(9)}${name}: ${message}`, 9),
    `${" ".repeat(9)}→ ${runbook}`,
  ]);
  if (shown.length <= room) return shown;
  // Where to look is left out first: the name is the section.
  const short = found.map(({ severity, name, message }) => `${severity.toUpperCase().padEnd(9)}${name}: ${message}`);
  if (short.length <= room) return short;
  return [...short.slice(0, room - 1), `… and ${short.length - room + 1} more: --json shows all`];
}

function cut(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}

/** Lines of at most the screen's width; all but the first are indented. */
function wrap(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (joined.length <= width || line.trim() === "") line = joined;
    else {
      lines.push(line);
      line = `${" ".repeat(indent)}${word}`;
    }
  }
  return [...lines, line];
}
