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

/** Every local account starts with this much of its chain's coin, in wei. */
export const localBalance = 10_000_000n * 10n ** 18n;

/** Accounts with a balance on every local chain. */
export const localAccountCount = 20;
