/** Brings the records of a network up to date with the upgrades that governance carried out. */
import { type Provider, Interface, dataSlice, getAddress, keccak256 } from "ethers";
import { artifacts } from "hardhat";

import type { Deployment } from "../../../sdk/src/deployments";
import { buildOf } from "../deploy/record";
import { type UpgradeableContract, upgradeableContracts } from "../layouts";
import { type ContractRecord, readRecord, writeRecord } from "../records";
import { UpgradeError } from "./errors";
import { expectPresentBuild, layerOf } from "./upgrade";

/** Where the records are, how the chains are reached, and what the present build is. */
export interface RecordUpgradesOptions {
  readonly folder: string;
  readonly deployment: Deployment;
  readonly l1: Provider;
  readonly l2: Provider;
  /** The commit that is checked out, its sources unchanged. */
  readonly commit: string;
}

/** A record that was written. */
export interface RecordedUpgrade {
  readonly contract: UpgradeableContract;
  readonly before: string;
  readonly now: string;
}

/** ERC-1967's slot of the implementation. */
const implementationSlot = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbcn;
const beacon = new Interface(["function implementation() view returns (address)"]);

/**
 * Writes the record of each contract that delegates to another implementation than recorded. Nothing is written unless the code of every new one is what the
 * present build leaves, all immutables included.
 *
 * @returns What was written; nothing when all records are up to date.
 * @throws {@link UpgradeError} when a record is missing, or the code of a new implementation is another.
 */
export async function recordUpgrades(options: RecordUpgradesOptions): Promise<readonly RecordedUpgrade[]> {
  const found = await Promise.all(upgradeableContracts.map((contract) => upgradeOf(options, contract)));
  const upgrades = found.filter((upgrade) => upgrade !== undefined);
  for (const { recorded } of upgrades) {
    const { contract, now: implementation } = recorded;
    await expectPresentBuild(options[layerOf(contract)], options.deployment, { contract, implementation });
  }
  for (const { name, record } of upgrades) await writeRecord(options.folder, name, record);
  return upgrades.map(({ recorded }) => recorded);
}

interface Upgraded {
  readonly name: string;
  readonly record: ContractRecord;
  readonly recorded: RecordedUpgrade;
}

async function upgradeOf(options: RecordUpgradesOptions, contract: UpgradeableContract): Promise<Upgraded | undefined> {
  const { folder, commit } = options;
  const name = contract === "SequencerVault" ? "VaultBeacon" : contract;
  const old = await readRecord(folder, name);
  if (old?.implementation === undefined) throw new UpgradeError(`${name}.json is missing, or names no implementation`);
  const provider = options[layerOf(contract)];
  const now = await implementationOf(provider, contract, old.address);
  if (now === old.implementation) return undefined;
  const implementationCodeHash = keccak256(await provider.getCode(now));
  const { abi, sourceName } = await artifacts.readArtifact(contract);
  const build = await buildOf(`${sourceName}:${contract}`);
  const record = { ...old, implementation: now, implementationCodeHash, commit, ...build };
  // The beacon's record keeps the beacon's own ABI.
  return {
    name,
    record: name === contract ? { ...record, abi } : record,
    recorded: { contract, before: old.implementation, now },
  };
}

async function implementationOf(provider: Provider, contract: UpgradeableContract, address: string): Promise<string> {
  if (contract !== "SequencerVault") {
    return getAddress(dataSlice(await provider.getStorage(address, implementationSlot), 12));
  }
  const data = beacon.encodeFunctionData("implementation");
  return String(beacon.decodeFunctionResult("implementation", await provider.call({ to: address, data }))[0]);
}
