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
    const gained = sumOf(row, gains);
    // Rewards first: what leaves in this row may be made of them.
    add(row.to, gained, gained > 0n && rewards === "income" ? "worth" : "nothing");
    for (const [flow] of flowsInFirst(row)) add(row.to, flow, "worth");
  }
  return trades;
}

/** What came in before what went out. */
function flowsInFirst(row: Lines): readonly (readonly [flow: bigint])[] {
  const all = flows.map((name) => [row[name]] as const);
  return [...all.filter(([flow]) => flow > 0n), ...all.filter(([flow]) => flow < 0n)];
}

function sumOf(row: Lines, names: readonly (keyof Lines)[]): bigint {
  return names.reduce((sum, name) => sum + row[name], 0n);
}
