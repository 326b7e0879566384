import type { Side } from "../../../sdk/src/types";
import type { Head, Health, Messages, ScheduledOperations, Transit } from "./health";
import { type Reading, mapReading } from "./reading";
import { type Sample, amount, elapsed, from, fromBoth, sample } from "./samples";
import { samplesOfL1 } from "./samplesOfL1";
import { samplesOfL2 } from "./samplesOfL2";

const day = 86_400;
/** Gas that a day of cranks is reckoned with, generously: what it will be depends on what is to do. */
const dailyGas = { l1: 1_500_000n, l2: 2_000_000n } as const;
/** Bridge fees that a day is reckoned with: two reports, two ways of METIS down; one way up. */
const dailyFees = { message: 2n, metis: 2n } as const;

/** All that the health says, as samples. What is unknown has none, and is told by `emetis_read_failed`. */
export function samplesOf(health: Health): readonly Sample[] {
  return [
    sample("emetis_health_timestamp_seconds", health.readAt),
    ...unknownParts(health).map((what) => sample("emetis_read_failed", 1, { what })),
    ...ofClocks(health),
    ...samplesOfL2(health),
    ...fromBoth(health.solvency, health.l1Head, ({ report }, { timestamp }) =>
      report.number === 0n ? [] : [sample("emetis_report_age_seconds", elapsed(timestamp, Number(report.takenAt)))],
    ),
    ...samplesOfL1(health),
    ...ofKeeper(health),
    ...ofGovernance(health),
    ...fromBoth(health.messages, health.l1Head, ofMessages),
    ...fromBoth(health.transitDown, health.l1Head, (transit, head) => ofTransit("down", transit, head)),
    ...fromBoth(health.transitUp, health.l2Head, (transit, head) => ofTransit("up", transit, head)),
    ...from(health.reserves, ({ type, faults, margin }) => [
      sample("emetis_reserves_faults", faults.length),
      amount("emetis_reserves_margin_metis", margin),
      ...(["backed", "underbacked", "faulty"] as const).map((verdict) =>
        sample("emetis_reserves_verdict", verdict === type, { verdict }),
      ),
    ]),
  ];
}

/** The names of the parts that could not be read. */
export function unknownParts(health: Health): readonly string[] {
  return readings(health).flatMap(([name, { type }]) => (type === "unknown" ? [name] : []));
}

/** Every reading of the health by its name. */
export function readings(health: Health): readonly (readonly [name: string, reading: Reading<unknown>])[] {
  const { keeper } = health;
  const purse = keeper === undefined ? {} : { keeperL1Balance: keeper.l1, keeperL2Balance: keeper.l2 };
  const parts = Object.entries<Health[keyof Health] | Reading<bigint>>({ ...health, ...purse });
  return parts.flatMap(([name, part]) => (typeof part === "object" && "type" in part ? [[name, part] as const] : []));
}

function ofClocks({ readAt, l1Head, l2Head }: Health): readonly Sample[] {
  const ofHead = (chain: Side, head: Reading<Head>) => [
    sample("emetis_node_up", head.type === "known", { chain }),
    ...from(head, ({ blockNumber, timestamp }) => [
      sample("emetis_head_block", blockNumber, { chain }),
      sample("emetis_head_timestamp_seconds", timestamp, { chain }),
      sample("emetis_head_lag_seconds", readAt - timestamp, { chain }),
    ]),
  ];
  return [
    ...ofHead("l1", l1Head),
    ...ofHead("l2", l2Head),
    ...fromBoth(l1Head, l2Head, (l1, l2) => [sample("emetis_l2_clock_lag_seconds", l1.timestamp - l2.timestamp)]),
  ];
}

function ofKeeper({ keeper, l1Fees, l2Fee, l1GasPrice, l2GasPrice }: Health): readonly Sample[] {
  if (keeper === undefined) return [];
  const l1Day = fromPair(l1Fees, l1GasPrice, ({ message, metis }, price) => {
    return dailyGas.l1 * price + dailyFees.message * message + dailyFees.metis * metis;
  });
  const l2Day = fromPair(l2Fee, l2GasPrice, (fee, price) => dailyGas.l2 * price + fee);
  return [
    ...from(keeper.l1, (balance) => [amount("emetis_keeper_balance_eth", balance)]),
    ...from(keeper.l2, (balance) => [amount("emetis_keeper_balance_metis", balance)]),
    ...fromBoth(keeper.l1, l1Day, (balance, cost) => runway("l1", balance, cost)),
    ...fromBoth(keeper.l2, l2Day, (balance, cost) => runway("l2", balance, cost)),
  ];
}

function fromPair<A, B, R>(first: Reading<A>, second: Reading<B>, make: (first: A, second: B) => R): Reading<R> {
  return first.type === "known" ? mapReading(second, (value) => make(first.value, value)) : first;
}

function runway(chain: Side, balance: bigint, dailyCost: bigint): readonly Sample[] {
  if (dailyCost === 0n) return [];
  return [sample("emetis_keeper_runway_seconds", Number((balance * BigInt(day)) / dailyCost), { chain })];
}

function ofGovernance({ l1Operations, l2Operations }: Health): readonly Sample[] {
  const of = (chain: Side, operations: Reading<ScheduledOperations>) =>
    from(operations, ({ count, nextAt }) => [
      sample("emetis_governance_operations", count, { chain }),
      ...(nextAt === undefined ? [] : [sample("emetis_governance_next_timestamp_seconds", nextAt, { chain })]),
    ]);
  return [...of("l1", l1Operations), ...of("l2", l2Operations)];
}

function ofMessages(
  { lastNumber, reports, deposits, depositAssets }: Messages,
  { timestamp }: Head,
): readonly Sample[] {
  const kinds = { report: reports, l1Deposit: deposits };
  const states = ["inBridge", "deliverable"] as const;
  return [
    sample("emetis_messages_sent", lastNumber),
    amount("emetis_l1_deposits_undelivered_metis", depositAssets),
    ...Object.entries(kinds).flatMap(([kind, messages]) =>
      states.flatMap((state) => {
        const waiting = messages.filter((message) => message.state === state);
        const oldest = Math.min(timestamp, ...waiting.map(({ sentAt }) => sentAt));
        return [
          sample("emetis_messages_waiting", waiting.length, { kind, state }),
          sample("emetis_message_age_seconds", elapsed(timestamp, oldest), { kind, state }),
        ];
      }),
    ),
  ];
}

/** METIS whose departure is older than all logs that were read has no age; there is none of it in a window of weeks. */
function ofTransit(direction: "up" | "down", { assets, since }: Transit, { timestamp }: Head): readonly Sample[] {
  const hasAge = assets === 0n || since !== undefined;
  return [
    amount("emetis_transit_metis", assets, { direction }),
    ...(hasAge ? [sample("emetis_transit_age_seconds", elapsed(timestamp, since ?? timestamp), { direction })] : []),
  ];
}
