import { reasonOf } from "../health/reading";

/** What one look at a setup found. `fault`: it will not work, or is not safe; `warning`: somebody should decide. */
export interface Check {
  readonly verdict: "ok" | "warning" | "fault";
  /** What was looked at and how it is. */
  readonly message: string;
  /** What to do; empty when all is well. */
  readonly remedy: string;
}

/** All is well. */
export function ok(message: string): Check {
  return { verdict: "ok", message, remedy: "" };
}

/** Somebody should decide. */
export function warning(message: string, remedy: string): Check {
  return { verdict: "warning", message, remedy };
}

/** It will not work, or is not safe. */
export function fault(message: string, remedy: string): Check {
  return { verdict: "fault", message, remedy };
}

/** What `look` finds; that it failed is a fault, with its reason. */
export async function guarded(
  subject: string,
  remedy: string,
  look: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    return [fault(`${subject}: ${reasonOf(error)}`, remedy)];
  }
}

/** The checks as lines, each with what to do under it. */
export function renderChecks(checks: readonly Check[]): string {
  const lines = checks.flatMap(({ verdict, message, remedy }) => [
    `${(verdict === "fault" ? "FAULT" : verdict).padEnd(9)}${message}`,
    ...(remedy === "" ? [] : [`${" ".repeat(9)}→ ${remedy}`]),
  ]);
  const count = (verdict: Check["verdict"]) => checks.filter((check) => check.verdict === verdict).length;
  return [...lines, "", `${count("ok")} ok, ${count("warning")} warnings, ${count("fault")} faults`].join("\n");
}
