import { BPS } from "./integers";

/** What becomes of a vault, by the contract's numbers. */
export const phases = { waiting: 0n, active: 1n, exiting: 2n } as const;

/** One of {@link phases}. */
export type Phase = (typeof phases)[keyof typeof phases];

/** Nothing in 32 bytes, as the public key of a vault without one. */
export const ZERO_WORD = "0x0000000000000000000000000000000000000000000000000000000000000000";

/** What LockManager remembers of one vault, as `VaultBook.Book` and `ILockManager.Vault`; amounts in wei of METIS. */
export interface Book {
  readonly vault: string;
  /** Who is paid the commission. */
  readonly operator: string;
  readonly phase: Phase;
  /** The position in LockingPool; 0 while there is none. */
  readonly sequencerId: bigint;
  /** Locked, or waiting in an exit. */
  readonly principal: bigint;
  /** As last seen. */
  readonly reward: bigint;
  /** Owed to the operator for rewards that left the position. */
  readonly owed: bigint;
  /** Our ceiling for the position. */
  readonly cap: bigint;
  /** The operator's share of `reward`. */
  readonly commissionBps: bigint;
  /** The operator's share of what comes after `reward`. */
  readonly nextCommissionBps: bigint;
  /** The sequencer's public key, 32 bytes each; zero once its signer was used. */
  readonly pubkeyX: string;
  readonly pubkeyY: string;
}

/**
 * Wei of METIS of the reward that will be the operator's; rounded down.
 *
 * @example
 * commission({ reward: 1_999n, commissionBps: 500n }); // 99n
 */
export function commission(book: Pick<Book, "reward" | "commissionBps">): bigint {
  return (book.reward * book.commissionBps) / BPS;
}

/**
 * Wei of METIS that back eMetis in a vault: principal and reward without the commission.
 *
 * @example
 * backing({ principal: 10_000n, reward: 1_999n, commissionBps: 500n }); // 11_900n
 */
export function backing(book: Pick<Book, "principal" | "reward" | "commissionBps">): bigint {
  return book.principal + book.reward - commission(book);
}

/** A reward taken off a position, and the book without it. */
export interface Release {
  readonly book: Book;
  /** Wei of METIS, the commission included. */
  readonly reward: bigint;
  /** Wei of METIS that the operator is owed more. */
  readonly commission: bigint;
}

/**
 * Takes the reward off the position: the operator's commission becomes owed, the new rate holds from now on.
 *
 * @example
 * const released = ethereum.manager.books.map(release);
 */
export function release(book: Book): Release {
  const commissioned = commission(book);
  return {
    book: { ...book, owed: book.owed + commissioned, reward: 0n, commissionBps: book.nextCommissionBps },
    reward: book.reward,
    commission: commissioned,
  };
}

/**
 * The book ready for a new position. Metis never takes the same signer twice, so the key goes too.
 *
 * @example
 * const waiting = ethereum.manager.books.map(close);
 */
export function close(book: Book): Book {
  return {
    ...book,
    principal: 0n,
    reward: 0n,
    sequencerId: 0n,
    phase: phases.waiting,
    pubkeyX: ZERO_WORD,
    pubkeyY: ZERO_WORD,
  };
}
