/** Sending a transaction so that it is carried out once, whatever nodes, prices and blocks do meanwhile. */
import type { TransactionReceipt } from "ethers";

import type { Account } from "./account";
import type { Chain } from "./chain";
import { NonceGapError, NonceTakenError } from "./errors";
import { type Flight, type SendOrderOptions, launch } from "./flight";
import { follow } from "./follow";
import { findTaker } from "./lookup";
import { type Order, checkFunds, checkSize, prepareBody } from "./order";
import { pause, sleepReally, throwIfAborted } from "./pause";
import { quotePrice } from "./price";

export type { OrderProgress, SendOrderOptions } from "./flight";
export type { Order } from "./order";

/** Looks that may show another transaction with the nonce, one after the other: nodes behind one address differ. */
const tolerance = 3;

/**
 * Sends an order and waits until it is confirmed. Nothing is remembered between runs: killed and called again it takes the same nonce
 * while the first transaction waits, and so replaces it.
 *
 * @returns The receipt of the version that was mined.
 * @throws Before anything is sent: {@link OrderRevertedError}, {@link EmptyAccountError}, {@link TooLargeError}, {@link NonceGapError},
 * {@link OrderRefusedError}, {@link NoEndpointError}, {@link ChainIdError}, and what the account throws. After it:
 * {@link OrderRevertedError} with a receipt, or with what is pending; {@link OutcomeUnknownError}. Both: {@link FeeCapError},
 * {@link NonceTakenError} when another transaction was mined with the nonce, {@link AbortedError}.
 */
export async function sendOrder(
  chain: Chain,
  account: Account,
  order: Order,
  options: SendOrderOptions = {},
): Promise<TransactionReceipt> {
  throwIfAborted(order.label, options.signal);
  const settings = {
    confirmations: chain.settings.confirmations,
    patience: 60_000,
    pollingInterval: 4_000,
    maxGasPrice: 500_000_000_000n,
    log: () => undefined,
    sleep: sleepReally,
    ...options,
  };
  const nonce = await chooseNonce(chain, account.address, order, settings);
  const body = await prepareBody(chain, account.address, order, nonce);
  const limits = { label: order.label, nonce, cap: settings.maxGasPrice, pending: [] };
  const price = await quotePrice(chain, limits);
  checkSize(order.label, body, price);
  await checkFunds(chain, account.address, order.label, body, price);
  const flight: Flight = { chain, account, order, body, settings, versions: [], price };
  await launch(flight);
  return follow(flight);
}

async function chooseNonce(
  chain: Chain,
  account: string,
  order: Order,
  settings: Omit<Flight["settings"], "nonce"> & Pick<SendOrderOptions, "nonce">,
): Promise<number> {
  const { nonce, pollingInterval, sleep, signal } = settings;
  const { label } = order;
  let next = await chain.provider.getTransactionCount(account, "latest");
  // A node may lag behind the block of the order before.
  for (let look = 1; nonce !== undefined && next < nonce; look++) {
    if (look > tolerance) throw new NonceGapError(label, account, nonce, next);
    await pause(label, pollingInterval, sleep, signal);
    next = await chain.provider.getTransactionCount(account, "latest");
  }
  if (nonce === undefined || nonce === next) return next;
  throw new NonceTakenError(label, account, nonce, await findTaker(chain, account, nonce, order));
}
