import { AbiCoder, type Interface, type Log, type Result, keccak256, toBeHex } from "ethers";

import { checkAddress, checkAmount, checkHex } from "../check";
import type { L1Context } from "../context";
import { MissingLogsError, ParameterError } from "../errors";
import { LockManager__factory } from "../generated/contracts";
import type { Report } from "../math/ledger";
import { readLogs } from "../rpc/readLogs";
import { readL1 } from "../rpc/readPinned";
import type { Address, Hex } from "../types";

/** Which message, and where to look for it. */
export interface MessageParameters {
  /** Number of the message; they begin at 1. */
  readonly number: bigint;
  /** A block of Ethereum not after the message's: with it a node has fewer logs to look through. @defaultValue the deployment's first */
  readonly fromBlock?: number;
}

/** A message that LockManager sent. */
export interface SentMessage {
  readonly number: bigint;
  /** As `LockManager.MessageSent` carries it; it has the hash that LockManager remembers. */
  readonly payload: Hex;
  readonly content: MessageContent;
  readonly transactionHash: Hex;
  readonly blockNumber: number;
  /** Blocks of Ethereum from that one to the latest, both counted. */
  readonly confirmations: number;
  /** What crosses the bridge. */
  readonly envelopeHash: Hex;
}

/** What a payload holds. */
export type MessageContent =
  | { readonly type: "report"; readonly report: Report }
  | {
      readonly type: "l1Deposit";
      readonly receiver: Address;
      /** Wei of METIS deposited, of eMetis to mint. */
      readonly assets: bigint;
      readonly isStaked: boolean;
    };

const greatestNumber = 2n ** 32n - 1n;
const coder = AbiCoder.defaultAbiCoder();
const reportFields = "tuple(uint256, uint256, int256, uint256, uint256, uint256, uint256)";

/**
 * Finds a message in LockManager's logs, and proves its payload by the hash that LockManager remembers. 2 round trips on Ethereum, more where the node
 * limits the ranges of logs.
 *
 * @returns `undefined` when LockManager has sent no such message yet.
 * @throws {@link AmountError} when `number` is below 1, {@link MissingLogsError} when the node lacks the message's log,
 * {@link LogRangeError}, and as {@link readL1}.
 * @example
 * const message = await readMessage(context, { number: 7n });
 */
export async function readMessage(
  context: L1Context,
  { number, fromBlock }: MessageParameters,
): Promise<SentMessage | undefined> {
  checkAmount("number", number, { maximum: greatestNumber });
  const { l1 } = context.deployment;
  const { block, value: payloadHash } = await readL1(context, undefined, (runner) =>
    LockManager__factory.connect(l1.lockManager, runner).payloadHash(number),
  );
  if (BigInt(payloadHash) === 0n) return undefined;
  const contract = LockManager__factory.createInterface();
  const toBlock = block.blockNumber;
  const logs = await readLogs({
    ...context,
    ...{ side: "l1", provider: context.l1, address: l1.lockManager },
    topics: [contract.getEvent("MessageSent").topicHash, toBeHex(number, 32)],
    fromBlock: checkStart(fromBlock ?? l1.startBlock, toBlock),
    toBlock,
  });
  for (const log of logs) {
    const payload = payloadOf(contract, log);
    if (payload === undefined || keccak256(payload) !== payloadHash) continue;
    return sentMessage(context, { number, payload, log, confirmations: toBlock - log.blockNumber + 1 });
  }
  throw new MissingLogsError("l1", toBlock, `message ${number}, which LockManager sent, is not among them`);
}

function checkStart(fromBlock: number, latest: number): number {
  if (Number.isSafeInteger(fromBlock) && fromBlock >= 0 && fromBlock <= latest) return fromBlock;
  throw new ParameterError("fromBlock", fromBlock, `give a block of Ethereum, at most the latest, ${latest}`);
}

function payloadOf(contract: Interface, log: Log): Hex | undefined {
  try {
    const payload: unknown = contract.parseLog(log)?.args.getValue("payload");
    return checkHex("payload", String(payload));
  } catch {
    return undefined;
  }
}

function sentMessage(
  { deployment }: L1Context,
  found: Pick<SentMessage, "number" | "payload" | "confirmations"> & { readonly log: Log },
): SentMessage {
  const { number, payload, confirmations, log } = found;
  const { l1, l2 } = deployment;
  const envelope = coder.encode(
    ["uint256", "uint256", "address", "address", "uint256", "bytes32"],
    [l1.chainId, l2.chainId, l1.l1Gateway, l2.l2Gateway, number, keccak256(payload)],
  );
  return {
    ...{ number, payload, confirmations, content: contentOf(payload), blockNumber: log.blockNumber },
    transactionHash: checkHex("transaction hash", log.transactionHash, 32),
    envelopeHash: checkHex("hash", keccak256(envelope), 32),
  };
}

/** The payload was proved to be the contract's, so it decodes. */
function contentOf(payload: Hex): MessageContent {
  const [kind] = coder.decode(["uint8"], payload);
  if (kind === 0n) {
    const report = decodeTuple(reportFields, payload);
    const at = (index: number): bigint => BigInt(String(report[index]));
    const [takenAt, l1Assets, receivedFromL2, sentToL2, l1Deposits] = [at(0), at(2), at(3), at(4), at(5)];
    return { type: "report", report: { takenAt, l1Assets, receivedFromL2, sentToL2, l1Deposits } };
  }
  const [receiver, assets, , isStaked] = decodeTuple("tuple(address, uint256, uint256, bool)", payload);
  return {
    type: "l1Deposit",
    receiver: checkAddress("receiver", String(receiver)),
    assets: BigInt(String(assets)),
    isStaked: isStaked === true,
  };
}

function decodeTuple(type: string, payload: Hex): readonly unknown[] {
  const tuple: unknown = coder.decode(["uint8", type], payload)[1];
  return isResult(tuple) ? [...tuple] : [];
}

function isResult(value: unknown): value is Result {
  return Array.isArray(value);
}
