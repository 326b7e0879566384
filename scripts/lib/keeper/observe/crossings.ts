/** Finds what Metis's messenger was given for our gateway and has not carried out. */
import { Interface, type Log, type TransactionReceipt, keccak256 } from "ethers";

import type { Context } from "../../../../sdk/src";
import { checkHex } from "../../../../sdk/src/check";
import { LockManager__factory } from "../../../../sdk/src/generated/contracts";
import { ask } from "../../../../sdk/src/rpc/ask";
import { readLogs } from "../../../../sdk/src/rpc/readLogs";
import type { Hex } from "../../../../sdk/src/types";
import type { Cargo, Crossing, MessageState } from "../state";
import { type ChainPart, logsSince, timesOf, windowStart } from "./logs";
import { type MessagesReading, numberOf } from "./messages";

/** Metis's contracts between the chains, beside those of the deployment. */
export interface Messengers {
  /** On Ethereum. */
  readonly messenger: string;
  /** The queue of transactions for Metis, on Ethereum. */
  readonly queue: string;
}

/** What was found before. */
export interface CrossingsReading extends MessagesReading, Messengers {
  readonly messages: readonly MessageState[];
  readonly hashLogs: readonly Log[];
}

const l2Messenger = "0x4200000000000000000000000000000000000007";
/** METIS as the bridge calls it; its other end is zero there. */
const l2Metis = "0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000";
/** Of Metis's messengers, queue and bridge: what is called and read. */
export const messengerContract = new Interface([
  "event SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit, uint256 chainId)",
  "event FailedRelayedMessage(bytes32 indexed msgHash)",
  "event TransactionEnqueued(uint256 _chainId, address indexed _l1TxOrigin, address indexed _target, uint256 _gasLimit, bytes _data, uint256 indexed _queueIndex, uint256 _timestamp)",
  "function relayMessage(address target, address sender, bytes message, uint256 nonce)",
  "function replayMessageViaChainId(uint256 chainId, address target, address sender, bytes message, uint256 queueIndex, uint32 oldGasLimit, uint32 newGasLimit)",
  "function successfulMessages(bytes32 hash) view returns (bool)",
  "function finalizeDeposit(address l1Token, address l2Token, address from, address to, uint256 amount, bytes data)",
]);
const manager = LockManager__factory.createInterface();

/**
 * Messages that carry a hash which has not arrived, or METIS, of our own transactions in the window. A reward that Metis sends by itself, in a
 * forced exit, is none of those.
 *
 * @throws the SDK's errors of reading.
 */
export async function findCrossings(context: Context, reading: CrossingsReading): Promise<readonly Crossing[]> {
  const { startBlock } = context.deployment.l1;
  const part: ChainPart = { ...context, side: "l1", provider: context.l1, startBlock, last: reading.l1.block };
  const sent = newest(await sentMessages(context, part, reading));
  const done = await Promise.all(sent.map(({ hash }) => isDone(context, hash, reading)));
  const open = sent.filter((_, index) => done[index] !== true);
  return open.length === 0 ? [] : withAttempts(context, part, reading, open);
}

type Sent = Omit<Crossing, "attempts" | "lastAttemptAt" | "failures"> & { readonly blockNumber: number };

async function sentMessages(context: Context, part: ChainPart, reading: CrossingsReading): Promise<readonly Sent[]> {
  const unknown = new Set(reading.messages.filter(({ state }) => state === "unknown").map(({ number }) => number));
  const hashLogs = reading.hashLogs.filter((log) => unknown.has(numberOf(log)));
  const metisLogs = await logsOfMetis(context, part, reading.window);
  const numbers = new Map(hashLogs.map((log) => [log.transactionHash, numberOf(log)]));
  const logs = [...hashLogs, ...metisLogs].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))];
  const receipts = await Promise.all(hashes.map((hash) => receiptOf(context, hash)));
  return receipts.flatMap((receipt) => messagesIn(context, reading, receipt, numbers.get(receipt?.hash ?? "")));
}

/** Of a hash that was sent again only the last message counts. */
function newest(sent: readonly Sent[]): readonly Sent[] {
  const last = new Map(sent.map(({ cargo, hash }) => [cargo.type === "hash" ? String(cargo.number) : hash, hash]));
  const hashes = new Set(last.values());
  return sent.filter(({ hash }) => hashes.has(hash));
}

/** Logs of all that sends METIS down. */
async function logsOfMetis({ deployment: { l1 } }: Context, part: ChainPart, window: bigint): Promise<readonly Log[]> {
  const names = ["SentToL2", "Harvested", "ExitBegun", "ExitFinished", "DonationExpelled"] as const;
  const topics = [names.map((name) => manager.getEvent(name).topicHash)];
  return logsSince(part, [{ address: l1.lockManager, topics }], await windowStart(part, window));
}

function receiptOf(context: Context, hash: string): Promise<TransactionReceipt | null> {
  return ask("l1", "eth_getTransactionReceipt", context, () => context.l1.getTransactionReceipt(hash));
}

function messagesIn(
  context: Context,
  { messenger }: Messengers,
  receipt: TransactionReceipt | null,
  number: bigint | undefined,
): readonly Sent[] {
  const sentTopic = messengerContract.getEvent("SentMessage")?.topicHash;
  const logs = receipt?.logs.filter(({ address, topics }) => address === messenger && topics[0] === sentTopic) ?? [];
  return logs.flatMap((log) => {
    const values = messengerContract.parseLog(log)?.args;
    if (values === undefined || Number(values.getValue("chainId")) !== context.deployment.l2.chainId) return [];
    const text = (name: string): string => String(values.getValue(name));
    const [target, sender, message, nonce] = [text("target"), text("sender"), text("message"), text("messageNonce")];
    const cargo = cargoOf(context, message, number);
    if (cargo === undefined) return [];
    const hash = checkHex("hash", keccak256(relayData({ target, sender, message, nonce: BigInt(nonce) })), 32);
    const gasLimit = BigInt(text("gasLimit"));
    return [{ cargo, hash, target, sender, message, nonce: BigInt(nonce), gasLimit, blockNumber: log.blockNumber }];
  });
}

/** Both chains know a message by the hash of this. */
function relayData({
  target,
  sender,
  message,
  nonce,
}: Pick<Crossing, "target" | "sender" | "message" | "nonce">): string {
  return messengerContract.encodeFunctionData("relayMessage", [target, sender, message, nonce]);
}

/** What a message of the bridge brings to our gateway; undefined when it is for somebody else, or needed no more. */
function cargoOf({ deployment: { l2 } }: Context, message: string, number: bigint | undefined): Cargo | undefined {
  const call = messengerContract.parseTransaction({ data: message });
  if (call?.name !== "finalizeDeposit") return undefined;
  const text = (name: string): string => String(call.args.getValue(name));
  if (text("l2Token") === l2Metis && text("to") === l2.l2Gateway) {
    return { type: "metis", assets: BigInt(text("amount")) };
  }
  return text("l2Token") === l2.l2Gateway && number !== undefined ? { type: "hash", number } : undefined;
}

async function isDone(context: Context, hash: Hex, { l2 }: MessagesReading): Promise<boolean> {
  const data = messengerContract.encodeFunctionData("successfulMessages", [hash]);
  const call = { to: l2Messenger, data, blockTag: l2.block.blockNumber };
  return BigInt(await ask("l2", "eth_call", context, () => context.l2.call(call))) !== 0n;
}

async function withAttempts(
  context: Context,
  part: ChainPart,
  reading: CrossingsReading,
  open: readonly Sent[],
): Promise<readonly Crossing[]> {
  const first = Math.min(...open.map(({ blockNumber }) => blockNumber));
  const [enqueued, failed] = await Promise.all([
    enqueuedSince(part, reading, first),
    failedHashes(context, reading, open),
  ]);
  const times = await timesOf(part, enqueued);
  return open.map((message) => {
    const own = enqueued.filter((log) => enqueuedData(log) === message.hash);
    const last = own.at(-1);
    const lastAttemptAt = last === undefined ? 0n : (times.get(last.blockNumber) ?? 0n);
    const failures = failed.filter((hash) => hash === message.hash).length;
    return { ...message, attempts: own.length, lastAttemptAt, failures };
  });
}

function enqueuedSince(part: ChainPart, { queue }: Messengers, fromBlock: number): Promise<readonly Log[]> {
  const topic = messengerContract.getEvent("TransactionEnqueued")?.topicHash ?? null;
  const address = checkHex("queue", queue, 20);
  const target = `0x${l2Messenger.slice(2).padStart(64, "0")}`;
  return logsSince(part, [{ address, topics: [topic, null, target] }], fromBlock);
}

function enqueuedData(log: Log): string {
  return keccak256(String(messengerContract.parseLog(log)?.args.getValue("_data") ?? "0x"));
}

async function failedHashes(
  context: Context,
  { l2, window }: MessagesReading,
  open: readonly Sent[],
): Promise<readonly string[]> {
  const { startBlock } = context.deployment.l2;
  const part: ChainPart = { ...context, side: "l2", provider: context.l2, startBlock, last: l2.block };
  const topic = messengerContract.getEvent("FailedRelayedMessage")?.topicHash ?? null;
  const logs = await readLogs({
    ...part,
    address: checkHex("messenger", l2Messenger, 20),
    topics: [topic, open.map(({ hash }) => hash)],
    fromBlock: await windowStart(part, window),
    toBlock: l2.block.blockNumber,
  });
  return logs.map(({ topics }) => topics[1] ?? "");
}
