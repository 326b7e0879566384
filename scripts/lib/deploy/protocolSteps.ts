/** The contracts of the protocol on each chain, in the order of `planDeployment`'s nonces. */
import { lockManagerParameters, poolParameters } from "../../config/parameters";
import {
  L1Gateway__factory,
  L2Gateway__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  StakingPool__factory,
} from "../artifacts";
import type { Actors, Deployment, MetisOnL1 } from "./addresses";
import type { CreateStep } from "./steps";

/** What is deployed on Metis; `deployer` has all power there until it is handed over. */
export function l2Creations(
  { l1, l2, l1ChainId }: Deployment,
  { treasury }: Pick<Actors, "treasury">,
  deployer: string,
): readonly CreateStep[] {
  const { implementations } = l2;
  const poolData = StakingPool__factory.createInterface().encodeFunctionData("initialize", [
    l2.accessManager,
    treasury,
    poolParameters,
  ]);
  const queueData = RedemptionQueue__factory.createInterface().encodeFunctionData("initialize", [l2.accessManager]);
  const gatewayData = L2Gateway__factory.createInterface().encodeFunctionData("initialize", [
    l2.accessManager,
    l1.l1Gateway,
  ]);
  const poolParts = [l2.eMetis, l2.seMetis, l2.redemptionQueue, l2.l2Gateway, l1.lockManager];
  return [
    create("L2AccessManager", "AccessManager", l2.accessManager, [deployer]),
    create("EMetis", "EMetis", l2.eMetis, [l2.stakingPool, l2.seMetis, l2.redemptionQueue]),
    create("SEMetis", "SEMetis", l2.seMetis, [l2.eMetis, l2.stakingPool]),
    implementation("StakingPool", implementations.stakingPool, poolParts),
    implementation("RedemptionQueue", implementations.redemptionQueue, [l2.eMetis, l2.seMetis, l2.stakingPool]),
    implementation("L2Gateway", implementations.l2Gateway, [l2.stakingPool, l1ChainId]),
    proxy("StakingPool", l2.stakingPool, [implementations.stakingPool, poolData]),
    proxy("RedemptionQueue", l2.redemptionQueue, [implementations.redemptionQueue, queueData]),
    proxy("L2Gateway", l2.l2Gateway, [implementations.l2Gateway, gatewayData]),
  ].map((step) => ({ ...step, type: "create", layer: "l2" }));
}

/** What is deployed on Ethereum; `deployer` has all power there until it is handed over. */
export function l1Creations(
  { l1, l2, l2ChainId }: Deployment,
  { metis, lockingPool, bridge }: MetisOnL1,
  deployer: string,
): readonly CreateStep[] {
  const { implementations } = l1;
  const managerData = LockManager__factory.createInterface().encodeFunctionData("initialize", [
    l1.accessManager,
    lockManagerParameters,
  ]);
  const gatewayData = L1Gateway__factory.createInterface().encodeFunctionData("initialize", [
    l1.accessManager,
    l2.l2Gateway,
  ]);
  const managerParts = [metis, lockingPool, l1.l1Gateway, l1.vaultBeacon];
  return [
    create("L1AccessManager", "AccessManager", l1.accessManager, [deployer]),
    implementation("SequencerVault", implementations.sequencerVault, [metis, lockingPool, l1.lockManager]),
    create("VaultBeacon", "UpgradeableBeacon", l1.vaultBeacon, [implementations.sequencerVault, l1.accessManager]),
    implementation("LockManager", implementations.lockManager, managerParts),
    implementation("L1Gateway", implementations.l1Gateway, [l1.lockManager, metis, bridge, l2ChainId]),
    proxy("LockManager", l1.lockManager, [implementations.lockManager, managerData]),
    proxy("L1Gateway", l1.l1Gateway, [implementations.l1Gateway, gatewayData]),
  ].map((step) => ({ ...step, type: "create", layer: "l1" }));
}

/** What a step of a creation has beside its chain. */
export type Creation = Pick<CreateStep, "name" | "contract" | "address" | "parameters">;

/** A contract that stands for itself. */
export function create(name: string, contract: string, address: string, parameters: readonly unknown[]): Creation {
  return { name, contract, address, parameters };
}

/** What a proxy or a beacon called `name` delegates to; `name` is also its artifact's. */
export function implementation(name: string, address: string, parameters: readonly unknown[]): Creation {
  return { name: implementationOf(name), contract: name, address, parameters };
}

/** The name of the step that creates the implementation of `contract`. */
export function implementationOf(contract: string): string {
  return `${contract} implementation`;
}

/** A proxy with its implementation and the data of its initialiser. */
export function proxy(name: string, address: string, parameters: readonly [string, string]): Creation {
  return { name, contract: "ERC1967Proxy", address, parameters };
}
