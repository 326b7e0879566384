/** The contracts that an AccessManager rules, and their calls and logs in words. */
import { Interface, type LogParams, type ParamType, type Result } from "ethers";

import type { Deployment } from "../../../sdk/src/deployments";
import { UpgradeableBeacon__factory } from "../../../typechain-types";
import type { Layer } from "../../config/localChains";
import {
  AccessManager__factory,
  L1Gateway__factory,
  L2Gateway__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  StakingPool__factory,
} from "../artifacts";
import { actorsOf, readSetup } from "../setup";
import { UnknownContractError } from "./errors";

/** A governed contract of one chain. */
export interface Target {
  readonly name: string;
  readonly address: string;
  readonly contract: Interface;
}

/** A log in words. */
export interface Emitted {
  /** The contract's name, or its address where it is not one of ours. */
  readonly contract: string;
  /** As in Solidity, with its arguments by name. */
  readonly event: string;
}

/** What governance rules on a chain, the AccessManager itself among it. */
export function targetsOf({ l1, l2 }: Pick<Deployment, "l1" | "l2">, layer: Layer): readonly Target[] {
  const target = (name: string, address: string, abi: ConstructorParameters<typeof Interface>[0]): Target => {
    return { name, address, contract: new Interface(abi) };
  };
  if (layer === "l1") {
    return [
      target("LockManager", l1.lockManager, LockManager__factory.abi),
      target("L1Gateway", l1.l1Gateway, L1Gateway__factory.abi),
      target("VaultBeacon", l1.vaultBeacon, UpgradeableBeacon__factory.abi),
      target("AccessManager", l1.accessManager, AccessManager__factory.abi),
    ];
  }
  return [
    target("StakingPool", l2.stakingPool, StakingPool__factory.abi),
    target("RedemptionQueue", l2.redemptionQueue, RedemptionQueue__factory.abi),
    target("L2Gateway", l2.l2Gateway, L2Gateway__factory.abi),
    target("AccessManager", l2.accessManager, AccessManager__factory.abi),
  ];
}

/** The target of a name. @throws {@link UnknownContractError} that lists the names. */
export function targetNamed(targets: readonly Target[], name: string): Target {
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  const names = targets.map((target) => target.name).join(", ");
  throw new UnknownContractError(`"${name}" is no contract that governance rules here: say one of ${names}`);
}

/** What `setup.json` calls the accounts of a chain; none where there is no such file. */
export async function namesOf(folder: string, layer: Layer): Promise<ReadonlyMap<string, string>> {
  const setup = await readSetup(folder).catch(() => undefined);
  if (setup === undefined) return new Map();
  return new Map(Object.entries(actorsOf(setup, layer)).map(([name, address]: [string, string]) => [address, name]));
}

/** A call in words: `LockManager.tightenVault(index: 0, commissionBps: 400, cap: 5)`. */
export function describeCall(targets: readonly Target[], address: string, data: string): string {
  const target = targetAt(targets, address);
  if (target === undefined) return `${address} ${data}`;
  const call = target.contract.parseTransaction({ data });
  if (call === null) return `${target.name} ${data}`;
  return `${target.name}.${call.name}(${describeValues(call.fragment.inputs, call.args)})`;
}

/** A log in words. One that no contract of ours knows is told by its topics. */
export function describeLog(targets: readonly Target[], { address, topics, data }: LogParams | LogLike): Emitted {
  const target = targetAt(targets, address);
  const contract = target?.name ?? address;
  const log = target?.contract.parseLog({ topics: [...topics], data }) ?? null;
  if (log === null) return { contract, event: topics.join(" ") };
  return { contract, event: `${log.name}(${describeValues(log.fragment.inputs, log.args)})` };
}

/** What is needed of a log. */
export interface LogLike {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** The target at an address, where there is one. */
export function targetAt(targets: readonly Target[], address: string): Target | undefined {
  return targets.find((target) => target.address.toLowerCase() === address.toLowerCase());
}

function describeValues(inputs: readonly ParamType[], values: Result): string {
  return inputs.map((input, index) => `${input.name || index}: ${describeValue(input, values[index])}`).join(", ");
}

function describeValue(type: ParamType, value: unknown): string {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [];
  if (type.isTuple()) {
    return `{ ${type.components.map((part, index) => `${part.name}: ${describeValue(part, parts[index])}`).join(", ")} }`;
  }
  if (type.isArray()) return `[${parts.map((part) => describeValue(type.arrayChildren, part)).join(", ")}]`;
  return String(value);
}
