/** What can go wrong between a script and a chain. Messages hold no key, no password and of a URL only its host. */
import type { TransactionReceipt } from "ethers";

import { EMetisError, UnknownRevertError } from "../../../sdk/src/errors";
import { wordsOf } from "./answers";

/** What one node did when it was asked. */
export interface EndpointFailure {
  /** Protocol and host of its URL: the rest may hold an API key. */
  readonly endpoint: string;
  readonly reason: string;
}

/** Every node that is configured for a chain is one of another chain. */
export class ChainIdError extends EMetisError {
  constructor(
    readonly expected: number,
    readonly found: readonly { readonly endpoint: string; readonly chainId: number }[],
  ) {
    super(
      `Chain ${expected} is wanted, but ${found.map(({ endpoint, chainId }) => `${endpoint} is on chain ${chainId}`).join(", ")}: ` +
        `configure nodes of chain ${expected}.`,
    );
  }
}

/** No node of a chain answered, whatever was tried. Nothing is known of what was asked. */
export class NoEndpointError extends EMetisError {
  constructor(
    readonly chainId: number,
    readonly method: string,
    readonly failures: readonly EndpointFailure[],
  ) {
    super(
      `No node of chain ${chainId} answered ${method} (${failures.map(({ endpoint, reason }) => `${endpoint}: ${reason}`).join("; ")}): ` +
        "wait until one is back, or configure another one.",
    );
  }
}

/** An order reverts: before it is sent, while it waits, or in its block. */
export class OrderRevertedError extends EMetisError {
  constructor(
    readonly label: string,
    /** The contract's own error where there is one; `undefined` when it does not fail any more when called again. */
    readonly reason: EMetisError | undefined,
    /** Of the block in which it reverted; `undefined` when it was not mined. */
    readonly receipt: TransactionReceipt | undefined,
    /** Versions that may still be mined, and revert then. */
    readonly pending: readonly string[] = [],
    /** Whether it had too little gas. */
    readonly isOutOfGas = false,
  ) {
    const why = isOutOfGas ? "it used all of its gas: give it more." : "called again it does not fail.";
    super(`${label} ${placeOf(receipt, pending)}: ${reason?.message ?? why}${sayingOf(reason)}`, { cause: reason });
  }
}

/** The transaction that took a nonce. */
export interface TakenBy {
  readonly hash: string;
  readonly receipt: TransactionReceipt;
  /** Whether it has the order's target, data and value: an earlier run of the same order looks so. */
  readonly isSameCall: boolean;
}

/** The nonce of an order was used up by a transaction that this run did not send. The order itself was not carried out by this run. */
export class NonceTakenError extends EMetisError {
  constructor(
    readonly label: string,
    readonly account: string,
    readonly nonce: number,
    /** `undefined` when the node does not show it. */
    readonly taken: TakenBy | undefined,
  ) {
    const by = taken === undefined ? "another transaction" : `${taken.hash} in block ${taken.receipt.blockNumber}`;
    const call = taken?.isSameCall === true ? ", which makes the same call" : "";
    super(
      `${label} was not sent: nonce ${nonce} of ${account} was used up by ${by}${call}. Read the chain again and decide anew.`,
    );
  }
}

/** An order has a nonce that is not its account's next one: it would wait in the pool for others. */
export class NonceGapError extends EMetisError {
  constructor(
    readonly label: string,
    readonly account: string,
    readonly nonce: number,
    readonly next: number,
  ) {
    super(
      `${label} has nonce ${nonce}, but ${account} is at ${next}: send what comes before it first, or use an account that is further.`,
    );
  }
}

/** The price of gas is above what may be paid. Wei for a unit of gas. */
export class FeeCapError extends EMetisError {
  constructor(
    readonly label: string,
    readonly needed: bigint,
    readonly cap: bigint,
    readonly nonce: number,
    /** Versions that are sent and may still be mined; the next run replaces them. */
    readonly pending: readonly string[],
  ) {
    const left =
      pending.length === 0 ? "Nothing was sent" : `Nonce ${nonce} may still be mined as ${pending.join(" or ")}`;
    super(
      `${label} needs a gas price of ${needed} wei, the cap is ${cap}. ${left}: wait for a lower price or raise the cap.`,
    );
  }
}

/** A transaction has more bytes than its chain takes. */
export class TooLargeError extends EMetisError {
  constructor(
    readonly label: string,
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`${label} is a transaction of ${bytes} bytes, the chain takes ${limit}: split it.`);
  }
}

/** An account cannot pay for an order. Wei of the chain's coin; gas is counted at the greatest price. */
export class EmptyAccountError extends EMetisError {
  constructor(
    readonly label: string,
    readonly account: string,
    /** `undefined` when only the node knows. */
    readonly needed: bigint | undefined,
    readonly available: bigint,
    readonly coin: string,
  ) {
    const need = needed === undefined ? "the node says that this is not enough" : `${needed} wei may be needed`;
    super(`${label}: ${account} has ${available} wei of ${coin}, ${need}. Send it some ${coin}.`);
  }
}

/** A node does not take a transaction, for a reason that trying again does not change. */
export class OrderRefusedError extends EMetisError {
  constructor(
    readonly label: string,
    readonly nonce: number,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(
      `${label} with nonce ${nonce} is refused by the node: ${reason}. It is not sent; look into the reason.`,
      options,
    );
  }
}

/** An order was sent and then no node answered for long. It may be mined, or be mined later. */
export class OutcomeUnknownError extends EMetisError {
  constructor(
    readonly label: string,
    readonly nonce: number,
    readonly hashes: readonly string[],
    cause: unknown,
  ) {
    super(
      `${label} was sent with nonce ${nonce} as ${hashes.join(", then ")}, and no node says what became of it: ` +
        `run again when nodes answer; the nonce can be used only once. ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** It is not said, or said twice, which account signs. */
export class AccountOptionsError extends EMetisError {
  constructor(
    readonly given: readonly string[],
    readonly remedy: string,
  ) {
    super(
      `${given.length === 0 ? "No account is given" : `The account is given by ${given.join(" and ")}`}: ${remedy}.`,
    );
  }
}

/** A variable that is to hold a key or a password does not. Its content is never shown. */
export class SecretError extends EMetisError {
  constructor(
    readonly variable: string,
    readonly reason: string,
  ) {
    super(`Variable ${variable} ${reason}.`);
  }
}

/** A secret lies in the repository, from where it would be published. */
export class SecretInRepositoryError extends EMetisError {
  constructor(readonly file: string) {
    super(`${file} lies in the repository: move it out of it, and use another key if it was ever committed.`);
  }
}

/** A keystore cannot be opened. */
export class KeystoreError extends EMetisError {
  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`Keystore ${file} ${reason}.`);
  }
}

/** A signer in front of a hardware wallet does not sign. */
export class SignerError extends EMetisError {
  constructor(
    readonly endpoint: string,
    readonly reason: string,
  ) {
    super(`The signer at ${endpoint} does not sign: ${reason}. Nothing was sent.`);
  }
}

/** A signer signed something else than it was asked to. */
export class SignerMismatchError extends EMetisError {
  constructor(
    readonly field: string,
    readonly expected: string,
    readonly found: string,
  ) {
    super(
      `The signer changed ${field} from ${expected} to ${found}. Nothing was sent; do not trust this signer before you know why.`,
    );
  }
}

/** The text of whatever was thrown, cut to what fits a line or two. */
export function messageOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** Metis's node gives no data of a revert, so its words are all there is. */
function sayingOf(reason: EMetisError | undefined): string {
  const said = reason instanceof UnknownRevertError ? /execution reverted: [^\n"]+/.exec(wordsOf(reason.cause)) : null;
  return said === null ? "" : ` The node says "${said[0]}".`;
}

function placeOf(receipt: TransactionReceipt | undefined, pending: readonly string[]): string {
  if (receipt !== undefined) return `reverted in block ${receipt.blockNumber} as ${receipt.hash}`;
  if (pending.length === 0) return "would revert and was not sent";
  return `would revert by now; sent before, it may still be mined as ${pending.join(" or ")}`;
}
