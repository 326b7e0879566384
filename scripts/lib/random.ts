/** Numbers that look random and are the same for the same seed, so that a failure can be run again. */
export interface Random {
  /** An integer from 0 to below `bound`. */
  below: (bound: bigint) => bigint;
  /** An integer from `low` to `high`, both included. */
  between: (low: bigint, high: bigint) => bigint;
  /** An integer of 0 to `bits` bits, small ones as likely as large ones. */
  ofBits: (bits: number) => bigint;
  /** One of them. */
  pick: <T>(values: readonly T[]) => T;
}

/** Mulberry32, 32 bits at a time. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = (): bigint => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return BigInt((mixed ^ (mixed >>> 14)) >>> 0);
  };
  const below = (bound: bigint): bigint => {
    let value = 0n;
    for (let limit = 1n; limit < bound * 2n ** 32n; limit <<= 32n) value = (value << 32n) | word();
    return value % bound;
  };
  return {
    below,
    between: (low, high) => low + below(high - low + 1n),
    ofBits: (bits) => below(2n ** below(BigInt(bits) + 1n)),
    pick: (values) => {
      const value = values[Number(below(BigInt(values.length)))];
      if (value === undefined) throw new Error("there is nothing to pick from");
      return value;
    },
  };
}
