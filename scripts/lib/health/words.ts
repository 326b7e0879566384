/** Numbers as a person reads them. */
import { formatEther } from "ethers";

/** Wei as whole METIS or ETH with up to `decimals`, cut, with thousands apart: "1,234.56". A remainder below that shows as "<0.01". */
export function amountOf(wei: bigint, decimals = 2): string {
  return decimalOf(formatEther(wei), decimals);
}

/** A decimal number with thousands apart, cut after `decimals`. */
export function decimalOf(value: string, decimals = 2): string {
  const isNegative = value.startsWith("-");
  const [whole = "0", fraction = ""] = value.replace("-", "").split(".");
  const kept = fraction.slice(0, decimals).replace(/0+$/, "");
  const isDust = BigInt(whole) === 0n && kept === "" && /[1-9]/.test(fraction);
  if (isDust) return `${isNegative ? ">-" : "<"}0.${"0".repeat(Math.max(0, decimals - 1))}1`;
  const thousands = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${isNegative ? "-" : ""}${thousands}${kept === "" ? "" : `.${kept}`}`;
}

const units = [
  { name: "d", seconds: 86_400 },
  { name: "h", seconds: 3_600 },
  { name: "min", seconds: 60 },
] as const;

/** Seconds in their two greatest units: "3 d 4 h", "12 min", "40 s". */
export function durationOf(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const sign = seconds < 0 ? "-" : "";
  const at = units.findIndex((unit) => whole >= unit.seconds);
  const first = units[at];
  if (first === undefined) return `${sign}${whole} s`;
  const second = units[at + 1];
  const rest = second === undefined ? 0 : Math.floor((whole % first.seconds) / second.seconds);
  const tail = second === undefined || rest === 0 ? "" : ` ${rest} ${second.name}`;
  return `${sign}${Math.floor(whole / first.seconds)} ${first.name}${tail}`;
}

/** A Unix second as "2026-01-07 12:30 UTC". */
export function timeOf(timestamp: number): string {
  return `${new Date(timestamp * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
