/** The records of what a plan has created. */
import { type Provider, type TransactionReceipt, getAddress, keccak256 } from "ethers";
import { artifacts } from "hardhat";

import type { Chain } from "../chain/chain";
import { type ContractRecord, readRecord, writeRecord } from "../records";
import { CreationNotFoundError } from "./errors";
import type { Layout } from "./layout";
import type { PlanFile } from "./planFile";
import { implementationOf } from "./protocolSteps";
import { recordNames } from "./recordNames";
import { type ExpectedCode, codeOf, readOwn } from "./survey";
import type { CreateStep } from "./steps";

/** What the record of a step is made of. */
export interface RecordParts {
  readonly chain: Chain;
  readonly folder: string;
  readonly plan: PlanFile;
  readonly layout: Layout;
  readonly expected: ExpectedCode;
}

/**
 * Writes the record of a contract that is there, unless the folder has it already; steps without a record are passed over.
 *
 * @throws {@link CreationNotFoundError} when the node does not show the transaction.
 */
export async function keepRecord(parts: RecordParts, step: CreateStep): Promise<void> {
  if (!recordNames.some((name) => name === step.name)) return;
  const known = await readRecord(parts.folder, step.name);
  const codeHash = keccak256(codeOf(parts.expected, step));
  if (known?.address === step.address && known.codeHash === codeHash) return;
  const { hash, blockNumber } = await findCreation(parts, step);
  const inner = findImplementation(parts, step);
  const contract = step.contract === "ERC1967Proxy" ? step.name : step.contract;
  const { abi, sourceName } = await artifacts.readArtifact(contract);
  const built = await buildOf(`${sourceName}:${contract}`);
  const record: ContractRecord = {
    contract,
    chainId: parts.chain.settings.chainId,
    address: step.address,
    ...inner,
    constructorArgs: step.parameters,
    transaction: hash,
    block: blockNumber,
    commit: parts.plan.commit,
    ...built,
    codeHash,
    abi,
  };
  await writeRecord(parts.folder, step.name, record);
}

/** What a proxy or the beacon called like the step delegates to. */
function findImplementation({ layout, expected }: RecordParts, step: CreateStep): Partial<ContractRecord> {
  const name = step.name === "VaultBeacon" ? "SequencerVault" : step.name;
  for (const other of layout.steps) {
    if (other.type !== "create" || other.name !== implementationOf(name)) continue;
    const implementationCodeHash = keccak256(codeOf(expected, other));
    return { implementation: other.address, implementationCodeHash, implementationConstructorArgs: other.parameters };
  }
  return {};
}

/** The compiler that a contract's artifact is of. @throws Error when it was not compiled. */
export async function buildOf(qualifiedName: string): Promise<Pick<ContractRecord, "solc" | "evmVersion">> {
  const build = await artifacts.getBuildInfo(qualifiedName);
  if (build === undefined) throw new Error(`${qualifiedName} has no build info: run npm run compile`);
  const { evmVersion } = build.input.settings;
  return { solc: build.solcLongVersion, evmVersion: evmVersion ?? "the compiler's own" };
}

/**
 * The transaction of a creation: one of those that were signed for its nonce; where none of them is known, as after a plan file that was brought back
 * from an older copy, by the block in which the code appears, which asks a node for the states of old blocks.
 */
async function findCreation({ chain, plan }: RecordParts, step: CreateStep): Promise<TransactionReceipt> {
  const own = await readOwn(chain.provider, step, plan);
  if (own?.status === 1 && isOf(own, step)) return own;
  const block = await firstBlockOf(chain.provider, step.address, plan[step.layer].block).catch(() => undefined);
  if (block === undefined) throw new CreationNotFoundError(step.name, step.address);
  for (const hash of (await chain.provider.getBlock(block))?.transactions ?? []) {
    const receipt = await chain.provider.getTransactionReceipt(hash);
    if (receipt !== null && isOf(receipt, step)) return receipt;
  }
  throw new CreationNotFoundError(step.name, step.address);
}

function isOf({ contractAddress }: TransactionReceipt, { address }: CreateStep): boolean {
  return contractAddress !== null && getAddress(contractAddress) === address;
}

async function firstBlockOf(provider: Provider, address: string, start: number): Promise<number> {
  let before = start;
  let has = await provider.getBlockNumber();
  while (has - before > 1) {
    const middle = Math.floor((before + has) / 2);
    if ((await provider.getCode(address, middle)) === "0x") before = middle;
    else has = middle;
  }
  return has;
}
