import { WAD } from "../math/integers";
import type { Trade } from "./costBasis";
import type { Lines } from "./lines";
import type { Row } from "./rows";

/** Lines that bring units without a payment: what they are worth when they come is their cost, and income. */
const gains = ["rewards", "feeIncome", "rounding", "losses", "haircuts", "instantFees"] as const;
const flows = ["deposits", "l1Deposits", "transfersIn", "transfersOut", "claims", "instantRedemptions"] as const;

/** How trades are made of rows. */
export interface TradesOptions {
  /** Money for 1e18 wei of METIS at a second. */
  readonly price: (time: bigint) => bigint;
  /**
   * What rewards cost: their worth when they came ("income", as where they are taxed then), or nothing ("zero").
   *
   * @defaultValue "income"
   */
  readonly rewards?: "income" | "zero";
}

/**
 * Trades of wei of value for {@link costBasis}: what came in was acquired, what went out was disposed of, both at the price of the
 * row's end and rounded down. Losses, fees, haircuts and rounding that take from the account are disposals for nothing. The units of
 * all trades add up to the closing value, what is there at the beginning being the first acquisition.
 *
 * @param rows - By event, or by day where a price a day will do; one after the other.
 * @example
 * const trades = tradesOf(history.byEvent, { price: (time) => (time < 1_800_000_000n ? 4n : 5n) * 10n ** 17n });
 */
export function tradesOf(rows: readonly Row[], { price, rewards = "income" }: TradesOptions): readonly Trade[] {
  const [first] = rows;
  const worth = (units: bigint, time: bigint) => (units * price(time)) / WAD;
  const trades: Trade[] = [];
  const add = (time: bigint, units: bigint, paid: "worth" | "nothing") => {
    if (units === 0n) return;
    const size = units < 0n ? -units : units;
    const money = paid === "worth" ? worth(size, time) : 0n;
    trades.push({ type: units > 0n ? "acquired" : "disposed", time, units: size, money });
  };
  if (first !== undefined) add(first.from, first.opening, "worth");
  for (const row of rows) {
    // All that came in first: what left in this row may be made of it.
    add(row.to, sumOf(row, gains, isIn), rewards === "income" ? "worth" : "nothing");
    for (const name of flows) if (isIn(row[name])) add(row.to, row[name], "worth");
    add(row.to, sumOf(row, gains, isOut), "nothing");
    for (const name of flows) if (isOut(row[name])) add(row.to, row[name], "worth");
  }
  return trades;
}

const isIn = (units: bigint): boolean => units > 0n;
const isOut = (units: bigint): boolean => units < 0n;

function sumOf(row: Lines, names: readonly (keyof Lines)[], isWanted: (units: bigint) => boolean): bigint {
  return names.reduce((sum, name) => (isWanted(row[name]) ? sum + row[name] : sum), 0n);
}
