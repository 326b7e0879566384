import type { Provider, TransactionResponse } from "ethers";

import { checkHex } from "../check";
import type { ReadOptions } from "../context";
import { AbortedError, TransactionReplacedError } from "../errors";
import { ask } from "../rpc/ask";
import type { SentTransaction } from "./confirm";
import { type PreparedTransaction, nodeOf } from "./prepare";

/** Blocks that are searched at most; a search of more would take longer than the user looks. */
const greatestSearch = 1_000;

/**
 * The error of a transaction whose nonce another one took; it names that one where the blocks since then show it.
 *
 * @throws {@link AbortedError}; a node that fails only keeps the other one unknown.
 * @example
 * throw await replacementOf(provider, sent, options);
 */
export async function replacementOf(
  provider: Provider,
  sent: SentTransaction,
  options: ReadOptions,
): Promise<TransactionReplacedError> {
  try {
    const found = await search(provider, sent, options);
    return new TransactionReplacedError(sent.hash, sent.nonce, found);
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    return new TransactionReplacedError(sent.hash, sent.nonce, undefined);
  }
}

async function search(
  provider: Provider,
  { nonce, since, transaction }: SentTransaction,
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
