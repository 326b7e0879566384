import { getAddress, isHexString, parseUnits } from "ethers";

import { AddressError, AmountError, DecimalsError, ParameterError } from "./errors";
import type { Address, Hex } from "./types";

/** Decimals of METIS, eMetis and seMetis. */
export const DECIMALS = 18;

const greatest = 2n ** 256n - 1n;
/** The zero address: where tokens are minted from and burned to, and who stands where nobody is named. */
export const nobody = "0x0000000000000000000000000000000000000000";

/**
 * Wei in a decimal number: the exact inverse of writing it out. For what people type.
 *
 * @throws {@link DecimalsError} when it is no number, is negative, or has more than 18 decimals.
 * @example
 * parseAmount("1.5"); // 1_500_000_000_000_000_000n
 */
export function parseAmount(text: string): bigint {
  // More digits than 2²⁵⁶ has are no amount either, and ethers would throw its own error.
  if (typeof text !== "string" || !/^\d{1,78}(\.\d{1,18})?$/.test(text)) throw new DecimalsError(text, DECIMALS);
  return parseUnits(text, DECIMALS);
}

/**
 * Gives back `amount` if it is a bigint within bounds: at least `minimum` (1 unless given) and at most `maximum` (2²⁵⁶ − 1).
 *
 * @param parameter - What the error calls it.
 * @throws {@link AmountError} otherwise.
 * @example
 * checkAmount("assets", 5n, { minimum: 1n }); // 5n
 */
export function checkAmount(
  parameter: string,
  amount: bigint,
  { minimum = 1n, maximum = greatest }: { readonly minimum?: bigint; readonly maximum?: bigint } = {},
): bigint {
  if (typeof amount !== "bigint" || amount < minimum || amount > maximum) {
    throw new AmountError(parameter, amount, { minimum, maximum });
  }
  return amount;
}

/**
 * The address with its checksum. All lower case is taken as having none.
 *
 * @param parameter - What the error calls it.
 * @throws {@link AddressError} when it is malformed, its checksum is wrong, or it is the zero address.
 * @example
 * checkAddress("receiver", "0x52908400098527886e0f7030069857d2e4169ee7"); // "0x52908400098527886E0F7030069857D2E4169EE7"
 */
export function checkAddress(parameter: string, value: string): Address {
  const address = checkAnyAddress(parameter, value);
  if (address === nobody) throw new AddressError(parameter, value, "zero");
  return address;
}

/**
 * As {@link checkAddress}, and the zero address is as good as any.
 *
 * @throws {@link AddressError} when it is malformed or its checksum is wrong.
 * @example
 * checkAnyAddress("referrer", "0x0000000000000000000000000000000000000000");
 */
export function checkAnyAddress(parameter: string, value: string): Address {
  // ethers would take ICAP and addresses without a prefix too.
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(value)) {
    throw new AddressError(parameter, value, "malformed");
  }
  try {
    return checkHex(parameter, getAddress(value));
  } catch {
    throw new AddressError(parameter, value, "checksum");
  }
}

/**
 * Gives back `value` if it is bytes in hexadecimal.
 *
 * @param length - How many bytes it must have; any number when left out.
 * @throws {@link ParameterError} otherwise.
 * @example
 * checkHex("signature", "0x00", 1); // "0x00"
 */
export function checkHex(parameter: string, value: string, length?: number): Hex {
  if (isHex(value) && isHexString(value, length ?? true)) return value;
  throw new ParameterError(parameter, value, `give ${length ?? "whole"} bytes in hexadecimal with 0x in front`);
}

function isHex(value: unknown): value is Hex {
  return typeof value === "string" && value.startsWith("0x");
}
