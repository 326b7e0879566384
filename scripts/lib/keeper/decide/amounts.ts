/** Amounts that several decisions rest on; wei of METIS. */
import { max, min, saturatingSub } from "../../../../sdk/src/math/integers";
import { plan } from "../../../../sdk/src/math/waterFill";
import type { L1State, State, VaultState } from "../state";

/** METIS in LockManager that operators are not owed, arrivals included. */
export function freeIdle({ held, totals }: L1State): bigint {
  return saturatingSub(max(held, totals.idle), totals.owed);
}

/** METIS that LockManager was told to send down and has not. */
export function missingForNeed({ need, counters }: L1State): bigint {
  return saturatingSub(need.target, counters.sentToL2);
}

/** METIS that the queue waits for and that Ethereum has not sent yet. */
export function missingForQueue({ l1, l2 }: State): bigint {
  return saturatingSub(l2.needTarget, l1.counters.sentToL2);
}

/** Whether LockingPool lets a vault work its position. */
export function isWorkable({ pool }: L1State, { isWhitelisted }: VaultState): boolean {
  return pool.isOpen && isWhitelisted;
}

/** METIS that locking would lock now: what `allocate` does, vaults that would refuse left out. */
export function lockable(l1: L1State): bigint {
  const open = l1.vaults.map((vault) => isWorkable(l1, vault) && (isActive(vault) || canBeOpened(vault)));
  const levels = l1.vaults.map((vault) => (isActive(vault) ? principalOf(vault) : 0n));
  const ceilings = l1.vaults.map(({ cap }, index) => (open[index] === true ? min(l1.pool.maxLock, cap) : 0n));
  const shares = plan(levels, ceilings, l1.pool.minLock, freeIdle(l1));
  return shares.reduce((sum, share) => sum + share, 0n);
}

/** METIS that is coming back from exits and that Metis lets us take. */
export function exiting({ vaults }: L1State): bigint {
  return vaults
    .filter(({ live, isWhitelisted }) => isWhitelisted && live.type === "position" && live.phase === "exiting")
    .reduce((sum, vault) => sum + principalOf(vault), 0n);
}

/** Whether LockingPool tells that the position is locked. */
export function isActive({ live }: VaultState): boolean {
  return live.type === "position" && live.phase === "active";
}

/** METIS locked in a vault, as LockManager will take it over. */
export function principalOf(vault: VaultState): bigint {
  return vault.live.type === "position" ? vault.live.principal : vault.principal;
}

/** Reward in a vault, as LockManager will take it over. */
export function rewardOf(vault: VaultState): bigint {
  return vault.live.type === "position" ? vault.live.reward : vault.reward;
}

/** What happened to a vault that LockManager has not seen yet. */
export function surpriseOf(vault: VaultState): "loss" | "forcedExit" | undefined {
  if (vault.live.type !== "position") return undefined;
  if (vault.live.principal < vault.principal) return "loss";
  return vault.live.phase !== vault.phase ? "forcedExit" : undefined;
}

function canBeOpened({ phase, canOpen, donation }: VaultState): boolean {
  return phase === "waiting" && canOpen && donation === undefined;
}
