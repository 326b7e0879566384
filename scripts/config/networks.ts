/** The public networks: a chain of Ethereum and the Metis on it. Where endpoints and explorers are said by Metis, docs.metis.io is the source. */
import type { Layer } from "./localChains";

/** One chain of a network, as the scripts reach it. */
export interface ChainSettings {
  readonly layer: Layer;
  readonly chainId: number;
  /** For people. */
  readonly name: string;
  /** The environment variable with the chain's endpoints, separated by commas. */
  readonly rpcVariable: string;
  /** Endpoints where the variable is not set. */
  readonly rpcUrls: readonly string[];
  /** What gas is paid in. */
  readonly coin: "ETH" | "METIS";
  /** Whether the chain takes transactions of type 0 only and has no history of fees. */
  readonly isLegacy: boolean;
  /** Blocks that must hold a transaction, its own included, before the next one counts on it. */
  readonly confirmations: number;
  readonly explorer: {
    readonly url: string;
    /** Base address of its Blockscout API. */
    readonly api: string;
  };
}

/** The two chains that the protocol is deployed on together. */
export interface NetworkSettings {
  readonly name: string;
  readonly l1: ChainSettings;
  readonly l2: ChainSettings;
}

const ethereum = { layer: "l1", coin: "ETH", isLegacy: false, confirmations: 4 } as const;
const metis = { layer: "l2", coin: "METIS", isLegacy: true, confirmations: 2 } as const;

export const publicNetworks = {
  "metis-sepolia": {
    name: "metis-sepolia",
    l1: {
      ...ethereum,
      chainId: 11_155_111,
      name: "Sepolia",
      rpcVariable: "SEPOLIA_RPC_URL",
      rpcUrls: [],
      explorer: { url: "https://eth-sepolia.blockscout.com", api: "https://eth-sepolia.blockscout.com/api" },
    },
    l2: {
      ...metis,
      chainId: 59_902,
      name: "Metis Sepolia",
      rpcVariable: "METIS_SEPOLIA_RPC_URL",
      rpcUrls: ["https://sepolia.metisdevops.link"],
      explorer: {
        url: "https://sepolia-explorer.metisdevops.link",
        api: "https://sepolia-explorer-api.metisdevops.link/api",
      },
    },
  },
  metis: {
    name: "metis",
    l1: {
      ...ethereum,
      chainId: 1,
      name: "Ethereum",
      rpcVariable: "ETHEREUM_RPC_URL",
      rpcUrls: [],
      explorer: { url: "https://eth.blockscout.com", api: "https://eth.blockscout.com/api" },
    },
    l2: {
      ...metis,
      chainId: 1_088,
      name: "Metis",
      rpcVariable: "METIS_RPC_URL",
      rpcUrls: ["https://andromeda.metis.io/?owner=1088"],
      explorer: { url: "https://andromeda-explorer.metis.io", api: "https://andromeda-explorer.metis.io/api" },
    },
  },
} as const satisfies Record<string, NetworkSettings>;

/** Whether a chain is one of the public ones, where nothing of `contracts/local/` may go. */
export function isPublicChain(chainId: number): boolean {
  return Object.values<NetworkSettings>(publicNetworks).some(
    ({ l1, l2 }) => l1.chainId === chainId || l2.chainId === chainId,
  );
}
