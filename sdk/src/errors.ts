import type { Address, Hex, Side } from "./types";

/**
 * What all errors of this package are. The message says what is wrong, the value, and what to do; the fields hold the values.
 *
 * @example
 * try { … } catch (error) { if (error instanceof EMetisError) console.log(error.name, error.message); }
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

/** A node failed to answer a request. */
export class RpcError extends EMetisError {
  constructor(
    readonly side: Side,
    readonly method: string,
    cause: unknown,
  ) {
    super(`The node of ${side} failed at ${method}: ${messageOf(cause)}. Try again, or use another node.`, { cause });
  }
}

/** A node did not answer in time. */
export class RpcTimeoutError extends EMetisError {
  constructor(
    readonly side: Side,
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
    readonly side: Side,
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
