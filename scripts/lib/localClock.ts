/** Moves the clocks of local nodes together. */
import { toQuantity } from "ethers";

import type { LocalNode } from "./localNode";

export const hour = 3_600;
export const day = 86_400;

/** The later of the nodes' latest block times, in Unix seconds. */
export async function latestTime(nodes: readonly LocalNode[]): Promise<number> {
  const times = await Promise.all(nodes.map(async (node) => (await node.getBlock("latest"))?.timestamp ?? 0));
  return Math.max(...times);
}

/** Mines one block on each node at the same moment, `seconds` after the latest. */
export async function advance(nodes: readonly LocalNode[], seconds: number): Promise<number> {
  const timestamp = (await latestTime(nodes)) + seconds;
  for (const node of nodes) {
    await node.send("evm_setNextBlockTimestamp", [toQuantity(timestamp)]);
    await node.send("evm_mine", []);
  }
  return timestamp;
}
