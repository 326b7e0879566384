/**
 * Carries messages between two local chains, as Metis's sequencer and relayer do. Whoever calls decides what is delivered, in which order and when:
 * nothing here runs by itself, and what was delivered is kept on the chains, so that a restored snapshot is a consistent state.
 */
import { type Signer, type TransactionReceipt, getAddress, id, keccak256, toBeHex } from "ethers";

import { LocalL1Messenger__factory, LocalL2Messenger__factory, LocalTransactionChain__factory } from "./artifacts";
import type { LocalMetisL1 } from "./localMetis";
import { type LocalNode, sendAs, setStorage } from "./localNode";
import { type MetisMovement, settleMetis } from "./metisLedger";
import { predeploys } from "./predeploys";
import { type UpCarrier, carryByCommitment } from "./upCarrier";

/** A message from L1 that waits to be executed on L2. A replay is a message of its own with the same `nonce` and `hash`. */
export interface DownMessage {
  /** Its place in the queue. */
  readonly queueIndex: bigint;
  readonly l2ChainId: bigint;
  readonly target: string;
  readonly sender: string;
  readonly message: string;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
  /** Names the message on both chains. */
  readonly hash: string;
  /** L1 time, in Unix seconds. */
  readonly enqueuedAt: number;
}

/** A message from L2 that was not yet relayed on L1. */
export interface UpMessage {
  readonly target: string;
  readonly sender: string;
  readonly message: string;
  readonly nonce: bigint;
  readonly hash: string;
  /** L2 time, in Unix seconds. */
  readonly sentAt: number;
  /** From this L1 time on it can be relayed, in Unix seconds; undefined while no state batch contains it. */
  readonly relayableAt: number | undefined;
}

/** What became of a message. A `failed` one was taken by the messenger but not by its target; a `reverted` one left no trace. */
export type Delivery<M> =
  | { readonly type: "relayed"; readonly message: M; readonly receipt: TransactionReceipt }
  | { readonly type: "failed"; readonly message: M; readonly receipt: TransactionReceipt }
  | { readonly type: "reverted"; readonly message: M; readonly reason: string };

/** Departures from what the sequencer would do. */
export interface DownOptions {
  /** Gas for the execution, instead of what the message asks for: a low one makes it fail. */
  readonly gasLimit?: bigint;
}

/** The two chains and Metis's contracts on them. */
export interface RelayerParameters {
  /** Owner of the L1 messenger. */
  readonly l1: Signer;
  readonly l2: LocalNode;
  readonly addresses: Pick<LocalMetisL1, "messenger" | "transactionChain">;
  /** How messages up get through. @defaultValue the stand-in of the L1 messenger, {@link carryByCommitment} */
  readonly up?: UpCarrier;
  /** Blocks that messages are looked for from. @defaultValue the first */
  readonly since?: { readonly l1: number; readonly l2: number };
  /** Brings METIS on L2 in line. @defaultValue {@link settleMetis} */
  readonly settle?: (l2: LocalNode) => Promise<readonly MetisMovement[]>;
}

/** A filter of messages. */
export type Filter<M> = (message: M) => boolean;

/** See {@link createRelayer}. */
export interface Relayer {
  /** Takes burned and transferred METIS out of the native balances on L2. Done after every transaction where the ledger is kept. */
  burnPending: () => Promise<readonly MetisMovement[]>;

  /** Messages in the queue that were neither executed nor dropped, oldest first. */
  pendingDown: () => Promise<readonly DownMessage[]>;
  /** Executes those that pass, oldest first. */
  deliverDown: (filter?: Filter<DownMessage>, options?: DownOptions) => Promise<readonly Delivery<DownMessage>[]>;
  /** Executes one message, pending or not: delivers out of order, or again. */
  executeDown: (message: DownMessage, options?: DownOptions) => Promise<Delivery<DownMessage>>;
  /** Loses those that pass. Anyone can queue them again with a replay. */
  dropDown: (filter?: Filter<DownMessage>) => Promise<readonly DownMessage[]>;
  /** Queues a message again with other gas, as anyone can on L1. Returns the new one. */
  replayDown: (message: DownMessage, gasLimit: bigint, signer?: Signer) => Promise<DownMessage>;

  /** Messages that L1 has not taken, oldest first. */
  pendingUp: () => Promise<readonly UpMessage[]>;
  /** Posts those that pass in a state batch: their challenge window starts. */
  commitUp: (filter?: Filter<UpMessage>) => Promise<readonly UpMessage[]>;
  /** Relays those that pass and whose challenge window is over, oldest first. One that fails stays and can be tried again. */
  deliverUp: (filter?: Filter<UpMessage>) => Promise<readonly Delivery<UpMessage>[]>;

  /** All that can be done now: settle, commit, deliver down, deliver up. */
  relayAll: () => Promise<readonly Delivery<DownMessage | UpMessage>[]>;
}

/** A map of bits in the storage of the L2 messenger, far from its own: which queue elements were executed. */
const executedSlot = BigInt(id("local relayer: executed queue elements"));

/**
 * Creates a relayer. It keeps no state of its own.
 *
 * @example
 * const relayer = createRelayer({ l1: signer, l2: provider, addresses });
 * await relayer.deliverDown((message) => message.enqueuedAt < now - 300);
 */
export function createRelayer({ l1, l2, addresses, ...options }: RelayerParameters): Relayer {
  const { up = carryByCommitment(l1, addresses.messenger), since = { l1: 0, l2: 0 }, settle = settleMetis } = options;
  const l1Messenger = LocalL1Messenger__factory.connect(addresses.messenger, l1);
  const queue = LocalTransactionChain__factory.connect(addresses.transactionChain, l1);
  const l2Messenger = LocalL2Messenger__factory.connect(predeploys.messenger, l2);

  const burnPending = () => settle(l2);

  const queued = async (): Promise<readonly DownMessage[]> => {
    const { chainId } = await l2.getNetwork();
    const events = await queue.queryFilter(queue.filters.TransactionEnqueued(), since.l1);
    return events.filter(({ args }) => args._chainId === chainId).map(({ args }) => decodeDown(args));
  };

  const pendingDown = async () => {
    const messages = await queued();
    const bits = new Map<bigint, bigint>();
    const pending: DownMessage[] = [];
    for (const message of messages) {
      const word = message.queueIndex / 256n;
      const known = bits.get(word) ?? BigInt(await l2.getStorage(predeploys.messenger, executedSlot + word));
      bits.set(word, known);
      if (((known >> (message.queueIndex % 256n)) & 1n) === 0n) pending.push(message);
    }
    return pending;
  };

  const markExecuted = async ({ queueIndex }: DownMessage) => {
    const slot = executedSlot + queueIndex / 256n;
    const known = BigInt(await l2.getStorage(predeploys.messenger, slot));
    await setStorage(l2, predeploys.messenger, slot, known | (1n << (queueIndex % 256n)));
  };

  const executeDown = async (message: DownMessage, options: DownOptions = {}): Promise<Delivery<DownMessage>> => {
    await markExecuted(message);
    const { target, sender, message: data, nonce } = message;
    const execution = await sendAs(l2, {
      from: aliasOf(addresses.messenger),
      to: predeploys.messenger,
      data: l2Messenger.interface.encodeFunctionData("relayMessage", [target, sender, data, nonce]),
      gasLimit: options.gasLimit ?? message.gasLimit,
    });
    await burnPending();
    if (execution.type === "reverted") return { type: "reverted", message, reason: execution.reason };
    return { type: typeOf(execution.receipt), message, receipt: execution.receipt };
  };

  const deliverDown = async (filter: Filter<DownMessage> = () => true, options: DownOptions = {}) => {
    const deliveries: Delivery<DownMessage>[] = [];
    for (const message of (await pendingDown()).filter(filter)) deliveries.push(await executeDown(message, options));
    return deliveries;
  };

  const dropDown = async (filter: Filter<DownMessage> = () => true) => {
    const dropped = (await pendingDown()).filter(filter);
    for (const message of dropped) await markExecuted(message);
    return dropped;
  };

  const replayDown = async (message: DownMessage, gasLimit: bigint, signer: Signer = l1) => {
    const first = (await queued()).find(({ queueIndex }) => queueIndex === message.nonce);
    if (first === undefined) throw new Error(`message ${message.nonce} is not in the queue`);
    const { l2ChainId, target, sender, message: data, nonce } = message;
    const transaction = await l1Messenger
      .connect(signer)
      .replayMessageViaChainId(l2ChainId, target, sender, data, nonce, first.gasLimit, gasLimit);
    await transaction.wait();
    const replay = (await queued()).at(-1);
    if (replay?.hash !== message.hash)
      throw new Error(`the replay of message ${message.nonce} is not at the end of the queue`);
    return replay;
  };

  const pendingUp = async () => {
    const { chainId } = await l2.getNetwork();
    const window = await up.challengeWindow();
    const pending: UpMessage[] = [];
    for (const event of await l2Messenger.queryFilter(l2Messenger.filters.SentMessage(), since.l2)) {
      const { target, sender, message, messageNonce: nonce } = event.args;
      const hash = keccak256(
        l2Messenger.interface.encodeFunctionData("relayMessage", [target, sender, message, nonce]),
      );
      if (await up.isRelayed(hash)) continue;
      const committedAt = await up.committedAt(chainId, hash);
      const relayableAt = committedAt === 0n ? undefined : Number(committedAt + window);
      const { timestamp: sentAt } = await event.getBlock();
      pending.push({ target, sender, message, nonce, hash, sentAt, relayableAt });
    }
    return pending;
  };

  const commitUp = async (filter: Filter<UpMessage> = () => true) => {
    await burnPending();
    const { chainId } = await l2.getNetwork();
    const messages = (await pendingUp()).filter(({ relayableAt }) => relayableAt === undefined).filter(filter);
    if (messages.length === 0) return [];
    await up.commit(
      chainId,
      messages.map(({ hash }) => hash),
    );
    const committed = new Set(messages.map(({ hash }) => hash));
    return (await pendingUp()).filter(({ hash }) => committed.has(hash));
  };

  const deliverUp = async (filter: Filter<UpMessage> = () => true) => {
    const { chainId } = await l2.getNetwork();
    const deliveries: Delivery<UpMessage>[] = [];
    for (const message of (await pendingUp()).filter(filter)) {
      // The relay is in the next block, so one that can be relayed from now on is tried only when now has come.
      if (message.relayableAt === undefined || message.relayableAt > (await timeOf(l1))) continue;
      const { isTaken, receipt } = await up.relay(chainId, message);
      deliveries.push({ type: isTaken ? "relayed" : "failed", message, receipt });
    }
    return deliveries;
  };

  const relayAll = async () => {
    await commitUp();
    return [...(await deliverDown()), ...(await deliverUp())];
  };

  return {
    burnPending,
    pendingDown,
    deliverDown,
    executeDown,
    dropDown,
    replayDown,
    pendingUp,
    commitUp,
    deliverUp,
    relayAll,
  };
}

/** Who a contract of L1 is on L2. */
export function aliasOf(l1Address: string): string {
  const offset = 0x1111000000000000000000000000000000001111n;
  return getAddress(toBeHex((BigInt(l1Address) + offset) % 2n ** 160n, 20));
}

interface EnqueuedArguments {
  readonly _chainId: bigint;
  readonly _gasLimit: bigint;
  readonly _data: string;
  readonly _queueIndex: bigint;
  readonly _timestamp: bigint;
}

function decodeDown({ _chainId, _gasLimit, _data, _queueIndex, _timestamp }: EnqueuedArguments): DownMessage {
  const [target, sender, message, nonce] = LocalL2Messenger__factory.createInterface().decodeFunctionData(
    "relayMessage",
    _data,
  );
  return {
    queueIndex: _queueIndex,
    l2ChainId: _chainId,
    target: String(target),
    sender: String(sender),
    message: String(message),
    nonce: BigInt(String(nonce)),
    gasLimit: _gasLimit,
    hash: keccak256(_data),
    enqueuedAt: Number(_timestamp),
  };
}

/** The messenger says by event whether the target took the message. */
function typeOf(receipt: TransactionReceipt): "relayed" | "failed" {
  const { topicHash } = LocalL2Messenger__factory.createInterface().getEvent("RelayedMessage");
  return receipt.logs.some(({ topics }) => topics[0] === topicHash) ? "relayed" : "failed";
}

async function timeOf(signer: Signer): Promise<number> {
  const block = await signer.provider?.getBlock("latest");
  if (block === null || block === undefined) throw new Error("the signer's chain has no block");
  return block.timestamp;
}
