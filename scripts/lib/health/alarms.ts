import type { Health } from "./health";
import { type Rule, type Severity, rules } from "./rules";
import type { Sample } from "./samples";
import { samplesOf } from "./samplesOf";

/** Something that a person should know or do. */
export interface Alarm {
  readonly name: string;
  readonly severity: Severity;
  /** What is wrong, of each chain, vault or message that it is about. */
  readonly message: string;
  /** The section of docs/operations.md that says what to do. */
  readonly runbook: string;
}

const urgency: readonly Severity[] = ["critical", "warning", "info"];

/** What is wrong now, the most urgent first; of an alarm with several thresholds the most urgent one. Pure. */
export function alarms(health: Health): readonly Alarm[] {
  const samples = samplesOf(health);
  const found = urgency.flatMap((severity) => namesOf(severity).flatMap((name) => alarmOf(severity, name, samples)));
  return found.filter(({ name }, index) => found.findIndex((other) => other.name === name) === index);
}

/** The page and section that tell what to do, as people open them. */
export function runbookOf(name: string): string {
  return `docs/operations.md#${name.toLowerCase()}`;
}

function namesOf(severity: Severity): readonly string[] {
  return [...new Set(rules.filter((rule) => rule.severity === severity).map(({ name }) => name))];
}

function alarmOf(severity: Severity, name: string, samples: readonly Sample[]): readonly Alarm[] {
  const own = rules.filter((rule) => rule.severity === severity && rule.name === name);
  const messages = own.flatMap((rule) =>
    samples.filter((one) => isHit(rule, one)).map(({ value, labels }) => rule.message(String(value), labels)),
  );
  if (messages.length === 0) return [];
  return [{ name, severity, message: messages.join("; "), runbook: runbookOf(name) }];
}

function isHit({ metric, labels = {}, comparison, threshold }: Rule, { name, labels: own, value }: Sample): boolean {
  if (name !== metric) return false;
  if (!Object.entries(labels).every(([label, wanted]) => own[label] === wanted)) return false;
  return comparison === ">" ? Number(value) > threshold : Number(value) < threshold;
}

/** A rule as Prometheus writes it: `emetis_head_lag_seconds{chain="l1"} > 600`. */
export function expressionOf({ metric, labels = {}, comparison, threshold }: Rule): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${metric}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${comparison} ${threshold}`;
}
