import { expect } from "chai";
import { parseEther } from "ethers";

import { definitions } from "../../../../scripts/lib/health/definitions";
import type { Health } from "../../../../scripts/lib/health/health";
import { type KeeperCounters, recentCycle, renderMetrics, serveMetrics } from "../../../../scripts/lib/health/metrics";
import { known } from "../../../../scripts/lib/health/reading";
import { calm, changed, now, withVault } from "./calm";
import { parseExposition } from "./exposition";

const counters: KeeperCounters = {
  transactions: new Map([
    ["report", 12],
    ['odd "name"\\\n', 1],
  ]),
  failures: new Map([["deliver", 3]]),
  spentToday: { l1: parseEther("0.0123"), l2: 1n },
  lastCycleAt: now - 30,
};
const unknown = { type: "unknown", reason: "it did not answer" } as const;

describe("renderMetrics", () => {
  it("is valid in Prometheus's text format, odd names of actions included", () => {
    const families = parseExposition(renderMetrics(calm, counters));
    const { samples, type } = families.get("emetis_keeper_transactions_total")!;
    expect(type).to.equal("counter");
    expect([...samples]).to.deep.equal([
      ['action="report"', 12],
      ['action="odd \\"name\\"\\\\\\n"', 1],
    ]);
  });

  it("has every metric that is defined when all is known", () => {
    const busy: Health = { ...calm, l1Operations: known({ count: 1, nextAt: now }), need: unknown };
    const families = [...parseExposition(renderMetrics(calm, counters)).keys()];
    const rest = [...parseExposition(renderMetrics(busy, counters)).keys()];
    expect(new Set([...families, ...rest])).to.deep.equal(new Set(definitions.keys()));
  });

  it("writes METIS to the last wei", () => {
    const text = renderMetrics({
      ...calm,
      solvency: changed(calm.solvency, { margin: -1_234_567_000_000_000_000_000_001n }),
    });
    expect(text).to.include("\nemetis_solvency_margin_metis -1234567.000000000000000001\n");
  });

  it("rounds the margin down to basis points, so that a wei that lacks is seen", () => {
    const text = renderMetrics({ ...calm, solvency: changed(calm.solvency, { margin: -1n }) });
    expect(text).to.include("\nemetis_solvency_margin_bps -1\n");
  });

  it("leaves out what is unknown, and says so instead of 0", () => {
    const families = parseExposition(renderMetrics({ ...calm, solvency: unknown, l1Head: unknown }));
    expect([...families.get("emetis_read_failed")!.samples.keys()]).to.have.members([
      'what="solvency"',
      'what="l1Head"',
    ]);
    expect([...families.get("emetis_node_up")!.samples]).to.deep.equal([
      ['chain="l1"', 0],
      ['chain="l2"', 1],
    ]);
    expect([...families.keys()]).to.not.include.members(["emetis_total_supply_metis"]);
    expect([...families.keys()]).to.not.include.members(["emetis_report_age_seconds"]);
  });

  it("tells each vault by its index", () => {
    const { samples } = parseExposition(renderMetrics(withVault({ isWhitelisted: false }))).get(
      "emetis_vault_whitelisted",
    )!;
    expect([...samples]).to.deep.equal([
      ['vault="0"', 0],
      ['vault="1"', 1],
    ]);
  });
});

describe("serveMetrics", () => {
  it("serves metrics and health on loopback", async () => {
    const server = await serveMetrics({
      ...{ port: 0, read: async () => Promise.resolve(renderMetrics(calm)) },
      health: () => recentCycle(now - 30, now, 60),
    });
    try {
      const metrics = await get(server.port, "/metrics");
      expect([metrics.status, metrics.type]).to.deep.equal([200, "text/plain; version=0.0.4; charset=utf-8"]);
      expect(parseExposition(metrics.body).get("emetis_node_up")!.samples.get('chain="l1"')).to.equal(1);
      const health = await get(server.port, "/healthz");
      expect([health.status, health.body]).to.deep.equal([200, "the last cycle ended 30 s ago, 60 s are allowed\n"]);
      expect((await get(server.port, "/")).status).to.equal(404);
    } finally {
      await server.close();
    }
  });

  it("answers 503 when the last cycle is old or none has ended", async () => {
    const answers = [recentCycle(now - 61, now, 60), recentCycle(0, now, 60)];
    const server = await serveMetrics({ port: 0, read: () => "", health: () => answers.shift()! });
    try {
      const [old, none] = [await get(server.port, "/healthz"), await get(server.port, "/healthz")];
      expect([old.status, old.body]).to.deep.equal([503, "the last cycle ended 61 s ago, 60 s are allowed\n"]);
      expect([none.status, none.body]).to.deep.equal([503, "no cycle has ended yet\n"]);
    } finally {
      await server.close();
    }
  });

  it("answers 500 with the reason, without addresses' paths, when nothing can be read", async () => {
    const read = () => Promise.reject(new Error("https://rpc.example/v3/KEY is down"));
    const server = await serveMetrics({ port: 0, read, health: () => recentCycle(0, now, 60) });
    try {
      const { status, body } = await get(server.port, "/metrics");
      expect([status, body]).to.deep.equal([500, "https://rpc.example is down\n"]);
    } finally {
      await server.close();
    }
  });

  it("rejects when the port is taken", async () => {
    const options = { read: () => "", health: () => recentCycle(0, now, 60) };
    const server = await serveMetrics({ ...options, port: 0 });
    try {
      const error = await serveMetrics({ ...options, port: server.port }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.have.property("code", "EADDRINUSE");
    } finally {
      await server.close();
    }
  });
});

async function get(port: number, path: string) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
}
