/** What a person can tell the keeper. */
import { parseEther, parseUnits } from "ethers";

import { type Policy, defaultPolicy } from "./policy";

/** For `parseArgs`, beside those of the network and the account. */
export const keeperOptions = {
  /** Acts; without it the keeper says what it would do. */
  send: { type: "boolean" },
  /** One cycle. */
  once: { type: "boolean" },
  /** Seconds between cycles. */
  interval: { type: "string" },
  /** Blocks of Ethereum that something must survive before it is acted upon. */
  depth: { type: "string" },
  /** METIS for one ETH. */
  "metis-per-eth": { type: "string" },
  /** What a crank must bring, in times of its cost. */
  worth: { type: "string" },
  /** Hours between reports. */
  "report-hours": { type: "string" },
  /** Gwei for a unit of gas. */
  "max-gas-l1": { type: "string" },
  "max-gas-l2": { type: "string" },
  /** ETH and METIS in 24 hours. */
  "cap-l1": { type: "string" },
  "cap-l2": { type: "string" },
  /** Pays operators what they are owed. */
  "pay-commission": { type: "boolean" },
  /** Serves metrics on this port of the loopback. */
  "metrics-port": { type: "string" },
} as const;

/** Their values, as `parseArgs` gives them. */
export type KeeperValues = Readonly<{
  [N in keyof typeof keeperOptions]?: (typeof keeperOptions)[N]["type"] extends "boolean"
    ? boolean | undefined
    : string | undefined;
}>;

/** What they say. */
export interface KeeperSettings {
  readonly sends: boolean;
  readonly once: boolean;
  /** Milliseconds. */
  readonly interval: number;
  readonly depth: number;
  readonly metricsPort: number | undefined;
  readonly policy: Policy;
}

/** An option that cannot be meant. */
export class KeeperOptionError extends Error {
  override readonly name = "KeeperOptionError";
}

const hour = 3_600n;

/** Reads the options. @throws {@link KeeperOptionError} for the first that cannot be meant. */
export function parseKeeperOptions(values: KeeperValues): KeeperSettings {
  const whole = (name: keyof KeeperValues, fallback: number, least: number): number =>
    numberOf(name, values[name], fallback, least);
  const port = whole("metrics-port", 0, 0);
  return {
    sends: values.send === true,
    once: values.once === true,
    interval: 1_000 * whole("interval", 120, 1),
    depth: whole("depth", 3, 0),
    metricsPort: port === 0 ? undefined : port,
    policy: policyOf(values),
  };
}

function policyOf(values: KeeperValues): Policy {
  const whole = (name: keyof KeeperValues, fallback: bigint): bigint =>
    BigInt(numberOf(name, values[name], Number(fallback), 1));
  const { reportPeriod, reportGap, maxGasPrice, dailyCap } = defaultPolicy;
  const period = whole("report-hours", reportPeriod / hour) * hour;
  return {
    ...defaultPolicy,
    worth: whole("worth", defaultPolicy.worth),
    metisPerEth: whole("metis-per-eth", defaultPolicy.metisPerEth),
    reportPeriod: period,
    reportGap: period < reportGap ? period : reportGap,
    paysCommission: values["pay-commission"] === true,
    maxGasPrice: {
      l1: amountOf("max-gas-l1", values["max-gas-l1"], maxGasPrice.l1, (text) => parseUnits(text, "gwei")),
      l2: amountOf("max-gas-l2", values["max-gas-l2"], maxGasPrice.l2, (text) => parseUnits(text, "gwei")),
    },
    dailyCap: {
      l1: amountOf("cap-l1", values["cap-l1"], dailyCap.l1, parseEther),
      l2: amountOf("cap-l2", values["cap-l2"], dailyCap.l2, parseEther),
    },
  };
}

function numberOf(name: string, value: string | boolean | undefined, fallback: number, least: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (typeof value === "string" && value !== "" && Number.isSafeInteger(number) && number >= least) return number;
  throw new KeeperOptionError(`--${name} is "${String(value)}": it must be a whole number of at least ${least}`);
}

function amountOf(name: string, value: string | undefined, fallback: bigint, parse: (text: string) => bigint): bigint {
  if (value === undefined) return fallback;
  const amount = tryParse(value, parse);
  if (amount !== undefined && amount > 0n) return amount;
  throw new KeeperOptionError(`--${name} is "${value}": it must be a decimal number above 0`);
}

function tryParse(value: string, parse: (text: string) => bigint): bigint | undefined {
  try {
    return parse(value);
  } catch {
    return undefined;
  }
}
