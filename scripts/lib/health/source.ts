import type { Provider } from "ethers";

import type { Context, L2Context, ReadOptions } from "../../../sdk/src/context";
import { ask } from "../../../sdk/src/rpc/ask";
import type { Side } from "../../../sdk/src/types";
import type { Head } from "./health";
import type { LogMemory } from "./logMemory";

/** Both chains, what is deployed there, and the logs that are known already. */
export interface Source extends Context {
  readonly logs: LogMemory;
  /** Blocks of each chain, back from its head, whose logs are looked at. */
  readonly window: number;
}

/** The provider of a side. */
export function providerOf(source: Source, side: Side): Provider {
  return side === "l1" ? source.l1 : source.l2;
}

/** The last block of a chain. */
export async function readHead(source: Source, side: Side): Promise<Head> {
  const block = await ask(side, "eth_getBlockByNumber", source, () => providerOf(source, side).getBlock("latest"));
  if (block === null) throw new Error(`The node of ${side} answers no latest block: use another node.`);
  return { blockNumber: block.number, timestamp: block.timestamp };
}

/** When a block was made, Unix seconds. */
export async function readTime(source: Source, side: Side, blockNumber: number): Promise<number> {
  const read = () => providerOf(source, side).getBlock(blockNumber);
  const block = await ask(side, "eth_getBlockByNumber", source, read);
  if (block === null) throw new Error(`The node of ${side} has no block ${blockNumber}: use another node.`);
  return block.timestamp;
}

/** Where to begin to look for logs, given the head of the chain. */
export function firstBlock({ deployment, window }: Source, side: Side, { blockNumber }: Head): number {
  return Math.max(deployment[side].startBlock, blockNumber - window);
}

/** How long a node may take, as the source says. */
export function optionsOf({ timeout, signal }: Source): ReadOptions {
  return { ...(timeout === undefined ? {} : { timeout }), ...(signal === undefined ? {} : { signal }) };
}

/** The part of the source that knows Metis alone. */
export function l2Only(source: Source): L2Context {
  const { l2, deployment } = source;
  return { ...optionsOf(source), l2, deployment };
}
