/** Status of a position in LockingPool, by its numbers. */
export const statuses = { unavailable: 0n, inactive: 1n, active: 2n, unlocked: 3n } as const;

/** One of {@link statuses}. */
export type Status = (typeof statuses)[keyof typeof statuses];

/** Above this an amount is absurd and the position is taken as not readable; wei. */
export const MAX_AMOUNT = 2n ** 88n - 1n;

/** A position as LockingPool tells it, as `SequencerPositions.Position`; amounts in wei of METIS. */
export interface Position {
  /** False when the answer is missing or absurd; then all else is 0. */
  readonly isReadable: boolean;
  readonly status: Status;
  readonly amount: bigint;
  readonly reward: bigint;
  /** The batch in which the position was last opened, withdrawn from, or given another signer. */
  readonly updatedBatch: bigint;
  /** When an exit can end, Unix seconds. */
  readonly claimableAt: bigint;
}

/** What LockingPool allows every position that shrinks. */
export interface WithdrawLimits {
  /** False when it is paused. */
  readonly isOpen: boolean;
  /** Wei of METIS. */
  readonly minLock: bigint;
  readonly currentBatch: bigint;
}

/** A vault without a position, or with one that cannot be read. */
export const unreadable: Position = {
  isReadable: false,
  status: statuses.unavailable,
  amount: 0n,
  reward: 0n,
  updatedBatch: 0n,
  claimableAt: 0n,
};

/**
 * What LockManager takes a position for: absurd amounts, and positions that never were, count as not readable.
 *
 * @example
 * positionOf({ status: 2n, amount: 2n ** 88n, reward: 0n, updatedBatch: 1n, claimableAt: 0n }).isReadable; // false
 */
export function positionOf(told: Omit<Position, "isReadable">): Position {
  if (told.status === statuses.unavailable || told.amount > MAX_AMOUNT || told.reward > MAX_AMOUNT) return unreadable;
  const { status, amount, reward, updatedBatch, claimableAt } = told;
  return { isReadable: true, status, amount, reward, updatedBatch, claimableAt };
}

/**
 * Wei of METIS that a whitelisted owner can take out of `position` now: what is above `minLock`, once a batch.
 *
 * @example
 * const position = positionOf({ status: 2n, amount: 25n, reward: 0n, updatedBatch: 1n, claimableAt: 0n });
 * const withdrawable = surplus(position, { isOpen: true, minLock: 20n, currentBatch: 9n }); // 5n
 */
export function surplus(position: Position, allowed: WithdrawLimits): bigint {
  if (!allowed.isOpen || position.status !== statuses.active) return 0n;
  if (allowed.currentBatch <= position.updatedBatch) return 0n;
  return position.amount > allowed.minLock ? position.amount - allowed.minLock : 0n;
}
