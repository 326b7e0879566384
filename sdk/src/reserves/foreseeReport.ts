import { BPS } from "../math/integers";
import type { Report } from "../math/ledger";
import type { L1Reserves, LockingPosition, VaultReserves } from "./readL1Reserves";

/** Why a vault's position counts for nothing. */
export type PositionFault = "positionUnreadable" | "positionNotOurs" | "positionShared";

/** A vault with the position that may be counted as its own. Wei of METIS. */
export interface CheckedVault extends VaultReserves {
  /** `undefined` where there is none, or a fault. */
  readonly counted: LockingPosition | undefined;
  readonly fault: PositionFault | undefined;
  /** Metis ended or began to end the position, and LockManager has not seen it yet. */
  readonly isForcedOut: boolean;
}

const isActive = 2n;
const isUnlocked = 3n;

/**
 * Tells which positions are the vaults' own: known to LockingPool, owned by the vault, and listed once.
 *
 * @example
 * const vaults = checkVaults(reserves.vaults);
 */
export function checkVaults(vaults: readonly VaultReserves[]): readonly CheckedVault[] {
  return vaults.map((vault, index) => {
    const fault = vault.sequencerId === 0n ? undefined : faultOf(vault, vaults.slice(0, index));
    const counted = fault === undefined ? vault.position : undefined;
    const isForcedOut = vault.phase === 1n && counted !== undefined && counted.status !== isActive;
    return { ...vault, counted, fault, isForcedOut };
  });
}

/**
 * What LockManager would report in the block that was read, worked out from LockingPool and the METIS token: of LockManager's books
 * only the counters, the commission rates and what operators are owed are taken.
 *
 * @example
 * const report = foreseeReport(reserves, checkVaults(reserves.vaults));
 */
export function foreseeReport(reserves: L1Reserves, vaults: readonly CheckedVault[]): Report {
  const arrived = reserves.balance - reserves.idle;
  const owed = sum(vaults.map((vault) => vault.owed + (vault.isForcedOut ? commission(vault) : 0n)));
  const paidByForce = sum(vaults.map(({ isForcedOut, reward }) => (isForcedOut ? reward : 0n)));
  return {
    takenAt: reserves.block.timestamp,
    l1Assets: reserves.balance + sum(vaults.map(backing)) - owed,
    receivedFromL2: reserves.receivedFromL2 + (arrived > 0n ? arrived : 0n),
    sentToL2: reserves.sentToL2 + paidByForce,
    l1Deposits: reserves.l1Deposits,
  };
}

/**
 * Wei of METIS of the booked reward that will be the operator's; rounded down.
 *
 * @example
 * commission({ reward: 999n, commissionBps: 1_000n }); // 99n
 */
export function commission({ reward, commissionBps }: Pick<VaultReserves, "reward" | "commissionBps">): bigint {
  return (reward * commissionBps) / BPS;
}

/** What of a position backs eMetis: a reward that came after a forced exit is the operator's at the next rate. */
function backing({ counted, isForcedOut, commissionBps, nextCommissionBps }: CheckedVault): bigint {
  if (counted === undefined || counted.status === isUnlocked) return 0n;
  const { amount, reward } = counted;
  return amount + reward - commission({ reward, commissionBps: isForcedOut ? nextCommissionBps : commissionBps });
}

function faultOf(vault: VaultReserves, earlier: readonly VaultReserves[]): PositionFault | undefined {
  if (vault.position === undefined) return "positionUnreadable";
  if (vault.position.owner !== vault.vault) return "positionNotOurs";
  return earlier.some(({ sequencerId }) => sequencerId === vault.sequencerId) ? "positionShared" : undefined;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
