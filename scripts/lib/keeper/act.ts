/** Sends what was decided, one order at a time on each chain. */
import type { TransactionReceipt } from "ethers";

import type { Side } from "../../../sdk/src/types";
import type { Account } from "../chain/account";
import type { Chain } from "../chain/chain";
import {
  EmptyAccountError,
  FeeCapError,
  NonceTakenError,
  OrderRefusedError,
  OrderRevertedError,
  TooLargeError,
} from "../chain/errors";
import { type SendOrderOptions, sendOrder } from "../chain/sender";
import { keyOf } from "./decide";
import type { Decision } from "./decide/decision";

/** With what orders are sent. */
export interface SendTools {
  readonly chains: Readonly<Record<Side, Chain>>;
  readonly account: Account;
  /** How long nodes are waited for. */
  readonly options?: Pick<SendOrderOptions, "confirmations" | "patience" | "pollingInterval" | "sleep">;
}

/** What became of an order. */
export type Outcome =
  | { readonly type: "done"; readonly receipt: TransactionReceipt }
  /** Reverted in its block: it cost gas. */
  | { readonly type: "reverted"; readonly receipt: TransactionReceipt; readonly reason: string }
  /** Not sent: it would revert now, or the node does not take it. */
  | { readonly type: "refused"; readonly reason: string }
  /** Not sent, or not mined yet: the fee went above what was allowed. */
  | { readonly type: "feeJumped"; readonly reason: string }
  | { readonly type: "empty"; readonly reason: string }
  /** Another transaction of the account was mined in its place: a second keeper, or an earlier run. */
  | { readonly type: "overtaken"; readonly reason: string };

/** What is due on one chain. */
export type DueDecision = Extract<Decision, { readonly isDue: true }>;

/**
 * Sends one order, simulated just before, and waits for it.
 *
 * @throws what `sendOrder` throws when no node answers, or the account does not sign.
 */
export async function act({ chains, account, options }: SendTools, decision: DueDecision): Promise<Outcome> {
  const { call, chain, maxGasPrice } = decision;
  const order = { to: call.to, data: call.data, value: call.value, label: keyOf(decision) };
  try {
    const receipt = await sendOrder(chains[chain], account, order, { ...options, maxGasPrice });
    return { type: "done", receipt };
  } catch (error) {
    const outcome = outcomeOf(error);
    if (outcome === undefined) throw error;
    return outcome;
  }
}

function outcomeOf(error: unknown): Outcome | undefined {
  if (error instanceof OrderRevertedError) {
    const { receipt, message: reason } = error;
    return receipt === undefined ? { type: "refused", reason } : { type: "reverted", receipt, reason };
  }
  if (error instanceof OrderRefusedError || error instanceof TooLargeError) {
    return { type: "refused", reason: error.message };
  }
  if (error instanceof FeeCapError) return { type: "feeJumped", reason: error.message };
  if (error instanceof EmptyAccountError) return { type: "empty", reason: error.message };
  if (error instanceof NonceTakenError) return { type: "overtaken", reason: error.message };
  return undefined;
}
