import type { Provider } from "ethers";

import type { Deployment } from "./deployments";

/** What every read may be given beside its own parameters. */
export interface ReadOptions {
  /** Milliseconds that a node may take for one answer. @defaultValue 30,000 */
  readonly timeout?: number;
  /** Ends the read. */
  readonly signal?: AbortSignal;
}

/** A read of Metis alone. */
export interface L2Context extends ReadOptions {
  readonly l2: Provider;
  readonly deployment: Deployment;
}

/** A read of Ethereum alone. */
export interface L1Context extends ReadOptions {
  readonly l1: Provider;
  readonly deployment: Deployment;
}

/**
 * A read of both chains. Plain: it keeps nothing between reads.
 *
 * @example
 * const context: Context = { l1: new JsonRpcProvider(ethereumUrl), l2: new JsonRpcProvider(metisUrl), deployment };
 */
export interface Context extends L1Context, L2Context {}
