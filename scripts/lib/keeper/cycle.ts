/** One cycle: both chains side by side, each read again before every order. */
import type { Context } from "../../../sdk/src";
import type { Address, Side } from "../../../sdk/src/types";
import type { KeeperCounters } from "../health/metrics";
import { type DueDecision, type Outcome, type SendTools, act } from "./act";
import { decide, keyOf } from "./decide";
import type { AtBridge } from "./decide/bridge";
import type { Decision } from "./decide/decision";
import type { Level, Log } from "./log";
import { observe } from "./observe";
import type { Messengers } from "./observe/crossings";
import type { Policy } from "./policy";
import { type Expense, costOf, findExpenses, sumOfExpenses } from "./spending";

/** All that a keeper is made of. What it counts is for people: no decision rests on it but the cap. */
export interface Keeper {
  readonly context: Context;
  readonly address: Address;
  readonly policy: Policy;
  readonly messengers: Messengers;
  /** Blocks of Ethereum that something must survive before it is acted upon. */
  readonly depth: number;
  /** Undefined: it only says what it would do. */
  readonly tools: SendTools | undefined;
  readonly log: Log;
  /** Ends the cycle after the orders in hand. */
  readonly signal: AbortSignal;
  readonly memory: Memory;
}

/** What one process remembers. */
export interface Memory {
  readonly transactions: Map<string, number>;
  readonly failures: Map<string, number>;
  expenses: readonly Expense[];
  spent: Readonly<Record<Side, bigint>>;
  /** Block of the keeper's last transaction on each chain: a node that is not there yet is asked no more. */
  seen: Readonly<Record<Side, number>>;
  /** When a cycle was last whole, Unix seconds of the machine; 0 before the first. */
  lastCycleAt: number;
}

/** The counts as the metrics have them. */
export function countersOf({ transactions, failures, spent, lastCycleAt }: Memory): KeeperCounters {
  return { transactions, failures, spentToday: spent, lastCycleAt };
}

/** The memory of a process that has just begun. */
export function emptyMemory(): Memory {
  return {
    transactions: new Map(),
    failures: new Map(),
    expenses: [],
    spent: { l1: 0n, l2: 0n },
    seen: { l1: 0, l2: 0 },
    lastCycleAt: 0,
  };
}

const sides = ["l1", "l2"] as const;
/** Orders on one chain in one cycle: more is a fault. */
const mostOrders = 40;

/**
 * Reads, decides, and sends what is due until nothing is. What fails is not tried again in the same cycle.
 *
 * @returns What was decided first.
 * @throws what reading and sending throw when a chain cannot be reached.
 */
export async function runCycle(keeper: Keeper): Promise<readonly Decision[]> {
  const found = (await Promise.all(sides.map((side) => findExpenses(keeper.context, side, keeper.address)))).flat();
  const first = await look(keeper, found);
  for (const decision of first) logDecision(keeper, decision);
  const { tools } = keeper;
  if (tools === undefined) return first;
  const lanes = await Promise.allSettled(sides.map((side) => runLane(keeper, { tools, side, found }, first)));
  const failed = lanes.find((lane) => lane.status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  return first;
}

interface Lane {
  readonly tools: SendTools;
  readonly side: Side;
  readonly found: readonly Expense[];
}

/** The orders of one chain. Each is decided from a reading that is younger than the order before. */
async function runLane(keeper: Keeper, lane: Lane, first: readonly Decision[]): Promise<void> {
  const tried = new Set<string>();
  let decisions = first;
  for (let orders = 0; orders < mostOrders; orders++) {
    const next = decisions.find((decision): decision is DueDecision => isNext(decision, lane.side, tried));
    if (next === undefined || keeper.signal.aborted) return;
    tried.add(keyOf(next));
    await perform(keeper, lane.tools, next);
    decisions = await look(keeper, lane.found);
  }
  keeper.log("error", "tooManyOrders", { chain: lane.side, orders: mostOrders });
}

function isNext(decision: Decision, side: Side, tried: ReadonlySet<string>): boolean {
  return decision.isDue && decision.chain === side && !tried.has(keyOf(decision));
}

async function look(keeper: Keeper, found: readonly Expense[]): Promise<readonly Decision[]> {
  const { context, address, policy, messengers, depth, memory } = keeper;
  const { timestamp: currentTime } = await latestStamp(context);
  const spentOn = (side: Side) => sumOfExpenses(side, found, memory.expenses, currentTime);
  memory.spent = { l1: spentOn("l1"), l2: spentOn("l2") };
  const reading = { ...messengers, keeper: address, depth, window: policy.window, spent: memory.spent };
  const observation = await observe(context, { ...reading, notBefore: memory.seen });
  return decide(observation, policy, placeOf(keeper));
}

async function latestStamp({ l1 }: Context): Promise<{ readonly timestamp: bigint }> {
  return { timestamp: BigInt((await l1.getBlock("latest"))?.timestamp ?? 0) };
}

function placeOf({ context, messengers }: Keeper): AtBridge {
  return { deployment: context.deployment, messenger: messengers.messenger };
}

async function perform(keeper: Keeper, tools: SendTools, decision: DueDecision): Promise<void> {
  const { action, chain, subject, why, value } = decision;
  const fields = { action, chain, ...(subject === undefined ? {} : { subject }), why, value };
  keeper.log("info", "sending", fields);
  const outcome = await act(tools, decision);
  await remember(keeper, decision, outcome);
  const { type } = outcome;
  const receipt = "receipt" in outcome ? { hash: outcome.receipt.hash, block: outcome.receipt.blockNumber } : {};
  const reason = "reason" in outcome ? { reason: outcome.reason } : {};
  keeper.log(levelOf(outcome), type, { ...fields, ...receipt, ...reason });
}

async function remember({ memory, context }: Keeper, decision: DueDecision, outcome: Outcome): Promise<void> {
  const { action, chain: side } = decision;
  const counter = outcome.type === "done" ? memory.transactions : memory.failures;
  counter.set(action, (counter.get(action) ?? 0) + 1);
  if (!("receipt" in outcome)) return;
  const { receipt } = outcome;
  const block = await context.l1.getBlock("latest");
  const cost = await costOf(context[side], receipt);
  memory.expenses = [...memory.expenses, { side, hash: receipt.hash, cost, at: BigInt(block?.timestamp ?? 0) }];
  memory.seen = { ...memory.seen, [side]: Math.max(memory.seen[side], receipt.blockNumber) };
}

function levelOf({ type }: Outcome): Level {
  if (type === "done") return "info";
  return type === "empty" || type === "reverted" ? "error" : "warn";
}

function logDecision({ log, tools }: Keeper, decision: Decision): void {
  const { action, chain, subject, why, value, cost } = decision;
  const fields = { action, chain, ...(subject === undefined ? {} : { subject }), why, value, cost };
  if (decision.isDue) {
    log("info", tools === undefined ? "wouldSend" : "due", fields);
    return;
  }
  const isLoud = decision.wait.type === "balance";
  log(isLoud ? "error" : "info", "waits", { ...fields, wait: decision.wait });
}
