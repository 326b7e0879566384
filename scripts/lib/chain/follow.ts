/** Waiting for an order that was sent: through lost transactions, reorganisations and nodes that fail. */
import type { TransactionReceipt } from "ethers";

import { EMetisError } from "../../../sdk/src/errors";
import { broadcast } from "./broadcast";
import {
  ChainIdError,
  NoEndpointError,
  NonceTakenError,
  OrderRevertedError,
  OutcomeUnknownError,
  SignerError,
  messageOf,
} from "./errors";
import { type Look, findTaker, lookAt } from "./lookup";
import { reasonOf, simulate } from "./order";
import { pause } from "./pause";
import { type Flight, launch, pendingOf, raise } from "./flight";

/** What the looks so far have shown. */
interface Watch {
  /** Milliseconds that it waits at its price. */
  idle: number;
  /** Looks in a row at which no node knew it, the nonce was another's, it would have reverted, or no node answered. */
  missing: number;
  overtaken: number;
  doomed: number;
  failures: number;
  minedIn: string | undefined;
}

/** Looks in a row that must agree before something is given up: nodes behind one address differ. */
const tolerance = 3;
/** Looks in a row at which no node answers; their waits grow. */
const endurance = 20;

/**
 * Waits until one version is confirmed; sends it again when it is lost, at a higher price when it waits too long.
 *
 * @throws See {@link sendOrder}, after it has sent.
 */
export async function follow(flight: Flight): Promise<TransactionReceipt> {
  const watch: Watch = { idle: 0, missing: 0, overtaken: 0, doomed: 0, failures: 0, minedIn: undefined };
  const { order, settings } = flight;
  for (;;) {
    const receipt = await step(flight, watch);
    if (receipt !== undefined) return receipt;
    const wait = settings.pollingInterval * 2 ** Math.min(watch.failures, 4);
    await pause(order.label, wait, settings.sleep, settings.signal);
  }
}

async function step(flight: Flight, watch: Watch): Promise<TransactionReceipt | undefined> {
  try {
    const { chain, account, body } = flight;
    const look = await lookAt(chain, account.address, body.nonce, pendingOf(flight));
    watch.failures = 0;
    return await react(flight, watch, look);
  } catch (error) {
    endure(flight, watch, error);
    return undefined;
  }
}

/** Throws what cannot pass by itself. */
function endure({ order, body, versions, settings }: Flight, watch: Watch, error: unknown): void {
  const mayPass = !(error instanceof EMetisError) || error instanceof NoEndpointError || error instanceof SignerError;
  const isLost = error instanceof ChainIdError || (mayPass && ++watch.failures >= endurance);
  if (isLost) {
    const hashes = versions.map(({ hash }) => hash);
    throw new OutcomeUnknownError(order.label, body.nonce, hashes, error);
  }
  if (!mayPass) throw error;
  settings.log({ type: "troubled", reason: messageOf(error) }, order.label);
}

async function react(flight: Flight, watch: Watch, look: Look): Promise<TransactionReceipt | undefined> {
  watch.overtaken = look.type === "overtaken" ? watch.overtaken + 1 : 0;
  switch (look.type) {
    case "mined":
      return onMined(flight, watch, look.receipt, look.confirmations);
    case "overtaken":
      await onOvertaken(flight, watch);
      return undefined;
    case "pending":
      await onPending(flight, watch, look.isKnown);
      return undefined;
  }
}

async function onMined(
  flight: Flight,
  watch: Watch,
  receipt: TransactionReceipt,
  confirmations: number,
): Promise<TransactionReceipt | undefined> {
  const { chain, account, order, settings } = flight;
  const { hash, blockHash, blockNumber } = receipt;
  watch.idle = watch.missing = watch.doomed = 0;
  if (watch.minedIn !== blockHash) settings.log({ type: "mined", hash, blockNumber }, order.label);
  watch.minedIn = blockHash;
  if (confirmations < settings.confirmations) return undefined;
  // Another node than the one that told the head may have told the receipt, of a block that is no longer part of the chain.
  if ((await chain.provider.getBlock(blockNumber))?.hash !== blockHash) return undefined;
  if (receipt.status === 0) {
    const reason = await reasonOf(chain, account.address, order, receipt);
    // Of what an inner call burns, each caller keeps a 64th: not all is used up.
    const isOutOfGas = reason === undefined && receipt.gasUsed * 10n >= flight.body.gasLimit * 9n;
    throw new OrderRevertedError(order.label, reason, receipt, [], isOutOfGas);
  }
  settings.log({ type: "confirmed", hash, blockNumber }, order.label);
  return receipt;
}

async function onOvertaken({ chain, account, order, body, versions }: Flight, watch: Watch): Promise<void> {
  if (watch.overtaken < tolerance) return;
  const taken = await findTaker(chain, account.address, body.nonce, order);
  // The node only lags with the receipt.
  if (taken !== undefined && versions.some(({ hash }) => hash === taken.hash)) return;
  if (taken === undefined && watch.overtaken < tolerance * tolerance) return;
  throw new NonceTakenError(order.label, account.address, body.nonce, taken);
}

async function onPending(flight: Flight, watch: Watch, isKnown: boolean): Promise<void> {
  const { order, settings, versions } = flight;
  const newest = versions.at(-1);
  if (watch.minedIn !== undefined && newest !== undefined) {
    settings.log({ type: "takenBack", hash: newest.hash }, order.label);
    watch.minedIn = undefined;
  }
  watch.idle += settings.pollingInterval;
  watch.missing = isKnown ? 0 : watch.missing + 1;
  const isLate = watch.idle >= settings.patience;
  // At the second look without it, the fourth, the eighth: a node need not show what it knows.
  const isLost = watch.missing > 1 && Number.isInteger(Math.log2(watch.missing));
  if (!isLate && !isLost) return;
  if (await isDoomed(flight, watch)) return;
  if (!isLate) return resend(flight);
  watch.idle = 0;
  await raise(flight);
  await launch(flight);
}

/** Whether the order would revert by now, as when somebody else has done what it does: then nothing more is paid for it. */
async function isDoomed(flight: Flight, watch: Watch): Promise<boolean> {
  const { chain, account, order } = flight;
  const reason = await simulate(chain, account.address, order);
  watch.doomed = reason === undefined ? 0 : watch.doomed + 1;
  if (watch.doomed >= tolerance) throw new OrderRevertedError(order.label, reason, undefined, pendingOf(flight));
  return reason !== undefined;
}

async function resend({ chain, order, versions, settings }: Flight): Promise<void> {
  const newest = versions.at(-1);
  if (newest === undefined) return;
  // Refused, it may be in another node's pool, or another transaction with its nonce is: patience decides.
  const acceptance = await broadcast(chain.provider, newest.raw);
  if (acceptance.type === "taken") settings.log({ type: "resent", hash: newest.hash }, order.label);
}
