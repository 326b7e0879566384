/**
 * What calls a person: each rule compares one metric with a number, so that Prometheus and `npm run status` judge alike. docs/operations.md
 * holds the same rules for Prometheus, and for each name a section that says what to do.
 */
import { durationOf } from "./words";

/** How urgent: `critical` wakes somebody, `warning` is for the day, `info` is to be known. */
export type Severity = "critical" | "warning" | "info";

/** One threshold of an alarm; an alarm may have one for each severity. */
export interface Rule {
  readonly name: string;
  readonly severity: Severity;
  readonly metric: string;
  /** Only samples with these labels. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly comparison: ">" | "<";
  readonly threshold: number;
  /** How long Prometheus waits for it to pass by itself. */
  readonly for: string;
  /** What is wrong, of one sample: its value and its labels. */
  readonly message: (value: string, labels: Readonly<Record<string, string>>) => string;
}

const minute = 60;
const hour = 3_600;
const day = 86_400;

/** Chains by the names that people know. */
const chains: Readonly<Record<string, string>> = { l1: "Ethereum", l2: "Metis" };
const chainOf = ({ chain = "" }: Readonly<Record<string, string>>) => chains[chain] ?? chain;
const time = (value: string) => durationOf(Number(value));

/** The rules that the health decides. */
export const rules: readonly Rule[] = [
  ...nodeRules(),
  ...backingRules(),
  ...stopRules(),
  ...messageRules(),
  ...queueRules(),
  ...vaultRules(),
  ...metisRules(),
  ...purseRules(),
];

function nodeRules(): readonly Rule[] {
  const lag = { metric: "emetis_head_lag_seconds", comparison: ">", for: "5m" } as const;
  const late = (value: string, labels: Readonly<Record<string, string>>) =>
    `the latest block of ${chainOf(labels)} is ${time(value)} old`;
  return [
    {
      ...{ name: "NodeDown", severity: "critical", metric: "emetis_node_up", comparison: "<", threshold: 1, for: "5m" },
      message: (_, labels) => `no node of ${chainOf(labels)} answers`,
    },
    {
      ...{ name: "ReadFailed", severity: "warning", metric: "emetis_read_failed", comparison: ">" },
      ...{ threshold: 0, for: "15m" },
      message: (_, { what = "" }) => `${what} could not be read`,
    },
    { ...lag, name: "NodeStale", severity: "warning", labels: { chain: "l1" }, threshold: 10 * minute, message: late },
    { ...lag, name: "NodeStale", severity: "warning", labels: { chain: "l2" }, threshold: hour, message: late },
    ...clockRules(),
  ];
}

function clockRules(): readonly Rule[] {
  const lag = { name: "L2ClockLags", metric: "emetis_l2_clock_lag_seconds", comparison: ">", for: "15m" } as const;
  const behind = (value: string) => `the clock of Metis is ${time(value)} behind that of Ethereum`;
  return [
    {
      ...{ name: "ClockBehind", severity: "warning", metric: "emetis_head_lag_seconds", comparison: "<", for: "5m" },
      threshold: -2 * minute,
      message: (value, labels) =>
        `this machine's clock is ${time(value.replace("-", ""))} behind the latest block of ${chainOf(labels)}`,
    },
    {
      ...{ ...lag, severity: "warning", threshold: 3 * hour },
      message: (value) => `${behind(value)}; 6 h are assumed at most`,
    },
    {
      ...{ ...lag, severity: "critical", threshold: 6 * hour },
      message: (value) => `${behind(value)}: above the 6 h that finalisation assumes`,
    },
  ];
}

function backingRules(): readonly Rule[] {
  return [
    {
      ...{ name: "Undercollateralised", severity: "critical", metric: "emetis_solvency_margin_metis", comparison: "<" },
      ...{ threshold: 0, for: "0m" },
      message: (value) => `${value.replace("-", "")} METIS lack behind eMetis; deposits on Metis revert`,
    },
    {
      ...{ name: "UnbackedMints", severity: "critical", metric: "emetis_unbacked_l1_mints_metis", comparison: ">" },
      ...{ threshold: 0, for: "0m" },
      message: (value) => `${value} eMetis were minted for deposits that Ethereum does not know`,
    },
    {
      ...{ name: "ReservesFaulty", severity: "critical", metric: "emetis_reserves_faults", comparison: ">" },
      ...{ threshold: 0, for: "10m" },
      message: (value) => `${value} numbers of the two chains contradict each other`,
    },
    {
      ...{ name: "LossAhead", severity: "critical", metric: "emetis_reserves_margin_metis", comparison: "<" },
      ...{ threshold: 0, for: "10m" },
      message: (value) =>
        `recomputed from both chains, ${value.replace("-", "")} METIS lack: the next report will book it`,
    },
  ];
}

function stopRules(): readonly Rule[] {
  return [
    {
      ...{ name: "LossStop", severity: "critical", metric: "emetis_loss_stop_remaining_seconds", comparison: ">" },
      ...{ threshold: 0, for: "0m" },
      message: (value) => `a loss stops deposits and exits for ${time(value)} more, unless governance confirms it`,
    },
    {
      ...{ name: "LossSeenOnL1", severity: "critical", metric: "emetis_l1_loss_remaining_seconds", comparison: ">" },
      ...{ threshold: 0, for: "0m" },
      message: (value) => `LockManager saw a loss and takes no deposits for ${time(value)} more`,
    },
    {
      ...{ name: "Paused", severity: "critical", metric: "emetis_pause_remaining_seconds", comparison: ">" },
      ...{ threshold: 0, for: "0m" },
      message: (value, { contract = "" }) => `${contract} is paused for ${time(value)} more`,
    },
    {
      ...{ name: "GovernanceScheduled", severity: "info", metric: "emetis_governance_operations", comparison: ">" },
      ...{ threshold: 0, for: "0m" },
      message: (value, labels) => `${value} acts of governance are scheduled on ${chainOf(labels)}`,
    },
  ];
}

function messageRules(): readonly Rule[] {
  const report = { metric: "emetis_report_age_seconds", comparison: ">", for: "15m" } as const;
  const message = { metric: "emetis_message_age_seconds", comparison: ">", for: "15m" } as const;
  const inBridge = { ...message, name: "MessageStuck", labels: { state: "inBridge" } } as const;
  const deliverable = { ...message, name: "MessageUndelivered", severity: "warning" } as const;
  const names: Readonly<Record<string, string>> = { report: "report", l1Deposit: "deposit from Ethereum" };
  const nameOf = ({ kind = "" }: Readonly<Record<string, string>>) => names[kind] ?? kind;
  const stale = (value: string) => `the report that Metis works with is ${time(value)} old`;
  const stuck: Rule["message"] = (value, labels) =>
    `a ${nameOf(labels)} left Ethereum ${time(value)} ago and its hash is not on Metis`;
  const left: Rule["message"] = (value, labels) =>
    `a ${nameOf(labels)} sent ${time(value)} ago can be delivered and is not`;
  return [
    { ...report, name: "ReportStale", severity: "warning", threshold: 36 * hour, message: stale },
    { ...report, name: "ReportStale", severity: "critical", threshold: 4 * day, message: stale },
    // The keeper replays after 3 hours and sends again after 12.
    { ...inBridge, severity: "warning", threshold: 4 * hour, message: stuck },
    { ...inBridge, severity: "critical", threshold: day, message: stuck },
    { ...deliverable, labels: { kind: "report", state: "deliverable" }, threshold: 2 * hour, message: left },
    // A deposit may have to wait for the limit of a day, and the keeper for it to be worth its gas.
    { ...deliverable, labels: { kind: "l1Deposit", state: "deliverable" }, threshold: 30 * hour, message: left },
    ...transitRules(),
  ];
}

function transitRules(): readonly Rule[] {
  const transit = { metric: "emetis_transit_age_seconds", comparison: ">", for: "1h" } as const;
  const down = { ...transit, name: "TransitDownStuck", labels: { direction: "down" } } as const;
  const sunk = (value: string) => `METIS left Ethereum ${time(value)} ago and is not booked on Metis`;
  return [
    { ...down, severity: "warning", threshold: 30 * hour, message: sunk },
    { ...down, severity: "critical", threshold: 3 * day, message: sunk },
    {
      ...{ ...transit, name: "TransitUpStuck", severity: "warning", labels: { direction: "up" }, threshold: 9 * day },
      message: (value) => `METIS left Metis ${time(value)} ago and is not booked on Ethereum`,
    },
  ];
}

function queueRules(): readonly Rule[] {
  const age = { metric: "emetis_queue_oldest_age_seconds", comparison: ">", for: "1h" } as const;
  const old = (value: string) => `the oldest ticket has waited for ${time(value)}`;
  const need = { metric: "emetis_need_unreached_seconds", comparison: ">", for: "15m" } as const;
  return [
    { ...age, name: "QueueOld", severity: "warning", threshold: 5 * day, message: old },
    { ...age, name: "QueueOld", severity: "critical", threshold: 14 * day, message: old },
    {
      ...{ ...need, name: "NeedUnreached", severity: "warning", threshold: 0 },
      message: (value) => `recalling has not reached the need for ${time(value)}; after 7 d anyone may begin exits`,
    },
    {
      ...{ ...need, name: "NeedUnreached", severity: "critical", threshold: 7 * day },
      message: (value) => `recalling has not reached the need for ${time(value)}: anyone may begin exits`,
    },
    {
      ...{
        name: "L1DepositsLimited",
        severity: "info",
        metric: "emetis_l1_deposit_bucket_available_metis",
        comparison: "<",
      },
      ...{ threshold: 1_000, for: "1h" },
      message: (value) => `deposits from Ethereum may mint only ${value} eMetis now`,
    },
  ];
}

function vaultRules(): readonly Rule[] {
  return [
    {
      ...{ name: "VaultNotWhitelisted", severity: "critical", metric: "emetis_vault_whitelisted", comparison: "<" },
      ...{ threshold: 1, for: "15m" },
      message: (_, { vault = "" }) => `Metis does not whitelist vault ${vault}: what is locked there stays locked`,
    },
    {
      ...{ name: "VaultUnreadable", severity: "critical", metric: "emetis_vault_readable", comparison: "<" },
      ...{ threshold: 1, for: "15m" },
      message: (_, { vault = "" }) =>
        `LockingPool does not tell the position of vault ${vault}; its last amounts count`,
    },
    {
      ...{ name: "VaultForcedOut", severity: "critical", metric: "emetis_vault_forced_out", comparison: ">" },
      ...{ threshold: 0, for: "0m" },
      message: (_, { vault = "" }) => `Metis began or ended the exit of vault ${vault}`,
    },
    {
      ...{ name: "ExitOverdue", severity: "warning", metric: "emetis_vault_exit_overdue_seconds", comparison: ">" },
      ...{ threshold: 6 * hour, for: "15m" },
      message: (value, { vault = "" }) => `the exit of vault ${vault} could have been finished ${time(value)} ago`,
    },
  ];
}

function metisRules(): readonly Rule[] {
  const runway = { metric: "emetis_reward_payer_runway_seconds", comparison: "<", for: "1h" } as const;
  const low = (value: string) => `rewards can be paid for ${time(value)} more`;
  const fee = { comparison: ">", threshold: 0.02, for: "1h" } as const;
  return [
    {
      ...{ name: "LockingPoolPaused", severity: "critical", metric: "emetis_locking_pool_paused", comparison: ">" },
      ...{ threshold: 0, for: "5m" },
      message: () => "Metis paused LockingPool: nothing is locked, recalled or harvested",
    },
    {
      ...{ name: "NoExitHeadroom", severity: "warning", metric: "emetis_exit_headroom", comparison: "<" },
      ...{ threshold: 1, for: "1h" },
      message: () => "LockingPool lets no voluntary exit begin",
    },
    // It is Metis's to fill, and nothing but the yield depends on it.
    { ...runway, name: "RewardPayerLow", severity: "info", threshold: 14 * day, message: low },
    { ...runway, name: "RewardPayerLow", severity: "warning", threshold: 3 * day, message: low },
    {
      ...{ name: "L2FeeHigh", severity: "warning", metric: "emetis_l2_withdrawal_fee_ratio", comparison: ">" },
      ...{ threshold: 1, for: "1h" },
      message: (value) =>
        `the bridge's fee up is ${value} times what the pool pays by itself: nothing goes up unless the caller pays`,
    },
    {
      ...{ ...fee, name: "L1FeeHigh", severity: "warning", metric: "emetis_l1_message_fee_eth" },
      message: (value) => `Metis's bridge asks ${value} ETH for a message`,
    },
  ];
}

function purseRules(): readonly Rule[] {
  const purse = { metric: "emetis_keeper_runway_seconds", comparison: "<", for: "15m" } as const;
  const poor = (value: string, labels: Readonly<Record<string, string>>) =>
    `the keeper's balance on ${chainOf(labels)} lasts for ${time(value)} at present prices`;
  return [
    { ...purse, name: "KeeperPoor", severity: "warning", threshold: 7 * day, message: poor },
    { ...purse, name: "KeeperPoor", severity: "critical", threshold: day, message: poor },
  ];
}
