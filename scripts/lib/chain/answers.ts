/** What a node's answer says: of the chain, or only of the node. */

/** The error in a JSON-RPC answer. */
export interface RpcFault {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** An answer to one JSON-RPC request. */
export type RpcAnswer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: RpcFault };

/** What the chain itself says; a revert may carry any text, so these come first. */
const ofTheChain =
  /revert|vm exception|invalid opcode|out of gas|nonce|insufficient|underpriced|already known|known transaction|base ?fee/i;

/** What only this node, at this moment, has to say. Limits of a request, like a range of logs, are answers: another node has them too. */
const ofTheNode = new RegExp(
  [
    "header not found|header for hash not found|unknown block|block .*not (found|available)|missing trie node",
    "(state|history).*(unavailable|not available|pruned)|(no|missing|historical) state",
    "(node|server|service).*(syncing|behind|busy|overloaded|unavailable|unhealthy)|not (yet )?synced",
    "rate.?limit|too many requests|(compute|request|credit|daily).*(limit|quota|capacity).*(reached|exceeded)",
    "exceeded.*(rate|quota|capacity|compute units|requests? per)",
    "context deadline exceeded|timed? ?out|timeout|temporar(y|ily)|try again|bad gateway|upstream|no (healthy|available)",
    "internal server error|connection (refused|reset|closed)",
  ].join("|"),
  "i",
);

/**
 * The answer in a body to the request with this id.
 *
 * @returns `undefined` for a body that is no answer to it.
 */
export function parseAnswer(body: string, id: number): RpcAnswer | undefined {
  const answer = parseJson(body);
  if (!isObject(answer)) return undefined;
  const { error } = answer;
  if (error !== undefined && error !== null) {
    // A node that cannot read a request does not know its id.
    return isFault(error) && (answer.id === id || answer.id === null) ? { id, error } : undefined;
  }
  return answer.id === id && "result" in answer ? { id, result: answer.result } : undefined;
}

/** Whether an error is the node's trouble, which another node or moment may not have, and not an answer of the chain. */
export function isNodeTrouble({ code, message, data }: RpcFault): boolean {
  if (code === 3 || ofTheChain.test(message) || isRevertData(data)) return false;
  if (code === 429 || (code === -32005 && !/result|range|log|response/i.test(message))) return true;
  return ofTheNode.test(message);
}

/** Whether a node refuses a raw transaction because it has it already. */
export function isAlreadyKnown(message: string): boolean {
  return /already known|known transaction|already (imported|exists)|already in (the )?(mem)?pool/i.test(message);
}

/** All that an error and those inside it say: nodes and ethers put one into another. */
export function wordsOf(error: unknown, depth = 4): string {
  if (depth === 0 || !isObject(error)) return "";
  const inner = [error.info, error.error, error.cause].map((one) => wordsOf(one, depth - 1));
  return [error.message, ...inner].filter((one) => typeof one === "string" && one !== "").join("\n");
}

function isRevertData(data: unknown): boolean {
  if (isObject(data)) return isRevertData(data.data) || isRevertData(data.result);
  return typeof data === "string" && /^0x([0-9a-f]{2})*$/i.test(data);
}

function isFault(error: unknown): error is RpcFault {
  return isObject(error) && typeof error.code === "number" && typeof error.message === "string";
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
