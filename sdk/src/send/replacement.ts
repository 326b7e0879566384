import type { Provider, TransactionResponse } from "ethers";

import { checkHex } from "../check";
import type { ReadOptions } from "../context";
import { AbortedError, TransactionReplacedError } from "../errors";
import { ask } from "../rpc/ask";
import type { SentTransaction } from "./confirm";
import { type PreparedTransaction, nodeOf } from "./prepare";

/** Blocks that are searched at most; a search of more would take longer than the user looks. */
const greatestSearch = 1_000;

/** What was sent, with its nonce. */
type Overtaken = SentTransaction & { readonly nonce: number };

/**
 * Throws what a transaction is whose nonce is used up; the error names the other one where the blocks since then show it. Does nothing
 * when they show the transaction itself: then the node only lags with its receipt.
 *
 * @throws {@link TransactionReplacedError}, {@link AbortedError}; a node that fails only keeps the other one unknown.
 * @example
 * await throwIfReplaced(provider, sent, options);
 */
export async function throwIfReplaced(provider: Provider, sent: Overtaken, options: ReadOptions): Promise<void> {
  const found = await search(provider, sent, options).catch((error: unknown) => {
    if (error instanceof AbortedError) throw error;
    return undefined;
  });
  if (found?.hash !== sent.hash) throw new TransactionReplacedError(sent.hash, sent.nonce, found);
}

async function search(
  provider: Provider,
  { nonce, since, transaction }: Overtaken,
  options: ReadOptions,
): Promise<TransactionReplacedError["replacement"]> {
  const node = nodeOf(transaction);
  const latest = await ask(node, "eth_blockNumber", options, () => provider.getBlockNumber());
  for (let number = since; number <= Math.min(latest, since + greatestSearch); number++) {
    const block = await ask(node, "eth_getBlockByNumber", options, () => provider.getBlock(number, true));
    const found = block?.prefetchedTransactions.find(
      (candidate) => candidate.from === transaction.from && candidate.nonce === nonce,
    );
    if (found !== undefined) {
      return { hash: checkHex("hash", found.hash, 32), isSameCall: isSameCall(found, transaction) };
    }
  }
  return undefined;
}

function isSameCall({ to, data, value }: TransactionResponse, transaction: PreparedTransaction): boolean {
  return to === transaction.to && data === transaction.data && value === transaction.value;
}
