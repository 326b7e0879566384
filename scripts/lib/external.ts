/** Metis's own contracts on Ethereum, as a network's `external.json` has them: each with where it was read. */
import path from "node:path";

import { FileError, addressAt, objectAt, readJsonFile, textAt } from "./json";

/** Their addresses. */
export interface External {
  readonly metis: string;
  readonly lockingPool: string;
  readonly lockingInfo: string;
  readonly bridge: string;
  readonly messenger: string;
  readonly addressManager: string;
}

/** By the names that Metis gives them. */
export const externalNames = {
  metis: "METIS",
  lockingPool: "LockingPool",
  lockingInfo: "LockingInfo",
  bridge: "L1StandardBridge",
  messenger: "L1CrossDomainMessenger",
  addressManager: "Lib_AddressManager",
} as const satisfies Record<keyof External, string>;

/**
 * Reads them from the folder of a network.
 *
 * @throws {@link FileError} for the first that is missing or malformed, naming it.
 */
export async function readExternal(folder: string): Promise<External> {
  const found = await readAllExternal(folder);
  const address = (name: string): string => {
    const known = found[name];
    if (known === undefined) throw new FileError(`external.json: ${name} is missing`);
    return known;
  };
  return {
    metis: address(externalNames.metis),
    lockingPool: address(externalNames.lockingPool),
    lockingInfo: address(externalNames.lockingInfo),
    bridge: address(externalNames.bridge),
    messenger: address(externalNames.messenger),
    addressManager: address(externalNames.addressManager),
  };
}

/** Every address of the file by Metis's name, also of contracts that only people and tests ask for. @throws {@link FileError}. */
export async function readAllExternal(folder: string): Promise<Readonly<Record<string, string>>> {
  const file = await readJsonFile(path.join(folder, "external.json"));
  if (file === undefined) throw new FileError(`${path.basename(folder)}/external.json is missing`);
  const addresses = Object.keys(file.values).map((name) => {
    const entry = objectAt(file, name);
    textAt(entry, "source");
    return [name, addressAt(entry, "address")] as const;
  });
  return Object.fromEntries(addresses);
}
