/** What is to be sent, and the checks before it is. */
import { type TransactionLike, type TransactionReceipt, Signature, Transaction, dataLength, toQuantity } from "ethers";

import type { EMetisError } from "../../../sdk/src/errors";
import { revertOf } from "../../../sdk/src/reverts";
import { isLackOfFunds } from "../../../sdk/src/send/failures";
import { wordsOf } from "./answers";
import type { Chain } from "./chain";
import { EmptyAccountError, NoEndpointError, OrderRevertedError, TooLargeError } from "./errors";
import { type Price, greatestOf } from "./price";

/** A transaction to be sent once. */
export interface Order {
  /** `null` creates a contract. */
  readonly to: string | null;
  readonly data: string;
  /** Wei of the chain's coin. */
  readonly value: bigint;
  /** On Metis it pays for the data on Ethereum too. @defaultValue one and a half times the estimate */
  readonly gasLimit?: bigint;
  /** What messages call it. */
  readonly label: string;
}

/** Everything of a transaction but its price. */
export interface Body extends Omit<Order, "label"> {
  readonly gasLimit: bigint;
  readonly nonce: number;
  readonly chainId: number;
}

/** Metis's sequencer takes 64 KB, Ethereum's nodes pass on 128 KB. */
const greatestSize = { legacy: 65_536, dynamic: 131_072 };
/** EIP-7825. */
const greatestGas = 2n ** 24n;
/** r and s of the greatest length. */
const anySignature = Signature.from({ r: `0x${"f".repeat(64)}`, s: `0x7${"f".repeat(63)}`, v: 28 });

/** Why an order would revert on the latest block, or on another one; `undefined` when it would not. */
export async function simulate(
  { provider }: Chain,
  from: string,
  { to, data, value }: Order,
  blockTag: number | "latest" = "latest",
): Promise<EMetisError | undefined> {
  try {
    await provider.call({ from, to, data, value, blockTag });
    return undefined;
  } catch (error) {
    if (error instanceof NoEndpointError || isLackOfFunds(error)) throw error;
    const reason = revertOf(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

/**
 * Makes the transaction of an order, without its price.
 *
 * @throws {@link OrderRevertedError}, {@link EmptyAccountError}.
 */
export async function prepareBody(chain: Chain, from: string, order: Order, nonce: number): Promise<Body> {
  const { to, data, value, label } = order;
  const { coin, chainId } = chain.settings;
  const balance = await chain.provider.getBalance(from);
  if (balance <= value) throw new EmptyAccountError(label, from, value + 1n, balance, coin);
  const reason = await simulate(chain, from, order);
  if (reason !== undefined) throw new OrderRevertedError(label, reason, undefined);
  const gasLimit = order.gasLimit ?? (await estimateGas(chain, from, order, balance));
  return { to, data, value, nonce, gasLimit, chainId };
}

async function estimateGas(chain: Chain, from: string, order: Order, balance: bigint): Promise<bigint> {
  const { label } = order;
  const { coin, isLegacy } = chain.settings;
  try {
    const estimate = await estimateOnLatest(chain, from, order);
    const margin = (estimate * 3n) / 2n;
    if (isLegacy || margin <= greatestGas) return margin;
    return estimate > greatestGas ? estimate : greatestGas;
  } catch (error) {
    if (error instanceof NoEndpointError) throw error;
    if (isLackOfFunds(error)) throw new EmptyAccountError(label, from, undefined, balance, coin);
    const reason = revertOf(error);
    if (reason === undefined) throw error;
    throw new OrderRevertedError(label, reason, undefined);
  }
}

/** Not on the pending block: there an earlier transaction with this nonce may have changed what the order will find unchanged. */
async function estimateOnLatest({ provider }: Chain, from: string, { to, data, value }: Order): Promise<bigint> {
  const call = { from, ...(to === null ? {} : { to }), data, value: toQuantity(value) };
  try {
    return BigInt(String(await provider.send("eth_estimateGas", [call, "latest"])));
  } catch (error) {
    // Metis's node takes no block here.
    if (/too many arguments/i.test(wordsOf(error))) {
      return BigInt(String(await provider.send("eth_estimateGas", [call])));
    }
    throw error;
  }
}

/** The transaction to be signed. */
export function withPrice(body: Body, price: Price): TransactionLike {
  if (price.type === "legacy") return { ...body, type: 0, gasPrice: price.gasPrice };
  const { maxFeePerGas, maxPriorityFeePerGas } = price;
  return { ...body, type: 2, maxFeePerGas, maxPriorityFeePerGas };
}

/** @throws {@link TooLargeError} when the signed transaction would have more bytes than the chain takes. */
export function checkSize(label: string, body: Body, price: Price): void {
  const transaction = Transaction.from({ ...withPrice(body, price), signature: anySignature });
  const bytes = dataLength(transaction.serialized);
  if (bytes > greatestSize[price.type]) throw new TooLargeError(label, bytes, greatestSize[price.type]);
}

/** @throws {@link EmptyAccountError} when the account has less than value and gas may take. */
export async function checkFunds(
  { settings, provider }: Chain,
  from: string,
  label: string,
  body: Body,
  price: Price,
): Promise<void> {
  const needed = body.value + body.gasLimit * greatestOf(price);
  const balance = await provider.getBalance(from);
  if (balance < needed) throw new EmptyAccountError(label, from, needed, balance, settings.coin);
}

/** Why a mined order reverted: what it answers on top of its block, else of the one before. */
export async function reasonOf(
  chain: Chain,
  from: string,
  order: Order,
  { blockNumber }: TransactionReceipt,
): Promise<EMetisError | undefined> {
  for (const block of [blockNumber, blockNumber - 1]) {
    const reason = await simulate(chain, from, order, block).catch(() => undefined);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
