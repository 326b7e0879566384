/** Hardhat 2 as a library: two networks in this process. Everything that reaches into Hardhat is in this file. */
import { createRequire } from "node:module";
import path from "node:path";

import type { Eip1193Provider } from "ethers";

import { localAccountCount, localBalance, localChains } from "../../../scripts/config/localChains";
import type { Side } from "../types";
import { MissingToolError } from "./errors";

/** The parts of Hardhat that make a network. */
interface HardhatNetworks {
  readonly createProvider: (config: unknown, network: "hardhat") => Promise<Eip1193Provider>;
  readonly defaults: { readonly network: object; readonly accounts: object };
}

/** Hardhat as the project in `root` has it installed. */
export function loadHardhat(root: string): HardhatNetworks {
  const load: (id: string) => unknown = createRequire(path.join(root, "package.json"));
  const version = versionOf(load, root);
  if (!version.startsWith("2.")) throw new MissingToolError("hardhat", version, root);
  const construction = load("hardhat/internal/core/providers/construction");
  const defaults = load("hardhat/internal/core/config/default-config");
  if (!hasNetworks(construction) || !hasDefaults(defaults)) throw new MissingToolError("hardhat", version, root);
  return {
    createProvider: construction.createProvider,
    defaults: {
      network: defaults.defaultHardhatNetworkParams,
      accounts: defaults.defaultHardhatNetworkHdAccountsConfigParams,
    },
  };
}

/** A new chain for one side. It lives as long as somebody holds its provider. */
export async function createHardhatChain(
  { createProvider, defaults }: HardhatNetworks,
  side: Side,
): Promise<Eip1193Provider> {
  const accounts = { ...defaults.accounts, count: localAccountCount, accountsBalance: localBalance.toString() };
  const hardhat = { ...defaults.network, ...localChains[side], accounts, allowBlocksWithSameTimestamp: true };
  return createProvider({ networks: { hardhat } }, "hardhat");
}

function versionOf(load: (id: string) => unknown, root: string): string {
  try {
    const found = load("hardhat/package.json");
    if (typeof found === "object" && found !== null && "version" in found) return String(found.version);
  } catch (cause) {
    throw new MissingToolError("hardhat", undefined, root, { cause });
  }
  throw new MissingToolError("hardhat", undefined, root);
}

function hasNetworks(module: unknown): module is Pick<HardhatNetworks, "createProvider"> {
  return typeof module === "object" && module !== null && "createProvider" in module;
}

function hasDefaults(module: unknown): module is {
  readonly defaultHardhatNetworkParams: object;
  readonly defaultHardhatNetworkHdAccountsConfigParams: object;
} {
  return typeof module === "object" && module !== null && "defaultHardhatNetworkParams" in module;
}
