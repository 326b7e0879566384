/** What moved the value of an account, in signed wei of METIS: what adds to the value is positive. */
export interface Lines {
  /** METIS deposited on Metis for the account. */
  readonly deposits: bigint;
  /** METIS deposited on Ethereum for the account, at the time of that deposit. */
  readonly l1Deposits: bigint;
  /** eMetis, shares and tickets that others gave, at what they changed the value of the whole account. */
  readonly transfersIn: bigint;
  /** The same given to others. */
  readonly transfersOut: bigint;
  /** METIS paid for finalised tickets. */
  readonly claims: bigint;
  /** METIS paid at once for eMetis. */
  readonly instantRedemptions: bigint;
  /** What vested for the account's shares, and what the rounding of others' flows left to them. Never negative. */
  readonly rewards: bigint;
  /** The protocol's fee, when the account is the treasury. */
  readonly feeIncome: bigint;
  /** Fees of instant redemptions. */
  readonly instantFees: bigint;
  /** What redemption below par took from face: of tickets when they were finalised, of eMetis redeemed at once. */
  readonly haircuts: bigint;
  /** What losses of the protocol took from the account's shares. */
  readonly losses: bigint;
  /** What rounding took from the account in its own stakes and unstakes. */
  readonly rounding: bigint;
}

/** The names of all lines, in the order of a statement. */
export const lineNames = [
  ...(["deposits", "l1Deposits", "transfersIn", "transfersOut", "claims", "instantRedemptions"] as const),
  ...(["rewards", "feeIncome", "instantFees", "haircuts", "losses", "rounding"] as const),
] as const;

/** Lines while they are added up. */
export type OpenLines = { -readonly [N in keyof Lines]: Lines[N] };

/**
 * Lines of nothing.
 *
 * @example
 * const lines = noLines();
 */
export function noLines(): OpenLines {
  return {
    ...{ deposits: 0n, l1Deposits: 0n, transfersIn: 0n, transfersOut: 0n, claims: 0n, instantRedemptions: 0n },
    ...{ rewards: 0n, feeIncome: 0n, instantFees: 0n, haircuts: 0n, losses: 0n, rounding: 0n },
  };
}

/**
 * The sum of each line.
 *
 * @example
 * const { rewards } = sumOfLines(history.byDay);
 */
export function sumOfLines(parts: readonly Lines[]): Lines {
  const sum = noLines();
  for (const part of parts) for (const name of lineNames) sum[name] += part[name];
  return sum;
}

/**
 * What all lines together add to the value, wei.
 *
 * @example
 * totalOf(row); // row.closing − row.opening
 */
export function totalOf(lines: Lines): bigint {
  return lineNames.reduce((sum, name) => sum + lines[name], 0n);
}
