/** What became of a nonce. */
import type { TransactionReceipt } from "ethers";

import type { Chain, RpcProvider } from "./chain";
import type { TakenBy } from "./errors";
import type { Order } from "./order";

/** What one look at an order's nonce showed. */
export type Look =
  | { readonly type: "pending"; readonly isKnown: boolean }
  /** The nonce is used up, and none of the order's versions has a receipt. */
  | { readonly type: "overtaken" }
  | { readonly type: "mined"; readonly receipt: TransactionReceipt; readonly confirmations: number };

/** Blocks that are searched for a transaction; more when it is not in them. */
const searched = [100, 1_000, 10_000, Infinity];

/** Looks once at a nonce of an account; `hashes` are the versions that were sent with it, the newest last. */
export async function lookAt(
  { provider }: Chain,
  account: string,
  nonce: number,
  hashes: readonly string[],
): Promise<Look> {
  // Before the receipts: a nonce that is used up while there is no receipt afterwards is another transaction's.
  const next = await provider.getTransactionCount(account, "latest");
  const newestFirst = [...hashes].reverse();
  for (const hash of newestFirst) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt === null) continue;
    const latest = await provider.getBlockNumber();
    return { type: "mined", receipt, confirmations: latest - receipt.blockNumber + 1 };
  }
  if (next > nonce) return { type: "overtaken" };
  for (const hash of newestFirst) {
    if ((await provider.getTransaction(hash)) !== null) return { type: "pending", isKnown: true };
  }
  return { type: "pending", isKnown: false };
}

/** The mined transaction with a nonce of an account; `undefined` when no node shows it. */
export async function findTaker(
  { provider }: Chain,
  account: string,
  nonce: number,
  order: Order,
): Promise<TakenBy | undefined> {
  try {
    const block = await blockOfNonce(provider, account, nonce);
    const found = (await provider.getBlock(block, true))?.prefetchedTransactions.find(
      (one) => isSame(one.from, account) && one.nonce === nonce,
    );
    const receipt = found === undefined ? null : await provider.getTransactionReceipt(found.hash);
    if (found === undefined || receipt === null) return undefined;
    const isSameCall = isSame(found.to, order.to) && isSame(found.data, order.data) && found.value === order.value;
    return { hash: found.hash, receipt, isSameCall };
  } catch {
    // Nodes keep no state of old blocks: then it stays unknown.
    return undefined;
  }
}

/** Whether two hexadecimal texts are, in whatever case. */
function isSame(one: string | null, other: string | null): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

/** The block after which the account's count is above the nonce for the first time. */
async function blockOfNonce(provider: RpcProvider, account: string, nonce: number): Promise<number> {
  let high = await provider.getBlockNumber();
  let low = high;
  for (const depth of searched) {
    low = Math.max(high - depth, 0);
    if (low === 0 || (await provider.getTransactionCount(account, low)) <= nonce) break;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await provider.getTransactionCount(account, middle)) > nonce) high = middle;
    else low = middle;
  }
  return high;
}
