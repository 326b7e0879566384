/** METIS on Ethereum: what is locked, harvested, taken back from exits, found in vaults. */
import {
  allocate,
  expelDonation,
  finishExit,
  harvest,
  payCommission,
  refreshRewardRecipient,
  sweepVault,
} from "../../../../sdk/src";
import { max, min, saturatingSub } from "../../../../sdk/src/math/integers";
import type { L1State, VaultState } from "../state";
import {
  freeIdle,
  isActive,
  isWorkable,
  lockable,
  missingForNeed,
  missingForQueue,
  principalOf,
  rewardOf,
} from "./amounts";
import { type Decision, type Outlook, earnings, idle, metis, weigh } from "./decision";
import type { At } from "./recalls";

/** Locks what is idle and not waited for. */
export function decideAllocate(outlook: Outlook, { deployment }: At): Decision {
  const { state, policy } = outlook;
  const { l1 } = state;
  const crank = { action: "allocate", chain: "l1" } as const;
  if (l1.block.timestamp < l1.pausedUntil) {
    return idle({ ...crank, why: "LockManager is paused" }, { type: "until", at: l1.pausedUntil });
  }
  if (!l1.pool.isOpen) return idle({ ...crank, why: "LockingPool is paused" }, { type: "blocked" });
  if (missingForNeed(l1) > 0n) return idle({ ...crank, why: "a signalled need goes first" }, { type: "nothing" });
  const assets = lockable(l1);
  if (assets === 0n) {
    const why = `${metis(freeIdle(l1))} are idle, and no vault takes them`;
    return idle({ ...crank, why }, { type: "nothing" });
  }
  const missing = missingForQueue(state);
  if (missing >= freeIdle(l1)) return idle({ ...crank, why: "the queue waits for what is idle" }, { type: "nothing" });
  const value = earnings(min(assets, freeIdle(l1) - missing), policy);
  const why = `${metis(assets)} are idle`;
  return weigh(outlook, { ...crank, why, value, urgency: "worth", call: allocate(deployment) });
}

/** Takes rewards off the positions: locked where there is room, else sent to Metis for a fee each. */
export function decideHarvest(outlook: Outlook, { deployment }: At): Decision {
  const { l1 } = outlook.state;
  const crank = { action: "harvest", chain: "l1" } as const;
  if (!l1.pool.isOpen) return idle({ ...crank, why: "LockingPool is paused" }, { type: "blocked" });
  const rewarded = l1.vaults.filter((vault) => isActive(vault) && vault.isWhitelisted && rewardOf(vault) > 0n);
  const down = rewarded.filter((vault) => missingForNeed(l1) > 0n || !hasRoom(l1, vault));
  if (down.length > 0 && l1.fees === undefined) {
    return idle({ ...crank, why: "Metis does not tell the bridge's fee" }, { type: "blocked" });
  }
  const value = rewarded.reduce((sum, vault) => sum + rewardOf(vault), 0n);
  if (value === 0n) return idle({ ...crank, why: "no vault has a reward that can be taken" }, { type: "nothing" });
  const fee = (l1.fees?.metis ?? 0n) * BigInt(down.length);
  const why = `${rewarded.length} vaults have ${metis(value)} of rewards, ${down.length} of them without room`;
  return weigh(outlook, { ...crank, why, value, urgency: "worth", call: harvest(deployment, { fee }) });
}

/** Ends the first exit that can be ended. */
export function decideFinishExit(outlook: Outlook, { deployment }: At): Decision {
  const { state, policy } = outlook;
  const { l1 } = state;
  const crank = { action: "finishExit", chain: "l1" } as const;
  const exits = l1.vaults.flatMap((vault) =>
    vault.live.type === "position" && vault.live.phase === "exiting" ? [{ vault, at: vault.live.exitClaimableAt }] : [],
  );
  const first =
    [...exits].sort((a, b) => (a.at < b.at ? -1 : 1)).find(({ vault }) => isWorkable(l1, vault)) ?? exits[0];
  if (first === undefined) return idle({ ...crank, why: "no vault is in an exit" }, { type: "nothing" });
  const { vault, at } = first;
  const subject = String(vault.index);
  if (l1.block.timestamp < at) return idle({ ...crank, subject, why: "the exit lasts" }, { type: "until", at });
  if (!isWorkable(l1, vault) || l1.fees === undefined) {
    return idle(
      { ...crank, subject, why: "the exit is over, and Metis does not let the vault end it" },
      { type: "blocked" },
    );
  }
  const urgency = l1.block.timestamp >= at + policy.patience ? "overdue" : "due";
  const call = finishExit(deployment, { index: BigInt(vault.index), fee: l1.fees.metis });
  return weigh(outlook, { ...crank, subject, why: "the exit is over", value: principalOf(vault), urgency, call });
}

/** Unlocks or claims a position that somebody gave to a vault: it blocks the vault's own. */
export function decideExpelDonation(outlook: Outlook, { deployment }: At): Decision {
  const { l1 } = outlook.state;
  const crank = { action: "expelDonation", chain: "l1" } as const;
  const vault = l1.vaults.find(({ donation }) => donation !== undefined);
  if (vault?.donation === undefined)
    return idle({ ...crank, why: "no vault was given a position" }, { type: "nothing" });
  const subject = String(vault.index);
  const { isActive: isLocked, claimableAt } = vault.donation;
  if (!isLocked && l1.block.timestamp < claimableAt) {
    return idle({ ...crank, subject, why: "the exit of the donation lasts" }, { type: "until", at: claimableAt });
  }
  if (!isWorkable(l1, vault) || l1.fees === undefined) {
    return idle({ ...crank, subject, why: "Metis does not let the vault work" }, { type: "blocked" });
  }
  const why = isLocked ? "a position was given to the vault and blocks it" : "the exit of the donation is over";
  const call = expelDonation(deployment, { index: BigInt(vault.index), fee: l1.fees.metis });
  return weigh(outlook, { ...crank, subject, why, value: 0n, urgency: "due", call });
}

/** Books METIS that lies in a vault. */
export function decideSweepVault(outlook: Outlook, { deployment }: At): Decision {
  const crank = { action: "sweepVault", chain: "l1" } as const;
  const [vault] = [...outlook.state.l1.vaults].sort((a, b) => (a.surplus > b.surplus ? -1 : 1));
  if (vault === undefined || vault.surplus === 0n) {
    return idle({ ...crank, why: "no METIS lies in a vault" }, { type: "nothing" });
  }
  const why = `${metis(vault.surplus)} lie in the vault`;
  const call = sweepVault(deployment, { index: BigInt(vault.index) });
  return weigh(outlook, { ...crank, subject: String(vault.index), why, value: vault.surplus, urgency: "worth", call });
}

/** Points rewards at the gateway in force: they would go to another one. */
export function decideRefreshRewardRecipient(outlook: Outlook, { deployment }: At): Decision {
  const { l1 } = outlook.state;
  const crank = { action: "refreshRewardRecipient", chain: "l1" } as const;
  const vault = l1.vaults.find(({ live }) => {
    return live.type === "position" && live.phase === "active" && live.rewardRecipient !== l1.l2Gateway;
  });
  if (vault === undefined) return idle({ ...crank, why: "all rewards go to the gateway" }, { type: "nothing" });
  const call = refreshRewardRecipient(deployment, { index: BigInt(vault.index) });
  const why = "rewards of the vault go elsewhere";
  const subject = String(vault.index);
  return weigh(outlook, { ...crank, subject, why, value: rewardOf(vault), urgency: "due", call });
}

/** Pays an operator what is owed, if the policy says so. */
export function decidePayCommission(outlook: Outlook, { deployment }: At): Decision {
  const { state, policy } = outlook;
  const crank = { action: "payCommission", chain: "l1" } as const;
  if (!policy.paysCommission) return idle({ ...crank, why: "operators call it themselves" }, { type: "nothing" });
  const [vault] = [...state.l1.vaults].sort((a, b) => (a.owed > b.owed ? -1 : 1));
  const assets = min(vault?.owed ?? 0n, max(state.l1.held, state.l1.totals.idle));
  if (vault === undefined || assets === 0n) {
    return idle({ ...crank, why: "nothing is owed that can be paid" }, { type: "nothing" });
  }
  const call = payCommission(deployment, { index: BigInt(vault.index) });
  const why = `the operator is owed ${metis(vault.owed)}`;
  return weigh(outlook, { ...crank, subject: String(vault.index), why, value: assets, urgency: "worth", call });
}

function hasRoom({ pool }: L1State, vault: VaultState): boolean {
  return saturatingSub(min(pool.maxLock, vault.cap), principalOf(vault)) >= rewardOf(vault);
}
