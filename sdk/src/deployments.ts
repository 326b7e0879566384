import { checkAddress, checkHex } from "./check";
import { DeploymentError, UnknownNetworkError } from "./errors";
import { deployments } from "./generated/deployments";
import type { Address, Hex } from "./types";

/** What code a contract was recorded with. */
export interface RecordedCode {
  /** Keccak-256 of the code at the contract's address. */
  readonly codeHash: Hex;
  /** Of a proxy: what it delegated to, and the hash of the code there. */
  readonly implementation?: { readonly address: Address; readonly codeHash: Hex };
}

/** The protocol on Ethereum. */
export interface L1Deployment {
  readonly chainId: number;
  /** No log of the protocol is in an earlier block. */
  readonly startBlock: number;
  readonly accessManager: Address;
  readonly vaultBeacon: Address;
  readonly lockManager: Address;
  readonly l1Gateway: Address;
  /** Metis's own: the METIS token, LockingPool and L1StandardBridge. */
  readonly metis: Address;
  readonly lockingPool: Address;
  readonly bridge: Address;
  /** By the names of the fields above; empty when nothing was recorded. */
  readonly code: Readonly<Record<string, RecordedCode>>;
}

/** The protocol on Metis. */
export interface L2Deployment {
  readonly chainId: number;
  /** No log of the protocol is in an earlier block. */
  readonly startBlock: number;
  readonly accessManager: Address;
  readonly eMetis: Address;
  readonly seMetis: Address;
  readonly stakingPool: Address;
  readonly redemptionQueue: Address;
  readonly l2Gateway: Address;
  /** By the names of the fields above; empty when nothing was recorded. */
  readonly code: Readonly<Record<string, RecordedCode>>;
}

/** The protocol on a pair of chains. Plain data: it can be stored as JSON and read by {@link parseDeployment}. */
export interface Deployment {
  /** As in `deployments/<name>`: "metis", "metis-sepolia"; of a development network whatever its tool calls it. */
  readonly name: string;
  readonly l1: L1Deployment;
  readonly l2: L2Deployment;
}

/** Names of the deployments that this release knows. */
export const networks: readonly string[] = Object.keys(deployments);

/**
 * A deployment that this release knows, by its name or the chain id of either side.
 *
 * @throws {@link UnknownNetworkError} when there is none.
 * @example
 * const deployment = deploymentOf("metis-sepolia");
 */
export function deploymentOf(network: string | number): Deployment {
  const known: readonly unknown[] = Object.values(deployments);
  const found = known
    .map(parseDeployment)
    .find(({ name, l1, l2 }) => name === network || l1.chainId === network || l2.chainId === network);
  if (found === undefined) throw new UnknownNetworkError(network, networks);
  return found;
}

/**
 * Reads a deployment from JSON, as `npm run devnet`, the test kit and `deployments/` write it. Every field is checked.
 *
 * @throws {@link DeploymentError} for the first field that is missing or malformed.
 * @example
 * const deployment = parseDeployment(JSON.parse(await readFile("deployment.json", "utf8")));
 */
export function parseDeployment(value: unknown): Deployment {
  const root = recordAt("object", value);
  const l1 = recordAt("l1", root.l1);
  const l2 = recordAt("l2", root.l2);
  const deployment: Deployment = {
    name: textAt("name", root.name),
    l1: { ...sideAt("l1", l1), ...addressesAt("l1", l1, l1Names) },
    l2: { ...sideAt("l2", l2), ...addressesAt("l2", l2, l2Names) },
  };
  if (deployment.l1.chainId !== deployment.l2.chainId) return deployment;
  throw new DeploymentError("l2.chainId", deployment.l2.chainId, "another chain's than l1.chainId");
}

const l1Names = ["accessManager", "vaultBeacon", "lockManager", "l1Gateway", "metis", "lockingPool", "bridge"] as const;
const l2Names = ["accessManager", "eMetis", "seMetis", "stakingPool", "redemptionQueue", "l2Gateway"] as const;

type Fields = Readonly<Record<string, unknown>>;

function sideAt(path: string, fields: Fields): Pick<L2Deployment, "chainId" | "startBlock" | "code"> {
  return {
    chainId: integerAt(`${path}.chainId`, fields.chainId, 1),
    startBlock: integerAt(`${path}.startBlock`, fields.startBlock, 0),
    code: codeAt(`${path}.code`, fields.code),
  };
}

function addressesAt<N extends string>(path: string, fields: Fields, names: readonly N[]): Record<N, Address> {
  const addresses: Partial<Record<N, Address>> = {};
  for (const name of names) addresses[name] = addressAt(`${path}.${name}`, fields[name]);
  if (!hasAll(addresses, names)) throw new DeploymentError(path, fields, "complete");
  return addresses;
}

function hasAll<N extends string>(
  found: Partial<Record<N, Address>>,
  names: readonly N[],
): found is Record<N, Address> {
  return names.every((name) => found[name] !== undefined);
}

function codeAt(path: string, value: unknown): Readonly<Record<string, RecordedCode>> {
  if (value === undefined) return {};
  const entries = Object.entries(recordAt(path, value));
  return Object.fromEntries(entries.map(([name, code]) => [name, recordedAt(`${path}.${name}`, code)]));
}

function recordedAt(path: string, value: unknown): RecordedCode {
  const { codeHash, implementation } = recordAt(path, value);
  const own = { codeHash: hashAt(`${path}.codeHash`, codeHash) };
  if (implementation === undefined) return own;
  const fields = recordAt(`${path}.implementation`, implementation);
  return {
    ...own,
    implementation: {
      address: addressAt(`${path}.implementation.address`, fields.address),
      codeHash: hashAt(`${path}.implementation.codeHash`, fields.codeHash),
    },
  };
}

function recordAt(path: string, value: unknown): Fields {
  if (!isFields(value)) throw new DeploymentError(path, value, "an object");
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textAt(path: string, value: unknown): string {
  if (typeof value !== "string" || value === "") throw new DeploymentError(path, value, "a name");
  return value;
}

function integerAt(path: string, value: unknown, minimum: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= minimum) return value;
  throw new DeploymentError(path, value, `an integer of at least ${minimum}`);
}

function addressAt(path: string, value: unknown): Address {
  try {
    return checkAddress(path, textAt(path, value));
  } catch {
    throw new DeploymentError(path, value, "an address with its checksum, not zero");
  }
}

function hashAt(path: string, value: unknown): Hex {
  try {
    return checkHex(path, textAt(path, value), 32);
  } catch {
    throw new DeploymentError(path, value, "a hash of 32 bytes");
  }
}
