/** Nodes on loopback that know nothing but their head, and misbehave when the test says so. */
import { toQuantity } from "ethers";

import { type FailoverOptions, createFailover } from "../../../../scripts/lib/chain/failover";
import {
  type JsonRpcServer,
  type Manners,
  errorResponse,
  startJsonRpcServer,
} from "../../../helpers/sdk/jsonRpcServer";

/** What a node knows, and how it behaves; the test may change both. */
export interface FakeNode {
  readonly url: string;
  readonly state: { chainId: number; head: number; timestamp: number; block: string; manners: Manners };
  /** The methods that it was asked, also when it did not answer. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** Of the chain that fake nodes are on. */
export const fakeChainId = 59_902;

/** Starts a node; its latest block is 100. */
export async function startFakeNode(manners: Manners = {}): Promise<FakeNode> {
  const state = { chainId: fakeChainId, head: 100, timestamp: 1_700_000_000, block: "0x64", manners };
  const asked: string[] = [];
  const answers: Readonly<Record<string, () => unknown>> = {
    eth_chainId: () => toQuantity(state.chainId),
    eth_blockNumber: () => state.block,
    eth_getBlockByNumber: () => ({ number: toQuantity(state.head), timestamp: toQuantity(state.timestamp) }),
  };
  const server = await startJsonRpcServer(async (method) => Promise.resolve(answers[method]?.()), {
    answer: (request) => {
      asked.push(request.method);
      return state.manners.answer?.(request);
    },
    body: (responses, isList) => state.manners.body?.(responses, isList),
    connection: (request, response) => state.manners.connection?.(request, response) ?? false,
  });
  return { url: urlOf(server), state, asked, close: server.close };
}

/** Where a node listens. */
export function urlOf({ provider }: JsonRpcServer): string {
  return provider._getConnection().url;
}

/** A failover over nodes, without waits: they are kept, and only they move the clock. */
export function startFailover(urls: readonly string[], options: Partial<FailoverOptions> = {}) {
  const clock = { now: 1_000_000 };
  const waits: number[] = [];
  const provider = createFailover(urls, {
    chainId: fakeChainId,
    timeout: 10_000,
    random: () => 0.5,
    now: () => clock.now,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      clock.now += milliseconds;
      return Promise.resolve();
    },
    ...options,
  });
  return {
    provider,
    clock,
    waits,
    ask: async (method = "eth_blockNumber"): Promise<unknown> => provider.send(method, []),
  };
}

/** Every request is answered with this status of HTTP. */
export const status = (code: number): Manners => ({
  connection: (_request, response) => {
    response.writeHead(code).end("no");
    return true;
  },
});
/** Every request but those for the health of a node is answered with this error. */
export const saying = (code: number, message: string, data?: unknown): Manners => ({
  answer: (request) =>
    request.method === "eth_chainId" || request.method === "eth_getBlockByNumber"
      ? undefined
      : errorResponse(request, { code, message, ...(data === undefined ? {} : { data }) }),
});
