/** Turns the records in `deployments/<network>/` into the SDK's address book. */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

import type { Deployment } from "../../sdk/src/deployments";

/** What a record must hold to be in the book; it may hold more. */
interface DeploymentRecord {
  readonly chainId: number;
  readonly address: string;
  readonly block: number;
  /** Hash of the code at the address. */
  readonly codeHash: string;
  /** Of a proxy: what it delegates to, and the hash of the code there. */
  readonly implementation?: string;
  readonly implementationCodeHash?: string;
}

/** The records by side and by their name in the book. */
const records = {
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

/** Metis's own contracts, as `external.json` names them: on Ethereum. */
const external = { metis: "METIS", lockingPool: "LockingPool", bridge: "L1StandardBridge" } as const;

/** The book: each network in the folder by its name. No folder, no networks. */
export async function addressBook(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const networks = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const book: Record<string, unknown> = {};
  for (const name of networks.sort()) book[name] = await readNetwork(path.join(folder, name), name);
  return book;
}

async function readNetwork(folder: string, name: string): Promise<Omit<Deployment, "l1" | "l2">> {
  const others = (await readJson(path.join(folder, "external.json"))) as Record<string, { readonly address: string }>;
  const metis = Object.fromEntries(Object.entries(external).map(([key, label]) => [key, others[label]?.address]));
  return { name, ...{ l1: await readSide(folder, records.l1, metis), l2: await readSide(folder, records.l2, {}) } };
}

async function readSide(
  folder: string,
  names: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  const found: Record<string, DeploymentRecord> = {};
  for (const [key, file] of Object.entries(names)) {
    found[key] = (await readJson(path.join(folder, `${file}.json`))) as DeploymentRecord;
  }
  const all = Object.values(found);
  return {
    chainId: all[0]?.chainId,
    startBlock: Math.min(...all.map(({ block }) => block)),
    ...Object.fromEntries(Object.entries(found).map(([key, { address }]) => [key, address])),
    ...others,
    code: Object.fromEntries(Object.entries(found).map(([key, record]) => [key, codeOf(record)])),
  };
}

function codeOf({ codeHash, implementation, implementationCodeHash }: DeploymentRecord): unknown {
  if (implementation === undefined) return { codeHash };
  return { codeHash, implementation: { address: implementation, codeHash: implementationCodeHash } };
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, "utf8"));
}
