/** Turns the records in `deployments/<network>/` into the SDK's address book. */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

import { parseDeployment, type Deployment } from "../../sdk/src/deployments";
import { DeploymentError } from "../../sdk/src/errors";

/** The records of each side, by their name in the book. */
export const records = {
  l1: {
    accessManager: "L1AccessManager",
    vaultBeacon: "VaultBeacon",
    lockManager: "LockManager",
    l1Gateway: "L1Gateway",
  },
  l2: {
    accessManager: "L2AccessManager",
    eMetis: "EMetis",
    seMetis: "SEMetis",
    stakingPool: "StakingPool",
    redemptionQueue: "RedemptionQueue",
    l2Gateway: "L2Gateway",
  },
} as const;

/** Metis's own contracts on Ethereum, as `external.json` names them. */
const external = { metis: "METIS", lockingPool: "LockingPool", bridge: "L1StandardBridge" } as const;
const externalFile = "external.json";
/** The folder of storage layouts, which lies beside those of the networks. */
const layoutsFolder = "layouts";

/** What the file of a record holds. */
interface Fields {
  /** Relative to the folder of all records, for messages. */
  readonly file: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The book: each network in the folder by its name. A network without any record was not deployed and is left out; no folder, no networks.
 *
 * @throws Error that names the file and the field, for the first that is missing or malformed.
 */
export async function addressBook(folder: string): Promise<Readonly<Record<string, Deployment>>> {
  const networks = await networksIn(folder);
  const book = await Promise.all(networks.map(async (name) => [name, await readNetwork(folder, name)] as const));
  return Object.fromEntries(book);
}

async function networksIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const deployed = await Promise.all(names.map(async (name) => isDeployed(path.join(folder, name))));
  return names.filter((_, index) => deployed[index] === true).sort();
}

async function isDeployed(folder: string): Promise<boolean> {
  if (path.basename(folder) === layoutsFolder) return false;
  const files = await readdir(folder);
  return Object.values<Readonly<Record<string, string>>>(records).some((side) =>
    Object.values(side).some((name) => files.includes(`${name}.json`)),
  );
}

/**
 * One network of the folder.
 *
 * @throws Error that names the file and the field, for the first that is missing or malformed.
 */
export async function readNetwork(folder: string, name: string): Promise<Deployment> {
  const others = await readFields(folder, path.join(name, externalFile));
  const metis = Object.entries(external).map(([key, label]) => [key, addressAt(nested(others, label))] as const);
  const l1 = await readSide(folder, name, records.l1);
  const l2 = await readSide(folder, name, records.l2);
  try {
    return parseDeployment({ name, l1: { ...l1, ...Object.fromEntries<string>(metis) }, l2 });
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    throw new Error(`${fileOf(name, error.path)}: ${error.message}`, { cause: error });
  }
}

async function readSide(folder: string, network: string, names: Readonly<Record<string, string>>): Promise<object> {
  const found = await Promise.all(
    Object.entries(names).map(async ([key, file]) => {
      return [key, await readFields(folder, path.join(network, `${file}.json`))] as const;
    }),
  );
  const all = found.map(([, record]) => record);
  return {
    chainId: commonChain(all),
    startBlock: Math.min(...all.map((record) => integerAt(record, "block"))),
    ...Object.fromEntries(found.map(([key, record]) => [key, addressAt(record)])),
    code: Object.fromEntries(found.map(([key, record]) => [key, codeOf(record)])),
  };
}

/** The chain that all records of a side are on. */
function commonChain(side: readonly Fields[]): number | undefined {
  const [first] = side.map((record) => integerAt(record, "chainId"));
  const other = side.find((record) => record.values.chainId !== first);
  if (other !== undefined) throw fault(other, "chainId", `${first ?? ""}, the chain of the side's first record`);
  return first;
}

/** Hash of the code at the address; of a proxy also what it delegates to, and the hash of the code there. */
function codeOf({ values }: Fields): object {
  const { codeHash, implementation, implementationCodeHash } = values;
  if (implementation === undefined) return { codeHash };
  return { codeHash, implementation: { address: implementation, codeHash: implementationCodeHash } };
}

function integerAt(record: Fields, field: string): number {
  const value = record.values[field];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw fault(record, field, "a whole number that is not negative");
}

function addressAt(record: Fields): string {
  const { address } = record.values;
  if (typeof address === "string") return address;
  throw fault(record, "address", "an address");
}

function nested({ file, values }: Fields, label: string): Fields {
  return { file: `${file}, ${label}`, values: fieldsOf(`${file}, ${label}`, values[label]) };
}

async function readFields(folder: string, file: string): Promise<Fields> {
  return { file, values: fieldsOf(file, await readJson(folder, file)) };
}

async function readJson(folder: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path.join(folder, file), "utf8"));
  } catch (error) {
    const reason = isMissing(error) ? "is missing" : `is no JSON: ${error instanceof Error ? error.message : ""}`;
    throw new Error(`${file} ${reason}`, { cause: error });
  }
}

function fieldsOf(file: string, value: unknown): Readonly<Record<string, unknown>> {
  if (isFields(value)) return value;
  throw new Error(`${file} is ${value === undefined ? "missing" : JSON.stringify(value)}: it must be an object`);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fault({ file, values }: Fields, field: string, expected: string): Error {
  return new Error(`${file}: ${field} is ${JSON.stringify(values[field])}: it must be ${expected}`);
}

/** The record that a field of the deployment came from: `l2.code.eMetis.codeHash` from EMetis's. */
function fileOf(network: string, field: string): string {
  const names: Readonly<Record<string, string>> = field.startsWith("l1.") ? records.l1 : records.l2;
  const parts = field.split(".");
  const name = parts[1] === "code" ? parts[2] : parts[1];
  const record = names[name ?? ""];
  return path.join(network, record === undefined ? externalFile : `${record}.json`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
