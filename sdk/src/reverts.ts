import { type ErrorFragment, Interface, isError } from "ethers";

import { type EMetisError, RevertError, UnknownRevertError } from "./errors";
import { errorFragments } from "./generated/errors";
import type { Hex } from "./types";

/** Solidity's own errors have no names for what they carry. */
const builtIn: Readonly<Record<string, string>> = { Error: "message", Panic: "code" };

/**
 * The error that a revert's data stands for: the contract's own by name and arguments, `Error` with its text, or `Panic`.
 *
 * @param data - What the contract returned when it reverted.
 * @returns A {@link RevertError}, or an {@link UnknownRevertError} when no contract of the protocol has such an error.
 * @example
 * throw decodeRevert("0x…");
 */
export function decodeRevert(data: Hex, cause?: unknown): RevertError | UnknownRevertError {
  const options = cause === undefined ? undefined : { cause };
  const parsed = parse(data);
  if (parsed === null) return new UnknownRevertError(data, options);
  return new RevertError(parsed.name, parsed.args, data, options);
}

/**
 * The revert inside an error that ethers threw; `undefined` when it is none.
 *
 * @example
 * const revert = revertOf(error);
 */
export function revertOf(error: unknown): EMetisError | undefined {
  const data = revertDataOf(error);
  return data === undefined ? undefined : decodeRevert(data, error);
}

/** Nodes put the data in different places; ethers finds most of them. */
function revertDataOf(error: unknown): Hex | undefined {
  if (isError(error, "CALL_EXCEPTION")) return isBytes(error.data) ? error.data : "0x";
  return nestedData(error, 4);
}

function nestedData(error: unknown, depth: number): Hex | undefined {
  if (depth === 0 || typeof error !== "object" || error === null) return undefined;
  if ("data" in error && isBytes(error.data)) return error.data;
  const inner: readonly unknown[] = [
    "data" in error ? error.data : undefined,
    "error" in error ? error.error : undefined,
    "info" in error ? error.info : undefined,
    "cause" in error ? error.cause : undefined,
  ];
  for (const candidate of inner) {
    const found = nestedData(candidate, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isBytes(value: unknown): value is Hex {
  return typeof value === "string" && /^0x([0-9a-f]{2})*$/i.test(value);
}

/** Made at the first use: at the top of a module they would be made for those who never need them, and at each use it takes 10 milliseconds. */
let known: { readonly contract: Interface; readonly bySelector: ReadonlyMap<string, ErrorFragment> } | undefined;

function knownErrors(): NonNullable<typeof known> {
  if (known !== undefined) return known;
  const contract = new Interface(errorFragments);
  const bySelector = new Map<string, ErrorFragment>();
  contract.forEachError((fragment) => bySelector.set(fragment.selector, fragment));
  known = { contract, bySelector };
  return known;
}

function parse(data: Hex): { readonly name: string; readonly args: Readonly<Record<string, unknown>> } | null {
  const { contract, bySelector } = knownErrors();
  try {
    // ethers hashes every error to find one.
    const fragment = bySelector.get(data.slice(0, 10).toLowerCase());
    const parsed =
      fragment === undefined
        ? contract.parseError(data)
        : { name: fragment.name, fragment, args: contract.decodeErrorResult(fragment, data) };
    if (parsed === null) return null;
    // A text that is no UTF-8 throws only here, when it is read.
    const values: readonly unknown[] = [...parsed.args];
    const names = parsed.fragment.inputs.map(({ name }, index) => name || (builtIn[parsed.name] ?? String(index)));
    return { name: parsed.name, args: Object.fromEntries(names.map((name, index) => [name, values[index]])) };
  } catch {
    return null;
  }
}
