/** Where others' contracts keep what a fork has to write, found by trying: their layouts are not ours to know. */
import { AbiCoder, Contract, keccak256 } from "ethers";

import { type LocalNode, setStorage } from "../localNode";

/** Slots that are tried for the map of balances. */
const balanceSlots = 64;
/** Slots that are tried for the sender of a message: behind the gaps of three upgradeable parents. */
const senderSlots = 512;
/** What a messenger holds as the sender while it relays nothing. */
const noSender = 0xdeadn;
const addressMask = 2n ** 160n - 1n;
const probe = "0x00000000000000000000000000000000f0124501";

/** A storage that is not laid out as anything that is tried. */
export class SlotError extends Error {
  override readonly name = "SlotError";
}

/** The slot of `account` in a map at slot `base`. */
export function mappingSlot(account: string, base: bigint): bigint {
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [account, base])));
}

/**
 * The base slot of the map of balances of an ERC-20. The storage is left as it was.
 *
 * @throws {@link SlotError} when writing to none of the first 64 changes `balanceOf`.
 */
export async function findBalanceSlot(node: LocalNode, token: string): Promise<bigint> {
  const contract = new Contract(token, ["function balanceOf(address) view returns (uint256)"], node);
  const balanceOf = contract.getFunction("balanceOf");
  const amount = 987_654_321n;
  for (let base = 0n; base < balanceSlots; base++) {
    const slot = mappingSlot(probe, base);
    const before = BigInt(await node.getStorage(token, slot));
    await setStorage(node, token, slot, amount);
    const isFound = BigInt(String(await balanceOf(probe))) === amount;
    await setStorage(node, token, slot, before);
    if (isFound) return base;
  }
  throw new SlotError(`${token} keeps its balances in none of its first ${balanceSlots} slots`);
}

/**
 * The slot where a messenger keeps the sender of the message that it relays, in the low 20 bytes. The storage is left as it was.
 *
 * @throws {@link SlotError} when writing to none of the first 512 changes `xDomainMessageSender`.
 */
export async function findSenderSlot(node: LocalNode, messenger: string): Promise<bigint> {
  for (let slot = 0n; slot < senderSlots; slot++) {
    const word = BigInt(await node.getStorage(messenger, slot));
    if ((word & addressMask) !== noSender) continue;
    await setStorage(node, messenger, slot, withSender(word, probe));
    const found = await senderOf(node, messenger);
    await setStorage(node, messenger, slot, word);
    if (found === BigInt(probe)) return slot;
  }
  throw new SlotError(`${messenger} keeps the sender of a message in none of its first ${senderSlots} slots`);
}

/** `word` with `sender` in its low 20 bytes. */
export function withSender(word: bigint, sender: string): bigint {
  return (word & ~addressMask) | BigInt(sender);
}

/** Zero where the messenger refuses to say. */
async function senderOf(node: LocalNode, messenger: string): Promise<bigint> {
  const contract = new Contract(messenger, ["function xDomainMessageSender() view returns (address)"], node);
  try {
    return BigInt(String(await contract.getFunction("xDomainMessageSender")()));
  } catch {
    return 0n;
  }
}
