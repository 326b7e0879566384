/** The actions on Ethereum of a campaign over both chains, and the transactions that they stand for. */
import { MaxUint256, parseEther } from "ethers";

import { messageFee, metisFee, metisOf } from "../../../sdk/src/simulator/l1";
import type { L1Action, L1ActionType } from "../../../sdk/src/simulator/l1/simulateL1";
import type { L1State } from "../../../sdk/src/simulator/l1/state";
import type { Random } from "../random";
import { amountOf } from "./amounts";
import { call, chance, valueFor } from "./l1Draw";
import type { Sending } from "./l1Sender";
import type { CampaignWorld } from "./l1World";

/** What a choice stands on. */
export interface L1Situation {
  readonly world: CampaignWorld;
  readonly random: Random;
  readonly state: L1State;
}

type Chooser<T extends L1ActionType> = (situation: L1Situation) => L1Action<T>;

/** Those that something between the chains comes of; the campaign of Ethereum's side takes them all. */
type Chosen =
  | ("approveMetis" | "deposit" | "report" | "resend" | "sync" | "allocate" | "harvest" | "recall")
  | ("recallForNeed" | "beginExitForNeed" | "finishExit" | "payCommission" | "submitRewards" | "transferMetis");

const choices: { readonly [T in Chosen]: Chooser<T> } = {
  approveMetis: (s) => {
    const { lockManager } = s.world.deployment.l1;
    return { type: "approveMetis", caller: user(s), spender: lockManager, assets: MaxUint256 };
  },
  transferMetis: (s) => {
    const caller = user(s);
    const { lockManager } = s.world.deployment.l1;
    const assets = amountOf(s.random, metisOf(s.state, caller) / 500n);
    return { type: "transferMetis", caller, to: s.random.pick([lockManager, user(s)]), assets };
  },
  deposit: (s) => {
    const caller = user(s);
    const assets = amountOf(s.random, metisOf(s.state, caller) / s.random.pick([1n, 5n, 50n]));
    const isStaked = chance(s.random, 50n);
    return { type: "deposit", caller, value: messageValue(s), assets, receiver: user(s), isStaked };
  },
  report: (s) => ({ type: "report", caller: user(s), value: messageValue(s) }),
  resend: (s) => {
    const number = s.random.below(s.state.manager.lastMessage + 2n);
    return { type: "resend", caller: user(s), value: messageValue(s), number };
  },
  sync: (s) => ({ type: "sync", caller: user(s) }),
  allocate: (s) => ({ type: "allocate", caller: user(s) }),
  harvest: (s) => ({ type: "harvest", caller: user(s), value: 4n * metisFee(s.state) }),
  recall: (s) => {
    const caller = chance(s.random, 85n) ? s.world.keeper.address : user(s);
    const assets = amountOf(s.random, parseEther("900"));
    return { type: "recall", caller, value: metisValue(s), assets };
  },
  recallForNeed: (s) => ({ type: "recallForNeed", caller: user(s), value: metisValue(s) }),
  beginExitForNeed: (s) => ({ type: "beginExitForNeed", caller: user(s), value: metisValue(s), index: index(s) }),
  finishExit: (s) => ({ type: "finishExit", caller: user(s), value: metisValue(s), index: index(s) }),
  payCommission: (s) => ({ type: "payCommission", caller: user(s), index: index(s) }),
  submitRewards: (s) => {
    const running = s.state.pool.positions.filter(({ status }) => status !== 3n);
    const batch = running.map(({ signer }) => ({ signer, blocks: s.random.below(3_000n) }));
    return { type: "submitRewards", batch };
  },
};

const weights: Readonly<Record<Chosen, number>> = {
  ...{ approveMetis: 1, deposit: 7, report: 16, resend: 2, sync: 2, allocate: 8, harvest: 5, recall: 4 },
  ...{ recallForNeed: 6, beginExitForNeed: 4, finishExit: 4, payCommission: 2, submitRewards: 6, transferMetis: 2 },
};

const drawn = Object.entries(weights).flatMap(([type, weight]) => Array.from({ length: weight }, () => type));

/** The names of all of them. */
export const l1ActionTypes: readonly string[] = Object.keys(weights);

/** The next action. */
export function chooseL1(situation: L1Situation): L1Action<Chosen> {
  return choices[situation.random.pick(drawn) as Chosen](situation);
}

/** The transaction that `action` stands for. */
export function sendingOf({ world, state }: L1Situation, action: L1Action<Chosen>): Sending {
  if (action.type === "submitRewards") return rewardsOf(world, state, action);
  const { caller } = action;
  const value = "value" in action ? { value: action.value ?? 0n } : {};
  if (action.type === "approveMetis" || action.type === "transferMetis") {
    const isApproval = action.type === "approveMetis";
    const values = [isApproval ? action.spender : action.to, action.assets];
    return {
      from: caller,
      to: world.metis.metis,
      data: call(world.token, isApproval ? "approve" : "transfer", values),
    };
  }
  const data = call(world.manager, action.type, argumentsOf(action));
  return { from: caller, to: world.deployment.l1.lockManager, data, ...value };
}

function argumentsOf(action: L1Action<Exclude<Chosen, "submitRewards">>): readonly unknown[] {
  if (action.type === "deposit") return [action.assets, action.receiver, action.isStaked];
  if ("number" in action) return [action.number];
  if ("assets" in action) return [action.assets];
  return "index" in action ? [action.index] : [];
}

function rewardsOf(world: CampaignWorld, { pool }: L1State, { batch }: L1Action<"submitRewards">): Sending {
  const startEpoch = 2n * (pool.currentBatch - 1n) + 1n;
  const [signers, blocks] = [batch.map(({ signer }) => signer), batch.map((one) => one.blocks)];
  const values = [pool.currentBatch + 1n, startEpoch, startEpoch + 1n, signers, blocks];
  const data = call(world.pool, "batchSubmitRewards", values);
  return { from: world.governance.address, to: world.metis.lockingPool, data };
}

function user({ world, random }: L1Situation): string {
  return random.pick(world.users);
}

function index({ world, random }: L1Situation): bigint {
  return random.below(BigInt(world.vaultAddresses.length));
}

function messageValue({ random, state }: L1Situation): bigint {
  return valueFor(random, messageFee(state));
}

function metisValue({ random, state }: L1Situation): bigint {
  return valueFor(random, metisFee(state));
}
