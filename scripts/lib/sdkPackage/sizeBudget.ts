/** What the SDK may weigh on an integrator's page. */
import { readFile } from "node:fs/promises";
import path from "node:path";

import { type BundleSize, bundle, sizeOf } from "./bundle";

/** What is imported, and the bytes that it may take. */
export interface Budget extends BundleSize {
  readonly source: string;
}

/** Where the budgets are, in the folder of the package. */
export const budgetFile = "size-budget.json";

/** Measures each budget against the package in `folder`, which is built. Returns a line for each, and what is over. */
export async function checkSizes(
  folder: string,
): Promise<{ readonly lines: readonly string[]; readonly over: readonly string[] }> {
  const budgets = await readBudgets(path.join(folder, budgetFile));
  const lines: string[] = [];
  const over: string[] = [];
  for (const [name, budget] of Object.entries(budgets)) {
    const size = sizeOf(await bundle(budget.source, folder));
    lines.push(`${name}: ${size.min} of ${budget.min} bytes minified, ${size.gzip} of ${budget.gzip} compressed`);
    if (size.min > budget.min || size.gzip > budget.gzip) over.push(name);
  }
  return { lines, over };
}

/**
 * Reads the budgets by their names.
 *
 * @throws Error that names what is malformed.
 */
export async function readBudgets(file: string): Promise<Readonly<Record<string, Budget>>> {
  const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
  if (typeof parsed !== "object" || parsed === null) throw new Error(`${file} holds no budgets`);
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, budgetOf(name, value)]));
}

function budgetOf(name: string, value: unknown): Budget {
  if (!isBudget(value))
    throw new Error(`the budget of ${name} has no source, or its min or gzip is no number of bytes`);
  return value;
}

function isBudget(value: unknown): value is Budget {
  if (typeof value !== "object" || value === null || !("source" in value && "min" in value && "gzip" in value))
    return false;
  return typeof value.source === "string" && typeof value.min === "number" && typeof value.gzip === "number";
}
