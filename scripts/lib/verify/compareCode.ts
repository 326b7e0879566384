/** Compares the code on a chain with what the compiler made, byte for byte, immutables by their values. */
import { dataLength, dataSlice, getAddress, keccak256 } from "ethers";

import type { Build, Immutable, Reference } from "./builds";
import { type Comparison, compareEach } from "./finding";

/** What is at one address, and what ought to be. */
export interface CodeQuestion {
  readonly of: Pick<Comparison, "chain" | "contract">;
  readonly build: Build;
  /** The value of each immutable by its name, as a word. */
  readonly immutables: ReadonlyMap<string, string>;
  /** On the chain. */
  readonly code: string;
}

/** The compiler's metadata ends with its own length, in so many bytes. */
const lengthBytes = 2;

/**
 * The comparisons of one contract's code.
 *
 * @throws Error when the build has an immutable that no value is known for.
 */
export function compareCode({ of, build, immutables, code }: CodeQuestion): readonly Comparison[] {
  if (code === "0x") return comparePresence(of, code);
  const places = build.immutables.flatMap(({ references }) => references);
  const [expected, found] = [partsOf(build.deployedBytecode, build), partsOf(code, build)];
  return [
    ...comparePresence(of, code),
    ...compareBody(of, masked(expected.body, places), masked(found.body, places)),
    ...compareEach({ ...of, type: "metadata" }, [["metadata of the compiler", expected.tail, found.tail]]),
    ...build.immutables.map((immutable): Comparison => {
      const value = immutables.get(immutable.name);
      if (value === undefined)
        throw new Error(`what immutable ${immutable.name} of ${build.contract} must be is unknown`);
      const [should, is] = [readable(immutable, value), valueIn(code, immutable)];
      return { ...of, type: "immutable", item: immutable.name, expected: should, found: is };
    }),
  ];
}

/** Code, and the metadata behind it; as long as the compiler's own is. */
function partsOf(code: string, build: Build): { readonly body: string; readonly tail: string } {
  const compiled = build.deployedBytecode;
  const tail = Number(dataSlice(compiled, dataLength(compiled) - lengthBytes)) + lengthBytes;
  const length = Math.max(0, dataLength(code) - tail);
  return { body: dataSlice(code, 0, length), tail: dataSlice(code, length) };
}

function masked(code: string, places: readonly Reference[]): string {
  const bytes = Buffer.from(code.slice(2), "hex");
  for (const { start, length } of places) bytes.fill(0, start, start + length);
  return `0x${bytes.toString("hex")}`;
}

/** Whether there is any code. */
export function comparePresence(of: Pick<Comparison, "chain" | "contract">, code: string): readonly Comparison[] {
  const found = code === "0x" ? "no contract" : "a contract";
  return compareEach({ ...of, type: "contract" }, [["what is there", "a contract", found]]);
}

/** Two codes without immutables, byte for byte. */
export function compareBody(
  of: Pick<Comparison, "chain" | "contract">,
  expected: string,
  found: string,
): readonly Comparison[] {
  const length = `${dataLength(expected)} bytes`;
  const sides = expected === found ? ([length, length] as const) : describeBoth(expected, found);
  return compareEach({ ...of, type: "code" }, [["code", ...sides]]);
}

/** Hashing is slow, so only what differs is hashed. */
function describeBoth(expected: string, found: string): readonly [string, string] {
  const describe = (code: string) => `${keccak256(code)}, ${dataLength(code)} bytes`;
  const [bytes, others] = [Buffer.from(found.slice(2), "hex"), Buffer.from(expected.slice(2), "hex")];
  const first = bytes.findIndex((byte, index) => byte !== others[index]);
  return [describe(expected), `${describe(found)}, other from byte ${first === -1 ? bytes.length : first} on`];
}

/** The value that the code has in all places of an immutable; all of them, where they differ. */
function valueIn(code: string, immutable: Immutable): string {
  const values = immutable.references.map(({ start, length }) => {
    const isInside = start + length <= dataLength(code);
    return isInside ? readable(immutable, dataSlice(code, start, start + length)) : "beyond the code";
  });
  return [...new Set(values)].join(" and ");
}

/** A word as its type is read. */
function readable({ type }: Immutable, word: string): string {
  const value = BigInt(word);
  if (type.startsWith("uint")) return String(value);
  if (type !== "address" && !type.startsWith("contract ")) return word;
  return value < 2n ** 160n ? getAddress(`0x${value.toString(16).padStart(40, "0")}`) : word;
}
