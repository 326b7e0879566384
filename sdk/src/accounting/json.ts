/** Reads of JSON that somebody else may have written. Each gives back the value in its type, or throws by `fail`. */
import { checkAnyAddress, checkHex } from "../check";
import type { Address, Hex } from "../types";

/** Throws: the value at `path` is not what was expected. */
export type Fail = (path: string, value: unknown, expected: string) => never;

/** An object of JSON. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** Readers of JSON that throw by `fail`. */
export function jsonReaders(fail: Fail) {
  const object = (path: string, value: unknown): JsonFields =>
    isFields(value) ? value : fail(path, value, "an object");
  const list = (path: string, value: unknown): readonly unknown[] =>
    isList(value) ? value : fail(path, value, "a list");
  const text = (path: string, value: unknown): string =>
    typeof value === "string" ? value : fail(path, value, "a text");
  const integer = (path: string, value: unknown): number =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= 0
      ? value
      : fail(path, value, "an integer of at least 0");
  const wei = (path: string, value: unknown): bigint =>
    typeof value === "string" && /^-?\d{1,78}$/.test(value) ? BigInt(value) : fail(path, value, "a decimal integer");
  return { object, list, text, integer, wei, address: addressReader(fail, text), hash: hashReader(fail, text) };
}

type Text = (path: string, value: unknown) => string;

function addressReader(fail: Fail, text: Text) {
  return (path: string, value: unknown): Address => {
    try {
      return checkAnyAddress(path, text(path, value));
    } catch {
      return fail(path, value, "an address");
    }
  };
}

function hashReader(fail: Fail, text: Text) {
  return (path: string, value: unknown): Hex => {
    try {
      return checkHex(path, text(path, value), 32);
    } catch {
      return fail(path, value, "a hash of 32 bytes");
    }
  };
}

function isFields(value: unknown): value is JsonFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
