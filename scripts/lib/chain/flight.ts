/** An order under way: signing it, sending it, raising its price. */
import { keccak256 } from "ethers";

import type { Account } from "./account";
import { type Acceptance, broadcast } from "./broadcast";
import type { Chain } from "./chain";
import { EmptyAccountError, OrderRefusedError } from "./errors";
import { lookAt } from "./lookup";
import { type Body, type Order, withPrice } from "./order";
import { type Sleep, throwIfAborted } from "./pause";
import { type Price, type PriceLimits, greatestOf, quotePrice, raisePrice } from "./price";

/** Where an order is. */
export type OrderProgress =
  | { readonly type: "sent"; readonly hash: string; readonly nonce: number; readonly price: bigint }
  | { readonly type: "underpriced"; readonly hash: string; readonly nonce: number; readonly price: bigint }
  | { readonly type: "resent"; readonly hash: string }
  | { readonly type: "troubled"; readonly reason: string }
  | { readonly type: "mined"; readonly hash: string; readonly blockNumber: number }
  /** The block that held it is no longer part of the chain. */
  | { readonly type: "takenBack"; readonly hash: string }
  | { readonly type: "confirmed"; readonly hash: string; readonly blockNumber: number };

/** How an order is sent and waited for. Times are milliseconds, prices wei for a unit of gas. */
export interface SendOrderOptions {
  /** @defaultValue the account's next one in the latest block */
  readonly nonce?: number;
  /** Blocks that must hold it, its own included. @defaultValue the chain's */
  readonly confirmations?: number;
  /** How long it may wait for a block before its price is raised. @defaultValue 60,000 */
  readonly patience?: number;
  /** @defaultValue 4,000 */
  readonly pollingInterval?: number;
  /** @defaultValue 500 gwei */
  readonly maxGasPrice?: bigint;
  /** Ends the wait. What was sent stays sent. */
  readonly signal?: AbortSignal;
  /** Told each step. It must not throw. */
  readonly log?: (progress: OrderProgress, label: string) => void;
  readonly sleep?: Sleep;
}

/** One signed version of an order. */
export interface Version {
  readonly hash: string;
  readonly raw: string;
}

/** An order under way: all of its versions have one nonce, so at most one of them is carried out. */
export interface Flight {
  readonly chain: Chain;
  readonly account: Account;
  readonly order: Order;
  readonly body: Body;
  readonly settings: Required<Omit<SendOrderOptions, "nonce" | "signal">> & Pick<SendOrderOptions, "signal">;
  /** Those that a node took, or may have. The newest is last. */
  readonly versions: Version[];
  /** Of the newest version, or of the next. */
  price: Price;
}

/** Signs and sends the order at its price, at a higher one as long as it is too low for what waits with its nonce or for the block. */
export async function launch(flight: Flight): Promise<void> {
  while ((await submit(flight)) === "underpriced") await raise(flight);
}

/** Raises the price of what is sent next. */
export async function raise(flight: Flight): Promise<void> {
  const limits = limitsOf(flight);
  flight.price = raisePrice(flight.price, await quotePrice(flight.chain, limits), limits);
}

/** The hashes that may be mined. */
export function pendingOf({ versions }: Flight): readonly string[] {
  return versions.map(({ hash }) => hash);
}

async function submit(flight: Flight): Promise<Acceptance["type"]> {
  const { chain, account, order, body, price, settings } = flight;
  const raw = await account.signTransaction(withPrice(body, price));
  throwIfAborted(order.label, settings.signal);
  const hash = keccak256(raw);
  const acceptance = await broadcast(chain.provider, raw);
  const told = { hash, nonce: body.nonce, price: greatestOf(price) };
  const { type } = acceptance;
  if (type === "underpriced") {
    settings.log({ type, ...told }, order.label);
  } else if ((type === "unfunded" || type === "refused") && !(await hasArrived(flight, hash))) {
    await giveUp(flight, acceptance);
  } else {
    flight.versions.push({ hash, raw });
    settings.log({ type: "sent", ...told }, order.label);
  }
  return type;
}

/**
 * Whether a transaction is known all the same, or its nonce used: one node may have taken it and not answered, another one refused it.
 * Where no node tells, it may. */
async function hasArrived({ chain, account, body }: Flight, hash: string): Promise<boolean> {
  try {
    const look = await lookAt(chain, account.address, body.nonce, [hash]);
    return look.type !== "pending" || look.isKnown;
  } catch {
    return true;
  }
}

/** What a node refuses for good ends the order, unless an earlier version may still be mined. */
async function giveUp(
  { chain, account, order, body, versions, settings }: Flight,
  acceptance: Acceptance,
): Promise<void> {
  const reason = acceptance.type === "refused" ? acceptance.reason : "insufficient funds";
  settings.log({ type: "troubled", reason }, order.label);
  if (versions.length > 0) return;
  if (acceptance.type === "refused") {
    throw new OrderRefusedError(order.label, body.nonce, reason, { cause: acceptance.error });
  }
  const balance = await chain.provider.getBalance(account.address);
  throw new EmptyAccountError(order.label, account.address, undefined, balance, chain.settings.coin);
}

function limitsOf(flight: Flight): PriceLimits {
  const { order, body, settings } = flight;
  return { label: order.label, nonce: body.nonce, cap: settings.maxGasPrice, pending: pendingOf(flight) };
}
