/** Finds LockManager's messages that may still matter, and what Metis knows of them. */
import { AbiCoder, type Log, keccak256 } from "ethers";

import type { Context } from "../../../../sdk/src";
import {
  L1Gateway__factory,
  L2Gateway__factory,
  LockManager__factory,
  StakingPool__factory,
} from "../../../../sdk/src/generated/contracts";
import { checkHex } from "../../../../sdk/src/check";
import { decodePayload, envelopeHash } from "../../../../sdk/src/messages";
import { reportRefusal } from "../../../../sdk/src/math/ledger";
import { readL2 } from "../../../../sdk/src/rpc/readPinned";
import type { Hex } from "../../../../sdk/src/types";
import type { L1State, L2State, MessageState } from "../state";
import { type ChainPart, logsBackTo, logsSince, timesOf, windowStart } from "./logs";

/** Both chains as they were read, and how far back messages are looked for, seconds. */
export interface MessagesReading {
  readonly l1: L1State;
  readonly l2: L2State;
  readonly window: bigint;
}

/** The messages, and what they were read from. */
export interface FoundMessages {
  /** That are not used, and of reports only those that are newer than the one applied. */
  readonly messages: readonly MessageState[];
  readonly lastReportAt: bigint;
  /** `L1Gateway.MessageHashSent`, of all numbers. */
  readonly hashLogs: readonly Log[];
}

interface Sent {
  readonly number: bigint;
  readonly payload: Hex;
  readonly hash: Hex;
  readonly blockNumber: number;
}

const states = ["unknown", "known", "used"] as const;
const manager = LockManager__factory.createInterface();
const gateway = L1Gateway__factory.createInterface();

/**
 * The messages of the window, and as many more as hold all deposits that are not minted: what LockManager and the pool count tells how
 * much that is.
 *
 * @throws the SDK's errors of reading.
 */
export async function findMessages(context: Context, reading: MessagesReading): Promise<FoundMessages> {
  const { l1, startBlock } = { l1: reading.l1, startBlock: context.deployment.l1.startBlock };
  const part: ChainPart = { ...context, side: "l1", provider: context.l1, startBlock, last: l1.block };
  const fromBlock = await windowStart(part, reading.window);
  const { lockManager, l1Gateway } = context.deployment.l1;
  const sentFilter = { address: lockManager, topics: [manager.getEvent("MessageSent").topicHash] };
  const hashFilter = { address: l1Gateway, topics: [gateway.getEvent("MessageHashSent").topicHash] };
  const [recent, hashLogs] = await Promise.all([
    logsSince(part, [sentFilter], fromBlock),
    logsSince(part, [hashFilter], fromBlock),
  ]);
  const lastReportAt = lastReport(
    reading.l2,
    recent.map((log) => sentOf(context, log)),
  );
  const found = await statesOf(context, part, reading, { sent: recent, hashLogs });
  const outstanding = reading.l1.counters.l1Deposits - reading.l2.counters.mintedForL1;
  if (sumOf(found) >= outstanding || fromBlock <= startBlock) return { messages: found, lastReportAt, hashLogs };

  // Deposits that wait longer than the window are rare, and then the whole of it is read again.
  const all = await logsBackTo(part, [sentFilter], (logs) => (logs[0]?.blockNumber ?? Infinity) < startBlock);
  return { messages: await statesOf(context, part, reading, { sent: all, hashLogs }), lastReportAt, hashLogs };
}

function lastReport({ solvency }: L2State, sent: readonly Sent[]): bigint {
  const reports = sent.flatMap(({ payload }) => {
    const content = decodePayload(payload);
    return content.type === "report" ? [content.report.takenAt] : [];
  });
  return reports.reduce((last, takenAt) => (takenAt > last ? takenAt : last), solvency.report.takenAt);
}

async function statesOf(
  context: Context,
  part: ChainPart,
  { l2 }: MessagesReading,
  logs: { readonly sent: readonly Log[]; readonly hashLogs: readonly Log[] },
): Promise<readonly MessageState[]> {
  const sent = logs.sent.map((log) => sentOf(context, log)).filter((message) => canMatter(message, l2));
  const lastHash = new Map(logs.hashLogs.map((log) => [numberOf(log), log.blockNumber]));
  const blocks = sent.map(({ number, blockNumber }) => ({ blockNumber: lastHash.get(number) ?? blockNumber }));
  const [times, known] = await Promise.all([timesOf(part, blocks), readKnown(context, l2, sent)]);
  return sent.flatMap((message, index): readonly MessageState[] => {
    const { state, minted } = known[index] ?? { state: "unknown", minted: 0n };
    if (state === "used") return [];
    const sentAt = times.get(lastHash.get(message.number) ?? message.blockNumber) ?? 0n;
    return [messageState(message, { state, minted, sentAt }, l2)];
  });
}

/** A report before the one applied moves nothing any more. */
function canMatter({ number, payload }: Sent, { solvency }: L2State): boolean {
  return decodePayload(payload).type === "l1Deposit" || number > solvency.report.number;
}

function sentOf({ deployment: { l1, l2 } }: Context, log: Log): Sent {
  const number = numberOf(log);
  const [payload] = AbiCoder.defaultAbiCoder().decode(["bytes"], log.data);
  const route = {
    l1ChainId: BigInt(l1.chainId),
    l2ChainId: BigInt(l2.chainId),
    l1Gateway: l1.l1Gateway,
    l2Gateway: l2.l2Gateway,
  };
  const hex = checkHex("payload", String(payload));
  const hash = checkHex("hash", envelopeHash(route, number, keccak256(hex)), 32);
  return { number, payload: hex, hash, blockNumber: log.blockNumber };
}

/** Of a message or its hash: the first indexed value of both events. */
export function numberOf({ topics }: Pick<Log, "topics">): bigint {
  return BigInt(topics[1] ?? 0);
}

async function readKnown({ deployment, ...context }: Context, l2: L2State, sent: readonly Sent[]) {
  const { value } = await readL2({ deployment, ...context }, l2.block.blockNumber, (runner) => {
    const l2Gateway = L2Gateway__factory.connect(deployment.l2.l2Gateway, runner);
    const pool = StakingPool__factory.connect(deployment.l2.stakingPool, runner);
    return Promise.all(
      sent.map(async ({ hash, number }) => {
        const [state, minted] = await Promise.all([l2Gateway.hashState(hash), pool.l1DepositMinted(number)]);
        return { state: states[Number(state)] ?? "unknown", minted };
      }),
    );
  });
  return value;
}

function messageState(
  { number, payload }: Sent,
  known: Pick<MessageState, "state" | "minted" | "sentAt">,
  l2: L2State,
): MessageState {
  const decoded = decodePayload(payload);
  if (decoded.type === "report") {
    const last = { ...l2.counters, takenAt: l2.solvency.report.takenAt };
    const refusal = reportRefusal(last, decoded.report, l2.block.timestamp);
    return { ...{ number, payload, refusal }, ...known, content: decoded };
  }
  const { receiver, assets, isStaked } = decoded.l1Deposit;
  const content = { type: "l1Deposit", receiver: checkHex("receiver", receiver, 20), assets, isStaked } as const;
  return { ...{ number, payload, refusal: undefined }, ...known, content };
}

/** eMetis that the deposits among them will mint. */
function sumOf(messages: readonly MessageState[]): bigint {
  return messages.reduce(
    (sum, { content, minted }) => (content.type === "l1Deposit" ? sum + content.assets - minted : sum),
    0n,
  );
}
