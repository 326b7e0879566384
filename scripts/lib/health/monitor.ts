/** The metrics of a process that runs for long: health read when somebody asks, and not more often than it changes. */
import type { Health } from "./health";
import { type KeeperCounters, type MetricsServer, recentCycle, renderMetrics, serveMetrics } from "./metrics";
import { createLogMemory } from "./logMemory";
import { type HealthOptions, readHealth } from "./readHealth";

/** What is watched, and where it is told. */
export interface MonitorOptions extends Omit<HealthOptions, "now" | "logs"> {
  /** 0 for any free one, on the loopback. */
  readonly port: number;
  readonly counters: () => KeeperCounters;
  /** This machine's clock, Unix seconds. */
  readonly now: () => number;
  /** Seconds for which a reading is told again. @defaultValue 60 */
  readonly maxAge?: number;
  /** Seconds after which `/healthz` misses a cycle. @defaultValue 1,800 */
  readonly patience?: number;
}

/** Serves `/metrics` and `/healthz` of a keeper. Rejects when the port is taken. */
export function startMonitor(options: MonitorOptions): Promise<MetricsServer> {
  const { port, counters, now, maxAge = 60, patience = 1_800, ...source } = options;
  const logs = createLogMemory();
  let last: { readonly at: number; readonly health: Promise<Health> } | undefined;
  const current = (): Promise<Health> => {
    const at = now();
    // Who asks while it is read waits for the same reading.
    if (last === undefined || at - last.at >= maxAge || at < last.at) {
      last = { at, health: readHealth({ ...source, logs, now: at }) };
    }
    return last.health;
  };
  return serveMetrics({
    port,
    read: async () => renderMetrics(await current(), counters()),
    health: () => recentCycle(counters().lastCycleAt, now(), patience),
  });
}
