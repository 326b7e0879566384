/** JSON files of a network's folder, read with errors that name file and field. */
import { readFile } from "node:fs/promises";
import path from "node:path";

import { getAddress, isHexString, ZeroAddress } from "ethers";

/** A file that is missing or holds something else than it must. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/** Fields of a JSON object, and where they are from. */
export interface JsonFields {
  /** For messages: the file, and the path inside it. */
  readonly place: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The object that a file holds; `undefined` when there is no such file.
 *
 * @throws {@link FileError} when the file holds something else.
 */
export async function readJsonFile(file: string): Promise<JsonFields | undefined> {
  const place = path.join(path.basename(path.dirname(file)), path.basename(file));
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return fieldsOf(place, JSON.parse(text));
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(`${place} is no JSON: ${error instanceof Error ? error.message : ""}`, { cause: error });
  }
}

/** The fields of an object. @throws {@link FileError} when the value is none. */
export function fieldsOf(place: string, value: unknown): JsonFields {
  if (isFields(value)) return { place, values: value };
  throw new FileError(`${place} is ${value === undefined ? "missing" : JSON.stringify(value)}: it must be an object`);
}

/** An object within an object. @throws {@link FileError} when there is none. */
export function objectAt({ place, values }: JsonFields, name: string): JsonFields {
  return fieldsOf(`${place}: ${name}`, values[name]);
}

/** An address, with its checksum and not zero. @throws {@link FileError} otherwise. */
export function addressAt(fields: JsonFields, name: string): string {
  const value = textAt(fields, name);
  if (isChecksummed(value) && value !== ZeroAddress) return value;
  throw fault(fields, name, "an address with its checksum, not zero");
}

/** Bytes as hex, of a length where one is given. @throws {@link FileError} otherwise. */
export function hexAt(fields: JsonFields, name: string, length?: number): string {
  const value = textAt(fields, name);
  if (isHexString(value, length ?? true)) return value;
  throw fault(fields, name, length === undefined ? "bytes as hex" : `${length} bytes as hex`);
}

/** A text that is not empty. @throws {@link FileError} otherwise. */
export function textAt(fields: JsonFields, name: string): string {
  const value = fields.values[name];
  if (typeof value === "string" && value !== "") return value;
  throw fault(fields, name, "a text");
}

/** A whole number that is not negative. @throws {@link FileError} otherwise. */
export function integerAt(fields: JsonFields, name: string): number {
  const value = fields.values[name];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw fault(fields, name, "a whole number that is not negative");
}

/** A list. @throws {@link FileError} otherwise. */
export function listAt(fields: JsonFields, name: string): readonly unknown[] {
  const value = fields.values[name];
  if (Array.isArray(value)) return value.map((item: unknown) => item);
  throw fault(fields, name, "a list");
}

/** What is said of a field that holds something else than it must. */
export function fault({ place, values }: JsonFields, name: string, expected: string): FileError {
  const value = values[name];
  return new FileError(
    `${place}: ${name} is ${value === undefined ? "missing" : JSON.stringify(value)}: it must be ${expected}`,
  );
}

function isChecksummed(value: string): boolean {
  try {
    return getAddress(value) === value;
  } catch {
    return false;
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
