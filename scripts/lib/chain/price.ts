/** What a transaction offers for gas. */
import { wordsOf } from "./answers";
import { FeeCapError, OrderRefusedError } from "./errors";
import type { Chain } from "./chain";

/** Wei for a unit of gas: one price on Metis, a ceiling and a tip on Ethereum. */
export type Price =
  | { readonly type: "legacy"; readonly gasPrice: bigint }
  | { readonly type: "dynamic"; readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/** For which order a price is, and what it may be at most. */
export interface PriceLimits {
  readonly label: string;
  readonly nonce: number;
  /** Wei for a unit of gas. */
  readonly cap: bigint;
  /** Hashes that are sent and may be mined. */
  readonly pending: readonly string[];
}

const tipIfUnknown = 1_000_000_000n;

/** The most that a unit of gas can cost at a price, in wei. */
export function greatestOf(price: Price): bigint {
  return price.type === "legacy" ? price.gasPrice : price.maxFeePerGas;
}

/**
 * The price of the moment: the node's gas price on Metis, which has no fee history; on Ethereum twice the base fee, so that it
 * lasts for six full blocks, and the tip that the node suggests.
 *
 * @throws {@link FeeCapError} when the next block asks for more than the cap.
 */
export async function quotePrice({ settings, provider }: Chain, limits: PriceLimits): Promise<Price> {
  if (settings.isLegacy) {
    const gasPrice = toBigInt(await provider.send("eth_gasPrice", []), "eth_gasPrice", limits);
    return capped({ type: "legacy", gasPrice }, gasPrice, limits);
  }
  const block = await provider.getBlock("latest");
  const baseFee = block?.baseFeePerGas ?? undefined;
  if (baseFee === undefined) throw refused("the latest block has no base fee", limits);
  const tip = await readTip({ settings, provider }, limits);
  const price = { type: "dynamic", maxFeePerGas: baseFee * 2n + tip, maxPriorityFeePerGas: tip } as const;
  return capped(price, baseFee + tip, limits);
}

/**
 * A price that every node takes in the place of an earlier one: an eighth more and a wei, or what the moment asks for if that is more.
 *
 * @throws {@link FeeCapError} when that is above the cap.
 */
export function raisePrice(earlier: Price, quote: Price, limits: PriceLimits): Price {
  if (earlier.type === "legacy" || quote.type === "legacy") {
    const needed = raised(greatestOf(earlier));
    return capped({ type: "legacy", gasPrice: greatest(needed, greatestOf(quote)) }, needed, limits);
  }
  const needed = raised(earlier.maxFeePerGas);
  const price = {
    type: "dynamic",
    maxFeePerGas: greatest(needed, quote.maxFeePerGas),
    maxPriorityFeePerGas: greatest(raised(earlier.maxPriorityFeePerGas), quote.maxPriorityFeePerGas),
  } as const;
  return capped(price, needed, limits);
}

function capped(price: Price, needed: bigint, { label, nonce, cap, pending }: PriceLimits): Price {
  if (needed > cap) throw new FeeCapError(label, needed, cap, nonce, pending);
  if (price.type === "legacy") return { type: "legacy", gasPrice: least(price.gasPrice, cap) };
  const maxFeePerGas = least(price.maxFeePerGas, cap);
  return { type: "dynamic", maxFeePerGas, maxPriorityFeePerGas: least(price.maxPriorityFeePerGas, maxFeePerGas) };
}

/** Some nodes of Ethereum have no such method. */
async function readTip({ provider }: Pick<Chain, "settings" | "provider">, limits: PriceLimits): Promise<bigint> {
  const method = "eth_maxPriorityFeePerGas";
  try {
    return toBigInt(await provider.send(method, []), method, limits);
  } catch (error) {
    if (!/not (found|supported|exist|available|implemented)/i.test(wordsOf(error))) throw error;
    return tipIfUnknown;
  }
}

function toBigInt(answer: unknown, method: string, limits: PriceLimits): bigint {
  if (typeof answer === "string" && /^0x[0-9a-f]+$/i.test(answer)) return BigInt(answer);
  throw refused(`${method} is ${String(answer)}`, limits);
}

function refused(reason: string, { label, nonce }: PriceLimits): OrderRefusedError {
  return new OrderRefusedError(label, nonce, reason);
}

function raised(wei: bigint): bigint {
  return (wei * 9n) / 8n + 1n;
}

function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
