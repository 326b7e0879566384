/** The call of a function from arguments that a person wrote as JSON. Nothing is guessed: what does not fit is named. */
import { type FunctionFragment, type ParamType, getAddress, isHexString } from "ethers";

import { ArgumentsError, UnknownFunctionError } from "./errors";
import type { Target } from "./targets";

/** What ethers encodes. */
type Value = string | bigint | boolean | readonly Value[];

/**
 * The calldata of `name`, which may be a signature where a name is not enough.
 *
 * @param json - A list in the function's order, or an object by the names of its parameters. Great numbers are decimal texts.
 * @throws {@link UnknownFunctionError}, and {@link ArgumentsError} for the first argument that does not fit.
 */
export function encodeCall(target: Target, name: string, json: string): string {
  const fragment = functionOf(target, name);
  const values = valuesOf(fragment.inputs, parseJson(json), `${target.name}.${fragment.name}`);
  return target.contract.encodeFunctionData(fragment, [...values]);
}

function functionOf({ name: contract, contract: { fragments } }: Target, name: string): FunctionFragment {
  const functions = fragments.filter((fragment): fragment is FunctionFragment => fragment.type === "function");
  const acting = functions.filter(({ stateMutability }) => stateMutability !== "view" && stateMutability !== "pure");
  const found = acting.filter((fragment) => fragment.name === name || fragment.format() === name);
  const [fragment] = found;
  if (fragment !== undefined && found.length === 1) return fragment;
  const choice = (found.length > 1 ? found : acting).map((each) => each.format()).join(", ");
  const what = found.length > 1 ? "several functions" : "no function that changes something";
  throw new UnknownFunctionError(`${contract} has ${what} called "${name}": say one of ${choice}`);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ArgumentsError(`the arguments are no JSON: ${json}`, { cause: error });
  }
}

function valuesOf(inputs: readonly ParamType[], value: unknown, place: string): readonly Value[] {
  const list = Array.isArray(value) ? listOf(inputs, value, place) : byName(inputs, value, place);
  return inputs.map((input, index) => valueOf(input, list[index], `${place}: ${input.name || index}`));
}

function listOf(inputs: readonly ParamType[], values: readonly unknown[], place: string): readonly unknown[] {
  if (values.length === inputs.length) return values;
  const expected = inputs.map((input) => `${input.type} ${input.name}`).join(", ");
  throw new ArgumentsError(`${place} takes ${inputs.length} values (${expected}): ${values.length} are given`);
}

function byName(inputs: readonly ParamType[], value: unknown, place: string): readonly unknown[] {
  if (typeof value !== "object" || value === null) {
    throw new ArgumentsError(`${place} is ${JSON.stringify(value)}: give a list or an object`);
  }
  const given = new Map<string, unknown>(Object.entries(value));
  const names = inputs.map(({ name }) => name);
  const missing = names.find((name) => !given.has(name));
  if (missing !== undefined) throw new ArgumentsError(`${place} is given no ${missing}`);
  const unknown = [...given.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) throw new ArgumentsError(`${place} has no ${unknown}: it takes ${names.join(", ")}`);
  return names.map((name) => given.get(name));
}

function valueOf(type: ParamType, value: unknown, place: string): Value {
  if (type.isTuple()) return valuesOf(type.components, value, place);
  if (type.isArray()) return arrayOf(type.arrayChildren, type.arrayLength, value, place);
  const found = elementaryOf(type.type, value);
  if (found !== undefined) return found;
  throw new ArgumentsError(`${place} is ${JSON.stringify(value)}: it must be ${expectationOf(type.type)}`);
}

function arrayOf(type: ParamType, length: number | null, value: unknown, place: string): readonly Value[] {
  const isList = Array.isArray(value) && (length === null || length === -1 || value.length === length);
  if (!isList) throw new ArgumentsError(`${place} is ${JSON.stringify(value)}: it must be a list of ${type.type}`);
  return value.map((item: unknown, index) => valueOf(type, item, `${place}[${index}]`));
}

function elementaryOf(type: string, value: unknown): Value | undefined {
  if (type === "bool") return typeof value === "boolean" ? value : undefined;
  if (/^u?int\d+$/.test(type)) return numberOf(type, value);
  if (typeof value !== "string") return undefined;
  if (type === "address") return isChecksummed(value) ? value : undefined;
  if (type === "string") return value;
  const size = type.slice("bytes".length);
  return isHexString(value, size === "" ? true : Number(size)) ? value : undefined;
}

/** JSON's numbers are exact up to 2^53 - 1; beyond it only a text is. */
function numberOf(type: string, value: unknown): bigint | undefined {
  const isExact = typeof value === "number" ? Number.isSafeInteger(value) : isDigits(value);
  if (!isExact) return undefined;
  const number = BigInt(String(value));
  const isSigned = type.startsWith("int");
  const bits = BigInt(type.replace(/^\D+/, "")) - (isSigned ? 1n : 0n);
  const minimum = isSigned ? -(2n ** bits) : 0n;
  return number >= minimum && number < 2n ** bits ? number : undefined;
}

function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^-?\d+$/.test(value);
}

/** An address without its checksum may have a wrong digit that nobody sees. */
function isChecksummed(value: string): boolean {
  try {
    return getAddress(value) === value;
  } catch {
    return false;
  }
}

function expectationOf(type: string): string {
  if (type === "bool") return "true or false";
  if (type === "address") return "an address with its checksum";
  if (/^u?int/.test(type)) return `a whole number that fits ${type}, as a text where it is great`;
  return type === "string" ? "a text" : `${type} as hex`;
}
