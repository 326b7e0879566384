/** The health in Prometheus's text format, and the small server that hands it out. */
import { type Server, type ServerResponse, createServer } from "node:http";

import { definitions } from "./definitions";
import type { Health } from "./health";
import { reasonOf } from "./reading";
import { type Sample, amount, sample } from "./samples";
import { samplesOf } from "./samplesOf";

/** What the keeper counts of itself, by the names of its actions. */
export interface KeeperCounters {
  readonly transactions: ReadonlyMap<string, number>;
  readonly failures: ReadonlyMap<string, number>;
  /** Wei of ETH and of METIS. */
  readonly spentToday: { readonly l1: bigint; readonly l2: bigint };
  /** Unix seconds; 0 before the first cycle. */
  readonly lastCycleAt: number;
}

/** Prometheus's text format, version 0.0.4: each metric with its HELP and TYPE, then its samples. */
export function renderMetrics(health: Health, counters?: KeeperCounters): string {
  const samples = [...samplesOf(health), ...(counters === undefined ? [] : samplesOfKeeper(counters))];
  const byName = new Map<string, Sample[]>();
  for (const one of samples) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  return [...byName].map(([name, found]) => family(name, found)).join("");
}

function samplesOfKeeper({ transactions, failures, spentToday, lastCycleAt }: KeeperCounters): readonly Sample[] {
  return [
    ...[...transactions].map(([action, count]) => sample("emetis_keeper_transactions_total", count, { action })),
    ...[...failures].map(([action, count]) => sample("emetis_keeper_failures_total", count, { action })),
    amount("emetis_keeper_spent_today_eth", spentToday.l1),
    amount("emetis_keeper_spent_today_metis", spentToday.l2),
    sample("emetis_keeper_last_cycle_timestamp_seconds", lastCycleAt),
  ];
}

function family(name: string, samples: readonly Sample[]): string {
  const definition = definitions.get(name);
  if (definition === undefined) throw new Error(`the metric ${name} is not defined`);
  const lines = samples.map((one) => `${name}${labelsOf(one)} ${one.value}\n`);
  return `# HELP ${name} ${definition.help}\n# TYPE ${name} ${definition.type}\n${lines.join("")}`;
}

function labelsOf({ labels }: Sample): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

/** What is served, and where. */
export interface MetricsServerOptions {
  /** @defaultValue 127.0.0.1: nobody else's business */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  /** The text of `/metrics`. */
  readonly read: () => Promise<string> | string;
  /** Whether `/healthz` answers 200, and what it says: the last cycle is recent. */
  readonly health: () => { readonly isHealthy: boolean; readonly message: string };
}

/** A server that runs. */
export interface MetricsServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Serves `/metrics` and `/healthz`. Rejects when the port is taken. */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host = "127.0.0.1", port } = options;
  const server = createServer((request, response) => {
    void respond(options, { path: (request.url ?? "").split("?")[0] ?? "", method: request.method ?? "" }, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  return { port: actual, close: () => close(server) };
}

/** Whether a cycle ended within the last `patience` seconds; what `/healthz` of a keeper says. */
export function recentCycle(lastCycleAt: number, now: number, patience: number) {
  const age = now - lastCycleAt;
  if (lastCycleAt === 0) return { isHealthy: false, message: "no cycle has ended yet" };
  return { isHealthy: age <= patience, message: `the last cycle ended ${age} s ago, ${patience} s are allowed` };
}

interface Asked {
  readonly path: string;
  readonly method: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

async function respond(options: MetricsServerOptions, asked: Asked, response: ServerResponse): Promise<void> {
  const { status, body, type = "text/plain; charset=utf-8" } = await answerTo(options, asked);
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}

async function answerTo({ read, health }: MetricsServerOptions, { path, method }: Asked): Promise<Answer> {
  if (method !== "GET" && method !== "HEAD") return { status: 405, body: "only GET\n" };
  try {
    if (path === "/metrics")
      return { status: 200, body: await read(), type: "text/plain; version=0.0.4; charset=utf-8" };
    if (path !== "/healthz") return { status: 404, body: "there are /metrics and /healthz\n" };
    const { isHealthy, message } = health();
    return { status: isHealthy ? 200 : 503, body: `${message}\n` };
  } catch (error) {
    return { status: 500, body: `${reasonOf(error)}\n` };
  }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
