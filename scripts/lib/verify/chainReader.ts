/** Reads one chain, all of it at one block, and tells what a contract refuses from what a node fails at. */
import { type Provider, getAddress, isError } from "ethers";

import type { Layer } from "../../config/localChains";

/** One chain at one block. */
export interface ChainReader {
  readonly layer: Layer;
  readonly provider: Provider;
  readonly chainId: bigint;
  readonly block: number;
  /** Time of the block, Unix seconds. */
  readonly timestamp: number;
  /** Overrides for views. */
  readonly at: { readonly blockTag: number };
}

/** Starts to read a chain at its latest block. @throws whatever the node fails with. */
export async function openReader(layer: Layer, provider: Provider): Promise<ChainReader> {
  const { chainId } = await provider.getNetwork();
  const block = await provider.getBlock("latest");
  if (block === null) throw new Error(`${layer}: the node knows no block: ask another`);
  const { number, timestamp } = block;
  return { layer, provider, chainId, block: number, timestamp, at: { blockTag: number } };
}

/**
 * What a contract answers; `undefined` when it reverts, has no code or answers what its view cannot answer.
 *
 * @throws whatever the node fails with: that nothing was read says nothing of the contract.
 */
export async function answerOf<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** The code at an address; "0x" where there is none. */
export function codeAt({ provider, block }: ChainReader, address: string): Promise<string> {
  return provider.getCode(address, block);
}

/** A word of storage. */
export async function wordAt({ provider, block }: ChainReader, address: string, slot: string): Promise<bigint> {
  return BigInt(await provider.getStorage(address, slot, block));
}

/** The address in a word of storage; as a number where it is none. */
export function addressIn(word: bigint): string {
  if (word >= 2n ** 160n) return `0x${word.toString(16)}`;
  return getAddress(`0x${word.toString(16).padStart(40, "0")}`);
}

/** A moment in Unix seconds, for people. */
export function momentOf(seconds: bigint | number): string {
  const time = Number(seconds);
  return Number.isSafeInteger(time * 1000) && time < 2 ** 40
    ? new Date(time * 1000).toISOString()
    : `second ${seconds}`;
}

/** Hardhat's own provider throws errors of its own for what a contract refuses. */
function isRefusal(error: unknown): boolean {
  if (isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA")) return true;
  return error instanceof Error && /revert|invalid opcode|stack underflow|invalid jump|out of gas/i.test(error.message);
}
