/** What `npm run status` does: reads the health, prints it, says by its exit code how things stand. */
import type { Provider } from "ethers";

import type { Deployment } from "../../../sdk/src/deployments";
import { alarms } from "./alarms";
import type { Health } from "./health";
import { createLogMemory } from "./logMemory";
import { readHealth } from "./readHealth";
import { exitCodeOf, renderScreen } from "./screen";

/** What to show, how often, and where. */
export interface StatusOptions {
  readonly l1: Provider;
  readonly l2: Provider;
  readonly deployment: Deployment;
  readonly keeper?: string;
  /** One JSON object a reading instead of the screen. */
  readonly isJson: boolean;
  /** Seconds between two readings; `undefined` for one reading only. */
  readonly watch: number | undefined;
  /** The machine's clock, Unix seconds. */
  readonly now: () => number;
  readonly print: (text: string) => void;
  /** Resolves after so many milliseconds, or sooner when the signal is aborted. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Whether a person has to do something: 0 no, 1 there is a warning, 2 something is critical, of the last reading. */
export async function runStatus(options: StatusOptions): Promise<0 | 1 | 2> {
  const { watch, now, print, sleep, signal, isJson, ...source } = options;
  const logs = createLogMemory();
  for (;;) {
    const health = await readHealth({ ...source, logs, now: now() });
    print(isJson ? jsonOf(health) : renderScreen(health));
    if (watch !== undefined && !signal.aborted) await sleep(watch * 1_000);
    if (watch === undefined || signal.aborted) return exitCodeOf(alarms(health));
  }
}

/** The health and its alarms as one line of JSON. Whole numbers of wei are texts. */
export function jsonOf(health: Health): string {
  const plain = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return JSON.stringify({ alarms: alarms(health), health }, plain);
}

/** Seconds of `--watch`. @throws Error unless it is a whole number above 0. */
export function watchOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isSafeInteger(seconds) && seconds > 0 && seconds <= 86_400) return seconds;
  throw new Error(`--watch is "${value}": give whole seconds from 1 to 86400`);
}
