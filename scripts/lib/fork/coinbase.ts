/**
 * METIS on a fork of Metis. On Metis the native coin and the ERC-20 at 0xDeadDe… are one ledger; in Hardhat's EVM the two drift apart with the first
 * transaction, so they are brought together again after each.
 *
 * The way for Metis's own coinbase is mirrored here: what the token moved moves natively, then the native balances are written into the token's map. It
 * was tried on a token of ours only, never on the real one. What it cannot follow: METIS that an account gets natively and burns in the same
 * transaction, which the map does not know yet. The stand-in has a journal for that and keeps to {@link keepMetisLedger}.
 */
import { Contract, Interface, ZeroAddress } from "ethers";

import { LocalMetisCoinbase__factory } from "../artifacts";
import { type LocalNode, setBalance, setStorage } from "../localNode";
import { type MetisMovement, keepMetisLedger, settleMetis } from "../metisLedger";
import { predeploys } from "../predeploys";
import { findBalanceSlot, mappingSlot } from "./slots";

const transfers = new Interface(["event Transfer(address indexed from, address indexed to, uint256 value)"]);

/** Brings METIS in line and says what was moved. */
export type Settle = (l2: LocalNode) => Promise<readonly MetisMovement[]>;

/**
 * Keeps the native coin and the token of METIS one ledger from now on, on a fork of Metis or of a local L2.
 *
 * @returns What settles between two transactions.
 * @throws {@link SlotError} when the token does not keep its balances where they can be found.
 */
export async function followMetis(l2: LocalNode): Promise<Settle> {
  if (await isStandIn(l2)) {
    keepMetisLedger(l2);
    return settleMetis;
  }
  await mirrorToken(l2, predeploys.metis);
  return () => Promise.resolve([]);
}

/**
 * Keeps the native balances and the balances of `token` the same for all accounts that take part in a transaction or have a key on the node.
 *
 * @throws {@link SlotError} when the token does not keep its balances where they can be found.
 */
export async function mirrorToken(node: LocalNode, token: string): Promise<void> {
  const base = await findBalanceSlot(node, token);
  const accounts = new Set((await node.send("eth_accounts", [])) as readonly string[]);
  const send = node.send.bind(node);
  const mirror = async () => {
    for (const account of accounts) await mirrorAccount(node, { token, account, base });
  };
  await mirror();
  node.send = async (method, parameters) => {
    if (method === "hardhat_setBalance") accounts.add(String(parameters[0]));
    if (!method.startsWith("eth_send")) return send(method, parameters);
    for (const account of partiesOf(parameters[0])) accounts.add(account);
    await mirror();
    const hash = await send(method, parameters);
    for (const account of await followTransfers(node, token, String(hash))) accounts.add(account);
    await mirror();
    return hash;
  };
}

interface Mirrored {
  readonly token: string;
  readonly account: string;
  readonly base: bigint;
}

async function mirrorAccount(node: LocalNode, { token, account, base }: Mirrored): Promise<void> {
  const slot = mappingSlot(account, base);
  const native = await node.getBalance(account);
  if (BigInt(await node.getStorage(token, slot)) !== native) await setStorage(node, token, slot, native);
}

/** Moves natively what the token moved in a transaction. Returns whose balance changed. */
async function followTransfers(node: LocalNode, token: string, hash: string): Promise<ReadonlySet<string>> {
  const receipt = await node.getTransactionReceipt(hash);
  const moved = new Set<string>();
  for (const log of receipt?.logs ?? []) {
    const event = log.address === token ? transfers.parseLog(log) : null;
    if (event === null) continue;
    const { from, to, value } = event.args as unknown as MetisTransfer;
    await change(node, from, -value);
    await change(node, to, value);
    for (const account of [from, to]) moved.add(account);
  }
  moved.delete(ZeroAddress);
  return moved;
}

interface MetisTransfer {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
}

async function change(node: LocalNode, account: string, wei: bigint): Promise<void> {
  if (account !== ZeroAddress) await setBalance(node, account, (await node.getBalance(account)) + wei);
}

function partiesOf(transaction: unknown): readonly string[] {
  if (typeof transaction !== "object" || transaction === null) return [];
  const { from, to } = transaction as { readonly from?: unknown; readonly to?: unknown };
  return [from, to].filter((account) => typeof account === "string");
}

async function isStandIn(l2: LocalNode): Promise<boolean> {
  const fragments = LocalMetisCoinbase__factory.createInterface().fragments;
  try {
    await new Contract(predeploys.metis, fragments, l2).getFunction("movementCount")();
    return true;
  } catch {
    return false;
  }
}
