/** What becomes of a crank, and the rules that all cranks share. */
import type { Call, Side } from "../../../../sdk/src/types";
import { type Action, type Policy, gasOf } from "../policy";
import type { State } from "../state";

/** Why a crank is not turned now. */
export type Wait =
  /** It would do nothing. */
  | { readonly type: "nothing" }
  /** Not before that second. */
  | { readonly type: "until"; readonly at: bigint }
  /** It brings less than `needed` wei of METIS, which would be worth its cost. */
  | { readonly type: "worth"; readonly needed: bigint }
  /** Gas costs more than the policy allows, wei of the chain's coin. */
  | { readonly type: "gasPrice"; readonly gasPrice: bigint; readonly maximum: bigint }
  /** The keeper has too little; wei of the chain's coin. */
  | { readonly type: "balance"; readonly missing: bigint }
  /** The day's cap leaves too little; wei of the chain's coin. */
  | { readonly type: "cap"; readonly left: bigint }
  /** It shows only in the last blocks of Ethereum. */
  | { readonly type: "unsettled" }
  /** Somebody else must do something first. */
  | { readonly type: "blocked" };

interface Crank {
  readonly action: Action;
  readonly chain: Side;
  /** Which vault or message, where there are several. */
  readonly subject?: string;
  /** For a person. */
  readonly why: string;
  /** METIS moved or earned, wei. */
  readonly value: bigint;
  /** Gas at the present price and the bridge's fee; wei of the chain's coin. */
  readonly cost: bigint;
}

/** What is to be done with one crank. */
export type Decision =
  | (Crank & { readonly isDue: true; readonly call: Call; readonly maxGasPrice: bigint })
  | (Crank & { readonly isDue: false; readonly wait: Wait });

/**
 * How much a crank presses. `worth`: when it pays for itself; `due`: now, while gas is no dearer than the policy allows; `overdue`: within the day's cap
 * whatever it costs.
 */
export type Urgency = "worth" | "due" | "overdue";

/** A crank that would do something. */
export interface Proposal extends Omit<Crank, "cost"> {
  readonly call: Call;
  readonly urgency: Urgency;
}

/** All that decisions rest on. */
export interface Outlook {
  readonly state: State;
  readonly policy: Policy;
}

const wad = 10n ** 18n;

/** A crank that is not turned, before any question of cost. */
export function idle(
  crank: Pick<Crank, "action" | "chain" | "why"> & { readonly subject?: string },
  wait: Wait,
): Decision {
  return { ...crank, value: 0n, cost: 0n, isDue: false, wait };
}

/** Whether a crank that would do something is worth its cost, and can be paid. */
export function weigh({ state, policy }: Outlook, { call, urgency, ...crank }: Proposal): Decision {
  const purse = state.purses[crank.chain];
  const gas = gasOf[crank.action];
  const cost = gas * purse.gasPrice + call.value;
  // Half of the cap is kept for what users wait for: no lure of what is only worth its cost stops a report.
  const cap = policy.dailyCap[crank.chain] / (urgency === "worth" ? 2n : 1n);
  const left = leftOf(cap, purse.spent);
  const wait = waitOf({ ...purse, left, cost, value: crank.value, urgency, chain: crank.chain }, policy);
  if (wait !== undefined) return { ...crank, cost, isDue: false, wait };
  return {
    ...crank,
    cost,
    isDue: true,
    call,
    maxGasPrice: highestPrice(policy, { ...crank, urgency, gas, call, left }),
  };
}

interface Weighing {
  readonly chain: Side;
  readonly balance: bigint;
  readonly gasPrice: bigint;
  readonly left: bigint;
  readonly cost: bigint;
  readonly value: bigint;
  readonly urgency: Urgency;
}

function waitOf(weighing: Weighing, policy: Policy): Wait | undefined {
  const { chain, balance, gasPrice, left, cost, value, urgency } = weighing;
  const needed = policy.worth * metisFor(chain, cost, policy);
  if (urgency === "worth" && value < needed) return { type: "worth", needed };
  const maximum = policy.maxGasPrice[chain];
  if (urgency !== "overdue" && gasPrice > maximum) return { type: "gasPrice", gasPrice, maximum };
  if (cost > left) return { type: "cap", left };
  if (cost > balance) return { type: "balance", missing: cost - balance };
  return undefined;
}

function highestPrice(
  policy: Policy,
  order: Pick<Proposal, "chain" | "urgency" | "call"> & { readonly gas: bigint; readonly left: bigint },
): bigint {
  const { chain, urgency, call, gas, left } = order;
  const affordable = (left - call.value) / gas;
  const allowed = policy.maxGasPrice[chain];
  if (urgency === "overdue") return affordable;
  return allowed < affordable ? allowed : affordable;
}

/** METIS that a cost is as much as, wei. */
export function metisFor(chain: Side, cost: bigint, { metisPerEth }: Policy): bigint {
  return chain === "l1" ? cost * metisPerEth : cost;
}

/** METIS that `assets` earn where they are locked, within the time in which locking must pay for itself; wei. */
export function earnings(assets: bigint, { yieldBps, payback }: Policy): bigint {
  return (assets * yieldBps * payback) / (10_000n * 365n * 86_400n);
}

/** Wei as METIS with four decimals, for the reasons. */
export function metis(assets: bigint): string {
  const units = (assets * 10_000n) / wad;
  return `${String(units / 10_000n)}.${String(units % 10_000n).padStart(4, "0")} METIS`;
}

/** Seconds as hours and minutes, for the reasons. */
export function duration(seconds: bigint): string {
  const minutes = (seconds % 3_600n) / 60n;
  return `${String(seconds / 3_600n)} h ${String(minutes).padStart(2, "0")} min`;
}

function leftOf(cap: bigint, spent: bigint): bigint {
  return cap > spent ? cap - spent : 0n;
}
