import { min } from "./integers";

/** A vault while a plan is made: what it has, what it may have, and what it gets. */
interface Vessel {
  level: bigint;
  ceiling: bigint;
  share: bigint;
}

/**
 * What each vault gets of `assets`, as `WaterFill.plan`: first every started vault comes to `minLock`, in order; then vaults
 * are opened with `minLock` each while it lasts; then the lowest levels rise together. Less than one wei a vault may be left
 * over.
 *
 * @param levels - What each vault has, wei of METIS; 0 for one to be opened.
 * @param ceilings - What each may have, wei; at or below its level for one that gets nothing.
 * @param minLock - The least that opens a vault, wei.
 * @param assets - What there is to spread, wei.
 * @throws RangeError when there are not as many ceilings as levels.
 * @example
 * plan([30n, 40n], [100n, 100n], 20n, 16n); // [13n, 3n]
 */
export function plan(
  levels: readonly bigint[],
  ceilings: readonly bigint[],
  minLock: bigint,
  assets: bigint,
): readonly bigint[] {
  const vessels = levels.map((level, index) => ({ level, ceiling: ceilingAt(ceilings, index), share: 0n }));
  if (ceilings.length !== levels.length) throw new RangeError("Give as many ceilings as levels.");
  let left = assets;
  for (const [index, vessel] of vessels.entries()) {
    if (levels[index] !== 0n) left -= raise(vessel, minLock, left);
  }
  for (const [index, vessel] of vessels.entries()) {
    if (levels[index] !== 0n) continue;
    if (left < minLock || vessel.ceiling < minLock) vessel.ceiling = 0n;
    else left -= raise(vessel, minLock, left);
  }
  fill(vessels, left);
  return vessels.map(({ share }) => share);
}

/** Each round reaches a ceiling or joins two levels, or spends what is left: it ends within twice the vaults. */
function fill(vessels: readonly Vessel[], assets: bigint): void {
  let left = assets;
  for (;;) {
    const open = vessels.filter(({ level, ceiling }) => level < ceiling);
    const level = least(open.map((vessel) => vessel.level));
    const lowest = open.filter((vessel) => vessel.level === level);
    const count = BigInt(lowest.length);
    if (level === undefined || left < count) return;
    const next = least(open.map((vessel) => (vessel.level === level ? vessel.ceiling : vessel.level))) ?? level;
    const goal = level + min(next - level, left / count);
    for (const vessel of lowest) left -= raise(vessel, goal, left);
  }
}

/** Raises a vault towards `goal`, as far as its ceiling and `assets` go. Returns how far. */
function raise(vessel: Vessel, goal: bigint, assets: bigint): bigint {
  const reachable = min(goal, vessel.ceiling);
  if (reachable <= vessel.level) return 0n;
  const added = min(reachable - vessel.level, assets);
  vessel.level += added;
  vessel.share += added;
  return added;
}

function least(values: readonly bigint[]): bigint | undefined {
  return values.reduce<bigint | undefined>(
    (found, value) => (found === undefined || value < found ? value : found),
    undefined,
  );
}

function ceilingAt(ceilings: readonly bigint[], index: number): bigint {
  const ceiling = ceilings[index];
  if (ceiling === undefined) throw new RangeError(`Vault ${index} has no ceiling: give as many ceilings as levels.`);
  return ceiling;
}
