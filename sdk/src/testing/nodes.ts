/** The two development nodes that the kit deploys on, as ethers' providers. */
import { BrowserProvider, type Eip1193Provider, type JsonRpcApiProvider, JsonRpcProvider } from "ethers";

import { addGasMargin } from "../../../scripts/lib/localNode";
import type { Side } from "../types";
import { DevelopmentNodeError } from "./errors";
import { createHardhatChain, loadHardhat } from "./hardhat";

/** A development node: its URL, or its EIP-1193 provider, like Hardhat's `network.provider`. */
export type DevelopmentNode = string | Eip1193Provider;

/** A node under the kit. */
export interface KitNode {
  readonly provider: JsonRpcApiProvider;
  /** The same node for other libraries, like viem's `custom` transport. */
  readonly eip1193: Eip1193Provider;
}

/** How long a node may take to say its chain id, in milliseconds. */
const patience = 10_000;
/** Nothing is remembered between requests: a restored snapshot changes what was answered before. */
const options = { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 } as const;

/** Both chains in this process. */
export async function startChains(root: string): Promise<Readonly<Record<Side, KitNode>>> {
  const hardhat = loadHardhat(root);
  const [l1, l2] = await Promise.all([createHardhatChain(hardhat, "l1"), createHardhatChain(hardhat, "l2")]);
  return connectChains({ l1, l2 });
}

/** Both chains as the caller runs them. */
export async function connectChains(nodes: Readonly<Record<Side, DevelopmentNode>>) {
  const [l1, l2] = await Promise.all([connect("l1", nodes.l1), connect("l2", nodes.l2)]);
  if (l1.chainId === l2.chainId) throw new DevelopmentNodeError("l2", `has chain id ${l2.chainId}, as the one for l1`);
  return { l1: l1.node, l2: l2.node };
}

async function connect(
  side: Side,
  source: DevelopmentNode,
): Promise<{ readonly chainId: number; readonly node: KitNode }> {
  const chainId = await chainIdOf(side, source);
  const provider =
    typeof source === "string"
      ? new JsonRpcProvider(source, chainId, { ...options, batchMaxCount: 1 })
      : new BrowserProvider(source, chainId, options);
  addGasMargin(provider);
  return { chainId, node: { provider, eip1193: typeof source === "string" ? requesting(provider) : source } };
}

async function chainIdOf(side: Side, source: DevelopmentNode): Promise<number> {
  try {
    const answer: unknown =
      typeof source === "string" ? await askByUrl(source) : await source.request({ method: "eth_chainId", params: [] });
    const chainId = Number(answer);
    if (!Number.isSafeInteger(chainId) || chainId < 1) throw new Error(`eth_chainId is ${String(answer)}`);
    return chainId;
  } catch (cause) {
    throw new DevelopmentNodeError(side, `does not say its chain id (${String(cause)})`, { cause });
  }
}

/** ethers' provider would ask a dead node for ever. */
async function askByUrl(url: string): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
    signal: AbortSignal.timeout(patience),
  });
  const body: unknown = await response.json();
  return typeof body === "object" && body !== null && "result" in body ? body.result : undefined;
}

function requesting(provider: JsonRpcApiProvider): Eip1193Provider {
  return {
    request: async ({ method, params }) => {
      const answer: unknown = await provider.send(method, params ?? []);
      return answer;
    },
  };
}
