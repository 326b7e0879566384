import type { SequencerVault, Vaults } from "../../../sdk/src/reads/readVaults";
import type { Head, Health, LockingPoolState, Need, RewardPayer } from "./health";
import { type Sample, amount, elapsed, from, fromBoth, sample } from "./samples";

const day = 86_400;
/** For so long after a loss seen on Ethereum LockManager takes no deposit. */
const lossDelay = 3 * day;
const phases = ["waiting", "active", "exiting"] as const;

/** What Ethereum tells, as samples. */
export function samplesOfL1(health: Health): readonly Sample[] {
  const { vaults, lockingPool, rewardPayer, need, l1Stops, l1Fees, l1GasPrice, l1Head, l2BlockTime } = health;
  return [
    ...from(vaults, ofTotals),
    ...fromBoth(vaults, l1Head, (found, head) => found.vaults.flatMap((vault) => ofVault(vault, head))),
    ...from(lockingPool, ofLockingPool),
    ...from(rewardPayer, (payer) => [
      amount("emetis_reward_payer_balance_metis", payer.balance),
      amount("emetis_reward_payer_allowance_metis", payer.allowance),
    ]),
    ...fromBoth(rewardPayer, l2BlockTime, (payer, seconds) => ofRunway(payer, seconds)),
    ...fromBoth(need, l1Head, ofNeed),
    ...fromBoth(l1Stops, l1Head, ({ pausedUntil, lossSeenAt }, { timestamp }) => [
      sample("emetis_pause_remaining_seconds", elapsed(pausedUntil, timestamp), { contract: "LockManager" }),
      sample("emetis_l1_loss_remaining_seconds", lossSeenAt === 0 ? 0 : elapsed(lossSeenAt + lossDelay, timestamp)),
    ]),
    ...from(l1Fees, ({ message, metis }) => [
      amount("emetis_l1_message_fee_eth", message),
      amount("emetis_l1_metis_fee_eth", metis),
    ]),
    ...from(l1GasPrice, (price) => [amount("emetis_l1_gas_price_eth", price)]),
  ];
}

/** Seconds that rewards can be paid at the present rate, from what the payer holds and what LockingInfo may take of it. */
export function rewardRunway(
  { balance, allowance, rewardPerBlock }: RewardPayer,
  blockTime: number,
): number | undefined {
  if (rewardPerBlock === 0n) return undefined;
  const payable = balance < allowance ? balance : allowance;
  return Number(payable / rewardPerBlock) * blockTime;
}

function ofRunway(payer: RewardPayer, blockTime: number): readonly Sample[] {
  const runway = rewardRunway(payer, blockTime);
  return runway === undefined ? [] : [sample("emetis_reward_payer_runway_seconds", runway)];
}

function ofTotals({ totals }: Vaults) {
  return [
    amount("emetis_l1_assets_metis", totals.l1Assets),
    amount("emetis_l1_withdrawable_metis", totals.withdrawableNow),
    amount("emetis_l1_idle_metis", totals.idle),
    amount("emetis_operators_owed_metis", totals.owed),
  ];
}

function ofVault(book: SequencerVault, { timestamp }: Head) {
  const vault = { vault: String(book.index) };
  const { live } = book;
  const phase = live.type === "position" ? live.phase : book.phase;
  const claimableAt = live.type === "position" && phase === "exiting" ? Number(live.exitClaimableAt) : 0;
  return [
    amount("emetis_vault_principal_metis", live.type === "position" ? live.principal : book.principal, vault),
    amount("emetis_vault_reward_metis", live.type === "position" ? live.reward : book.reward, vault),
    sample("emetis_vault_whitelisted", book.isWhitelisted, vault),
    sample("emetis_vault_readable", live.type !== "unreadable", vault),
    // What Metis did and LockManager has not read yet.
    sample("emetis_vault_forced_out", book.phase === "active" && phase !== "active", vault),
    sample("emetis_vault_exit_overdue_seconds", claimableAt === 0 ? 0 : elapsed(timestamp, claimableAt), vault),
    sample("emetis_vault_exit_claimable_timestamp_seconds", claimableAt, vault),
    ...phases.map((name) => sample("emetis_vault_phase", name === phase, { ...vault, phase: name })),
  ];
}

function ofLockingPool({ isPaused, active, inactive, isExitRestricted, exitHeadroom }: LockingPoolState) {
  return [
    sample("emetis_locking_pool_paused", isPaused),
    sample("emetis_sequencers", active, { status: "active" }),
    sample("emetis_sequencers", inactive, { status: "inactive" }),
    sample("emetis_exit_restricted", isExitRestricted),
    sample("emetis_exit_headroom", exitHeadroom),
  ];
}

function ofNeed({ missing, unreachedSince }: Need, { timestamp }: Head) {
  return [
    amount("emetis_need_missing_metis", missing),
    sample("emetis_need_unreached_seconds", unreachedSince === 0 ? 0 : elapsed(timestamp, unreachedSince)),
  ];
}
