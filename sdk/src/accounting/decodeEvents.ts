import type { Log } from "ethers";

import { checkHex } from "../check";
import type { Deployment } from "../deployments";
import { ReorgError } from "../errors";
import type { Side } from "../types";
import { type Decoder, decodersOf } from "./decoders";
import type { ProtocolEvent } from "./events";
import { wordReader } from "./words";

/**
 * The events in logs of one chain, in the order of the logs; what values do not depend on is left out.
 *
 * @throws {@link ReorgError} when two logs of one block number are of different blocks, {@link RpcAnswerError} for a malformed log.
 * @example
 * const events = decodeEvents(deployment, "l2", await l2.getLogs({ address: deployment.l2.seMetis, fromBlock, toBlock }));
 */
export function decodeEvents(deployment: Deployment, side: Side, logs: readonly Log[]): readonly ProtocolEvent[] {
  const decoders = byKey(deployment, side);
  const read = wordReader();
  const events: ProtocolEvent[] = [];
  for (const log of logs) {
    const decoder = decoders.get(keyOf(log.address, log.topics[0] ?? ""));
    if (decoder === undefined) continue;
    const at = {
      side,
      blockNumber: log.blockNumber,
      blockHash: checkHex("blockHash", log.blockHash, 32),
      transactionHash: checkHex("transactionHash", log.transactionHash, 32),
      index: log.index,
    };
    checkOneBlock(events.at(-1), at);
    events.push({ ...decoder.decode(read(side, log)), at });
  }
  return events;
}

function byKey(deployment: Deployment, side: Side): ReadonlyMap<string, Decoder> {
  const { lockManager, ...l2 } = decodersOf(deployment);
  const decoders = side === "l1" ? Object.values(lockManager) : Object.values(l2).flatMap((of) => Object.values(of));
  return new Map(decoders.map((decoder) => [keyOf(decoder.address, decoder.topic), decoder]));
}

function keyOf(address: string, topic: string): string {
  return `${address.toLowerCase()} ${topic}`;
}

function checkOneBlock(last: ProtocolEvent | undefined, { side, blockNumber, blockHash }: ProtocolEvent["at"]): void {
  if (last?.at.blockNumber !== blockNumber || last.at.blockHash === blockHash) return;
  throw new ReorgError(side, blockNumber, last.at.blockHash, blockHash);
}
