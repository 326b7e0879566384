import type { Provider, Signer, TransactionRequest } from "ethers";

import { checkHex } from "../check";
import type { ReadOptions } from "../context";
import { AbortedError, EMetisError, InsufficientFundsError, RpcError, UserRejectedError } from "../errors";
import { revertOf } from "../reverts";
import { ask } from "../rpc/ask";
import type { Call, Hex } from "../types";
import { isLackOfFunds, isUserRejection } from "./failures";
import { type PreparedTransaction, nodeOf } from "./prepare";

/** What a signer sent. */
export interface SignedTransaction {
  readonly hash: Hex;
  /** `undefined` when a wallet chose it and does not tell. */
  readonly nonce: number | undefined;
}

/**
 * The signer's account.
 *
 * @throws {@link RpcError}, {@link AbortedError}.
 * @example
 * const from = await addressOf(signer, call, signal);
 */
export function addressOf(signer: Signer, call: Call, signal: AbortSignal | undefined): Promise<string> {
  return orAborted(signal, () => signer.getAddress()).catch((error: unknown) => {
    throw error instanceof EMetisError ? error : new RpcError(nodeOf(call), "the signer", error);
  });
}

/**
 * Has the signer sign and send a transaction. A signer that is a node's or a wallet's gives its hash at once.
 *
 * @throws {@link UserRejectedError}, {@link InsufficientFundsError}, {@link RevertError}, {@link AbortedError}; {@link RpcError} for all
 * else that a signer fails with, and then it may have been sent.
 * @example
 * const { hash } = await sign(signer, provider, transaction, {});
 */
export async function sign(
  signer: Signer,
  provider: Provider,
  transaction: PreparedTransaction,
  options: ReadOptions,
): Promise<SignedTransaction> {
  try {
    const { hash, nonce } = await orAborted(options.signal, () => handOver(signer, transaction));
    return { hash: checkHex("hash", hash, 32), nonce };
  } catch (error) {
    if (error instanceof EMetisError) throw error;
    if (isUserRejection(error)) throw new UserRejectedError("send", error);
    const failure = new RpcError(nodeOf(transaction), "the signer", error, doubt);
    if (isLackOfFunds(error)) throw await lackOfFunds(provider, transaction, options, error).catch(() => failure);
    throw revertOf(error) ?? failure;
  }
}

const doubt = "It may have been sent all the same: look at the account's transactions before you send it again";

/** What `sendTransaction` does beyond it is to wait for the node to know the transaction: without end when it is replaced at once. */
interface UncheckedSigner extends Signer {
  readonly sendUncheckedTransaction: (transaction: TransactionRequest) => Promise<string>;
}

async function handOver(
  signer: Signer,
  transaction: PreparedTransaction,
): Promise<{ readonly hash: string; readonly nonce: number | undefined }> {
  if (!isUnchecked(signer)) return signer.sendTransaction(transaction);
  return { hash: await signer.sendUncheckedTransaction(transaction), nonce: undefined };
}

/** By what it can: a signer may come from another copy of ethers. */
function isUnchecked(signer: Signer): signer is UncheckedSigner {
  return "sendUncheckedTransaction" in signer && typeof signer.sendUncheckedTransaction === "function";
}

/** The balance is read again: it was enough a moment ago. */
async function lackOfFunds(
  provider: Provider,
  transaction: PreparedTransaction,
  options: ReadOptions,
  cause: unknown,
): Promise<InsufficientFundsError> {
  const { from, value, gasLimit, gasPrice, maxFeePerGas } = transaction;
  const price = BigInt(maxFeePerGas ?? gasPrice ?? 0n);
  const available = await ask(nodeOf(transaction), "eth_getBalance", options, () => provider.getBalance(from));
  return new InsufficientFundsError(from, value + gasLimit * price, available, { cause });
}

/** What a signer answers, for which there is no time limit: a person may be behind it. */
async function orAborted<T>(signal: AbortSignal | undefined, request: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = () => {
      reject(new AbortedError("send", signal?.reason));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    over.signal.addEventListener("abort", () => signal?.removeEventListener("abort", onAbort));
  });
  try {
    return await Promise.race([request(), aborted]);
  } finally {
    over.abort();
  }
}
