/** Messages and METIS between the chains: what left one and has not done its work on the other. */
import { type Interface, type Log, keccak256 } from "ethers";

import { L2Gateway__factory, LockManager__factory, StakingPool__factory } from "../../../sdk/src/generated/contracts";
import { decodePayload, envelopeHash } from "../../../sdk/src/messages";
import { eventOf } from "../../../sdk/src/rpc/eventOf";
import { readL1, readL2 } from "../../../sdk/src/rpc/readPinned";
import type { Side } from "../../../sdk/src/types";
import type { Head, Messages, PendingMessage, Transit } from "./health";
import { type Source, firstBlock, optionsOf, providerOf, readTime } from "./source";

/** Counters of both chains that tell what is in transit; Metis is read before Ethereum, so that nothing arrives before it leaves. */
export interface CrossCounters {
  readonly sentUp: bigint;
  readonly receivedUp: bigint;
  readonly sentDown: bigint;
  readonly receivedDown: bigint;
  readonly attributedUp: bigint;
  readonly attributedDown: bigint;
  readonly deposited: bigint;
  readonly minted: bigint;
  readonly appliedReport: bigint;
  readonly lastMessage: bigint;
}

interface Sent {
  readonly number: bigint;
  readonly log: Log;
  readonly takenAt: number | undefined;
  readonly envelope: string;
}

type Waiting = Sent & Pick<PendingMessage, "state">;

const manager = LockManager__factory.createInterface();
const pool = StakingPool__factory.createInterface();
/** L2Gateway's enumeration. */
const knownState = 1n;
const usedState = 2n;

/** Reads the counters of both chains. */
export async function readCounters(source: Source): Promise<CrossCounters> {
  const { value: solvency } = await readL2(source, undefined, (runner) =>
    StakingPool__factory.connect(source.deployment.l2.stakingPool, runner).solvency(),
  );
  const { value } = await readL1(source, undefined, (runner) => {
    const lockManager = LockManager__factory.connect(source.deployment.l1.lockManager, runner);
    return Promise.all([lockManager.counters(), lockManager.lastMessage()]);
  });
  const [{ receivedFromL2, sentToL2, l1Deposits }, lastMessage] = value;
  return {
    sentUp: solvency.sentToL1,
    receivedUp: receivedFromL2,
    sentDown: sentToL2,
    receivedDown: solvency.receivedFromL1,
    attributedUp: solvency.attributedUp,
    attributedDown: solvency.attributedDown,
    deposited: l1Deposits,
    minted: solvency.mintedForL1,
    appliedReport: solvency.reportNumber,
    lastMessage,
  };
}

/** Reads which messages down wait, of those that LockManager sent within the window. */
export async function readMessages(source: Source, head: Head, counters: CrossCounters): Promise<Messages> {
  const { appliedReport, deposited, minted, lastMessage } = counters;
  const logs = await logsOf(source, "l1", head, ["MessageSent"]);
  const sent = logs.map((log) => sentOf(source, log));
  const newest = sent.filter(isReport).at(-1);
  const depositAssets = deposited > minted ? deposited - minted : 0n;
  // What the counters say is done need not be asked for one by one.
  const open = sent.filter((message) => (isReport(message) ? message.number > appliedReport : depositAssets > 0n));
  const waiting = await withState(source, open);
  return {
    lastNumber: lastMessage,
    newestReport: newest === undefined ? undefined : { number: newest.number, takenAt: newest.takenAt },
    reports: waiting.filter(isReport).map(({ number, takenAt, state }) => ({ number, sentAt: takenAt, state })),
    deposits: await Promise.all(
      waiting.filter((message) => !isReport(message)).map((message) => pendingOf(source, message)),
    ),
    depositAssets,
    fromBlock: firstBlock(source, "l1", head),
  };
}

/** METIS sent down that Metis has not booked, and since when: the log that brought `sentToL2` above what arrived. */
export async function readTransitDown(source: Source, head: Head, counters: CrossCounters): Promise<Transit> {
  const { sentDown, receivedDown, attributedDown } = counters;
  const arrived = receivedDown - attributedDown;
  if (sentDown <= arrived) return { assets: 0n, since: undefined };
  const logs = await logsOf(source, "l1", head, ["SentToL2", "Harvested", "ExitBegun", "ExitFinished"]);
  const since = await firstAbove(source, "l1", { logs, arrived, counter: "sentToL2" });
  return { assets: sentDown - arrived, since };
}

/** METIS sent up that Ethereum has not booked, and since when. */
export async function readTransitUp(source: Source, head: Head, counters: CrossCounters): Promise<Transit> {
  const { sentUp, receivedUp, attributedUp } = counters;
  const arrived = receivedUp - attributedUp;
  if (sentUp <= arrived) return { assets: 0n, since: undefined };
  const logs = await logsOf(source, "l2", head, ["SentToL1"]);
  const since = await firstAbove(source, "l2", { logs, arrived, counter: "sentToL1" });
  return { assets: sentUp - arrived, since };
}

function logsOf(source: Source, side: Side, head: Head, events: readonly string[]): Promise<readonly Log[]> {
  const contract = contractOf(side);
  return source.logs.read({
    ...optionsOf(source),
    ...{ side, provider: providerOf(source, side) },
    ...{ fromBlock: firstBlock(source, side, head), toBlock: head.blockNumber },
    address: side === "l1" ? source.deployment.l1.lockManager : source.deployment.l2.stakingPool,
    topics: [events.map((name) => contract.getEvent(name)?.topicHash ?? missing(name))],
  });
}

function contractOf(side: Side): Interface {
  return side === "l1" ? manager : pool;
}

function sentOf({ deployment: { l1, l2 } }: Source, log: Log): Sent {
  const parsed = manager.parseLog(log);
  const payload = String(parsed?.args.getValue("payload"));
  const number = BigInt(log.topics[1] ?? 0);
  const content = decodePayload(payload);
  const route = {
    l1ChainId: BigInt(l1.chainId),
    l2ChainId: BigInt(l2.chainId),
    ...{ l1Gateway: l1.l1Gateway, l2Gateway: l2.l2Gateway },
  };
  const takenAt = content.type === "report" ? Number(content.report.takenAt) : undefined;
  return { number, log, takenAt, envelope: envelopeHash(route, number, keccak256(payload)) };
}

function isReport<T extends Sent>(message: T): message is T & { readonly takenAt: number } {
  return message.takenAt !== undefined;
}

/** The messages whose work is not done, and whether their hashes have arrived. */
async function withState(source: Source, sent: readonly Sent[]): Promise<readonly Waiting[]> {
  const { value: states } = await readL2(source, undefined, (runner) => {
    const gateway = L2Gateway__factory.connect(source.deployment.l2.l2Gateway, runner);
    return Promise.all(sent.map(({ envelope }) => gateway.hashState(envelope)));
  });
  return sent.flatMap((message, index) => {
    const state = states[index];
    return state === usedState
      ? []
      : [{ ...message, state: state === knownState ? "deliverable" : "inBridge" } as const];
  });
}

async function pendingOf(source: Source, { number, log, state }: Waiting): Promise<PendingMessage> {
  return { number, state, sentAt: await readTime(source, "l1", log.blockNumber) };
}

interface Growth {
  readonly logs: readonly Log[];
  readonly arrived: bigint;
  readonly counter: string;
}

/** When the counter first stood above `arrived`; `undefined` when it did already in the first log, which may not be the first ever. */
async function firstAbove(source: Source, side: Side, { logs, arrived, counter }: Growth): Promise<number | undefined> {
  const contract = contractOf(side);
  const first = logs.find((log) => eventOf(side, contract, log).amount(counter) > arrived);
  return first === undefined ? undefined : readTime(source, side, first.blockNumber);
}

function missing(name: string): never {
  throw new Error(`The contracts have no event ${name}.`);
}
