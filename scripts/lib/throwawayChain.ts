/** A chain in this process, gone with it: what is run there costs nothing and leaves nothing. */
import hre from "hardhat";
import { createProvider } from "hardhat/internal/core/providers/construction";
import type { EthereumProvider } from "hardhat/types";

import type { MainChain } from "../config/localChains";

/**
 * Starts an in-process Hardhat network of its own. A fork begins with a block of its own: before it Hardhat would have to know the rules of the forked
 * block, and knows none of Metis's.
 */
export async function startThrowawayChain({ chainId, hardfork, forking }: MainChain): Promise<EthereumProvider> {
  const { hardhat } = hre.config.networks;
  const source = forking === undefined ? {} : { forking: { ...forking, enabled: true, httpHeaders: {} } };
  const network = { ...hardhat, chainId, hardfork, ...source };
  const config = { ...hre.config, networks: { ...hre.config.networks, hardhat: network } };
  const provider = await createProvider(config, "hardhat", hre.artifacts);
  if (forking !== undefined) await provider.send("evm_mine", []);
  return provider;
}
