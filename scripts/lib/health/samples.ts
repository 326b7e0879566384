/** One number of the health under the name that Prometheus knows it by. */
import { formatEther } from "ethers";

import type { Reading } from "./reading";

/** A measurement. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** A number, or wei written out as a decimal number of METIS or ETH without loss. */
  readonly value: number | string;
}

/** A sample. */
export function sample(name: string, value: number | bigint | boolean | string, labels: Sample["labels"] = {}): Sample {
  return { name, labels, value: typeof value === "string" ? value : Number(value) };
}

/** A sample of wei, as a decimal number of METIS or ETH to the last wei. */
export function amount(name: string, wei: bigint, labels: Sample["labels"] = {}): Sample {
  return sample(name, formatEther(wei), labels);
}

/** Seconds from `start` to `now`, 0 when the start lies ahead: clocks of two chains differ. */
export function elapsed(now: number, start: number): number {
  return Math.max(0, now - start);
}

/** What is made of a reading; nothing when it is unknown. */
export function from<T>(reading: Reading<T>, make: (value: T) => readonly Sample[]): readonly Sample[] {
  return reading.type === "known" ? make(reading.value) : [];
}

/** What is made of two readings; nothing when one of them is unknown. */
export function fromBoth<A, B>(
  first: Reading<A>,
  second: Reading<B>,
  make: (first: A, second: B) => readonly Sample[],
): readonly Sample[] {
  return from(first, (a) => from(second, (b) => make(a, b)));
}
