import { toBeHex } from "ethers";

import { checkHex } from "../check";
import type { L2Context } from "../context";
import type { Bucket } from "../math/rateLimit";
import { ask } from "../rpc/ask";

/** What the pool remembers and has no view for. */
export interface PoolStorage {
  /** Free buffer at which the instant fee is lowest, wei of METIS: set by each report. */
  readonly reserveTarget: bigint;
  /** What of the daily limit for deposits from Ethereum is used. */
  readonly l1DepositBucket: Bucket;
}

/** ERC-7201 slot of `emetis.storage.StakingPool`. */
const storageSlot = 0xa326c1bc4e1e664cc2b38e987c3808a8794342df4071fe24e5dfd19f14c8d200n;
/** The last of the seven words of the ledger's book; the reserve target is its highest 96 bits. */
const targetSlot = storageSlot + 6n;
/** Behind the parameters, and the treasury with the unrecovered loss. */
const bucketSlot = storageSlot + 9n;

/**
 * Reads words of the pool's storage in one block: 2 requests at once, 1 round trip on Metis. Storage of this release's StakingPool;
 * `verifyDeployment` tells whether the one on chain is another.
 *
 * @throws {@link RpcError}, {@link RpcTimeoutError}, {@link RpcAnswerError}, {@link AbortedError}.
 * @example
 * const { reserveTarget } = await readPoolStorage(context, rates.block.blockNumber);
 */
export async function readPoolStorage(context: L2Context, blockNumber: number): Promise<PoolStorage> {
  const [target, bucket] = await Promise.all([
    readWord(context, targetSlot, blockNumber),
    readWord(context, bucketSlot, blockNumber),
  ]);
  return {
    reserveTarget: target >> 160n,
    l1DepositBucket: { used: BigInt.asUintN(96, bucket), usedAt: BigInt.asUintN(32, bucket >> 96n) },
  };
}

async function readWord(context: L2Context, slot: bigint, blockNumber: number): Promise<bigint> {
  const { stakingPool } = context.deployment.l2;
  const request = () => context.l2.getStorage(stakingPool, toBeHex(slot, 32), blockNumber);
  return BigInt(checkHex("storage", await ask("l2", "eth_getStorageAt", context, request), 32));
}
