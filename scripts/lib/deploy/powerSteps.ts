/** Who may do what: the table of powers of each chain, and how the deployer gives its own away. */
import { Interface, type InterfaceAbi } from "ethers";

import type { Layer } from "../../config/localChains";
import { type RestrictedContract, type Role, adminRole, roles } from "../../config/roles";
import { AccessManager__factory, LockManager__factory, StakingPool__factory } from "../artifacts";
import type { Actors, Deployment } from "./addresses";
import type { CallStep } from "./steps";

interface Target {
  readonly contract: RestrictedContract;
  readonly address: string;
  readonly abi: InterfaceAbi;
}

/** Writes the table of one chain: which role each restricted function needs. */
export function roleSteps(layer: Layer, { l1, l2 }: Deployment): readonly CallStep[] {
  const manager = layer === "l1" ? l1.accessManager : l2.accessManager;
  const target: Target =
    layer === "l1"
      ? { contract: "LockManager", address: l1.lockManager, abi: LockManager__factory.abi }
      : { contract: "StakingPool", address: l2.stakingPool, abi: StakingPool__factory.abi };
  return Object.entries<Role>(roles).flatMap(([name, role]) => {
    const selectors = selectorsOf(target, role.functions[target.contract] ?? []);
    return selectors.length === 0 ? [] : [tableStep({ layer, manager, name, role, target, selectors })];
  });
}

/** Gives every role of the table to its holder on one chain, and takes the deployer's own away. Afterwards `deployer` has no power there. */
export function handOverSteps(
  layer: Layer,
  accessManager: string,
  { actors, deployer }: { readonly actors: Actors; readonly deployer: string },
): readonly CallStep[] {
  const grants = Object.entries<Role>(roles).map(([name, role]) => {
    return grantStep({ layer, accessManager, name, role, holder: actors[role.holder] });
  });
  return [...grants, renounceStep(layer, accessManager, deployer)];
}

interface TableEntry {
  readonly layer: Layer;
  readonly manager: string;
  readonly name: string;
  readonly role: Role;
  readonly target: Target;
  readonly selectors: readonly string[];
}

function tableStep({ layer, manager, name, role, target, selectors }: TableEntry): CallStep {
  const table = AccessManager__factory.createInterface();
  return {
    type: "call",
    layer,
    name: `${target.contract}: ${name}`,
    to: manager,
    data: table.encodeFunctionData("setTargetFunctionRole", [target.address, [...selectors], role.id]),
    isDone: async (provider, block = "latest") => {
      if ((await provider.getCode(manager, block)) === "0x") return false;
      const contract = AccessManager__factory.connect(manager, provider);
      const found = await Promise.all(
        selectors.map((selector) => contract.getTargetFunctionRole(target.address, selector, { blockTag: block })),
      );
      return found.every((id) => id === role.id);
    },
  };
}

interface Grant {
  readonly layer: Layer;
  readonly accessManager: string;
  readonly name: string;
  readonly role: Role;
  readonly holder: string;
}

function grantStep({ layer, accessManager, name, role, holder }: Grant): CallStep {
  return {
    type: "call",
    layer,
    name: `${layer.toUpperCase()} ${name} to its holder`,
    to: accessManager,
    data: AccessManager__factory.createInterface().encodeFunctionData("grantRole", [role.id, holder, role.delay]),
    isDone: async (provider, block = "latest") => {
      if ((await provider.getCode(accessManager, block)) === "0x") return false;
      const contract = AccessManager__factory.connect(accessManager, provider);
      const { isMember, executionDelay } = await contract.hasRole(role.id, holder, { blockTag: block });
      return isMember && executionDelay === role.delay;
    },
  };
}

function renounceStep(layer: Layer, accessManager: string, deployer: string): CallStep {
  return {
    type: "call",
    layer,
    name: `${layer.toUpperCase()} deployer's power renounced`,
    to: accessManager,
    data: AccessManager__factory.createInterface().encodeFunctionData("renounceRole", [adminRole, deployer]),
    isDone: async (provider, block = "latest") => {
      if ((await provider.getCode(accessManager, block)) === "0x") return false;
      const contract = AccessManager__factory.connect(accessManager, provider);
      return !(await contract.hasRole(adminRole, deployer, { blockTag: block })).isMember;
    },
  };
}

function selectorsOf({ contract, abi }: Target, functions: readonly string[]): readonly string[] {
  const found = new Interface(abi);
  return functions.map((name) => found.getFunction(name)?.selector ?? missing(contract, name));
}

function missing(contract: string, name: string): never {
  throw new Error(`${contract} has no function ${name}`);
}
