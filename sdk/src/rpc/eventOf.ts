import type { Interface, Log, LogDescription } from "ethers";

import { checkAnyAddress } from "../check";
import { RpcAnswerError } from "../errors";
import type { Address, Side } from "../types";

/** One event, its values by their names in the contract. */
export interface Event {
  /** As in Solidity: `RewardAdded`. */
  readonly name: string;
  readonly log: Log;
  /** An integer. */
  readonly amount: (name: string) => bigint;
  readonly address: (name: string) => Address;
  readonly flag: (name: string) => boolean;
}

/**
 * The event that a log stands for.
 *
 * @throws {@link RpcAnswerError} when the log is none of the contract's events, or a value is not there or of another type.
 * @example
 * const { name, amount } = eventOf("l2", SEMetis__factory.createInterface(), log);
 */
export function eventOf(side: Side, contract: Interface, log: Log): Event {
  const parsed = parse(contract, log);
  if (parsed === null) {
    throw new RpcAnswerError(side, "eth_getLogs", `log ${log.index} of block ${log.blockNumber} was not asked for`);
  }
  const fail = (name: string): never => {
    throw new RpcAnswerError(side, "eth_getLogs", `${parsed.name} in block ${log.blockNumber} has no such ${name}`);
  };
  const valueOf = (name: string): unknown => parsed.args.toObject()[name];
  return {
    name: parsed.name,
    log,
    amount: (name) => {
      const value = valueOf(name);
      return typeof value === "bigint" ? value : fail(name);
    },
    address: (name) => {
      const value = valueOf(name);
      return typeof value === "string" ? checkAnyAddress(name, value) : fail(name);
    },
    flag: (name) => {
      const value = valueOf(name);
      return typeof value === "boolean" ? value : fail(name);
    },
  };
}

function parse(contract: Interface, log: Log): LogDescription | null {
  try {
    return contract.parseLog(log);
  } catch {
    return null;
  }
}
