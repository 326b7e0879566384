import { dataSlice, toBeHex } from "ethers";

import { checkAnyAddress, checkHex } from "../check";
import type { Context } from "../context";
import type { Deployment, RecordedCode } from "../deployments";
import { ask } from "../rpc/ask";
import { type Pinned, type PinnedRunner, readL1, readL2 } from "../rpc/readPinned";
import type { Address, Hex, Side } from "../types";

/** The `code` sections of a deployment, by the names of its fields. */
export interface RecordedSides {
  readonly l1: Readonly<Record<string, RecordedCode>>;
  readonly l2: Readonly<Record<string, RecordedCode>>;
}

/** The protocol's own contracts; those of Metis change without us. */
const own = {
  l1: ["accessManager", "vaultBeacon", "lockManager", "l1Gateway"],
  l2: ["accessManager", "eMetis", "seMetis", "stakingPool", "redemptionQueue", "l2Gateway"],
} as const;

/** ERC-1967: where a proxy keeps what it delegates to. */
const implementationSlot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
/** OpenZeppelin's UpgradeableBeacon keeps it behind its owner. */
const beaconSlot = toBeHex(1, 32);
const nobody = toBeHex(0, 20);

/**
 * Reads what code the protocol's contracts have, and of proxies and the beacon what they delegate to: the `code` sections of a
 * deployment, for those who record one. 3 round trips on each chain.
 *
 * @throws {@link NoContractError} when a contract is missing, and as {@link readL1} and {@link readL2}.
 * @example
 * const code = await recordCode(context);
 * const recorded = { ...deployment, l1: { ...deployment.l1, code: code.l1 }, l2: { ...deployment.l2, code: code.l2 } };
 */
export async function recordCode(context: Context): Promise<RecordedSides> {
  const [l1, l2] = await Promise.all([recordSide(context, "l1"), recordSide(context, "l2")]);
  return { l1, l2 };
}

async function recordSide(context: Context, side: Side): Promise<Readonly<Record<string, RecordedCode>>> {
  const contracts = contractsOf(context.deployment, side);
  const { block, value: hashes } = await readSide(context, side, undefined, (runner) =>
    Promise.all(contracts.map(({ address }) => runner.codeHash(address))),
  );
  const implementations = await Promise.all(
    contracts.map(async (contract) => readImplementation(context, side, { ...contract, ...block })),
  );
  const { value: implementationHashes } = await readSide(context, side, block.blockNumber, (runner) =>
    Promise.all(implementations.map(async (address) => (address === undefined ? undefined : runner.codeHash(address)))),
  );
  const records = contracts.map(({ name }, index): readonly [string, RecordedCode][] => {
    const [codeHash, address, inner] = [hashes[index], implementations[index], implementationHashes[index]];
    if (codeHash === undefined) return [];
    if (address === undefined || inner === undefined) return [[name, { codeHash }]];
    return [[name, { codeHash, implementation: { address, codeHash: inner } }]];
  });
  return Object.fromEntries(records.flat());
}

function contractsOf(
  { l1, l2 }: Deployment,
  side: Side,
): readonly { readonly name: string; readonly address: Address }[] {
  if (side === "l1") return own.l1.map((name) => ({ name, address: l1[name] }));
  return own.l2.map((name) => ({ name, address: l2[name] }));
}

function readSide<T>(
  context: Context,
  side: Side,
  blockTag: number | undefined,
  read: (runner: PinnedRunner) => Promise<T>,
): Promise<Pinned<T>> {
  return side === "l1" ? readL1(context, blockTag, read) : readL2(context, blockTag, read);
}

/** What a proxy or the beacon delegates to; `undefined` of what is neither. */
async function readImplementation(
  context: Context,
  side: Side,
  { name, address, blockNumber }: { readonly name: string; readonly address: Address; readonly blockNumber: number },
): Promise<Address | undefined> {
  const slot = name === "vaultBeacon" ? beaconSlot : implementationSlot;
  const request = () => context[side].getStorage(address, slot, blockNumber);
  const word: Hex = checkHex("storage", await ask(side, "eth_getStorageAt", context, request), 32);
  const implementation = dataSlice(word, 12);
  return implementation === nobody ? undefined : checkAnyAddress("implementation", implementation);
}
