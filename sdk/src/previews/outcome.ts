import { Interface } from "ethers";

import { checkAmount, checkHex } from "../check";
import { type EMetisError, ParameterError, RevertError } from "../errors";
import { errorFragments } from "../generated/errors";
import { decodeRevert } from "../reverts";
import type { BlockStamp } from "../rpc/readBatch";

/** When a preview holds: in a block of second `at` on top of `block`, if nothing else happens between. */
export interface Moment {
  /** The block whose state was read. */
  readonly block: BlockStamp;
  /** The second that the call was computed for, Unix seconds of Metis. */
  readonly at: bigint;
}

/** The contracts would refuse the call. */
export interface Refused extends Moment {
  readonly type: "refused";
  /** The contract's own error: a {@link RevertError} by name and arguments. */
  readonly error: EMetisError;
}

/**
 * The moment that a preview is for.
 *
 * @param at - The block's own second when `undefined`.
 * @throws {@link AmountError} when it is no second, {@link ParameterError} when it is before the block's.
 * @example
 * momentOf(block, block.timestamp + 60n);
 */
export function momentOf(block: BlockStamp, at: bigint | undefined): Moment {
  const second = checkAmount("at", at ?? block.timestamp);
  if (second >= block.timestamp) return { block, at: second };
  const remedy = `block ${block.blockNumber} was made at ${block.timestamp}: give no earlier second`;
  throw new ParameterError("at", second, remedy);
}

/**
 * A refusal by an error of the contracts.
 *
 * @param error - Its name and arguments, as in Solidity.
 * @example
 * refused(moment, "StakingPool__Paused", [until]);
 */
export function refused({ block, at }: Moment, error: string, args: readonly unknown[]): Refused {
  const data = new Interface(errorFragments).encodeErrorResult(error, args);
  return { type: "refused", block, at, error: decodeRevert(checkHex("data", data)) };
}

/**
 * Gives back what a view of ours was refused with; every other failure goes on.
 *
 * @throws what is no {@link RevertError}.
 * @example
 * const ticket = await queue.ticket(id).catch(asRefusal);
 */
export function asRefusal(error: unknown): RevertError {
  if (error instanceof RevertError) return error;
  throw error;
}
