/**
 * The ledger of METIS on the local L2. On Metis the native coin and the ERC-20 are one ledger; an EVM cannot take native coin from an
 * account that does not send it, so `LocalMetisCoinbase` writes what was burned or transferred into a journal and the node follows it here.
 */
import { AbiCoder, keccak256 } from "ethers";

import { LocalMetisCoinbase__factory } from "./artifacts";
import { type LocalNode, setBalance, setStorage } from "./localNode";
import { predeploys } from "./predeploys";

/** Where `LocalMetisCoinbase` keeps what the node writes. */
const storage = { settledCount: 1n, unsettled: 2n, movementCount: 3n, totalSupply: 5n } as const;

/** METIS that was burned (`to` is the zero address) or transferred as an ERC-20, in wei. */
export interface MetisMovement {
  readonly index: bigint;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
}

const kept = new WeakSet<LocalNode>();

/**
 * Brings the native balances in line with the journal. No block is mined.
 *
 * @returns The movements that were settled, oldest first.
 * @throws When an account has spent METIS natively that it had already burned or transferred in the same transaction.
 */
export async function settleMetis(l2: LocalNode): Promise<readonly MetisMovement[]> {
  const settledCount = await slotOf(l2, storage.settledCount);
  const movementCount = await slotOf(l2, storage.movementCount);
  if (settledCount === movementCount) return [];

  const coinbase = LocalMetisCoinbase__factory.connect(predeploys.metis, l2);
  const movements: MetisMovement[] = [];
  for (let index = settledCount; index < movementCount; index++) {
    const { from, to, amount } = await coinbase.movement(index);
    movements.push({ index, from, to, amount });
  }
  for (const account of new Set(movements.flatMap(({ from, to }) => [from, to]))) {
    const change = await coinbase.unsettled(account);
    if (change === 0n) continue;
    const balance = (await l2.getBalance(account)) + change;
    if (balance < 0n)
      throw new Error(`${account} spent ${-balance} wei of METIS that it had burned or transferred before`);
    await setBalance(l2, account, balance);
    await setStorage(l2, predeploys.metis, unsettledSlot(account), 0n);
  }
  await setStorage(l2, predeploys.metis, storage.settledCount, movementCount);
  return movements;
}

/** From now on settles after every transaction that is sent over this provider. A second call changes nothing. */
export function keepMetisLedger(l2: LocalNode): void {
  if (kept.has(l2)) return;
  kept.add(l2);
  const send = l2.send.bind(l2);
  l2.send = async (method, parameters) => {
    const result = await send(method, parameters);
    if (method === "eth_sendTransaction" || method === "eth_sendRawTransaction") await settleMetis(l2);
    return result;
  };
}

/** Counts `assets` wei more as METIS that is on the L2. Whoever calls sets the balance. */
export async function raiseMetisSupply(l2: LocalNode, assets: bigint): Promise<void> {
  await setStorage(l2, predeploys.metis, storage.totalSupply, (await slotOf(l2, storage.totalSupply)) + assets);
}

async function slotOf(l2: LocalNode, slot: bigint): Promise<bigint> {
  return BigInt(await l2.getStorage(predeploys.metis, slot));
}

function unsettledSlot(account: string): bigint {
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [account, storage.unsettled])));
}
