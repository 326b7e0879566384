/** Least wei of METIS that a deposit takes, on either chain; as `StakingPool.MIN_DEPOSIT` and `LockManager.MIN_DEPOSIT`. */
export const MIN_DEPOSIT = 10n ** 16n;

/** Least wei of eMetis that a ticket takes; as `RedemptionQueue.MIN_TICKET`. */
export const MIN_TICKET = 10n ** 16n;

/** Most wei of METIS or eMetis that the pool's buffer and the vault's stream can hold: 88 bits. */
export const MAX_ASSETS = 2n ** 88n - 1n;

/** Most wei that one ticket can stand for: a ticket keeps them doubled in 96 bits. */
export const MAX_TICKET = 2n ** 95n - 1n;

/** Most wei that the counters of both chains, and positions of the queue, can hold: 96 bits. */
export const MAX_COUNTER = 2n ** 96n - 1n;
