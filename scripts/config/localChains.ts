/** What makes a local chain stand in for one side of the protocol. */
export interface LocalChain {
  readonly chainId: number;
  readonly hardfork: string;
}

/** The two local chains. Metis runs the instruction set of Berlin and has no base fee, so the local L2 has neither. */
export const localChains = {
  l1: { chainId: 31337, hardfork: "cancun" },
  l2: { chainId: 31338, hardfork: "berlin" },
} as const satisfies Record<string, LocalChain>;

/** One side of the protocol. */
export type Layer = keyof typeof localChains;

/** The layer that Hardhat's own in-process network plays: the environment variable `MAIN_CHAIN`, else L2. */
export function mainLayer(environment: NodeJS.ProcessEnv = process.env): Layer {
  const layer = environment.MAIN_CHAIN ?? "l2";
  if (layer !== "l1" && layer !== "l2") throw new Error(`MAIN_CHAIN is "${layer}": set it to "l1" or "l2"`);
  return layer;
}

/** What Hardhat's own in-process network is made of. */
export interface MainChain extends LocalChain {
  /** The chain that it continues, at the head of the moment when no block is named. */
  readonly forking?: { readonly url: string; readonly blockNumber?: number };
}

/**
 * Hardhat's own in-process network: the layer of {@link mainLayer}, with the chain id of the environment variable `MAIN_CHAIN_ID` in place of the
 * layer's own, as a fork of `FORK_URL` at the block `FORK_BLOCK`.
 *
 * @throws When one of the numbers is none.
 */
export function mainChain(environment: NodeJS.ProcessEnv = process.env): MainChain {
  const layer = localChains[mainLayer(environment)];
  const { FORK_URL: url } = environment;
  const blockNumber = numberIn(environment, "FORK_BLOCK");
  const forking = url === undefined ? {} : { forking: { url, ...(blockNumber === undefined ? {} : { blockNumber }) } };
  return { ...layer, chainId: numberIn(environment, "MAIN_CHAIN_ID") ?? layer.chainId, ...forking };
}

function numberIn(environment: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,15}$/.test(text)) throw new Error(`${name} is "${text}": set it to a decimal number`);
  return Number(text);
}

/** Every local account starts with this much of its chain's coin, in wei. */
export const localBalance = 10_000_000n * 10n ** 18n;

/** Accounts with a balance on every local chain. */
export const localAccountCount = 20;
