/** The call that puts a new implementation behind a proxy or the vaults' beacon, once that implementation is what it has to be. */
import { type Provider, Interface, concat, dataSlice, getCreateAddress } from "ethers";

import type { Deployment } from "../../../sdk/src/deployments";
import { UpgradeableBeacon__factory } from "../../../typechain-types";
import type { Layer } from "../../config/localChains";
import { StakingPool__factory, readArtifact } from "../artifacts";
import {
  type LayoutFault,
  type RecordedLayout,
  type UpgradeableContract,
  halves,
  disagreements,
  unsafeChanges,
} from "../layouts";
import { UpgradeError } from "./errors";
import { type Target, targetNamed } from "./targets";

/** A contract with a new implementation. */
export interface Upgrade {
  readonly contract: UpgradeableContract;
  readonly implementation: string;
}

/** Whom the constructor of an implementation is given, and where the proxy is. */
interface Place {
  readonly layer: Layer;
  readonly target: string;
  readonly parameters: (deployment: Deployment) => readonly unknown[];
}

const places: Readonly<Record<UpgradeableContract, Place>> = {
  StakingPool: {
    layer: "l2",
    target: "StakingPool",
    parameters: ({ l1, l2 }) => [l2.eMetis, l2.seMetis, l2.redemptionQueue, l2.l2Gateway, l1.lockManager],
  },
  RedemptionQueue: {
    layer: "l2",
    target: "RedemptionQueue",
    parameters: ({ l2 }) => [l2.eMetis, l2.seMetis, l2.stakingPool],
  },
  L2Gateway: { layer: "l2", target: "L2Gateway", parameters: ({ l1, l2 }) => [l2.stakingPool, l1.chainId] },
  LockManager: {
    layer: "l1",
    target: "LockManager",
    parameters: ({ l1 }) => [l1.metis, l1.lockingPool, l1.l1Gateway, l1.vaultBeacon],
  },
  L1Gateway: {
    layer: "l1",
    target: "L1Gateway",
    parameters: ({ l1, l2 }) => [l1.lockManager, l1.metis, l1.bridge, l2.chainId],
  },
  SequencerVault: {
    layer: "l1",
    target: "VaultBeacon",
    parameters: ({ l1 }) => [l1.metis, l1.lockingPool, l1.lockManager],
  },
};

/** An account that has sent nothing, so that what it creates is at its first address. */
const creator = "0x00000000000000000000000000000000000c0de5";
/** A contract's own first creation: LockManager's constructor makes its second half. */
const firstNonce = 1;

/** The chain that a contract is upgraded on. */
export function layerOf(contract: UpgradeableContract): Layer {
  return places[contract].layer;
}

/** The contract that an upgrade is a call of, and the call. */
export function upgradeCall(
  targets: readonly Target[],
  { contract, implementation }: Upgrade,
): { readonly target: Target; readonly data: string } {
  const target = targetNamed(targets, places[contract].target);
  const data =
    contract === "SequencerVault"
      ? UpgradeableBeacon__factory.createInterface().encodeFunctionData("upgradeTo", [implementation])
      : StakingPool__factory.createInterface().encodeFunctionData("upgradeToAndCall", [implementation, "0x"]);
  return { target, data };
}

/**
 * Makes sure that the code at the new implementation is what the present build's constructor leaves, with this network's addresses in it;
 * of LockManager also the code of its second half.
 *
 * @param provider - A node, or a fork of one: the constructor is run there without a transaction.
 * @throws {@link UpgradeError} with the first byte that is other.
 */
export async function expectPresentBuild(provider: Provider, deployment: Deployment, upgrade: Upgrade): Promise<void> {
  const { contract, implementation } = upgrade;
  const parameters = places[contract].parameters(deployment);
  await expectCode(provider, { contract, parameters, address: implementation });
  const inner = halves.find(({ whole }) => whole === contract);
  if (inner === undefined) return;
  const [metis, lockingPool, l1Gateway] = parameters;
  const address = getCreateAddress({ from: implementation, nonce: firstNonce });
  await expectCode(provider, { contract: inner.half, parameters: [metis, lockingPool, l1Gateway], address });
}

/**
 * Makes sure that the present layout of a contract reads what the deployed one stored, and that its halves agree.
 *
 * @param deployed - The layout of what is deployed now.
 * @throws {@link UpgradeError} that names contract, struct and field.
 */
export function expectCompatibleLayout(
  contract: UpgradeableContract,
  deployed: RecordedLayout,
  present: ReadonlyMap<string, RecordedLayout>,
): void {
  const now = layoutIn(present, contract);
  const pairs = halves.filter(({ whole }) => whole === contract);
  const faults: readonly LayoutFault[] = [
    ...unsafeChanges(contract, deployed, now),
    ...pairs.flatMap((names) => disagreements(names, now, layoutIn(present, names.half))),
  ];
  if (faults.length > 0) throw new UpgradeError(faults.map(({ message }) => message).join("\n"));
}

function layoutIn(layouts: ReadonlyMap<string, RecordedLayout>, contract: string): RecordedLayout {
  const layout = layouts.get(contract);
  if (layout === undefined) throw new UpgradeError(`the build has no layout of ${contract}: run npm run compile`);
  return layout;
}

interface ExpectedCode {
  readonly contract: string;
  readonly parameters: readonly unknown[];
  readonly address: string;
}

async function expectCode(provider: Provider, { contract, parameters, address }: ExpectedCode): Promise<void> {
  const found = await provider.getCode(address);
  if (found === "0x") throw new UpgradeError(`there is no code at ${address}: deploy ${contract} there first`);
  const expected = await runConstructor(provider, { contract, parameters, address });
  if (found === expected) return;
  const [left, right] = [found, expected].map((code) => Buffer.from(code.slice(2), "hex"));
  const first = left?.findIndex((byte, index) => byte !== right?.[index]) ?? -1;
  const at = first === -1 ? Math.min(left?.length ?? 0, right?.length ?? 0) : first;
  throw new UpgradeError(
    `the code at ${address} is not the present build of ${contract} with this network's addresses: ` +
      `it is other from byte ${at} on, ${slice(found, at)} instead of ${slice(expected, at)}`,
  );
}

/** The code that the constructor leaves, as if it had run at `address`: its own address and that of what it creates are in the code. */
async function runConstructor(provider: Provider, { contract, parameters, address }: ExpectedCode): Promise<string> {
  const { abi, bytecode } = await readArtifact(contract);
  const creation = concat([bytecode, new Interface(abi).encodeDeploy([...parameters])]);
  const nonce = await provider.getTransactionCount(creator);
  const code = await provider.call({ from: creator, data: creation });
  const ran = getCreateAddress({ from: creator, nonce });
  const places = [ran, getCreateAddress({ from: ran, nonce: firstNonce })];
  const real = [address, getCreateAddress({ from: address, nonce: firstNonce })];
  return places.reduce((text, place, index) => text.replaceAll(bare(place), bare(real[index] ?? place)), code);
}

function bare(address: string): string {
  return address.slice(2).toLowerCase();
}

function slice(code: string, at: number): string {
  const length = (code.length - 2) / 2;
  return at >= length ? "nothing" : dataSlice(code, at, Math.min(length, at + 20));
}
