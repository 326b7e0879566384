/** What istanbul's JSON says of one file: hits by line, and by branch for each of its arms. */
export interface FileCoverage {
  readonly l: Readonly<Record<string, number>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
  readonly branchMap: Readonly<Record<string, { readonly line: number }>>;
}

/** A share of what can be run, and where the rest is. */
export interface Share {
  readonly hit: number;
  readonly total: number;
  readonly percent: number;
  /** Source lines that were missed, or that hold a branch that was never taken. */
  readonly missed: readonly number[];
}

/** The lines of one file that ran. */
export function lineShare(file: FileCoverage): Share {
  const lines = Object.entries(file.l).map(([line, hits]) => ({ line: Number(line), isHit: hits > 0 }));
  return toShare(lines);
}

/** The arms of one file's branches that were taken. */
export function branchShare(file: FileCoverage): Share {
  const arms = Object.entries(file.b).flatMap(([branch, hits]) =>
    hits.map((count) => ({ line: file.branchMap[branch]?.line ?? 0, isHit: count > 0 })),
  );
  return toShare(arms);
}

/** The sum of several shares. Nothing to run counts as all of it. */
export function sumShares(shares: readonly Share[]): Share {
  const hit = shares.reduce((sum, share) => sum + share.hit, 0);
  const total = shares.reduce((sum, share) => sum + share.total, 0);
  return { hit, total, percent: percentOf(hit, total), missed: [] };
}

function toShare(items: readonly { line: number; isHit: boolean }[]): Share {
  const missed = items.filter(({ isHit }) => !isHit).map(({ line }) => line);
  const hit = items.length - missed.length;
  return { hit, total: items.length, percent: percentOf(hit, items.length), missed: [...new Set(missed)] };
}

function percentOf(hit: number, total: number): number {
  return total === 0 ? 100 : (100 * hit) / total;
}
