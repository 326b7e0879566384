/** How a contract of Metis's side reverts, and the arithmetic that does. */
import { AbiCoder, concat, id } from "ethers";

import { ceilDiv } from "../../math/integers";
import type { SimulatedRevert, Value } from "../outcome";

/** Ends an action, or one call within it; never leaves the simulator. */
export class Reversal extends Error {
  constructor(readonly revert: SimulatedRevert) {
    super(revert.name);
  }
}

/** Solidity's code for arithmetic that leaves its type. */
const overflow = 0x11n;
const greatest = 2n ** 256n - 1n;

/** Arguments of the errors that can stand in `ClaimSkipped`. */
const errorTypes: Readonly<Record<string, readonly string[]>> = {
  RedemptionQueue__PaymentFailed: ["address", "uint256"],
};

/** Reverts with the error `name`. */
export function refuse(name: string, ...args: readonly Value[]): never {
  throw new Reversal({ name, args });
}

/** Reverts with the error `name` unless `condition` holds. */
export function ensure(condition: boolean, name: string, ...args: readonly Value[]): asserts condition {
  if (!condition) refuse(name, ...args);
}

/** `value` where the contracts keep it in 256 bits. */
export function word(value: bigint): bigint {
  ensure(value >= 0n && value <= greatest, "Panic", overflow);
  return value;
}

/** `value` where the contracts cast it to so many bits. */
export function toUint(value: bigint, bits: number): bigint {
  ensure(word(value) < 2n ** BigInt(bits), "SafeCastOverflowedUintDowncast", BigInt(bits), value);
  return value;
}

/** `value` where the contracts cast it to so many bits with a sign. */
export function toInt(value: bigint, bits: number): bigint {
  ensure(BigInt.asIntN(bits, value) === value, "SafeCastOverflowedIntDowncast", BigInt(bits), value);
  return value;
}

/** `x · y / denominator`, rounded down, where the contracts keep it in 256 bits. */
export function mulDiv(x: bigint, y: bigint, denominator: bigint): bigint {
  return word((x * y) / denominator);
}

/** As {@link mulDiv}, rounded up. */
export function mulDivUp(x: bigint, y: bigint, denominator: bigint): bigint {
  return word(ceilDiv(x * y, denominator));
}

/** The bytes of a revert, as they stand in `ClaimSkipped`. */
export function revertData({ name, args }: SimulatedRevert): string {
  const types = errorTypes[name] ?? [];
  if (types.length !== args.length) throw new Error(`the simulator does not know the arguments of ${name}`);
  return concat([id(`${name}(${types.join(",")})`).slice(0, 10), AbiCoder.defaultAbiCoder().encode(types, args)]);
}
