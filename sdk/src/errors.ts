import type { Address, Hex, NodeName, Side } from "./types";

/**
 * What all errors of this package are. The message says what is wrong, the value, and what to do; the fields hold the values.
 *
 * @example
 * try {
 *   parseAmount("1,5");
 * } catch (error) {
 *   if (error instanceof EMetisError) console.log(error.name, error.message);
 * }
 */
export class EMetisError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An amount is not a bigint, negative, zero, or outside its bounds; wei. */
export class AmountError extends EMetisError {
  constructor(
    readonly parameter: string,
    readonly amount: unknown,
    readonly bounds: { readonly minimum?: bigint; readonly maximum?: bigint } = {},
  ) {
    super(`${parameter} is ${String(amount)}: ${remedyOf(amount, bounds)}.`);
  }
}

/** A decimal number has more digits than a wei, or is none. */
export class DecimalsError extends EMetisError {
  constructor(
    readonly text: string,
    readonly decimals: number,
  ) {
    super(`"${text}" is no amount with at most ${decimals} decimals: write digits and one point, like "1.5".`);
  }
}

/** An address is malformed, has a wrong checksum, or is zero. */
export class AddressError extends EMetisError {
  constructor(
    readonly parameter: string,
    readonly value: unknown,
    readonly reason: "malformed" | "checksum" | "zero",
  ) {
    super(`${parameter} is ${String(value)}, ${addressRemedies[reason]}.`);
  }
}

/** A parameter other than an amount or an address makes no sense. */
export class ParameterError extends EMetisError {
  constructor(
    readonly parameter: string,
    readonly value: unknown,
    readonly remedy: string,
  ) {
    super(`${parameter} is ${typeof value === "string" ? `"${value}"` : String(value)}: ${remedy}.`);
  }
}

/** No deployment is known for a network. */
export class UnknownNetworkError extends EMetisError {
  constructor(
    readonly network: string | number,
    readonly known: readonly string[],
  ) {
    super(
      `No deployment of eMetis is known for ${network}: ` +
        `${known.length === 0 ? "this release knows none" : `known are ${known.join(", ")}`}; pass your own to parseDeployment.`,
    );
  }
}

/** A deployment object is malformed. */
export class DeploymentError extends EMetisError {
  constructor(
    readonly path: string,
    readonly value: unknown,
    readonly expected: string,
  ) {
    super(`The deployment's ${path} is ${String(value)}: it must be ${expected}.`);
  }
}

/** A provider is connected to another chain than the deployment's. */
export class ChainMismatchError extends EMetisError {
  constructor(
    readonly side: Side,
    readonly expected: number,
    readonly actual: number,
    readonly isSwapped: boolean,
  ) {
    super(
      `The provider for ${side === "l1" ? "Ethereum (l1)" : "Metis (l2)"} is on chain ${actual}, the deployment is on ${expected}: ` +
        `${isSwapped ? "the two providers are swapped" : "connect it to that chain, or pass the deployment of this one"}.`,
    );
  }
}

/** There is no contract where one is expected. */
export class NoContractError extends EMetisError {
  constructor(
    readonly side: Side,
    readonly address: Address,
    readonly blockNumber: number,
  ) {
    super(
      `No contract is at ${address} on ${side} in block ${blockNumber}: check the deployment and the provider, and read a block after it.`,
    );
  }
}

/** The code at an address is not what the deployment recorded. */
export class BytecodeMismatchError extends EMetisError {
  constructor(
    readonly contract: string,
    readonly address: Address,
    readonly expected: Hex,
    readonly actual: Hex,
  ) {
    super(
      `${contract} at ${address} has code ${actual}, recorded is ${expected}: it was upgraded or is not ours; do not use it before you know, then update @emetis/sdk.`,
    );
  }
}

/** A node, or a signer, failed to answer a request. */
export class RpcError extends EMetisError {
  constructor(
    readonly side: NodeName,
    readonly method: string,
    cause: unknown,
    remedy = "Try again, or use another node",
  ) {
    super(`The node of ${side} failed at ${method}: ${messageOf(cause)}. ${remedy}.`, { cause });
  }
}

/** A node did not answer in time. */
export class RpcTimeoutError extends EMetisError {
  constructor(
    readonly side: NodeName,
    readonly method: string,
    readonly milliseconds: number,
  ) {
    super(
      `The node of ${side} did not answer ${method} within ${milliseconds} ms: try again, or raise the context's timeout.`,
    );
  }
}

/** A node answered something that makes no sense. */
export class RpcAnswerError extends EMetisError {
  constructor(
    readonly side: NodeName,
    readonly method: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`The node of ${side} answered ${method} wrongly: ${reason}. Use another node.`, options);
  }
}

/** A node cannot give the logs of even one block. */
export class LogRangeError extends EMetisError {
  constructor(
    readonly side: Side,
    readonly blockNumber: number,
    cause: unknown,
  ) {
    super(
      `The node of ${side} gives no logs of block ${blockNumber}: ${messageOf(cause)}. Use a node with the logs of this block.`,
      { cause },
    );
  }
}

/** The logs of a node have a gap: one of them does not follow from those before. */
export class MissingLogsError extends EMetisError {
  constructor(
    readonly side: Side,
    readonly blockNumber: number,
    readonly reason: string,
  ) {
    super(
      `Logs of ${side} before block ${blockNumber} are missing: ${reason}. Use a node that gives all logs since the deployment.`,
    );
  }
}

/** The chain was reorganised beneath a read. */
export class ReorgError extends EMetisError {
  constructor(
    readonly side: Side,
    readonly blockNumber: number,
    readonly expected: Hex,
    readonly actual: Hex | undefined,
  ) {
    super(
      `Block ${blockNumber} of ${side} was ${expected} and is now ${actual ?? "gone"}: the chain was reorganised, read again.`,
    );
  }
}

/** A contract refused a call by one of its own errors. */
export class RevertError extends EMetisError {
  constructor(
    /** As in Solidity: `StakingPool__BelowMinimum`; `Error` for a text, `Panic` for a fault. */
    readonly error: string,
    readonly args: Readonly<Record<string, unknown>>,
    readonly data: Hex,
    options?: ErrorOptions,
  ) {
    super(`The call would revert with ${describe(error, args)}.`, options);
  }
}

/** A contract refused a call by an error that no contract of the protocol has. */
export class UnknownRevertError extends EMetisError {
  constructor(
    readonly data: Hex,
    options?: ErrorOptions,
  ) {
    super(
      data === "0x"
        ? "The call would revert without a reason: check target, value and gas."
        : `The call would revert with unknown data ${data.slice(0, 74)}: the contract called is newer, or not ours.`,
      options,
    );
  }
}

/** The caller's `AbortSignal` ended an operation. What was sent stays sent. */
export class AbortedError extends EMetisError {
  constructor(
    readonly operation: string,
    cause: unknown,
  ) {
    super(`${operation} was aborted. What was sent before stays sent.`, { cause });
  }
}

/** A signer is connected to another chain than a call is for. */
export class SignerChainError extends EMetisError {
  constructor(
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`The signer is on chain ${actual}, the call is for chain ${expected}: switch the wallet to that chain.`);
  }
}

/** The user refused in the wallet. Nothing was sent. */
export class UserRejectedError extends EMetisError {
  constructor(
    readonly operation: string,
    cause: unknown,
  ) {
    super(`The user refused to sign (${operation}). Nothing was sent; ask again when the user wants it.`, { cause });
  }
}

/** An account cannot pay for a transaction. Wei of the chain's own coin; the gas is counted at the greatest price. */
export class InsufficientFundsError extends EMetisError {
  constructor(
    readonly account: Address,
    readonly needed: bigint,
    readonly available: bigint,
    options?: ErrorOptions,
  ) {
    super(
      `${account} has ${available} wei, value and gas may take ${needed}: give the account at least ${needed - available} wei more.`,
      options,
    );
  }
}

/** A transaction was not mined: another one of the same account and nonce was. */
export class TransactionReplacedError extends EMetisError {
  constructor(
    readonly hash: Hex,
    readonly nonce: number,
    /** The other one, and whether it makes the same call, as when a wallet speeds one up; `undefined` when it was not found. */
    readonly replacement: { readonly hash: Hex; readonly isSameCall: boolean } | undefined,
  ) {
    const found = replacement === undefined ? "another one" : replacement.hash;
    const remedy = replacement?.isSameCall === true ? "makes the same call: follow it" : "does something else";
    super(
      `Transaction ${hash} was replaced: ${found} with nonce ${nonce} was mined` +
        `${replacement === undefined ? "" : ` and ${remedy}`}. See what it did before you send again.`,
    );
  }
}

/** A transaction is not mined, or not confirmed often enough, after a time. It may still be. */
export class TransactionTimeoutError extends EMetisError {
  constructor(
    readonly hash: Hex,
    readonly milliseconds: number,
  ) {
    super(
      `Transaction ${hash} is not confirmed after ${milliseconds} ms: it may still be; look it up, or replace it with the same nonce.`,
    );
  }
}

/** A transaction was mined and failed; only its gas was paid. */
export class TransactionFailedError extends EMetisError {
  constructor(
    readonly hash: Hex,
    readonly blockNumber: number,
    /** Why, found by calling it again on the block: `undefined` when it does not fail there. */
    readonly reason: EMetisError | undefined,
    readonly isOutOfGas: boolean,
  ) {
    const why = reason?.message ?? "It does not fail any more when called again.";
    super(
      `Transaction ${hash} failed in block ${blockNumber}. ${isOutOfGas ? "It used all its gas: raise gasMargin." : why}`,
      reason === undefined ? undefined : { cause: reason },
    );
  }
}

/** What was waited for did not come in time. Nothing is lost: ask for its status later, or wait again. */
export class TimeoutError extends EMetisError {
  constructor(
    readonly operation: string,
    readonly milliseconds: number,
    /** The status when time was up; `undefined` when none was read. */
    readonly lastStatus: string | undefined,
  ) {
    super(
      `${operation} did not end within ${milliseconds} ms, the last status was ${lastStatus ?? "never read"}: wait longer, or ask for the status later.`,
    );
  }
}

/** Addresses of a deployment are contracts, but do not belong together. */
export class WiringError extends EMetisError {
  constructor(
    /** As in the contracts: `StakingPool.EMETIS`. */
    readonly view: string,
    readonly expected: Address | number,
    readonly actual: Address | number,
  ) {
    super(
      `${view} is ${actual}, the deployment says ${expected}: these addresses do not belong together; take the deployment from its records, and send nothing to it before.`,
    );
  }
}

/** A node has no state of an old block. */
export class HistoryError extends EMetisError {
  constructor(
    readonly side: Side,
    readonly blockNumber: number,
    /** What does without it. */
    readonly instead: string,
    cause: unknown,
  ) {
    super(
      `The node of ${side} has no state of block ${blockNumber}: ${messageOf(cause)}. Use ${instead}, or an archive node.`,
      { cause },
    );
  }
}

/** A cursor of a history cannot be used: it is malformed, or of another account, deployment or version. */
export class CursorError extends EMetisError {
  constructor(
    readonly path: string,
    readonly value: unknown,
    readonly expected: string,
  ) {
    super(`The cursor's ${path} is ${String(value)} and must ${expected}: start without a cursor.`);
  }
}

/** A statement cannot be parsed: it is malformed, or of another version. */
export class StatementError extends EMetisError {
  constructor(
    readonly path: string,
    readonly value: unknown,
    readonly expected: string,
  ) {
    super(`The statement's ${path} is ${String(value)} and must be ${expected}: export it again with this release.`);
  }
}

const addressRemedies = {
  malformed: "which is no address: give 20 bytes in hexadecimal",
  checksum: "whose checksum is wrong: a character was mistyped, copy it again",
  zero: "the zero address: give an account that someone controls",
} as const;

function remedyOf(amount: unknown, { minimum, maximum }: { minimum?: bigint; maximum?: bigint }): string {
  if (typeof amount !== "bigint") return "give wei as a bigint, like 10n ** 18n";
  if (minimum !== undefined && amount < minimum) return `give at least ${minimum} wei`;
  if (maximum !== undefined && amount > maximum) return `give at most ${maximum} wei`;
  return "give another amount";
}

function describe(error: string, args: Readonly<Record<string, unknown>>): string {
  const values = Object.entries(args).map(([name, value]) => `${name}: ${String(value)}`);
  return `${error}(${values.join(", ")})`;
}

function messageOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
