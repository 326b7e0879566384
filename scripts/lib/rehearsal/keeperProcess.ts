/** The keeper's own command, killed and started again. */
import type { Random } from "../random";
import { type Running, start } from "./command";

/** A keeper that runs beside the rehearsal. */
export interface KeeperProcess {
  /** Waits until the keeper has begun and ended a whole cycle. @throws Error when it ended by itself, or takes too long. */
  readonly passCycle: () => Promise<void>;
  /** Kills it after a random time, wherever it is, and starts another. */
  readonly killAndStart: (random: Random) => Promise<void>;
  readonly kills: () => number;
  /** Transactions by action, as its log has them. */
  readonly done: () => ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

/** Milliseconds that a cycle may take. */
const patience = 120_000;
/** Milliseconds after which a keeper is killed at the latest. */
const longestLife = 3_000n;

/** Starts the keeper with these parameters. */
export function startKeeper(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): KeeperProcess {
  const done = new Map<string, number>();
  const lastLines: string[] = [];
  let cycles = 0;
  let killed = 0;
  const onLine = (line: string) => {
    lastLines.push(line);
    if (lastLines.length > 30) lastLines.shift();
    const { event, action } = fieldsOf(line);
    if (event === "cycle") cycles++;
    if (event === "done" && action !== undefined) done.set(action, (done.get(action) ?? 0) + 1);
  };
  const begin = (): Running => start("keeper", parameters, environment, onLine);
  let running = begin();

  const passCycle = async () => {
    // The cycle that is under way may have read what was before, so the one after it is waited for.
    const target = cycles + 2;
    const deadline = Date.now() + patience;
    while (cycles < target) {
      if (Date.now() > deadline || running.isOver()) {
        throw new Error(`the keeper ended or made no cycle:\n${lastLines.join("\n")}`);
      }
      await sleep(20);
    }
  };
  return {
    passCycle,
    killAndStart: async (random) => {
      await sleep(Number(random.below(longestLife)));
      running.kill();
      await running.ended;
      killed++;
      running = begin();
    },
    kills: () => killed,
    done: () => done,
    stop: async () => {
      running.stop();
      await running.ended;
    },
  };
}

/** What a line of the keeper's log says; nothing of what is no such line. */
function fieldsOf(line: string): { readonly event?: string; readonly action?: string } {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return {};
    const event = "event" in value && typeof value.event === "string" ? { event: value.event } : {};
    return { ...event, ...("action" in value && typeof value.action === "string" ? { action: value.action } : {}) };
  } catch {
    return {};
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
