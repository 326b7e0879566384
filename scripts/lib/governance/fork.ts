/** A fork of a chain, on which proposals are played. */
import type { ChainSettings } from "../../config/networks";
import { openChain } from "../chain/chain";
import { type RunningNode, freePort, startNode } from "../nodes";

/** Starts a node on a fork of `url`, from `block` on. */
export type StartFork = (
  settings: ChainSettings,
  fork: { readonly url: string; readonly block: number },
) => Promise<RunningNode>;

const startOnFreePort: StartFork = async ({ layer, chainId }, fork) =>
  startNode(layer, await freePort(), { chainId, fork });

/**
 * Forks the first endpoint that can be forked, at its head. Each is asked for its chain first: a fork has the id that it is given, so one of another
 * chain would play the proposal there and nobody would see it.
 *
 * @throws AggregateError with the reason of each endpoint when none can be forked.
 */
export async function startFork(settings: ChainSettings, start: StartFork = startOnFreePort): Promise<RunningNode> {
  const failures: unknown[] = [];
  for (const url of settings.rpcUrls) {
    try {
      return await start(settings, { url, block: await headOf(settings, url) });
    } catch (error) {
      failures.push(error);
    }
  }
  const reasons = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure))).join("; ");
  throw new AggregateError(failures, `no endpoint of ${settings.name} could be forked: ${reasons}`);
}

/** A block that is named: a node that is asked for its head may answer with another one each time. */
async function headOf(settings: ChainSettings, url: string): Promise<number> {
  const chain = await openChain({ ...settings, rpcUrls: [url] }, { retries: 1 });
  try {
    return await chain.provider.getBlockNumber();
  } finally {
    chain.close();
  }
}
