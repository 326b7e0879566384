/** What ought to be there: the records, the setup and the addresses of Metis's contracts of one network. */
import path from "node:path";

import type { Layer } from "../../config/localChains";
import { type External, readExternal } from "../external";
import { FileError } from "../json";
import { type ContractRecord, readRecord } from "../records";
import type { Setup } from "../setup";

/** The records of each chain. */
export const recordNames = {
  l1: ["L1AccessManager", "VaultBeacon", "LockManager", "L1Gateway"],
  l2: ["L2AccessManager", "EMetis", "SEMetis", "StakingPool", "RedemptionQueue", "L2Gateway"],
} as const satisfies Record<Layer, readonly string[]>;

/** The name of a record. */
export type RecordName = (typeof recordNames)[Layer][number];

/** All records of a network. */
export type Records = Readonly<Record<RecordName, ContractRecord>>;

/** What a network's folder says, and the ids of the chains that it is compared with. */
export interface Truth {
  readonly records: Records;
  readonly external: External;
  readonly setup: Setup;
  readonly chainIds: Readonly<Record<Layer, bigint>>;
}

/** Proxies and the beacon: contracts that delegate to another one. */
export const delegating = {
  l1: ["VaultBeacon", "LockManager", "L1Gateway"],
  l2: ["StakingPool", "RedemptionQueue", "L2Gateway"],
} as const satisfies Record<Layer, readonly RecordName[]>;

/**
 * Reads records and external addresses from a network's folder.
 *
 * @throws {@link FileError} for the first file or field that is missing or malformed.
 */
export async function readTruth(folder: string, setup: Setup, chainIds: Truth["chainIds"]): Promise<Truth> {
  const read = async (name: RecordName): Promise<ContractRecord> => {
    const record = await readRecord(folder, name);
    if (record !== undefined) return record;
    throw new FileError(`${path.basename(folder)}/${name}.json is missing: the deployment is not complete`);
  };
  const records: Records = {
    L1AccessManager: await read("L1AccessManager"),
    VaultBeacon: await read("VaultBeacon"),
    LockManager: await read("LockManager"),
    L1Gateway: await read("L1Gateway"),
    L2AccessManager: await read("L2AccessManager"),
    EMetis: await read("EMetis"),
    SEMetis: await read("SEMetis"),
    StakingPool: await read("StakingPool"),
    RedemptionQueue: await read("RedemptionQueue"),
    L2Gateway: await read("L2Gateway"),
  };
  return { records, external: await readExternal(folder), setup, chainIds };
}

/** The implementation that a record names. @throws {@link FileError} when it names none. */
export function implementationOf(records: Records, name: RecordName): string {
  const { implementation } = records[name];
  if (implementation !== undefined) return implementation;
  throw new FileError(`${name}.json: implementation is missing`);
}

/** The first block of a side that any of its records names. */
export function startBlockOf(records: Records, layer: Layer): number {
  return Math.min(...recordNames[layer].map((name) => records[name].block));
}
