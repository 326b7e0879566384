/** Where exactly a pair of chains is forked. */
import { JsonRpcProvider } from "ethers";

import type { ForkPair, ForkTarget } from "./targets";

/** A pair of which both blocks are named. */
export interface PinnedPair extends ForkPair {
  readonly l1: PinnedTarget;
  readonly l2: PinnedTarget;
}

/** A chain of which the block is named. */
export interface PinnedTarget extends ForkTarget {
  readonly block: number;
}

/** An endpoint that cannot be forked. */
export class ForkEndpointError extends Error {
  override readonly name = "ForkEndpointError";
}

/** Milliseconds that an endpoint has to answer in. */
const patience = 30_000;

/**
 * Names the block of both chains: the given one, else the head. Hardhat left to itself would fork Ethereum 32 blocks behind it.
 *
 * @throws {@link ForkEndpointError} when an endpoint does not answer or is of another chain.
 */
export async function pinPair({ network, l1, l2 }: ForkPair): Promise<PinnedPair> {
  return { network, l1: await pinTarget(l1), l2: await pinTarget(l2) };
}

/** One line about where something was run, without the endpoint: it may hold a key. */
export function describePair({ network, l1, l2 }: PinnedPair): string {
  return `${network}: ${describeTarget(l1)}, ${describeTarget(l2)}`;
}

function describeTarget({ name, chainId, block }: PinnedTarget): string {
  return `${name} (${chainId}) at block ${block}`;
}

async function pinTarget(target: ForkTarget): Promise<PinnedTarget> {
  const provider = new JsonRpcProvider(target.url, target.chainId, { batchMaxCount: 1, staticNetwork: true });
  try {
    const chainId = Number(await answer(provider, "eth_chainId", target));
    if (chainId !== target.chainId)
      throw new ForkEndpointError(`the endpoint of ${target.name} has chain id ${chainId}, not ${target.chainId}`);
    return { ...target, block: target.block ?? Number(await answer(provider, "eth_blockNumber", target)) };
  } finally {
    provider.destroy();
  }
}

async function answer(provider: JsonRpcProvider, method: string, { name }: ForkTarget): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${patience / 1_000} s`));
    }, patience);
  });
  try {
    return String(await Promise.race([provider.send(method, []), late]));
  } catch (error) {
    throw new ForkEndpointError(`the endpoint of ${name} does not answer ${method}: ${reasonOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** The code alone where there is one: ethers puts the endpoint into its messages. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "it failed";
  return "code" in error ? String(error.code) : error.message.replace(/https?:\/\/\S+/g, "(endpoint)");
}
