import type { Provider, TransactionReceipt } from "ethers";

import type { ReadOptions } from "../context";
import { AbortedError, EMetisError, TransactionFailedError, TransactionTimeoutError } from "../errors";
import { revertOf } from "../reverts";
import { ask, throwIfAborted } from "../rpc/ask";
import type { Hex } from "../types";
import { type PreparedTransaction, nodeOf } from "./prepare";
import { throwIfReplaced } from "./replacement";

/** How a transaction is waited for. */
export interface ConfirmOptions extends ReadOptions {
  /**
   * Blocks that must hold it, its own included.
   *
   * @defaultValue 1
   */
  readonly confirmations?: number;
  /**
   * Milliseconds between two looks.
   *
   * @defaultValue 1,000
   */
  readonly pollingInterval?: number;
  /**
   * Milliseconds after which a transaction that is not confirmed is given up; what the node takes to answer is not counted.
   *
   * @defaultValue 600,000
   */
  readonly patience?: number;
}

/** What was sent. */
export interface SentTransaction {
  readonly hash: Hex;
  /** `undefined` when the signer did not tell, until the node does. */
  nonce: number | undefined;
  /** The latest block before it was signed: nothing that replaces it is in an earlier one. */
  readonly since: number;
  readonly transaction: PreparedTransaction;
}

/** What one look showed. */
type Look =
  | { readonly type: "pending" }
  | { readonly type: "overtaken"; readonly nonce: number }
  | { readonly type: "mined"; readonly receipt: TransactionReceipt; readonly confirmations: number };

/** Looks that may fail, or show another transaction with the nonce, one after the other: nodes behind one address differ. */
const tolerance = 3;

/**
 * Waits until a transaction is confirmed. A block that is reorganised away takes the transaction back to waiting.
 *
 * @param onMined - Called when it is in a block, and again when it is in another one.
 * @throws {@link TransactionFailedError}, {@link TransactionReplacedError}, {@link TransactionTimeoutError}, {@link RpcError} and
 * {@link RpcTimeoutError} when the node fails three times in a row, {@link AbortedError}.
 * @example
 * const receipt = await confirm(provider, sent, {}, () => undefined);
 */
export async function confirm(
  provider: Provider,
  sent: SentTransaction,
  options: ConfirmOptions,
  onMined: (receipt: TransactionReceipt) => void,
): Promise<TransactionReceipt> {
  const { patience = 600_000, confirmations = 1, pollingInterval = 1_000, signal } = options;
  const looks = Math.ceil(patience / pollingInterval) + 1;
  let minedIn: string | undefined;
  let overtaken = 0;
  for (let count = 0; count < looks; count++) {
    if (count > 0) await sleep(pollingInterval, signal);
    const look = await lookTolerantly(provider, sent, options);
    overtaken = look.type === "overtaken" ? overtaken + 1 : 0;
    if (look.type === "overtaken" && overtaken % tolerance === 0) {
      await throwIfReplaced(provider, { ...sent, nonce: look.nonce }, options);
    }
    if (look.type !== "mined") continue;
    const { receipt } = look;
    if (receipt.blockHash !== minedIn) onMined(receipt);
    minedIn = receipt.blockHash;
    if (look.confirmations < confirmations) continue;
    if (receipt.status === 0) throw await failureOf(provider, sent, receipt, options);
    return receipt;
  }
  throw new TransactionTimeoutError(sent.hash, patience);
}

/** One look; when the node fails, some more. */
async function lookTolerantly(provider: Provider, sent: SentTransaction, options: ConfirmOptions): Promise<Look> {
  for (let failures = 1; ; failures++) {
    try {
      return await lookOnce(provider, sent, options);
    } catch (error) {
      if (error instanceof AbortedError || failures === tolerance) throw error;
      await sleep(options.pollingInterval ?? 1_000, options.signal);
    }
  }
}

async function lookOnce(provider: Provider, sent: SentTransaction, options: ConfirmOptions): Promise<Look> {
  const { hash, transaction } = sent;
  const node = nodeOf(transaction);
  sent.nonce ??= await nonceOf(provider, sent, options);
  const { nonce } = sent;
  const request = () => provider.getTransactionReceipt(hash);
  // Before the receipt: a nonce that is used up while there is no receipt afterwards is another transaction's.
  const next = await ask(node, "eth_getTransactionCount", options, () =>
    provider.getTransactionCount(transaction.from, "latest"),
  );
  const receipt = await ask(node, "eth_getTransactionReceipt", options, request);
  if (receipt === null) return nonce !== undefined && next > nonce ? { type: "overtaken", nonce } : { type: "pending" };
  if ((options.confirmations ?? 1) <= 1) return { type: "mined", receipt, confirmations: 1 };
  const latest = await ask(node, "eth_blockNumber", options, () => provider.getBlockNumber());
  return { type: "mined", receipt, confirmations: latest - receipt.blockNumber + 1 };
}

/** What a wallet chose; `undefined` while the node does not know the transaction. */
async function nonceOf(
  provider: Provider,
  { hash, transaction }: SentTransaction,
  options: ReadOptions,
): Promise<number | undefined> {
  const request = () => provider.getTransaction(hash);
  return (await ask(nodeOf(transaction), "eth_getTransactionByHash", options, request))?.nonce;
}

/** Why it failed: what the same call with gas enough answers on top of its block, else of the one before. */
async function failureOf(
  provider: Provider,
  { hash, transaction }: SentTransaction,
  { blockNumber, gasUsed }: TransactionReceipt,
  options: ConfirmOptions,
): Promise<TransactionFailedError> {
  let reason = await reasonAt(provider, transaction, blockNumber, options);
  reason ??= await reasonAt(provider, transaction, blockNumber - 1, options);
  // Of what an inner call burns, each caller keeps a 64th: not all is used up.
  const isOutOfGas = reason === undefined && gasUsed * 10n >= transaction.gasLimit * 9n;
  return new TransactionFailedError(hash, blockNumber, reason, isOutOfGas);
}

async function reasonAt(
  provider: Provider,
  transaction: PreparedTransaction,
  blockTag: number,
  options: ReadOptions,
): Promise<EMetisError | undefined> {
  const { from, to, data, value } = transaction;
  try {
    await ask(nodeOf(transaction), "eth_call", options, () => provider.call({ from, to, data, value, blockTag }));
    return undefined;
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    // A node that cannot tell does not hide that the transaction failed.
    return error instanceof EMetisError ? revertOf(error.cause) : undefined;
  }
}

/** Waits, but not longer than until the signal. */
function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  throwIfAborted("send", signal);
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(new AbortedError("send", signal?.reason));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
