/** What contracts return, emit and revert with, as the simulator's values. */
import { Interface, type LogDescription, type ParamType, type Result } from "ethers";

import { errorFragments } from "../../../sdk/src/generated/errors";
import type { SimulatedEvent, SimulatedRevert, Value } from "../../../sdk/src/simulator/outcome";

const errors = new Interface(errorFragments);

/** A decoded argument; structs by their names. */
export function valueOf(decoded: unknown, type: ParamType): Value {
  if (type.baseType === "tuple") {
    const fields = decoded as Result;
    return recordOf(fields, type.components ?? []);
  }
  if (type.baseType === "array") {
    return [...(decoded as Result)].map((entry) => valueOf(entry, type.arrayChildren!));
  }
  if (typeof decoded === "bigint" || typeof decoded === "boolean" || typeof decoded === "string") return decoded;
  throw new Error(`no value: ${String(decoded)}`);
}

/** Decoded arguments by the names of their types. */
export function recordOf(decoded: Result, types: readonly ParamType[]): Record<string, Value> {
  return Object.fromEntries(types.map((type, index) => [type.name, valueOf(decoded[index], type)]));
}

/** What a function answered: one value, several by name, or null for none. */
export function outputOf(contract: Interface, method: string, data: string): Value | null {
  const types = contract.getFunction(method)!.outputs;
  const decoded = contract.decodeFunctionResult(method, data);
  if (types.length === 0) return null;
  return types.length === 1 ? valueOf(decoded[0], types[0]!) : recordOf(decoded, types);
}

/** A log of one of the protocol's contracts. */
export function eventOf(contract: string, log: LogDescription): SimulatedEvent {
  return { contract, name: log.name, args: recordOf(log.args, log.fragment.inputs) };
}

/** The error behind a revert's data. */
export function revertOf(data: string): SimulatedRevert {
  const parsed = errors.parseError(data);
  if (parsed === null) return { name: `unknown error ${data}`, args: [] };
  return { name: parsed.name, args: parsed.fragment.inputs.map((type, index) => valueOf(parsed.args[index], type)) };
}

/** Bigints readable, the order of names fixed: two values are the same if and only if their texts are. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) => {
    if (typeof entry === "bigint") return `${entry.toString()}n`;
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return entry;
    return Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
