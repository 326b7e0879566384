/** A connection to one chain. */
import type { Provider } from "ethers";

import type { ChainSettings } from "../../config/networks";
import { NoEndpointError } from "./errors";
import { type FailoverOptions, createFailover } from "./failover";

/** A provider that passes on any JSON-RPC request. */
export type RpcProvider = Provider & { send: (method: string, params: unknown[]) => Promise<unknown> };

/** One chain, and how it is reached. */
export interface Chain {
  readonly settings: ChainSettings;
  readonly provider: RpcProvider;
  /** Ends what is under way; the process may end then. */
  readonly close: () => void;
}

/**
 * Connects to a chain by all of its nodes, and makes sure that one of them answers for it.
 *
 * @throws {@link ChainIdError} when all nodes are on other chains, {@link NoEndpointError} when none answers or none is configured.
 */
export async function openChain(
  settings: ChainSettings,
  options: Omit<FailoverOptions, "chainId"> = {},
): Promise<Chain> {
  const { chainId, rpcUrls, rpcVariable } = settings;
  const wrong = rpcUrls.filter((url) => !URL.canParse(url));
  if (rpcUrls.length === 0 || wrong.length > 0) {
    const reason = rpcUrls.length === 0 ? "there is none" : "is no URL";
    throw new NoEndpointError(chainId, "anything", [{ endpoint: rpcVariable, reason }]);
  }
  const provider = createFailover(rpcUrls, { ...options, chainId });
  const close = () => {
    provider.destroy();
  };
  try {
    await provider.getBlockNumber();
  } catch (error) {
    close();
    throw error;
  }
  return { settings, provider, close };
}
