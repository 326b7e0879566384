/** A chain in this process, gone with it: what is run there costs nothing and leaves nothing. */
import hre from "hardhat";
import { createProvider } from "hardhat/internal/core/providers/construction";
import type { EthereumProvider } from "hardhat/types";

import type { LocalChain } from "../config/localChains";

/** Starts an in-process Hardhat network of its own. */
export async function startThrowawayChain({ chainId, hardfork }: LocalChain): Promise<EthereumProvider> {
  const { hardhat } = hre.config.networks;
  const config = { ...hre.config, networks: { ...hre.config.networks, hardhat: { ...hardhat, chainId, hardfork } } };
  return createProvider(config, "hardhat", hre.artifacts);
}
