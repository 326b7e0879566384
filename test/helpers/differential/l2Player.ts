/** Random actions on Metis by several accounts, chosen with an eye on the state so that most of them do something. */
import type { L2Action, L2ActionType } from "../../../sdk/src/simulator/l2/simulateL2";
import type { L2State } from "../../../sdk/src/simulator/l2/state";
import { neededFromL1 } from "../../../sdk/src/simulator/l2/gateway";
import { metisOf } from "../../../sdk/src/simulator/l2/metis";
import { maxRedeemInstant } from "../../../sdk/src/simulator/l2/pool";
import { tokensOf } from "../../../sdk/src/simulator/l2/tokens";
import { maxWithdraw } from "../../../sdk/src/simulator/l2/vault";
import type { Random } from "../random";
import { amountOf } from "./amounts";
import { movedParameters } from "./l2Parameters";
import type { StandInL1 } from "./standInL1";

/** Who plays. */
export interface Players {
  readonly users: readonly string[];
  /** A contract that refuses METIS; it owns tickets and calls too. */
  readonly refuser: string;
  /** Has all power. */
  readonly governor: string;
}

/** What a choice stands on. */
export interface Situation {
  readonly state: L2State;
  readonly random: Random;
  readonly players: Players;
  /** What of Ethereum is on its way. */
  readonly l1: StandInL1;
}

type Choices = { readonly [T in L2ActionType]: (situation: Situation) => L2Action<T> };

const nobody = "0x0000000000000000000000000000000000000000";
const METIS = 10n ** 18n;
const unlimited = 2n ** 256n - 1n;

const tokenChoices = {
  transfer: (s) => {
    const [caller, token] = [user(s), tokenOf(s)];
    return {
      type: "transfer",
      caller,
      token,
      to: receiver(s),
      value: amountOf(s.random, tokensOf(s.state, token, caller)),
    };
  },
  transferFrom: (s) => {
    const [caller, token, from] = [user(s), tokenOf(s), s.random.below(12n) === 0n ? nobody : user(s)];
    const value = from === nobody ? s.random.below(2n) : amountOf(s.random, tokensOf(s.state, token, from));
    return { type: "transferFrom", caller, token, from, to: receiver(s), value };
  },
  approve: (s) => {
    const { seMetis, redemptionQueue } = s.state.network;
    const spender = s.random.pick([seMetis, redemptionQueue, redemptionQueue, user(s), receiver(s), nobody]);
    const value = s.random.below(3n) === 0n ? amountOf(s.random, 10_000n * METIS) : unlimited;
    return { type: "approve", caller: user(s), token: tokenOf(s), spender, value };
  },
} satisfies Partial<Choices>;

const poolChoices = {
  deposit: (s) => {
    const caller = user(s);
    const referrer = s.random.pick([nobody, user(s)]);
    return { type: "deposit", caller, receiver: receiver(s), referrer, value: depositOf(s, caller) };
  },
  depositAndStake: (s) => {
    const caller = user(s);
    const value = depositOf(s, caller);
    const minShares = s.random.pick([0n, 0n, value / 2n, value, amountOf(s.random, value)]);
    return { type: "depositAndStake", caller, receiver: receiver(s), minShares, value };
  },
  redeemInstant: (s) => {
    const caller = user(s);
    const most = maxRedeemInstant(s.state);
    const held = tokensOf(s.state, "eMetis", caller);
    const assets = amountOf(s.random, s.random.pick([held, most, most < held ? most : held]));
    const minOut = s.random.pick([0n, 0n, (assets * 99n) / 100n, assets % 2n ** 200n]);
    return { type: "redeemInstant", caller, assets, minOut, receiver: receiver(s) };
  },
} satisfies Partial<Choices>;

const vaultChoices = {
  stake: (s) => {
    const caller = user(s);
    const assets = amountOf(s.random, tokensOf(s.state, "eMetis", caller));
    return { type: "stake", caller, assets, receiver: receiver(s) };
  },
  mintShares: (s) => {
    const caller = user(s);
    const shares = amountOf(s.random, tokensOf(s.state, "eMetis", caller));
    return { type: "mintShares", caller, shares, receiver: receiver(s) };
  },
  withdrawStaked: (s) => {
    const owner = user(s);
    const assets = amountOf(s.random, maxWithdraw(s.state, owner));
    return { type: "withdrawStaked", caller: mostly(s, owner), assets, receiver: receiver(s), owner };
  },
  unstake: (s) => {
    const owner = user(s);
    const shares = amountOf(s.random, tokensOf(s.state, "seMetis", owner));
    return { type: "unstake", caller: mostly(s, owner), shares, receiver: receiver(s), owner };
  },
} satisfies Partial<Choices>;

const queueChoices = {
  requestRedeem: (s) => {
    const caller = user(s);
    const assets = amountOf(s.random, tokensOf(s.state, "eMetis", caller) / 4n);
    return { type: "requestRedeem", caller, assets, owner: receiver(s) };
  },
  requestRedeemBatch: (s) => {
    const caller = user(s);
    const held = tokensOf(s.state, "eMetis", caller);
    const assets = Array.from({ length: Number(s.random.below(4n)) }, () => amountOf(s.random, held / 3n));
    return { type: "requestRedeemBatch", caller, assets, owner: receiver(s) };
  },
  requestRedeemStaked: (s) => {
    const caller = user(s);
    const shares = amountOf(s.random, tokensOf(s.state, "seMetis", caller) / 4n);
    return { type: "requestRedeemStaked", caller, shares, owner: receiver(s) };
  },
  transferTicket: (s) => {
    const id = ticket(s);
    const from = mostly(s, s.state.queue.tickets[id.toString()]?.owner ?? user(s));
    const to = s.random.below(12n) === 0n ? nobody : receiver(s);
    return { type: "transferTicket", caller: mostly(s, from), from, to, id };
  },
  approveTicket: (s) => {
    const id = ticket(s);
    const caller = mostly(s, s.state.queue.tickets[id.toString()]?.owner ?? user(s));
    return { type: "approveTicket", caller, account: receiver(s), id };
  },
  approveTickets: (s) => {
    const isApproved = s.random.below(3n) !== 0n;
    return { type: "approveTickets", caller: user(s), operator: user(s), isApproved };
  },
  claim: (s) => ({ type: "claim", caller: user(s), id: ticket(s) }),
  claimBatch: (s) => ({ type: "claimBatch", caller: user(s), ids: tickets(s) }),
  claimTo: (s) => {
    const ids = tickets(s);
    const caller = mostly(s, s.state.queue.tickets[(ids[0] ?? 0n).toString()]?.owner ?? user(s));
    const own = ids.filter((id) => s.state.queue.tickets[id.toString()]?.owner === caller);
    return { type: "claimTo", caller, ids: s.random.below(4n) === 0n ? ids : own, receiver: receiver(s) };
  },
  skim: (s) => ({ type: "skim", caller: user(s) }),
} satisfies Partial<Choices>;

const crankChoices = {
  rebalance: (s) => ({ type: "rebalance", caller: anyone(s), value: feeOf(s) }),
  fundQueue: (s) => ({ type: "fundQueue", caller: anyone(s) }),
  forwardArrivals: (s) => ({ type: "forwardArrivals", caller: anyone(s) }),
  signalNeed: (s) => ({ type: "signalNeed", caller: anyone(s), value: feeOf(s) }),
  deliver: (s) => {
    const { sent } = s.l1;
    const { states } = s.state.gateway;
    const due = sent.filter(({ hash }) => states[hash] === "known");
    const candidates = due.length === 0 || s.random.below(8n) === 0n ? sent : due;
    const message =
      s.random.below(3n) === 0n ? candidates.at(-1) : candidates[Number(s.random.ofBits(20)) % candidates.length];
    if (message === undefined) return { type: "deliver", caller: user(s), number: 7n, payload: "0x" };
    const number = s.random.below(40n) === 0n ? message.number + 1n : message.number;
    const caller = message.receiver !== undefined && s.random.below(2n) === 0n ? message.receiver : anyone(s);
    return { type: "deliver", caller: caller === nobody ? anyone(s) : caller, number, payload: message.payload };
  },
  hashArrival: (s) => {
    const { sent } = s.l1;
    const waiting = sent.filter(({ hasArrived }) => !hasArrived);
    const message = s.random.pick(waiting.length === 0 || s.random.below(9n) === 0n ? sent : waiting);
    message.hasArrived = true;
    return { type: "hashArrival", hash: message.hash };
  },
} satisfies Partial<Choices>;

const environmentChoices = {
  metisArrival: (s) => {
    const { l2Gateway, stakingPool, redemptionQueue } = s.state.network;
    const assets = s.l1.down.shift();
    if (assets !== undefined) return { type: "metisArrival", receiver: l2Gateway, assets };
    const gift = s.random.below(3n) === 0n ? s.random.below(900n * METIS) : s.random.below(METIS);
    return { type: "metisArrival", receiver: s.random.pick([l2Gateway, stakingPool, redemptionQueue]), assets: gift };
  },
  bridgeFee: (s) => ({ type: "bridgeFee", fee: s.random.pick([METIS / 2n, METIS / 10n, 3n * METIS, 0n, METIS]) }),
  confirmLoss: (s) => ({ type: "confirmLoss", caller: power(s) }),
  pause: (s) => ({ type: "pause", caller: power(s) }),
  unpause: (s) => ({ type: "unpause", caller: power(s) }),
  setParameters: (s) => ({
    type: "setParameters",
    caller: power(s),
    parameters: movedParameters(s.state.pool.parameters, s.random, false),
  }),
  tightenParameters: (s) => ({
    type: "tightenParameters",
    caller: power(s),
    parameters: movedParameters(s.state.pool.parameters, s.random, true),
  }),
  setTreasury: (s) => ({ type: "setTreasury", caller: power(s), treasury: s.random.pick([nobody, user(s), user(s)]) }),
} satisfies Partial<Choices>;

const choices: Choices = {
  ...tokenChoices,
  ...poolChoices,
  ...vaultChoices,
  ...queueChoices,
  ...crankChoices,
  ...environmentChoices,
};

/** How often each is chosen, one to another. */
const weights: Readonly<Record<L2ActionType, number>> = {
  ...{ transfer: 3, transferFrom: 3, approve: 5, deposit: 6, depositAndStake: 7, redeemInstant: 6 },
  ...{ stake: 5, mintShares: 4, withdrawStaked: 4, unstake: 4 },
  ...{ requestRedeem: 7, requestRedeemBatch: 3, requestRedeemStaked: 5 },
  ...{ transferTicket: 3, approveTicket: 2, approveTickets: 1, claim: 7, claimBatch: 5, claimTo: 4, skim: 2 },
  ...{ rebalance: 7, fundQueue: 3, forwardArrivals: 2, signalNeed: 4, deliver: 12, hashArrival: 8 },
  ...{ metisArrival: 4, bridgeFee: 1, confirmLoss: 2, pause: 1, unpause: 1 },
  ...{ setParameters: 2, tightenParameters: 1, setTreasury: 1 },
};

const drawn = Object.entries(weights).flatMap(([type, weight]) => Array.from({ length: weight }, () => type));

/** The names of all actions. */
export const l2ActionTypes: readonly string[] = Object.keys(weights);

/** The next action. Hashes arrive only where the bridge is not played. */
export function chooseL2(situation: Situation): L2Action {
  const { state, random } = situation;
  // A need is rare: it does not go by unsaid for long.
  if (neededFromL1(state) > 0n && random.below(12n) === 0n) return choices.signalNeed(situation);
  for (;;) {
    const type = random.pick(drawn) as L2ActionType;
    if (type === "hashArrival" && (situation.l1.isReal || situation.l1.sent.length === 0)) continue;
    return choices[type](situation);
  }
}

function user({ random, players }: Situation): string {
  return random.pick(players.users);
}

function anyone({ random, players }: Situation): string {
  return random.pick([...players.users, players.refuser]);
}

/** `account` in most cases. */
function mostly(s: Situation, account: string): string {
  return s.random.below(5n) === 0n || account === nobody ? user(s) : account;
}

/** Somebody, seldom one who cannot be. */
function receiver(s: Situation): string {
  const { players, random, state } = s;
  const dice = random.below(40n);
  if (dice === 0n) return nobody;
  if (dice === 1n) return state.network.redemptionQueue;
  if (dice === 2n) return state.network.seMetis;
  if (dice < 6n) return players.refuser;
  return user(s);
}

function tokenOf({ random }: Situation): "eMetis" | "seMetis" {
  return random.pick(["eMetis", "seMetis"]);
}

function depositOf({ state, random }: Situation, caller: string): bigint {
  const held = metisOf(state, caller);
  return random.below(60n) === 0n ? held + 1n : amountOf(random, held / 20n) % (held + 1n);
}

function feeOf({ state, random }: Situation): bigint {
  const { fee } = state.bridge;
  return random.pick([0n, fee, fee, fee + 12_345n, fee / 2n]);
}

function ticket({ state, random }: Situation): bigint {
  const ids = Object.keys(state.queue.tickets);
  if (ids.length === 0 || random.below(12n) === 0n) return random.below(state.queue.requested.end + 1n);
  // The first ones are those that can be claimed.
  return BigInt(random.below(3n) === 0n ? random.pick(ids) : random.pick(byPlace(ids).slice(0, 4)));
}

function byPlace(ids: readonly string[]): readonly string[] {
  return [...ids].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}

function tickets(s: Situation): readonly bigint[] {
  const count = s.random.below(12n) === 0n ? 0n : s.random.between(1n, 6n);
  return Array.from({ length: Number(count) }, () => ticket(s));
}

function power({ random, players }: Situation): string {
  return random.below(6n) === 0n ? random.pick(players.users) : players.governor;
}
