/** A node on 127.0.0.1 that speaks JSON-RPC and misbehaves: what of a fault gets through ethers' transport, for the tests. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { FetchRequest, JsonRpcProvider } from "ethers";

/** One request of a body, which may be a list of them. */
export interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** One answer. */
export type RpcResponse = Readonly<Record<string, unknown>>;

/** How the node answers; whatever is left out it does as it should. */
export interface Manners {
  /** The answer to one request; `undefined` for the chain's. */
  readonly answer?: (request: RpcRequest) => RpcResponse | undefined;
  /** What becomes of the whole answer. */
  readonly body?: (responses: readonly RpcResponse[], isList: boolean) => unknown;
  /** What becomes of the connection; `true` when it has dealt with it. */
  readonly connection?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** The node and a provider for it. */
export interface JsonRpcServer {
  readonly provider: JsonRpcProvider;
  /** Connections are cut, the provider ends. */
  readonly close: () => Promise<void>;
}

/** Sends one request to a chain of the tests. */
export type SendRpc = (method: string, params: unknown[]) => Promise<unknown>;

/** Starts a node in front of a chain. */
export async function startJsonRpcServer(send: SendRpc, manners: Manners = {}): Promise<JsonRpcServer> {
  const server = createServer((request, response) => {
    if (manners.connection?.(request, response) === true) return;
    respond(send, manners, request).then(
      (body) => response.setHeader("content-type", "application/json").end(body),
      () => request.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const request = new FetchRequest(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  // ethers repeats what is answered with 429 for minutes otherwise.
  request.setThrottleParams({ slotInterval: 1, maxAttempts: 2 });
  const provider = new JsonRpcProvider(request, undefined, { cacheTimeout: -1, pollingInterval: 10 });
  return { provider, close: () => close(server, provider) };
}

/** An error in the words of a node. */
export function errorResponse({ id }: RpcRequest, error: object): RpcResponse {
  return { jsonrpc: "2.0", id, error };
}

async function respond(send: SendRpc, manners: Manners, request: IncomingMessage): Promise<string> {
  const body = JSON.parse(await text(request)) as RpcRequest | readonly RpcRequest[];
  const requests = (Array.isArray(body) ? body : [body]) as readonly RpcRequest[];
  const responses = await Promise.all(requests.map(async (one) => manners.answer?.(one) ?? forward(send, one)));
  const answer = manners.body?.(responses, Array.isArray(body)) ?? (Array.isArray(body) ? responses : responses[0]);
  return typeof answer === "string" ? answer : JSON.stringify(answer);
}

/** What reverts is told as geth does: code 3, its data beside the message. */
async function forward(send: SendRpc, request: RpcRequest): Promise<RpcResponse> {
  try {
    return { jsonrpc: "2.0", id: request.id, result: await send(request.method, [...request.params]) };
  } catch (error) {
    const data = dataOf(error, 4);
    const message = data === undefined ? "internal error" : "execution reverted";
    return errorResponse(request, data === undefined ? { code: -32603, message } : { code: 3, message, data });
  }
}

function dataOf(error: unknown, depth: number): string | undefined {
  if (depth === 0 || typeof error !== "object" || error === null) return undefined;
  const { data, error: inner, info, cause } = error as Readonly<Record<string, unknown>>;
  if (typeof data === "string" && data.startsWith("0x")) return data;
  return [data, inner, info, cause].map((one) => dataOf(one, depth - 1)).find((one) => one !== undefined);
}

async function close(server: Server, provider: JsonRpcProvider): Promise<void> {
  provider.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
