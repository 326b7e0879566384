/** How a message from L2 gets through to L1, for the relayer. */
import { type Signer, type TransactionReceipt, id } from "ethers";

import { LocalL1Messenger__factory } from "./artifacts";

/** What L1 is told of a message. */
export interface CarriedMessage {
  readonly target: string;
  readonly sender: string;
  readonly message: string;
  readonly nonce: bigint;
  readonly hash: string;
}

/** The way of messages up. Times in Unix seconds. */
export interface UpCarrier {
  /** Seconds from the commitment of a message to its relay. */
  readonly challengeWindow: () => Promise<bigint>;
  /** 0 for never. */
  readonly committedAt: (chainId: bigint, hash: string) => Promise<bigint>;
  readonly commit: (chainId: bigint, hashes: readonly string[]) => Promise<void>;
  /** Whether the target has taken it. */
  readonly isRelayed: (hash: string) => Promise<boolean>;
  readonly relay: (
    chainId: bigint,
    message: CarriedMessage,
  ) => Promise<{ readonly isTaken: boolean; readonly receipt: TransactionReceipt }>;
}

type PlainProof = Parameters<ReturnType<typeof LocalL1Messenger__factory.connect>["relayMessageViaChainId"]>[5];

/** The local messenger takes a committed message as proved. */
const emptyProof = {
  stateRoot: id(""),
  stateRootBatchHeader: { batchIndex: 0n, batchRoot: id(""), batchSize: 0n, prevTotalElements: 0n, extraData: "0x" },
  stateRootProof: { index: 0n, siblings: [] },
  stateTrieWitness: "0x",
  storageTrieWitness: "0x",
} satisfies PlainProof;

/** Through the stand-in of the L1 messenger, where the owner commits. */
export function carryByCommitment(owner: Signer, messenger: string): UpCarrier {
  const contract = LocalL1Messenger__factory.connect(messenger, owner);
  const { topicHash } = contract.interface.getEvent("RelayedMessage");
  return {
    challengeWindow: () => contract.challengeWindow(),
    committedAt: (chainId, hash) => contract.committedAt(chainId, hash),
    commit: async (chainId, hashes) => {
      await (await contract.commit(chainId, [...hashes])).wait();
    },
    isRelayed: (hash) => contract.successfulMessages(hash),
    relay: async (chainId, { target, sender, message, nonce }) => {
      const sending = contract.relayMessageViaChainId(chainId, target, sender, message, nonce, emptyProof);
      const receipt = await (await sending).wait();
      if (receipt === null) throw new Error(`the relay of message ${nonce} is not on the chain`);
      return { isTaken: receipt.logs.some(({ topics }) => topics[0] === topicHash), receipt };
    },
  };
}
