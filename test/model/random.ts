/** A stream of numbers that a seed decides. */
export interface Random {
  /** An integer from 0 to below `limit`; 0 when `limit` is 0. */
  readonly below: (limit: number) => number;
  /** One of `choices`. */
  readonly pick: <T>(choices: readonly T[]) => T;
  /** Wei between one hundredth of a METIS and some ten thousand METIS, of any size, odd to the wei. */
  readonly assets: () => bigint;
  /** Some wei out of `total`, now and then all of it. */
  readonly share: (total: bigint) => bigint;
}

/** The numbers of `seed` (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => (limit <= 0 ? 0 : next() % limit);
  return {
    below,
    pick: (choices) => {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new RangeError("There is nothing to pick from.");
      return choice;
    },
    assets: () => BigInt(1 + below(1_000)) * 10n ** BigInt(16 + below(4)) + BigInt(next()),
    share: (total) => (below(8) === 0 ? total : (total * BigInt(1 + below(1_000))) / 1_000n),
  };
}
