/** One node of several: how it is asked, and what is known of it. */
import { type RpcAnswer, isNodeTrouble, parseAnswer } from "./answers";

/** A JSON-RPC request. */
export interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
  readonly jsonrpc: "2.0";
}

/** A block of a chain's end. */
export interface Head {
  readonly number: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** What is known of a node. */
export interface Endpoint {
  readonly url: string;
  /** Protocol and host: the rest of the URL may hold an API key. */
  readonly name: string;
  /** Whether its chain id was read since it last failed. */
  isChecked: boolean;
  /** The chain that it is on, once that is another one: it is never asked again. */
  otherChainId: number | undefined;
  /** The last one that it told. */
  head: Head | undefined;
  /** Failures in a row. */
  failures: number;
  /** When it is asked again before others are, in milliseconds of the clock that counts. */
  restsUntil: number;
  /** Why it was passed over last. */
  trouble: string;
}

/** What came of asking one node. */
export type Outcome =
  { readonly type: "answer"; readonly answer: RpcAnswer } | { readonly type: "trouble"; readonly reason: string };

/** A node of which nothing is known. */
export function newEndpoint(url: string): Endpoint {
  return {
    url,
    name: endpointName(url),
    isChecked: false,
    otherChainId: undefined,
    head: undefined,
    failures: 0,
    restsUntil: 0,
    trouble: "not asked",
  };
}

/** Protocol and host of a URL; of a text that is none, nothing. */
export function endpointName(url: string): string {
  if (!URL.canParse(url)) return "(no URL)";
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** How long a node may take, in milliseconds, and what ends the request before. */
export interface Limits {
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** Sends one request to one node and judges what comes back. Never throws. */
export async function askEndpoint({ url }: Endpoint, request: RpcRequest, limits: Limits): Promise<Outcome> {
  try {
    const response = await post(url, JSON.stringify(request), limits);
    const answer = parseAnswer(await response.text(), request.id);
    const isBroken = response.status === 429 || response.status >= 500;
    if (isBroken || (answer === undefined && !response.ok)) return trouble(`HTTP ${response.status}`);
    if (answer === undefined) return trouble("an answer that is no JSON-RPC");
    if ("error" in answer && isNodeTrouble(answer.error)) return trouble(answer.error.message.slice(0, 200));
    return { type: "answer", answer };
  } catch (error) {
    return trouble(reasonOf(error));
  }
}

async function post(url: string, body: string, { timeout, signal }: Limits): Promise<Response> {
  const address = new URL(url);
  const { username, password } = address;
  // fetch refuses a URL that holds them.
  address.username = address.password = "";
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  const headers = {
    "content-type": "application/json",
    ...(username === "" ? {} : { authorization: `Basic ${basic}` }),
  };
  const ending = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  return fetch(address, { method: "POST", headers, body, signal: ending });
}

/** Without the URL, which Node's messages may hold. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no connection";
  if (error.name === "TimeoutError") return "no answer in time";
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : "no connection";
}

function trouble(reason: string): Outcome {
  return { type: "trouble", reason };
}
