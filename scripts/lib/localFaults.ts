/** Misfortunes that no function of Metis's contracts brings about today. */
import { AbiCoder, keccak256 } from "ethers";

import { type LocalNode, setStorage } from "./localNode";

/** Where LocalLockingPool keeps its positions; the amount is a position's first word. */
const positionsSlot = 12n;

/** A position of the local LockingPool. */
export interface PositionOnNode {
  readonly node: LocalNode;
  readonly lockingPool: string;
  readonly sequencerId: bigint;
}

/** Makes a position hold `assets` wei of METIS, whatever was locked. */
export async function writePrincipal(position: PositionOnNode, assets: bigint): Promise<void> {
  const { node, lockingPool, sequencerId } = position;
  const key = AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [sequencerId, positionsSlot]);
  await setStorage(node, lockingPool, BigInt(keccak256(key)), assets);
}
