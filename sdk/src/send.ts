import type { Signer, TransactionReceipt } from "ethers";

import { checkAddress } from "./check";
import { ParameterError } from "./errors";
import { throwIfAborted } from "./rpc/ask";
import { type ConfirmOptions, confirm } from "./send/confirm";
import { type GasOptions, prepare } from "./send/prepare";
import { addressOf, sign } from "./send/sign";
import type { Call, Hex } from "./types";

/** Where a transaction is. */
export type SendProgress =
  | { readonly type: "signing" }
  | { readonly type: "sent"; readonly hash: Hex }
  | { readonly type: "mined"; readonly hash: Hex; readonly receipt: TransactionReceipt }
  | { readonly type: "confirmed"; readonly hash: Hex; readonly receipt: TransactionReceipt };

/** How {@link send} sends and waits. */
export interface SendOptions extends GasOptions, ConfirmOptions {
  /**
   * Told each stage as it is reached; "mined" again after a reorganisation. Keep the hash of "sent": whatever fails later, the
   * transaction stays sent. It must not throw.
   */
  readonly onProgress?: (progress: SendProgress) => void;
}

/**
 * Sends a call and waits until it is confirmed. Transactions of Metis are legacy ones with a gas price, those of Ethereum have fee
 * data; the chain's own blocks say which. Signing may take as long as the user does; `signal` ends the wait, but not the wallet's
 * question: what the user signs after it is sent, and nobody waits for it.
 *
 * @returns The receipt: {@link ticketsOf} and {@link messagesOf} read it.
 * @throws Before anything is sent: {@link ParameterError} when the signer has no provider, {@link SignerChainError},
 * {@link RevertError} when the call would revert, {@link InsufficientFundsError}, {@link UserRejectedError}. After it:
 * {@link TransactionReplacedError}, {@link TransactionFailedError}, {@link TransactionTimeoutError}. At any time:
 * {@link RpcError}, {@link RpcTimeoutError}, {@link RpcAnswerError}, {@link AbortedError}.
 * @example
 * const receipt = await send(signer, stake(deployment, { assets, receiver }), { onProgress: ({ type }) => console.log(type) });
 */
export async function send(signer: Signer, call: Call, options: SendOptions = {}): Promise<TransactionReceipt> {
  throwIfAborted("send", options.signal);
  checkOptions(options);
  const { provider } = signer;
  if (provider === null)
    throw new ParameterError("signer", "without a provider", "connect it to one of the call's chain");
  const from = await addressOf(signer, call, options.signal);
  const { transaction, since } = await prepare(provider, call, checkAddress("signer", from), options);
  options.onProgress?.({ type: "signing" });
  throwIfAborted("send", options.signal);
  const { hash, nonce } = await sign(signer, provider, transaction, options);
  options.onProgress?.({ type: "sent", hash });
  const receipt = await confirm(provider, { hash, nonce, since, transaction }, options, (mined) => {
    options.onProgress?.({ type: "mined", hash, receipt: mined });
  });
  options.onProgress?.({ type: "confirmed", hash, receipt });
  return receipt;
}

function checkOptions({ gasMargin = 0n, confirmations = 1, pollingInterval = 1, patience = 0 }: SendOptions): void {
  if (gasMargin < 0n) throw new ParameterError("gasMargin", gasMargin, "give per cent, 0n or more");
  if (!Number.isSafeInteger(confirmations) || confirmations < 1) {
    throw new ParameterError("confirmations", confirmations, "give a whole number of at least 1");
  }
  if (!(pollingInterval > 0)) throw new ParameterError("pollingInterval", pollingInterval, "give more than 0 ms");
  if (!(patience >= 0)) throw new ParameterError("patience", patience, "give 0 ms or more");
}
