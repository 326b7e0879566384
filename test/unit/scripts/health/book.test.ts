import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { expressionOf, runbookOf } from "../../../../scripts/lib/health/alarms";
import { definitions } from "../../../../scripts/lib/health/definitions";
import { rules } from "../../../../scripts/lib/health/rules";

const root = path.join(__dirname, "..", "..", "..", "..");
const book = readFileSync(path.join(root, "docs", "operations.md"), "utf8");

/** What Prometheus alone can see: the keeper's counters, and that there are no metrics. */
const ofPrometheus = ["KeeperSilent", "KeeperFailing", "HealthStale", "MetricsAbsent"];
const head = ["groups:", "  - name: emetis", "    rules:"];

interface AlertRule {
  readonly alert: string;
  readonly expression: string;
  readonly for: string;
  readonly severity: string;
  readonly runbook: string;
}

describe("The operations book", () => {
  it("has the rules by which the status judges, and those that Prometheus alone can see", () => {
    const known = rules.map((rule) => ({
      ...{ alert: rule.name, expression: expressionOf(rule), for: rule.for, severity: rule.severity },
      runbook: runbookOf(rule.name),
    }));
    const written = alertRules();
    expect(written.filter(({ alert }) => !ofPrometheus.includes(alert))).to.deep.equal(known);
    expect(written.filter(({ alert }) => ofPrometheus.includes(alert)).map(({ alert }) => alert)).to.deep.equal(
      ofPrometheus,
    );
  });

  it("names in its rules only metrics that there are", () => {
    const named = alertRules().flatMap(({ expression }) => expression.match(/\bemetis_\w+/g) ?? []);
    expect(named).to.have.length(alertRules().length);
    expect(named.filter((name) => !definitions.has(name))).to.deep.equal([]);
  });

  it("has one section for each alarm, and none for another", () => {
    const [, section = ""] = /\n## Alarms\n([^]*?)\n## /.exec(book) ?? [];
    const headings = [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    const alarms = new Set(alertRules().map(({ alert }) => alert));
    expect(headings).to.have.members([...alarms]);
    expect(headings).to.have.length(alarms.size);
  });

  it("points each rule to the section of its name", () => {
    const wrong = alertRules().filter(({ alert, runbook }) => runbook !== runbookOf(alert));
    expect(wrong).to.deep.equal([]);
  });

  it("has every section that a script points to", () => {
    const anchors = new Set([...book.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading)));
    const cited = sources("scripts").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/docs\/operations\.md#([\w-]+)/g)].map(([, anchor = ""]) => anchor),
    );
    expect(cited).to.include.members(["deploy", "whitelist-request"]);
    expect(cited.filter((anchor) => !anchors.has(anchor))).to.deep.equal([]);
  });
});

/** The rules, taken out of the book by the command that the book itself gives; every line has to be of the expected form. */
function alertRules(): readonly AlertRule[] {
  const [, command = ""] = /`(sed [^\n]+) > emetis\.rules\.yml`/.exec(book) ?? [];
  const lines = execFileSync("sh", ["-c", command], { cwd: root, encoding: "utf8" }).trimEnd().split("\n");
  expect(lines.slice(0, head.length)).to.deep.equal(head);
  const body = lines.slice(head.length);
  return Array.from({ length: Math.ceil(body.length / 5) }, (_, index) => ruleOf(body.slice(5 * index, 5 * index + 5)));
}

function ruleOf(lines: readonly string[]): AlertRule {
  const pattern = new RegExp(
    [
      "^ {6}- alert: (\\w+)",
      " {8}expr: (.+)",
      " {8}for: (\\d+[mh])",
      " {8}labels: \\{ severity: (\\w+) \\}",
      ' {8}annotations: \\{ runbook: "(.+)" \\}$',
    ].join("\n"),
  );
  const [, alert, expression, duration, severity, runbook] = pattern.exec(lines.join("\n")) ?? [];
  if (!alert || !expression || !duration || !severity || !runbook) throw new Error(`no rule:\n${lines.join("\n")}`);
  return { alert, expression, for: duration, severity, runbook };
}

function sources(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(root, folder, file));
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, "")
    .replaceAll(" ", "-");
}
