/** What the local scripts ask of a node beyond the standard: its cheats, and transactions from any account. */
import { setTimeout } from "node:timers/promises";

import { type Provider, type Signer, type TransactionReceipt, toBeHex, toQuantity } from "ethers";

/** A provider of a local node: Hardhat in the process, `hardhat node` or anvil over JSON-RPC. */
export type LocalNode = Provider & { send: (method: string, parameters: unknown[]) => Promise<unknown> };

/** A transaction that needs no key. */
export interface UnsignedTransaction {
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly value?: bigint;
  readonly gasLimit?: bigint;
}

/** What became of a transaction. A node may refuse to hand out the receipt of one that reverted: then there is only its reason. */
export type Execution =
  | { readonly type: "executed"; readonly receipt: TransactionReceipt }
  | { readonly type: "reverted"; readonly reason: string };

/** Gas money for accounts that only the node can send from, in wei. */
const gasMoney = 10n ** 24n;

/** The local node behind a signer. */
export function nodeOf(signer: Signer): LocalNode {
  const { provider } = signer;
  if (provider === null || !("send" in provider)) throw new Error("the signer has no provider of a local node");
  return provider as LocalNode;
}

/** An estimate is made for this second; in the next one the stream has moved and a transaction writes what it only read before. */
export function addGasMargin(node: LocalNode): void {
  const estimate = node.estimateGas.bind(node);
  node.estimateGas = async (transaction) => ((await estimate(transaction)) * 3n) / 2n;
}

/** Sets an account's native balance, in wei. */
export async function setBalance(node: LocalNode, address: string, wei: bigint): Promise<void> {
  await node.send("hardhat_setBalance", [address, toQuantity(wei)]);
}

/** Puts runtime code at an address. */
export async function setCode(node: LocalNode, address: string, code: string): Promise<void> {
  await node.send("hardhat_setCode", [address, code]);
}

/** Writes one storage slot. */
export async function setStorage(node: LocalNode, address: string, slot: bigint, value: bigint): Promise<void> {
  await node.send("hardhat_setStorageAt", [address, toQuantity(slot), toBeHex(value, 32)]);
}

/** Sends from any account, contracts included, and waits. */
export async function sendAs(node: LocalNode, transaction: UnsignedTransaction): Promise<Execution> {
  const { from, to, data, value, gasLimit } = transaction;
  await node.send("hardhat_impersonateAccount", [from]);
  if ((await node.getBalance(from)) < gasMoney) await setBalance(node, from, gasMoney);
  const request = {
    from,
    to,
    data,
    ...(value === undefined ? {} : { value: toQuantity(value) }),
    ...(gasLimit === undefined ? {} : { gas: toQuantity(gasLimit) }),
  };
  let hash: unknown;
  try {
    hash = await node.send("eth_sendTransaction", [request]);
  } catch (error) {
    return { type: "reverted", reason: error instanceof Error ? error.message : String(error) };
  }
  const receipt = await receiptOf(node, String(hash));
  if (receipt.status === 0) return { type: "reverted", reason: `transaction ${receipt.hash} reverted` };
  return { type: "executed", receipt };
}

/** Hardhat's provider cannot wait for a transaction; anvil mines at once, but after it has answered. */
async function receiptOf(node: LocalNode, hash: string): Promise<TransactionReceipt> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const receipt = await node.getTransactionReceipt(hash);
    if (receipt !== null) return receipt;
    await setTimeout(50);
  }
  throw new Error(`transaction ${hash} is not on the chain: a local node has to mine each transaction at once`);
}

/** As {@link sendAs}, for a transaction that has to succeed. */
export async function sendSurelyAs(node: LocalNode, transaction: UnsignedTransaction): Promise<TransactionReceipt> {
  const execution = await sendAs(node, transaction);
  if (execution.type === "reverted") throw new Error(execution.reason);
  return execution.receipt;
}
