/** Handing a signed transaction to the nodes, and what they say. */
import { isError } from "ethers";

import { revertOf } from "../../../sdk/src/reverts";
import { isLackOfFunds } from "../../../sdk/src/send/failures";
import { isAlreadyKnown, wordsOf } from "./answers";
import type { RpcProvider } from "./chain";
import { NoEndpointError, messageOf } from "./errors";

/**
 * What the nodes say to a transaction. "doubtful": nobody answered, so it may have arrived. "nonce used": it or another one with its
 * nonce is mined.
 */
export type Acceptance =
  | { readonly type: "taken" }
  | { readonly type: "doubtful"; readonly reason: string }
  | { readonly type: "underpriced" }
  | { readonly type: "nonceUsed" }
  | { readonly type: "unfunded" }
  | { readonly type: "refused"; readonly reason: string; readonly error: unknown };

const underpriced =
  /underpriced|less than block base fee|too low for the next block|(fee|gas ?price)( cap)? (is )?too low|fee ?too ?low/i;
const nonceUsed = /nonce (is )?too low|nonce has already been used|old ?nonce|nonce already/i;

/** Broadcasts a signed transaction; as often as wanted, the chain carries it out once. Never throws. */
export async function broadcast(provider: RpcProvider, raw: string): Promise<Acceptance> {
  try {
    await provider.send("eth_sendRawTransaction", [raw]);
    return { type: "taken" };
  } catch (error) {
    return judge(error);
  }
}

function judge(error: unknown): Acceptance {
  if (error instanceof NoEndpointError || isTransportTrouble(error)) {
    return { type: "doubtful", reason: messageOf(error) };
  }
  const text = wordsOf(error);
  if (isAlreadyKnown(text)) return { type: "taken" };
  if (isError(error, "NONCE_EXPIRED") || nonceUsed.test(text)) return { type: "nonceUsed" };
  if (isError(error, "REPLACEMENT_UNDERPRICED") || underpriced.test(text)) return { type: "underpriced" };
  if (isLackOfFunds(error)) return { type: "unfunded" };
  // A node that mines at once tells of the revert of what it has mined.
  if (revertOf(error) !== undefined) return { type: "doubtful", reason: messageOf(error) };
  return { type: "refused", reason: messageOf(error), error };
}

function isTransportTrouble(error: unknown): boolean {
  if (isError(error, "SERVER_ERROR") || isError(error, "TIMEOUT") || isError(error, "NETWORK_ERROR")) return true;
  return error instanceof Error && "code" in error && /^E[A-Z]+$/.test(String(error.code));
}
