/** Both chains on a day when nothing is to be done, and a way to say what differs. */
import { parseEther } from "ethers";

import { checkHex } from "../../../../sdk/src/check";
import type { AtBridge } from "../../../../scripts/lib/keeper/decide/bridge";
import type { Decision } from "../../../../scripts/lib/keeper/decide/decision";
import { decide } from "../../../../scripts/lib/keeper/decide";
import { type Action, type Policy, defaultPolicy } from "../../../../scripts/lib/keeper/policy";
import type {
  BridgeState,
  Crossing,
  L1State,
  L2State,
  MessageState,
  Purse,
  State,
  VaultState,
} from "../../../../scripts/lib/keeper/state";

const address = (index: number) => checkHex("address", `0x${String(index).padStart(40, "0")}`, 20);
const hash = checkHex("hash", `0x${"ab".repeat(32)}`, 32);

export const hour = 3_600n;
export const day = 24n * hour;
/** On both chains. */
export const now = 1_800_000_000n;
export const gwei = 10n ** 9n;
export const keeperAddress = address(77);
const l2Gateway = address(29);

/** Where it all is. */
export const place: AtBridge = {
  messenger: address(99),
  deployment: {
    name: "test",
    l1: {
      ...{ chainId: 1, startBlock: 1, code: {} },
      ...{ accessManager: address(10), vaultBeacon: address(11), lockManager: address(12), l1Gateway: address(13) },
      ...{ metis: address(14), lockingPool: address(15), bridge: address(16) },
    },
    l2: {
      ...{ chainId: 1088, startBlock: 1, code: {} },
      ...{ accessManager: address(20), eMetis: address(21), seMetis: address(22), stakingPool: address(23) },
      ...{ redemptionQueue: address(24), l2Gateway },
    },
  },
};

/** What differs from the quiet day. */
export interface Disturbance {
  readonly l1?: Partial<L1State>;
  readonly l2?: Partial<L2State>;
  readonly bridge?: Partial<BridgeState>;
  readonly purse?: Partial<Purse>;
  readonly policy?: Partial<Policy>;
  /** Ethereum some blocks earlier. @defaultValue as now */
  readonly settled?: Partial<L1State>;
}

/** A vault that is locked and earns, with 10 METIS more than may be withdrawn. */
export function vault(
  changes: Partial<VaultState> = {},
  live: Partial<Extract<VaultState["live"], { type: "position" }>> = {},
): VaultState {
  const principal = live.principal ?? parseEther("30000");
  return {
    ...{
      index: 0,
      vault: address(40),
      operator: address(41),
      sequencerId: 8n,
      phase: "active",
      cap: parseEther("100000"),
    },
    ...{ principal, reward: 0n, owed: 0n, commissionBps: 500n, nextCommissionBps: 500n, isWhitelisted: true },
    ...{ canOpen: false, updatedBatch: 1n, donation: undefined, surplus: 0n },
    live: {
      ...{ type: "position", phase: "active", principal, reward: 0n, rewardRecipient: l2Gateway },
      ...{ owner: address(40), exitClaimableAt: 0n },
      ...live,
    },
    ...changes,
  };
}

/** A message whose hash has arrived. */
export function reportMessage(changes: Partial<MessageState> = {}): MessageState {
  const report = { takenAt: now - hour, l1Assets: 1n, receivedFromL2: 0n, sentToL2: 0n, l1Deposits: 0n };
  const content = { type: "report", report } as const;
  return {
    ...{ number: 5n, payload: "0x01", content, sentAt: now - hour, state: "known", minted: 0n, refusal: undefined },
    ...changes,
  };
}

/** A deposit of 100 METIS whose hash has arrived. */
export function depositMessage(changes: Partial<MessageState> = {}): MessageState {
  const content = { type: "l1Deposit", receiver: address(60), assets: parseEther("100"), isStaked: false } as const;
  return {
    ...{ number: 6n, payload: "0x02", content, sentAt: now - hour, state: "known", minted: 0n, refusal: undefined },
    ...changes,
  };
}

/** METIS that Metis tried to bring once and failed. */
export function crossing(changes: Partial<Crossing> = {}): Crossing {
  return {
    cargo: { type: "metis", assets: parseEther("300") },
    ...{ hash, target: address(1), sender: address(2), message: "0x1234", nonce: 9n, gasLimit: 250_000n },
    ...{ attempts: 1, lastAttemptAt: now - hour, failures: 1 },
    ...changes,
  };
}

/** What is decided on a day with this disturbance. */
export function decisions({ l1, l2, bridge, purse, policy, settled }: Disturbance = {}): readonly Decision[] {
  const state = stateOf({ l1, l2, bridge, purse });
  const settledL1 = { ...state.l1, ...settled };
  return decide({ state, settledL1 }, { ...defaultPolicy, ...policy }, place);
}

/** What is decided of one crank: the first that is due, else the first. */
export function decisionOf(action: Action, disturbance: Disturbance = {}): Decision {
  const found = decisions(disturbance).filter((decision) => decision.action === action);
  const decision = found.find(({ isDue }) => isDue) ?? found[0];
  if (decision === undefined) throw new Error(`nothing is decided of ${action}`);
  return decision;
}

/** Why a crank waits, in one word; "due" when it does not. */
export function waitOf(action: Action, disturbance: Disturbance = {}): string {
  const decision = decisionOf(action, disturbance);
  return decision.isDue ? "due" : decision.wait.type;
}

interface Changes {
  readonly l1?: Partial<L1State> | undefined;
  readonly l2?: Partial<L2State> | undefined;
  readonly bridge?: Partial<BridgeState> | undefined;
  readonly purse?: Partial<Purse> | undefined;
}

function stateOf({ l1, l2, bridge, purse }: Changes): State {
  const fullPurse = { balance: parseEther("10"), gasPrice: gwei, spent: 0n, ...purse };
  return {
    l1: { ...quietL1(), ...l1 },
    l2: { ...quietL2(), ...l2 },
    bridge: { messages: [], crossings: [], lastReportAt: now - hour, ...bridge },
    keeper: keeperAddress,
    purses: { l1: fullPurse, l2: fullPurse },
  };
}

/** Ethereum on that day. */
export function quietL1(): L1State {
  const principal = parseEther("30000");
  return {
    block: { blockNumber: 100, timestamp: now },
    held: 0n,
    totals: { l1Assets: principal, withdrawableNow: parseEther("10000"), idle: 0n, owed: 0n, principal, reward: 0n },
    counters: { receivedFromL2: principal, sentToL2: 0n, l1Deposits: 0n },
    need: { number: 0n, target: 0n, unreachedSince: 0n },
    pausedUntil: 0n,
    lossSeenAt: 0n,
    recall: { type: "allowed", available: parseEther("600"), daily: parseEther("600") },
    pool: { isOpen: true, minLock: parseEther("20000"), maxLock: parseEther("100000"), currentBatch: 9n },
    l2Gateway,
    fees: { message: 10n ** 14n, metis: 10n ** 14n },
    vaults: [vault()],
  };
}

/** Metis on that day. */
export function quietL2(): L2State {
  const principal = parseEther("30000");
  const supply = parseEther("31000");
  const counters = {
    ...{ buffer: parseEther("1000"), sentToL1: principal, attributedUp: 0n, receivedFromL1: 0n, attributedDown: 0n },
    ...{ mintedForL1: 0n, l1Assets: principal, receivedFromL2: principal, sentToL2: 0n, l1Deposits: 0n },
  };
  const block = { blockNumber: 200, timestamp: now };
  return {
    block,
    solvency: {
      ...{ block, isSolvent: true, margin: 0n, totalAssets: supply, totalSupply: supply, unbackedL1Mints: 0n },
      unrecoveredLoss: 0n,
      lines: { buffer: counters.buffer, up: 0n, l1Assets: principal, down: 0n, deposits: 0n },
      counters,
      report: { number: 4n, takenAt: now - hour, readAt: now - hour, appliedAt: now - hour, age: hour },
    },
    counters,
    ...{ pausedUntil: 0n, stoppedUntil: 0n, reserveBps: 500n, depositsAvailable: parseEther("50000") },
    ...{ redemptionRate: 10n ** 18n, pending: 0n, oldestPendingAt: undefined, fundable: 0n, fundableLine: 0n },
    ...{
      awaitingReport: 0n,
      needTarget: 0n,
      arrived: 0n,
      skimmable: 0n,
      lastSentAt: undefined,
      unvested: parseEther("5"),
    },
    ...{ bridgeFee: parseEther("0.5"), lastNeed: undefined },
  };
}
