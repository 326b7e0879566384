import { checkAmount } from "../check";
import { ParameterError } from "../errors";

/** Which lot a disposal takes from first: the oldest, the newest, the dearest by the unit, or all alike. */
export type CostMethod = "fifo" | "lifo" | "hifo" | "average";

/** Units that were acquired or disposed of. Units are wei of whatever is counted; money is in units of the caller's choice. */
export interface Trade {
  readonly type: "acquired" | "disposed";
  /** Unix seconds. */
  readonly time: bigint;
  readonly units: bigint;
  /** What was paid for an acquisition, or got for a disposal. */
  readonly money: bigint;
}

/** Units held, and what they cost. */
export interface Lot {
  /** Unix seconds; of the first acquisition under "average". */
  readonly acquiredAt: bigint;
  readonly units: bigint;
  readonly cost: bigint;
}

/** A disposal, and what was given up for it. `gain` is `proceeds − cost`; `lots` are its parts. */
export interface Disposal {
  readonly time: bigint;
  readonly units: bigint;
  readonly proceeds: bigint;
  readonly cost: bigint;
  readonly gain: bigint;
  readonly lots: readonly Lot[];
}

/** All disposals, and the lots that are left. */
export interface CostBasis {
  readonly disposals: readonly Disposal[];
  readonly lots: readonly Lot[];
  /** The sum of all gains; negative for a loss. */
  readonly realised: bigint;
}

/**
 * The cost of what was disposed of, and of what is left. Exact: each cost of a part of a lot is rounded down and the lot keeps the
 * rest, so the costs of all disposals and of all lots left add up to all that was paid.
 *
 * @param trades - In the order of time.
 * @throws {@link ParameterError} when more is disposed of than was held or time goes back, {@link AmountError} for a negative number.
 * @example
 * const { realised, lots } = costBasis(tradesOf(history.byEvent, { price: () => 5n * 10n ** 17n }), "fifo");
 */
export function costBasis(trades: readonly Trade[], method: CostMethod): CostBasis {
  const disposals: Disposal[] = [];
  let lots: readonly Lot[] = [];
  let last = 0n;
  for (const trade of trades) {
    checkTrade(trade, last);
    last = trade.time;
    if (trade.type === "acquired") lots = withLot(lots, trade, method);
    else {
      const taken = take(lots, trade, method);
      lots = taken.lots;
      disposals.push(taken.disposal);
    }
  }
  return { disposals, lots, realised: disposals.reduce((sum, { gain }) => sum + gain, 0n) };
}

/**
 * What selling all lots would gain.
 *
 * @param value - Of all units held, in the money of their costs.
 * @example
 * unrealised([{ acquiredAt: 1_800_000_000n, units: 5n, cost: 7n }], 10n); // 3n
 */
export function unrealised(lots: readonly Lot[], value: bigint): bigint {
  return value - lots.reduce((sum, { cost }) => sum + cost, 0n);
}

function checkTrade({ time, units, money }: Trade, last: bigint): void {
  checkAmount("units", units, { minimum: 0n });
  checkAmount("money", money, { minimum: 0n });
  if (time < last)
    throw new ParameterError("time", time, `give trades in the order of time, the last one was at ${last}`);
}

function withLot(lots: readonly Lot[], { time, units, money }: Trade, method: CostMethod): readonly Lot[] {
  // Nothing for nothing has no price to be compared by.
  if (units === 0n && money === 0n) return lots;
  const lot = { acquiredAt: time, units, cost: money };
  const [pool] = lots;
  if (method !== "average" || pool === undefined) return [...lots, lot];
  return [{ ...pool, units: pool.units + units, cost: pool.cost + money }];
}

/** Takes the units of a disposal out of lots. */
function take(lots: readonly Lot[], { time, units, money }: Trade, method: CostMethod) {
  const taken: Lot[] = [];
  const rests = new Map<Lot, Lot>();
  let remaining = units;
  for (const lot of inOrder(lots, method)) {
    if (remaining === 0n) break;
    const part = partOf(lot, remaining);
    taken.push(part);
    remaining -= part.units;
    rests.set(lot, { ...lot, units: lot.units - part.units, cost: lot.cost - part.cost });
  }
  if (remaining > 0n)
    throw new ParameterError("units", units, `dispose of at most the ${units - remaining} that are held`);
  const cost = taken.reduce((sum, lot) => sum + lot.cost, 0n);
  // Each rest stays where its lot was: lots of one second keep their order too.
  const left = lots.map((lot) => rests.get(lot) ?? lot).filter((lot) => lot.units > 0n || lot.cost > 0n);
  const disposal: Disposal = { time, units, proceeds: money, cost, gain: money - cost, lots: taken };
  return { disposal, lots: left };
}

/** As much of a lot as is wanted; its cost rounded down, all of it for all of the lot. */
function partOf(lot: Lot, wanted: bigint): Lot {
  if (wanted >= lot.units) return lot;
  return { ...lot, units: wanted, cost: (lot.cost * wanted) / lot.units };
}

function inOrder(lots: readonly Lot[], method: CostMethod): readonly Lot[] {
  if (method === "lifo") return [...lots].reverse();
  // Crosswise: no division, no rounding. Of equals the oldest goes first.
  if (method === "hifo") return [...lots].sort((a, b) => compare(b.cost * a.units, a.cost * b.units));
  return lots;
}

function compare(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
