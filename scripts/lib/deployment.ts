/**
 * Deploys the protocol on both chains. Every address follows from the deployer's nonce, so each side knows the other before either exists,
 * and a run that was broken off goes on where it stopped: a contract that is there already is not deployed again.
 */
import {
  ContractFactory,
  Interface,
  type InterfaceAbi,
  type Provider,
  type Signer,
  getAddress,
  getCreateAddress,
} from "ethers";

import { lockManagerParameters, poolParameters } from "../config/parameters";
import { type RestrictedContract, type Role, adminRole, roles } from "../config/roles";
import {
  AccessManager__factory,
  L1Gateway__factory,
  L2Gateway__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  StakingPool__factory,
  readArtifact,
} from "./artifacts";

/** Addresses on Metis, implementations included. */
export interface L2Deployment {
  readonly accessManager: string;
  readonly eMetis: string;
  readonly seMetis: string;
  readonly stakingPool: string;
  readonly redemptionQueue: string;
  readonly l2Gateway: string;
  readonly implementations: {
    readonly stakingPool: string;
    readonly redemptionQueue: string;
    readonly l2Gateway: string;
  };
}

/** Addresses on Ethereum, implementations included. */
export interface L1Deployment {
  readonly accessManager: string;
  readonly vaultBeacon: string;
  readonly lockManager: string;
  readonly l1Gateway: string;
  readonly implementations: {
    readonly sequencerVault: string;
    readonly lockManager: string;
    readonly l1Gateway: string;
  };
}

/** The protocol on a pair of chains. */
export interface Deployment {
  readonly l1ChainId: bigint;
  readonly l2ChainId: bigint;
  readonly l1: L1Deployment;
  readonly l2: L2Deployment;
}

/** Who gets what power, and where fees go. */
export interface Actors {
  readonly governance: string;
  readonly guardian: string;
  readonly keeper: string;
  readonly treasury: string;
}

/** Metis's contracts that the protocol on Ethereum is built on. */
export interface MetisOnL1 {
  readonly metis: string;
  readonly lockingPool: string;
  readonly bridge: string;
}

/** Where the plan starts on each chain: the deployer and its nonce before the first contract. */
export interface PlanParameters {
  readonly l1: { readonly chainId: bigint; readonly deployer: string; readonly nonce: number };
  readonly l2: { readonly chainId: bigint; readonly deployer: string; readonly nonce: number };
}

/** The address that every contract will have. Contracts are deployed in the order of the fields here. */
export function planDeployment({ l1, l2 }: PlanParameters): Deployment {
  const onL1 = (offset: number) => getCreateAddress({ from: l1.deployer, nonce: l1.nonce + offset });
  const onL2 = (offset: number) => getCreateAddress({ from: l2.deployer, nonce: l2.nonce + offset });
  return {
    l1ChainId: l1.chainId,
    l2ChainId: l2.chainId,
    l1: {
      accessManager: onL1(0),
      implementations: { sequencerVault: onL1(1), lockManager: onL1(3), l1Gateway: onL1(4) },
      vaultBeacon: onL1(2),
      lockManager: onL1(5),
      l1Gateway: onL1(6),
    },
    l2: {
      accessManager: onL2(0),
      eMetis: onL2(1),
      seMetis: onL2(2),
      implementations: { stakingPool: onL2(3), redemptionQueue: onL2(4), l2Gateway: onL2(5) },
      stakingPool: onL2(6),
      redemptionQueue: onL2(7),
      l2Gateway: onL2(8),
    },
  };
}

/** A contract to deploy: where it will be, and how. */
interface Step {
  readonly address: string;
  /** Its artifact's name. */
  readonly contract: string;
  readonly parameters: readonly unknown[];
}

/** Deploys what the plan has on Metis, and writes the table of powers; the deployer keeps its own until {@link handOver}. */
export async function deployL2(signer: Signer, { l1, l2, l1ChainId }: Deployment, actors: Actors): Promise<void> {
  const deployer = await signer.getAddress();
  const { implementations } = l2;
  const poolData = StakingPool__factory.createInterface().encodeFunctionData("initialize", [
    l2.accessManager,
    actors.treasury,
    poolParameters,
  ]);
  const queueData = RedemptionQueue__factory.createInterface().encodeFunctionData("initialize", [l2.accessManager]);
  const gatewayData = L2Gateway__factory.createInterface().encodeFunctionData("initialize", [
    l2.accessManager,
    l1.l1Gateway,
  ]);
  await deployInOrder(signer, [
    { address: l2.accessManager, contract: "AccessManager", parameters: [deployer] },
    {
      address: l2.eMetis,
      contract: "EMetis",
      parameters: [l2.stakingPool, l2.seMetis, l2.redemptionQueue],
    },
    { address: l2.seMetis, contract: "SEMetis", parameters: [l2.eMetis, l2.stakingPool] },
    {
      address: implementations.stakingPool,
      contract: "StakingPool",
      parameters: [l2.eMetis, l2.seMetis, l2.redemptionQueue, l2.l2Gateway, l1.lockManager],
    },
    {
      address: implementations.redemptionQueue,
      contract: "RedemptionQueue",
      parameters: [l2.eMetis, l2.seMetis, l2.stakingPool],
    },
    {
      address: implementations.l2Gateway,
      contract: "L2Gateway",
      parameters: [l2.stakingPool, l1ChainId],
    },
    proxy(l2.stakingPool, implementations.stakingPool, poolData),
    proxy(l2.redemptionQueue, implementations.redemptionQueue, queueData),
    proxy(l2.l2Gateway, implementations.l2Gateway, gatewayData),
  ]);
  await writeRoles(signer, l2.accessManager, {
    StakingPool: { address: l2.stakingPool, abi: StakingPool__factory.abi },
  });
}

/** Deploys what the plan has on Ethereum, and writes the table of powers; the deployer keeps its own until {@link handOver}. */
export async function deployL1(signer: Signer, { l1, l2, l2ChainId }: Deployment, metis: MetisOnL1): Promise<void> {
  const deployer = await signer.getAddress();
  const { implementations } = l1;
  const managerData = LockManager__factory.createInterface().encodeFunctionData("initialize", [
    l1.accessManager,
    lockManagerParameters,
  ]);
  const gatewayData = L1Gateway__factory.createInterface().encodeFunctionData("initialize", [
    l1.accessManager,
    l2.l2Gateway,
  ]);
  await deployInOrder(signer, [
    { address: l1.accessManager, contract: "AccessManager", parameters: [deployer] },
    {
      address: implementations.sequencerVault,
      contract: "SequencerVault",
      parameters: [metis.metis, metis.lockingPool, l1.lockManager],
    },
    {
      address: l1.vaultBeacon,
      contract: "UpgradeableBeacon",
      parameters: [implementations.sequencerVault, l1.accessManager],
    },
    {
      address: implementations.lockManager,
      contract: "LockManager",
      parameters: [metis.metis, metis.lockingPool, l1.l1Gateway, l1.vaultBeacon],
    },
    {
      address: implementations.l1Gateway,
      contract: "L1Gateway",
      parameters: [l1.lockManager, metis.metis, metis.bridge, l2ChainId],
    },
    proxy(l1.lockManager, implementations.lockManager, managerData),
    proxy(l1.l1Gateway, implementations.l1Gateway, gatewayData),
  ]);
  await writeRoles(signer, l1.accessManager, {
    LockManager: { address: l1.lockManager, abi: LockManager__factory.abi },
  });
}

/** Gives every role of the table to its holder, and takes the deployer's own away. Afterwards the deployer has no power here. */
export async function handOver(signer: Signer, accessManager: string, actors: Actors): Promise<void> {
  const manager = AccessManager__factory.connect(accessManager, signer);
  const deployer = await signer.getAddress();
  for (const role of Object.values<Role>(roles)) {
    const holder = actors[role.holder];
    const { isMember, executionDelay } = await manager.hasRole(role.id, holder);
    if (!isMember || executionDelay !== role.delay) {
      await (await manager.grantRole(role.id, holder, role.delay)).wait();
    }
  }
  await (await manager.renounceRole(adminRole, deployer)).wait();
}

interface Target {
  readonly address: string;
  readonly abi: InterfaceAbi;
}

async function writeRoles(
  signer: Signer,
  accessManager: string,
  targets: Readonly<Partial<Record<RestrictedContract, Target>>>,
): Promise<void> {
  const manager = AccessManager__factory.connect(accessManager, signer);
  for (const role of Object.values<Role>(roles)) {
    for (const [name, { address, abi }] of Object.entries(targets)) {
      const functions = role.functions[name as RestrictedContract] ?? [];
      const contract = new Interface(abi);
      const selectors = functions.map(
        (fragment) => contract.getFunction(fragment)?.selector ?? missing(name, fragment),
      );
      if (selectors.length === 0) continue;
      await (await manager.setTargetFunctionRole(address, selectors, role.id)).wait();
    }
  }
}

function proxy(address: string, implementation: string, data: string): Step {
  return { address, contract: "ERC1967Proxy", parameters: [implementation, data] };
}

async function deployInOrder(signer: Signer, steps: readonly Step[]): Promise<void> {
  for (const { address, contract, parameters } of steps) {
    if (await hasCode(providerOf(signer), address)) continue;
    const { abi, bytecode } = await readArtifact(contract);
    const deployed = await new ContractFactory(abi, bytecode, signer).deploy(...parameters);
    const found = getAddress(await (await deployed.waitForDeployment()).getAddress());
    if (found !== address)
      throw new Error(`${contract} planned at ${address} was deployed at ${found}: the deployer sent something else`);
  }
}

async function hasCode(provider: Provider, address: string): Promise<boolean> {
  return (await provider.getCode(address)) !== "0x";
}

function providerOf(signer: Signer): Provider {
  if (signer.provider === null) throw new Error("the deployer has no provider");
  return signer.provider;
}

function missing(contract: string, name: string): never {
  throw new Error(`${contract} has no function ${name}`);
}
