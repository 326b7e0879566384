import { type ContractRunner, type TransactionRequest, resolveAddress } from "ethers";

import { checkAddress, checkHex } from "../check";
import type { L1Context, L2Context } from "../context";
import { EMetisError, NoContractError, RpcAnswerError } from "../errors";
import { decodeRevert } from "../reverts";
import type { Address, Hex, Side } from "../types";
import { type Batch, type BatchTarget, type BlockStamp, type Read, readBatch } from "./readBatch";

/** Hashes of no code: of an account without, and of no account. */
const codeless: readonly Hex[] = [
  "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
  `0x${"00".repeat(32)}`,
];

/** Runs the views of contracts; those that are asked together go as one request. */
export interface PinnedRunner extends ContractRunner {
  /** Balance of an account in the chain's own coin, wei. */
  readonly balance: (account: Address) => Promise<bigint>;
}

/** What was read, and in which block. */
export interface Pinned<T> {
  readonly block: BlockStamp;
  readonly value: T;
}

interface Waiting {
  readonly read: Read;
  readonly resolve: (data: Hex) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads views of one chain, all in one block. Those that `read` asks for together, as with `Promise.all`, are one round trip.
 *
 * @param blockTag - The block to read; the latest when `undefined`. Later rounds stay in the block of the first.
 * @param read - Connects contracts to the runner and calls their views.
 * @throws {@link ChainMismatchError}, {@link NoContractError}, {@link RevertError}, {@link RpcError}, {@link RpcTimeoutError},
 * {@link RpcAnswerError}, {@link AbortedError}.
 * @example
 * const { value } = await readL2(context, undefined, (runner) => {
 *   const pool = StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
 *   return Promise.all([pool.buffer(), pool.redemptionRate()]);
 * });
 */
export function readL2<T>(
  context: L2Context,
  blockTag: number | undefined,
  read: (runner: PinnedRunner) => Promise<T>,
): Promise<Pinned<T>> {
  const { l1, l2 } = context.deployment;
  const ids = { chainId: l2.chainId, otherChainId: l1.chainId };
  return readPinned({ ...optionsOf(context, blockTag), side: "l2", provider: context.l2, ...ids }, read);
}

/**
 * As {@link readL2}, on Ethereum.
 *
 * @throws as {@link readL2}.
 * @example
 * const { block, value } = await readL1(context, undefined, (runner) => runner.balance(account));
 */
export function readL1<T>(
  context: L1Context,
  blockTag: number | undefined,
  read: (runner: PinnedRunner) => Promise<T>,
): Promise<Pinned<T>> {
  const { l1, l2 } = context.deployment;
  const ids = { chainId: l1.chainId, otherChainId: l2.chainId };
  return readPinned({ ...optionsOf(context, blockTag), side: "l1", provider: context.l1, ...ids }, read);
}

async function readPinned<T>(target: BatchTarget, read: (runner: PinnedRunner) => Promise<T>): Promise<Pinned<T>> {
  const pinned = createRunner(target);
  try {
    const value = await read(pinned.runner);
    return { block: await pinned.block(), value };
  } catch (error) {
    if (error instanceof EMetisError) throw error;
    // What is left is ethers' own: an answer that its view cannot have given.
    const reason = error instanceof Error ? error.message : String(error);
    throw new RpcAnswerError(target.side, "eth_call", reason.slice(0, 300), { cause: error });
  }
}

function createRunner(target: BatchTarget) {
  let waiting: Waiting[] = [];
  let first: Promise<Batch> | undefined;

  const send = async (reads: readonly Read[]): Promise<Batch> => {
    if (first !== undefined) return readBatch({ ...target, blockTag: (await first).blockNumber }, reads);
    first = readBatch(target, reads);
    return first;
  };
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    try {
      const { answers, blockNumber } = await send(batch.map(({ read }) => read));
      batch.forEach((entry, index) => {
        settle(target.side, blockNumber, entry, answers[index]);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const ask = (read: Read): Promise<Hex> =>
    new Promise((resolve, reject) => {
      // ethers prepares a call in several turns: a new task comes after all that were asked for together.
      if (waiting.length === 0) setTimeout(() => void flush(), 0);
      waiting.push({ read, resolve, reject });
    });

  const runner: PinnedRunner = {
    provider: null,
    call: async ({ to, data }: TransactionRequest) =>
      ask({ target: checkAddress("target", await resolveAddress(to ?? "")), data: checkHex("data", data ?? "0x") }),
    balance: async (account) => BigInt(await ask({ target: account, data: "0x" })),
  };
  return { runner, block: () => first ?? send([]) };
}

function settle(
  side: Side,
  blockNumber: number,
  { read, resolve, reject }: Waiting,
  answer: Batch["answers"][number] | undefined,
) {
  const isBalance = read.data === "0x";
  if (answer === undefined) reject(new RpcAnswerError(side, "eth_call", "an answer is missing"));
  else if (!isBalance && codeless.includes(answer.codeHash))
    reject(new NoContractError(side, read.target, blockNumber));
  else if (answer.isDone) resolve(answer.data);
  else reject(decodeRevert(answer.data));
}

function optionsOf({ timeout, signal }: L1Context | L2Context, blockTag: number | undefined) {
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(signal === undefined ? {} : { signal }),
    ...(blockTag === undefined ? {} : { blockTag }),
  };
}
