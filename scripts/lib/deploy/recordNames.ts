/** The contracts that have a record of their own, by the names of their steps. */

/** As `scripts/lib/addressBook.ts` reads them. */
export const recordNames = [
  "L1AccessManager",
  "VaultBeacon",
  "LockManager",
  "L1Gateway",
  "L2AccessManager",
  "EMetis",
  "SEMetis",
  "StakingPool",
  "RedemptionQueue",
  "L2Gateway",
] as const;

/** The name of a record. */
export type RecordName = (typeof recordNames)[number];
