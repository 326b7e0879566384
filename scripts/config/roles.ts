/**
 * Who may do what: the table that is written into the AccessManager of each chain. A restricted function that is not listed belongs to
 * governance, with its full delay: upgrades, peers, parameters, vaults, exits.
 */
import { delays } from "./parameters";

/** The contracts with restricted functions. */
export type RestrictedContract = "StakingPool" | "RedemptionQueue" | "L2Gateway" | "LockManager" | "L1Gateway";

/** A role, who of the deployment's actors holds it, and how long its acts wait. */
export interface Role {
  readonly id: bigint;
  readonly holder: "governance" | "guardian" | "keeper";
  /** Seconds between the announcement of an act and the act. */
  readonly delay: bigint;
  readonly functions: Readonly<Partial<Record<RestrictedContract, readonly string[]>>>;
}

/** AccessManager's own role of its administrator. */
export const adminRole = 0n;

export const roles = {
  governance: { id: adminRole, holder: "governance", delay: delays.governance, functions: {} },
  tightener: {
    id: 1n,
    holder: "governance",
    delay: delays.tightening,
    functions: {
      StakingPool: ["tightenParameters", "unpause"],
      LockManager: ["tightenParameters", "tightenVault", "unpause"],
    },
  },
  lossConfirmer: { id: 2n, holder: "governance", delay: 0n, functions: { StakingPool: ["confirmLoss"] } },
  guardian: {
    id: 3n,
    holder: "guardian",
    delay: 0n,
    functions: { StakingPool: ["pause", "extendPause"], LockManager: ["pause", "extendPause"] },
  },
  keeper: { id: 4n, holder: "keeper", delay: 0n, functions: { LockManager: ["recall"] } },
} as const satisfies Record<string, Role>;
