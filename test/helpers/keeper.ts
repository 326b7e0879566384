/** A keeper of the in-process protocol, with all that a test changes of it. */
import { HDNodeWallet, Mnemonic, type TransactionReceipt, getAddress } from "ethers";

import type { Context, Deployment } from "../../sdk/src";
import { checkHex } from "../../sdk/src/check";
import { type Account, walletAccount } from "../../scripts/lib/chain/account";
import type { Chain as SendingChain } from "../../scripts/lib/chain/chain";
import { type Keeper, emptyMemory } from "../../scripts/lib/keeper/cycle";
import { type Log, jsonOf } from "../../scripts/lib/keeper/log";
import { type Policy, defaultPolicy } from "../../scripts/lib/keeper/policy";
import type { LocalNode } from "../../scripts/lib/localNode";
import type { LocalProtocol } from "../../scripts/lib/localProtocol";
import { describeDeployment } from "../../scripts/lib/sdkDeployment";
import type { Side } from "../../sdk/src";
import { localNetwork } from "./records";
import type { ProtocolWorld } from "./protocol";

/** A line of a keeper's log. */
export interface Line {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A keeper, and what it said. */
export interface TestKeeper extends Keeper {
  readonly lines: Line[];
}

/** How a keeper differs from the usual one. */
export interface KeeperOptions {
  readonly policy?: Partial<Policy>;
  /** Which of Hardhat's accounts. @defaultValue 3, the keeper's */
  readonly account?: number;
  /** @defaultValue true */
  readonly sends?: boolean;
  /** @defaultValue 0: on a local chain every transaction is a block. */
  readonly depth?: number;
  readonly context?: Partial<Pick<Context, "l1" | "l2">>;
  /** Nodes that orders are sent to, instead of those that are read. */
  readonly nodes?: Partial<Record<Side, LocalNode>>;
  readonly signal?: AbortSignal;
}

const mnemonic = Mnemonic.fromPhrase("test test test test test test test test test test test junk");

/** One of Hardhat's accounts, with its key. */
export function hardhatAccount(index: number): Account {
  return walletAccount(HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`).privateKey);
}

/** A keeper of the protocol that sends, unless it is told otherwise. */
export async function createKeeper(
  { protocol }: Pick<ProtocolWorld, "protocol">,
  options: KeeperOptions = {},
): Promise<TestKeeper> {
  const deployment = await deploymentOf(protocol);
  const account = hardhatAccount(options.account ?? 3);
  const nodes = { l1: protocol.l1.node, l2: protocol.l2.node };
  const context = { ...nodes, ...options.context, deployment };
  const lines: Line[] = [];
  const log: Log = (level, event, fields = {}) => {
    lines.push({ level, event, fields });
  };
  const tools = { chains: chainsOf({ ...nodes, ...options.nodes }), account, options: quick };
  return {
    context,
    address: checkHex("keeper", getAddress(account.address), 20),
    policy: { ...defaultPolicy, ...options.policy },
    messengers: { messenger: protocol.metis.messenger, queue: protocol.metis.transactionChain },
    depth: options.depth ?? 0,
    tools: options.sends === false ? undefined : tools,
    log,
    lines,
    signal: options.signal ?? new AbortController().signal,
    memory: emptyMemory(),
  };
}

/** What was sent and mined, by the names of the cranks, in order. */
export function done({ lines }: TestKeeper): readonly string[] {
  return lines.filter(({ event }) => event === "done").map(({ fields }) => nameOf(fields));
}

/** What a dry run would send. */
export function wouldSend({ lines }: TestKeeper): readonly string[] {
  return lines.filter(({ event }) => event === "wouldSend").map(({ fields }) => nameOf(fields));
}

/** The last words on a crank that waits. */
export function waitOf({ lines }: TestKeeper, action: string): string {
  const line = lines.filter(({ event, fields }) => event === "waits" && fields.action === action).at(-1);
  return jsonOf(line?.fields.wait);
}

/** What the keeper's transactions cost in gas, by chain. */
export async function gasOf(node: LocalNode, hashes: readonly string[]): Promise<bigint> {
  const receipts = await Promise.all(hashes.map((hash) => node.getTransactionReceipt(hash)));
  return receipts.reduce((sum: bigint, receipt: TransactionReceipt | null) => sum + (receipt?.gasUsed ?? 0n), 0n);
}

function nameOf({ action }: Readonly<Record<string, unknown>>): string {
  return String(action);
}

/** A mined transaction is enough, and nobody waits for a clock. */
const quick = { confirmations: 1, pollingInterval: 1, patience: 5, sleep: () => Promise.resolve() };

function chainsOf(nodes: Readonly<Record<Side, LocalNode>>): Readonly<Record<Side, SendingChain>> {
  const { l1, l2 } = localNetwork("local");
  const chain = (side: Side): SendingChain => ({
    settings: side === "l1" ? l1 : l2,
    provider: nodes[side],
    close: () => undefined,
  });
  return { l1: chain("l1"), l2: chain("l2") };
}

const described = new WeakMap<LocalProtocol, Promise<Deployment>>();

function deploymentOf(protocol: LocalProtocol): Promise<Deployment> {
  const known = described.get(protocol) ?? describeDeployment(protocol, "local");
  described.set(protocol, known);
  return known;
}
