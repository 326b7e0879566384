import type { Log } from "ethers";

import { readL1, readL2 } from "../../../sdk/src/rpc/readPinned";
import type { Side } from "../../../sdk/src/types";
import { AccessManager__factory } from "../artifacts";
import type { Head, ScheduledOperations } from "./health";
import { type Source, firstBlock, optionsOf, providerOf } from "./source";

const contract = AccessManager__factory.createInterface();

/**
 * Reads what governance has scheduled with the AccessManager of a chain: the operations in its logs that it still knows. One that is
 * carried out, withdrawn or past its week is known no more.
 */
export async function readOperations(source: Source, side: Side, head: Head): Promise<ScheduledOperations> {
  const address = source.deployment[side].accessManager;
  const logs = await source.logs.read({
    ...optionsOf(source),
    ...{ side, provider: providerOf(source, side), address },
    topics: [contract.getEvent("OperationScheduled").topicHash],
    ...{ fromBlock: firstBlock(source, side, head), toBlock: head.blockNumber },
  });
  const ids = [...new Set(logs.map(operationOf))];
  const read = side === "l1" ? readL1 : readL2;
  const { value } = await read(source, undefined, (runner) => {
    const manager = AccessManager__factory.connect(address, runner);
    return Promise.all(ids.map((id) => manager.getSchedule(id)));
  });
  const times = value.filter((time) => time > 0n).map(Number);
  return { count: times.length, nextAt: times.length === 0 ? undefined : Math.min(...times) };
}

function operationOf({ topics }: Log): string {
  return topics[1] ?? "";
}
