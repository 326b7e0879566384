import { AbiCoder, type Provider, type Result, concat, isHexString } from "ethers";

import { checkHex } from "../check";
import type { ReadOptions } from "../context";
import { ChainMismatchError, RpcAnswerError } from "../errors";
import { readBatchCode } from "../generated/readBatch";
import type { Address, Hex, Side } from "../types";
import { ask } from "./ask";

/** One call of a view. */
export interface Read {
  readonly target: Address;
  /** Encoded call; empty ("0x") asks for the target's balance in the chain's own coin. */
  readonly data: Hex;
}

/** What one read brought: its return data, or the data of its revert. */
export interface Answer {
  readonly isDone: boolean;
  readonly data: Hex;
  /** Keccak-256 of the code at the target; zero when there is no account, that of nothing when there is no code. */
  readonly codeHash: Hex;
}

/** The block that something was read in. */
export interface BlockStamp {
  readonly blockNumber: number;
  /** Its time, Unix seconds. */
  readonly timestamp: bigint;
}

/** Answers that were read in one block. */
export interface Batch extends BlockStamp {
  readonly answers: readonly Answer[];
}

/** The chain that a batch is read on. */
export interface BatchTarget extends ReadOptions {
  readonly side: Side;
  readonly provider: Provider;
  /** The chain's id, which the answer must carry. */
  readonly chainId: number;
  /** The other chain's id, to tell swapped providers. */
  readonly otherChainId: number;
  /** The block to read. @defaultValue the latest */
  readonly blockTag?: number;
}

const coder = AbiCoder.defaultAbiCoder();
/** A batch of more would not fit into the 24,576 bytes that an answer may have. */
const greatestBatch = 30;

/**
 * Reads many views in one block: one `eth_call` for each 30 of them, at once when the block is
 * named. No contract has to be deployed for it.
 *
 * @throws {@link ChainMismatchError} when the node is on another chain, {@link RpcError}, {@link RpcTimeoutError},
 * {@link RpcAnswerError}, {@link AbortedError}.
 * @example
 * const { answers, blockNumber } = await readBatch(target, [{ target: pool, data: "0x" }]);
 */
export async function readBatch(target: BatchTarget, reads: readonly Read[]): Promise<Batch> {
  const parts: (readonly Read[])[] = [];
  for (let start = 0; start < reads.length; start += greatestBatch)
    parts.push(reads.slice(start, start + greatestBatch));
  const [firstPart = [], ...otherParts] = parts;
  const first = readOnce(target, firstPart);
  // Without a block the first answer names it; with one nothing has to wait.
  const blockTag = target.blockTag ?? (otherParts.length === 0 ? undefined : (await first).blockNumber);
  const rest = otherParts.map(async (part) =>
    readOnce(blockTag === undefined ? target : { ...target, blockTag }, part),
  );
  const batches = await Promise.all([first, ...rest]);
  return { ...(await first), answers: batches.flatMap(({ answers }) => answers) };
}

async function readOnce(target: BatchTarget, reads: readonly Read[]): Promise<Batch> {
  const input = coder.encode(["tuple(address target, bytes data)[]"], [reads]);
  const data = concat([readBatchCode, input]);
  const blockTag = target.blockTag ?? "latest";
  const output = await ask(target.side, "eth_call", target, () => target.provider.call({ data, blockTag }));
  return decodeBatch(target, reads.length, output);
}

function decodeBatch(target: BatchTarget, count: number, output: string): Batch {
  const { side, chainId, otherChainId } = target;
  const values = decode(side, output);
  const actual = Number(values[0]);
  if (actual !== chainId) throw new ChainMismatchError(side, chainId, actual, actual === otherChainId);
  const list: unknown = values[3];
  if (!Array.isArray(list) || list.length !== count) {
    throw new RpcAnswerError(side, "eth_call", `${count} reads were asked for and other answers came back`);
  }
  const blockNumber = Number(values[1]);
  if (target.blockTag !== undefined && target.blockTag !== blockNumber) {
    throw new RpcAnswerError(side, "eth_call", `block ${target.blockTag} was asked for, ${blockNumber} was read`);
  }
  return { blockNumber, timestamp: BigInt(String(values[2])), answers: list.map(answerOf) };
}

function decode(side: Side, output: unknown): Result {
  if (!isHexString(output)) throw new RpcAnswerError(side, "eth_call", `${String(output)} is no data`);
  try {
    return coder.decode(["uint256", "uint256", "uint256", "tuple(bool, bytes32, bytes)[]"], output);
  } catch (cause) {
    throw new RpcAnswerError(side, "eth_call", `${output.slice(0, 74)} is no batch of answers`, { cause });
  }
}

function answerOf(answer: unknown): Answer {
  const fields: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const [isDone, codeHash, data] = fields;
  return {
    isDone: isDone === true,
    codeHash: checkHex("code hash", String(codeHash), 32),
    data: checkHex("answer", String(data)),
  };
}
