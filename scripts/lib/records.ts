/** The records of deployed contracts, `deployments/<network>/<Name>.json`: written by the scripts, never by hand. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

import { Interface, type InterfaceAbi } from "ethers";

import type { Deployment } from "../../sdk/src/deployments";
import { readNetwork } from "./addressBook";
import { addressAt, hexAt, integerAt, listAt, readJsonFile, textAt } from "./json";

/** What is known of a contract from its deployment on. */
export interface ContractRecord {
  /** The artifact's name; of a proxy the one behind it. */
  readonly contract: string;
  readonly chainId: number;
  readonly address: string;
  /** Of a proxy or beacon: what it delegates to, and the hash of the code there. */
  readonly implementation?: string;
  readonly implementationCodeHash?: string;
  readonly constructorArgs: readonly unknown[];
  readonly implementationConstructorArgs?: readonly unknown[];
  /** The transaction that created it, and its block. */
  readonly transaction: string;
  readonly block: number;
  /** The commit that it was built from. */
  readonly commit: string;
  readonly solc: string;
  readonly evmVersion: string;
  /** Keccak-256 of the code at the address. */
  readonly codeHash: string;
  readonly abi: InterfaceAbi;
}

/** Writes a record, whole or not at all. Numbers beyond JSON's go in as decimal texts. */
export async function writeRecord(folder: string, name: string, record: ContractRecord): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = fileOf(folder, name);
  const abi: unknown = JSON.parse(Interface.from(record.abi).formatJson());
  const text = JSON.stringify({ ...record, abi }, (_, value: unknown) => plain(value), 2);
  await writeFile(`${file}.part`, `${text}\n`);
  await rename(`${file}.part`, file);
}

/**
 * The record called `name`; `undefined` when there is none.
 *
 * @throws FileError for the first field that is missing or malformed.
 */
export async function readRecord(folder: string, name: string): Promise<ContractRecord | undefined> {
  const fields = await readJsonFile(fileOf(folder, name));
  if (fields === undefined) return undefined;
  const { implementation, implementationCodeHash, implementationConstructorArgs } = fields.values;
  return {
    contract: textAt(fields, "contract"),
    chainId: integerAt(fields, "chainId"),
    address: addressAt(fields, "address"),
    ...(implementation === undefined ? {} : { implementation: addressAt(fields, "implementation") }),
    ...(implementationCodeHash === undefined
      ? {}
      : { implementationCodeHash: hexAt(fields, "implementationCodeHash", 32) }),
    constructorArgs: listAt(fields, "constructorArgs"),
    ...(implementationConstructorArgs === undefined
      ? {}
      : { implementationConstructorArgs: listAt(fields, "implementationConstructorArgs") }),
    transaction: hexAt(fields, "transaction", 32),
    block: integerAt(fields, "block"),
    commit: textAt(fields, "commit"),
    solc: textAt(fields, "solc"),
    evmVersion: textAt(fields, "evmVersion"),
    codeHash: hexAt(fields, "codeHash", 32),
    abi: JSON.stringify(listAt(fields, "abi")),
  };
}

/**
 * The deployment that a network's records make, as the SDK knows it.
 *
 * @throws Error that names the first record or field that is missing or malformed.
 */
export async function readDeployment(folder: string): Promise<Deployment> {
  return readNetwork(path.dirname(folder), path.basename(folder));
}

function fileOf(folder: string, name: string): string {
  return path.join(folder, `${name}.json`);
}

function plain(value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
