import type { FeeData, Provider, TransactionRequest } from "ethers";

import type { ReadOptions } from "../context";
import { InsufficientFundsError, RpcAnswerError, RpcError, SignerChainError } from "../errors";
import { revertOf } from "../reverts";
import { ask } from "../rpc/ask";
import type { Address, Call, NodeName } from "../types";
import { isLackOfFunds } from "./failures";

/** How a transaction is made. */
export interface GasOptions extends ReadOptions {
  /**
   * Per cent of gas added to the estimate: rewards vest and others act between estimate and block.
   *
   * @defaultValue 50
   */
  readonly gasMargin?: bigint;
}

/** A call as its chain wants it. */
export type PreparedTransaction = Pick<
  TransactionRequest,
  "type" | "gasPrice" | "maxFeePerGas" | "maxPriorityFeePerGas"
> &
  Readonly<Call> & { readonly from: Address; readonly gasLimit: bigint };

/** It, and the latest block when it was made. */
export interface Prepared {
  readonly transaction: PreparedTransaction;
  readonly since: number;
}

/**
 * The node that errors about a call name.
 *
 * @example
 * nodeOf(call); // "chain 1088"
 */
export function nodeOf({ chainId }: Call): NodeName {
  return `chain ${chainId}`;
}

/**
 * Adds to a call what its chain needs: gas with a margin; the gas price where blocks have no base fee (Metis), else the fees of
 * EIP-1559 (Ethereum). 2 rounds of requests.
 *
 * @throws {@link SignerChainError}, {@link RevertError} when the call would revert, {@link InsufficientFundsError},
 * {@link RpcError}, {@link RpcTimeoutError}, {@link RpcAnswerError}, {@link AbortedError}.
 * @example
 * const { transaction } = await prepare(provider, call, from, {});
 */
export async function prepare(provider: Provider, call: Call, from: Address, options: GasOptions): Promise<Prepared> {
  const node = nodeOf(call);
  const network = await ask(node, "eth_chainId", options, () => provider.getNetwork());
  if (network.chainId !== BigInt(call.chainId)) throw new SignerChainError(call.chainId, Number(network.chainId));
  const [fees, available, estimate, since] = await Promise.all([
    ask(node, "eth_gasPrice", options, () => provider.getFeeData()),
    ask(node, "eth_getBalance", options, () => provider.getBalance(from)),
    estimateGas(provider, call, from, options),
    ask(node, "eth_blockNumber", options, () => provider.getBlockNumber()),
  ]);
  const { price, ...fields } = feesOf(node, fees);
  if (estimate === undefined) throw new InsufficientFundsError(from, call.value + price * callGas, available);
  const gasLimit = (estimate * (100n + (options.gasMargin ?? 50n))) / 100n;
  const needed = call.value + gasLimit * price;
  if (available < needed) throw new InsufficientFundsError(from, needed, available);
  return { transaction: { ...call, ...fields, from, gasLimit }, since };
}

/** Gas of the simplest transaction, where a node estimates none because the account lacks the value itself. */
const callGas = 21_000n;

/** `undefined` when the account cannot even pay the value. */
async function estimateGas(
  provider: Provider,
  call: Call,
  from: Address,
  options: ReadOptions,
): Promise<bigint | undefined> {
  const { to, data, value } = call;
  try {
    return await ask(nodeOf(call), "eth_estimateGas", options, () => provider.estimateGas({ from, to, data, value }));
  } catch (error) {
    const cause = error instanceof RpcError ? error.cause : error;
    if (isLackOfFunds(cause)) return undefined;
    throw revertOf(cause) ?? error;
  }
}

function feesOf(node: NodeName, { gasPrice, maxFeePerGas, maxPriorityFeePerGas }: FeeData) {
  if (maxFeePerGas !== null && maxPriorityFeePerGas !== null) {
    return { type: 2, maxFeePerGas, maxPriorityFeePerGas, price: maxFeePerGas };
  }
  if (gasPrice === null) throw new RpcAnswerError(node, "eth_gasPrice", "it gives no gas price");
  return { type: 0, gasPrice, price: gasPrice };
}
