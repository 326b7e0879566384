/** Messages up on a fork: no proof can be made there, so the L1 messenger's own word stands for it. */
import { type TransactionReceipt, dataSlice, id, keccak256, concat } from "ethers";

import { LocalL1Messenger__factory } from "../artifacts";
import { type LocalNode, sendAs, setStorage } from "../localNode";
import type { UpCarrier } from "../upCarrier";
import { findSenderSlot, withSender } from "./slots";

/** Metis's challenge window as of 2026, in seconds. Nothing on a fork enforces it: the caller of the relayer waits. */
const challengeWindow = 604_800n;
const [committed, taken] = [id("fork: committed at"), id("fork: taken")];

/**
 * Relays by sending as the messenger, which for that one transaction says that the L2 contract is the sender. What becomes of a message is kept in the
 * messenger's storage far from its own, so that a restored snapshot is a consistent state.
 *
 * @throws {@link SlotError} when the messenger does not keep the sender where it can be found.
 */
export async function carryByImpersonation(l1: LocalNode, messenger: string): Promise<UpCarrier> {
  const contract = LocalL1Messenger__factory.connect(messenger, l1);
  const senderSlot = await findSenderSlot(l1, messenger);
  const read = async (slot: bigint) => BigInt(await l1.getStorage(messenger, slot));
  return {
    challengeWindow: () => Promise.resolve(challengeWindow),
    committedAt: (_, hash) => read(slotOf(committed, hash)),
    commit: async (_, hashes) => {
      const block = await l1.getBlock("latest");
      const now = BigInt(block?.timestamp ?? 0);
      for (const hash of hashes) await setStorage(l1, messenger, slotOf(committed, hash), now);
    },
    isRelayed: async (hash) => (await read(slotOf(taken, hash))) !== 0n || (await contract.successfulMessages(hash)),
    relay: async (_, { target, sender, message, hash }) => {
      const word = await read(senderSlot);
      await setStorage(l1, messenger, senderSlot, withSender(word, sender));
      const execution = await sendAs(l1, { from: messenger, to: target, data: message });
      await setStorage(l1, messenger, senderSlot, word);
      if (execution.type === "reverted") return { isTaken: false, receipt: await latestReceipt(l1) };
      await setStorage(l1, messenger, slotOf(taken, hash), 1n);
      return { isTaken: true, receipt: execution.receipt };
    },
  };
}

function slotOf(book: string, hash: string): bigint {
  return BigInt(keccak256(concat([dataSlice(book, 0, 32), hash])));
}

/** The transaction that reverted is alone in its block. */
async function latestReceipt(node: LocalNode): Promise<TransactionReceipt> {
  const block = await node.getBlock("latest");
  const receipt = await node.getTransactionReceipt(block?.transactions[0] ?? "");
  if (receipt === null) throw new Error("the relay that reverted is not in the latest block");
  return receipt;
}
