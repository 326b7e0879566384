/** What is measured: the metrics by name, each with its kind and its meaning. METIS and ETH are decimal numbers, exact to the wei. */
export interface Definition {
  readonly type: "gauge" | "counter";
  readonly help: string;
}

const gauges: Readonly<Record<string, string>> = {
  emetis_health_timestamp_seconds: "When the health was read, by the reader's clock.",
  emetis_read_failed: "1 for each part of the health that could not be read; its own metrics are absent.",
  emetis_node_up: "Whether a node of the chain answered with its latest block.",
  emetis_head_block: "Number of the chain's latest block.",
  emetis_head_timestamp_seconds: "Time of the chain's latest block.",
  emetis_head_lag_seconds: "The reader's clock less the time of the chain's latest block.",
  emetis_l2_clock_lag_seconds: "Time of Ethereum's latest block less that of Metis's.",
  emetis_total_assets_metis: "METIS that backs eMetis, as of the last report.",
  emetis_total_supply_metis: "eMetis in existence.",
  emetis_solvency_margin_metis: "Backing less supply; negative when eMetis is not backed.",
  emetis_solvency_margin_bps: "Backing less supply in basis points of supply, rounded down.",
  emetis_unbacked_l1_mints_metis: "eMetis minted for deposits that Ethereum does not know.",
  emetis_unrecovered_loss_metis: "Losses that later profits repair free of fee.",
  emetis_ledger_line_metis: "Each signed line of the ledger, per the last report.",
  emetis_report_number: "Message number of the report that was applied last.",
  emetis_report_age_seconds: "Since the report that was applied last was taken on Ethereum.",
  emetis_report_applied_age_seconds: "Since a report was last applied on Metis.",
  emetis_queue_pending_metis: "eMetis that waits in the queue.",
  emetis_queue_reserved_metis: "METIS of finalised tickets that are not claimed.",
  emetis_queue_needed_from_l1_metis: "What METIS ever sent down must reach for the queue to be filled; 0 when it is.",
  emetis_queue_oldest_age_seconds:
    "Since the end of the hour in which the oldest waiting ticket was asked for; 0 without one.",
  emetis_free_buffer_metis: "METIS in the pool beyond what the queue waits for.",
  emetis_redemption_rate: "METIS for one eMetis at redemption.",
  emetis_l1_deposit_bucket_limit_metis: "eMetis that deposits from Ethereum may mint in a day.",
  emetis_l1_deposit_bucket_available_metis: "What of that is left now.",
  emetis_pause_remaining_seconds: "How long the contract stays paused; 0 when it is open.",
  emetis_loss_stop_remaining_seconds:
    "How long exits stay stopped by a loss that nobody confirmed; 0 when they are open.",
  emetis_l1_loss_remaining_seconds: "How long LockManager takes no deposits for a loss that it saw; 0 when it does.",
  emetis_l2_withdrawal_fee_metis: "What Metis's bridge takes for a withdrawal to Ethereum.",
  emetis_l2_withdrawal_fee_ratio:
    "That fee against the most that the pool pays by itself for the least send; above 1 it does not.",
  emetis_l2_gas_price_metis: "Price of gas on Metis.",
  emetis_l2_block_time_seconds: "Seconds between two blocks of Metis.",
  emetis_l1_assets_metis: "What LockManager holds and locked, less what operators are owed.",
  emetis_l1_withdrawable_metis: "What Ethereum could send down at once.",
  emetis_l1_idle_metis: "METIS held by LockManager.",
  emetis_operators_owed_metis: "Commission owed to operators.",
  emetis_vault_principal_metis: "METIS locked for the vault, or waiting in its exit.",
  emetis_vault_reward_metis: "Reward of the vault's position that is not paid.",
  emetis_vault_whitelisted: "Whether Metis lets the vault work its position.",
  emetis_vault_readable: "Whether LockingPool tells the vault's position.",
  emetis_vault_forced_out: "Whether Metis ended the vault's position and LockManager has not read it yet.",
  emetis_vault_exit_overdue_seconds: "Since the vault's exit could be finished; 0 while it cannot or is not begun.",
  emetis_vault_exit_claimable_timestamp_seconds: "When the vault's exit can be finished; 0 without an exit.",
  emetis_vault_phase: "1 for the phase that the vault is in.",
  emetis_locking_pool_paused: "Whether Metis paused LockingPool.",
  emetis_sequencers: "Sequencers of LockingPool, ours and others', by status.",
  emetis_exit_restricted: "Whether LockingPool lets a voluntary exit through only while two thirds stay active.",
  emetis_exit_headroom: "How many voluntary exits may begin one after another now.",
  emetis_reward_payer_balance_metis: "METIS of the account that sequencers' rewards are taken from.",
  emetis_reward_payer_allowance_metis: "What LockingInfo may still take of it.",
  emetis_reward_payer_runway_seconds: "How long rewards can be paid from that at the present rate.",
  emetis_need_missing_metis: "METIS that lacks to the need that Ethereum was told.",
  emetis_need_unreached_seconds: "Since recalling could not reach the need; 0 when it is reached or was not tried.",
  emetis_l1_message_fee_eth: "What Metis's bridge asks for a message.",
  emetis_l1_metis_fee_eth: "What Metis's bridge asks for METIS or a reward.",
  emetis_l1_gas_price_eth: "Price of gas on Ethereum.",
  emetis_keeper_balance_eth: "ETH of the keeper on Ethereum.",
  emetis_keeper_balance_metis: "METIS of the keeper on Metis.",
  emetis_keeper_runway_seconds: "How long the balance lasts at a generous day's cost at present prices.",
  emetis_governance_operations: "Acts of governance that are scheduled and not done.",
  emetis_governance_next_timestamp_seconds: "When the first of them can be done; absent without one.",
  emetis_messages_sent: "Number of the last message that LockManager sent.",
  emetis_messages_waiting: "Messages down whose work is not done: newer reports than the applied one, and deposits.",
  emetis_message_age_seconds: "Since the oldest of them was sent; 0 without one.",
  emetis_l1_deposits_undelivered_metis: "Deposits from Ethereum for which eMetis is not minted.",
  emetis_transit_metis: "METIS that left one chain and is not booked on the other.",
  emetis_transit_age_seconds: "Since the oldest of it left; 0 without any.",
  emetis_reserves_faults: "Numbers of both chains that contradict each other.",
  emetis_reserves_margin_metis: "Reserves less supply, recomputed from both chains as if a report were taken now.",
  emetis_reserves_verdict: "1 for what the comparison of both chains found.",
  emetis_keeper_last_cycle_timestamp_seconds: "When the keeper last finished a cycle; 0 before the first.",
  emetis_keeper_spent_today_eth: "ETH that the keeper spent today on Ethereum.",
  emetis_keeper_spent_today_metis: "METIS that the keeper spent today on Metis.",
};

const counters: Readonly<Record<string, string>> = {
  emetis_keeper_transactions_total: "Transactions of the keeper that were mined, by action, since it was started.",
  emetis_keeper_failures_total: "Actions of the keeper that failed, by action, since it was started.",
};

/** Every metric there is. */
export const definitions: ReadonlyMap<string, Definition> = new Map<string, Definition>([
  ...defined("gauge", gauges),
  ...defined("counter", counters),
]);

function defined(type: Definition["type"], helps: Readonly<Record<string, string>>) {
  return Object.entries(helps).map(([name, help]): readonly [string, Definition] => [name, { type, help }]);
}
