/** Who can do what, and when, on one chain: read from the chain alone, told with the names that people use. */
import type { FunctionFragment, ParamType, Provider } from "ethers";

import { type Role, roles as knownRoles } from "../../config/roles";
import type { Layer } from "../../config/localChains";
import { type Member, type Powers, readPowers } from "../verify/accessManager";
import { isRestricted } from "./authority";
import { timeOf } from "./makeProposal";
import { type Target, describeCall, targetAt } from "./targets";

/** Where the powers of a chain are read. */
export interface RoleSource {
  readonly provider: Provider;
  readonly layer: Layer;
  readonly chainId: number;
  readonly accessManager: string;
  /** The AccessManager's block, or any before. */
  readonly startBlock: number;
  readonly targets: readonly Target[];
  /** Names of accounts, by address; they say nothing of power. */
  readonly names: ReadonlyMap<string, string>;
}

/** One role. Delays in seconds. */
export interface RoleRow {
  readonly id: bigint;
  readonly name: string;
  readonly holders: readonly (Member & { readonly name?: string })[];
  /** What it may call: `LockManager.pause()`. */
  readonly functions: readonly string[];
  /** The role whose members grant and revoke this one, and that whose members call off what this one announced. */
  readonly grantedBy: bigint;
  readonly calledOffBy: bigint;
  /** How long who is granted it waits for it. */
  readonly grantDelay: bigint;
}

/** An act that was announced and waits. Unix seconds. */
export interface OperationRow {
  readonly id: string;
  readonly act: string;
  readonly caller: string;
  readonly target: string;
  readonly data: string;
  readonly readyAt: number;
  readonly expiresAt: number;
  readonly isReady: boolean;
}

/** All powers on a chain. */
export interface RoleTable {
  readonly layer: Layer;
  readonly chainId: number;
  readonly accessManager: string;
  readonly block: number;
  readonly timestamp: number;
  readonly roles: readonly RoleRow[];
  readonly operations: readonly OperationRow[];
  /** What an administrator closed: nobody can call its restricted functions. */
  readonly closed: readonly string[];
  /** Why the node is not to be believed. */
  readonly contradictions: readonly string[];
}

/** A restricted function and the role that may call it. */
interface Power {
  readonly role: bigint;
  readonly function: string;
}

const day = 86_400;

/**
 * Reads the table. A function belongs to the role that a log gave it to, and else, where it refuses nobody in particular, to the
 * administrator.
 *
 * @throws IncompleteLogsError when the logs do not begin with the AccessManager's deployment.
 */
export async function readRoleTable(source: RoleSource): Promise<RoleTable> {
  const { provider, layer, chainId, accessManager, startBlock, targets } = source;
  const powers = await readPowers(provider, accessManager, startBlock, layer);
  const functions = (await Promise.all(targets.map((target) => powersOver(provider, target, powers)))).flat();
  const { block, timestamp, contradictions } = powers;
  return {
    ...{ layer, chainId, accessManager, block, timestamp, contradictions },
    roles: powers.roles.map((role) => rowOf(source, role, functions)),
    operations: powers.operations.map(({ id, caller, target, data, readyAt, expiresAt }) => ({
      ...{ id, caller, target, data, readyAt, expiresAt },
      act: describeCall(targets, target, data),
      isReady: readyAt <= timestamp,
    })),
    closed: powers.targets
      .filter(({ isClosed }) => isClosed)
      .map(({ address }) => targetAt(targets, address)?.name ?? address),
  };
}

/** The table for people. */
export function formatRoleTable(table: RoleTable): readonly string[] {
  const { layer, chainId, accessManager, block, timestamp, roles, operations, closed, contradictions } = table;
  const waiting = operations.flatMap(formatOperation);
  return [
    `${layer.toUpperCase()}, chain ${chainId}: AccessManager ${accessManager} at block ${block}, ${timeOf(timestamp)}`,
    ...contradictions.map((message) => `  NOT TO BE BELIEVED: ${message}`),
    ...closed.map((name) => `  CLOSED: ${name}`),
    ...roles.flatMap((role) => formatRole(role, roles)),
    ...(waiting.length === 0 ? ["  nothing is announced"] : ["  announced:", ...waiting]),
  ];
}

/** The table as JSON: great numbers as decimal texts. */
export function roleTableJson(tables: readonly RoleTable[]): string {
  return JSON.stringify(tables, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2);
}

function rowOf({ names }: RoleSource, role: Powers["roles"][number], functions: readonly Power[]): RoleRow {
  const { id, label, admin, guardian, grantDelay, members } = role;
  const known = Object.entries<Role>(knownRoles).find(([, candidate]) => candidate.id === id)?.[0];
  return {
    id,
    name: label ?? known ?? "without a name",
    holders: members.map((member) => {
      const name = names.get(member.account);
      return { ...member, ...(name === undefined ? {} : { name }) };
    }),
    functions: functions.filter((power) => power.role === id).map((power) => power.function),
    grantedBy: admin,
    calledOffBy: guardian,
    grantDelay,
  };
}

async function powersOver(provider: Provider, target: Target, { targets }: Powers): Promise<readonly Power[]> {
  const given = targets.find(({ address }) => address === target.address)?.functions ?? [];
  const powers = await Promise.all(
    actingFunctions(target).map(async (fragment): Promise<readonly Power[]> => {
      const named = { function: `${target.name}.${fragment.format()}` };
      const role = given.find(({ selector }) => selector === fragment.selector)?.role;
      if (role !== undefined) return [{ role, ...named }];
      const data = target.contract.encodeFunctionData(fragment, fragment.inputs.map(emptyValue));
      return (await isRestricted(provider, target, data)) ? [{ role: 0n, ...named }] : [];
    }),
  );
  return powers.flat();
}

function actingFunctions({ contract: { fragments } }: Target): readonly FunctionFragment[] {
  const functions = fragments.filter((fragment): fragment is FunctionFragment => fragment.type === "function");
  return functions.filter(({ stateMutability }) => stateMutability !== "view" && stateMutability !== "pure");
}

function emptyValue(type: ParamType): unknown {
  if (type.isTuple()) return type.components.map(emptyValue);
  if (type.isArray()) return [];
  if (type.type === "bool") return false;
  if (type.type === "string" || type.type === "bytes") return "0x";
  if (type.type === "address") return `0x${"00".repeat(20)}`;
  return type.type.startsWith("bytes") ? `0x${"00".repeat(Number(type.type.slice("bytes".length)))}` : 0n;
}

function formatRole(
  { id, name, holders, functions, grantedBy, calledOffBy, grantDelay }: RoleRow,
  all: readonly RoleRow[],
) {
  const nameOf = (role: bigint) => all.find((row) => row.id === role)?.name ?? `role ${role}`;
  const wait = grantDelay === 0n ? "" : `, for whom it begins after ${durationOf(grantDelay)}`;
  return [
    `  role ${id}, ${name}: granted by ${nameOf(grantedBy)}${wait}; called off by ${nameOf(calledOffBy)} or who announced it`,
    ...(holders.length === 0 ? ["    nobody has it"] : holders.map(formatHolder)),
    ...functions.map((signature) => `      ${signature}`),
  ];
}

function formatHolder({
  account,
  name,
  isActive,
  since,
  executionDelay,
  nextDelay,
}: RoleRow["holders"][number]): string {
  const who = name === undefined ? account : `${account} (${name})`;
  const when = isActive ? "" : `, only from ${timeOf(since)} on`;
  const next = nextDelay === undefined ? "" : `, from ${timeOf(nextDelay.at)} on ${actsAfter(nextDelay.delay)}`;
  return `    ${who} ${actsAfter(executionDelay)}${next}${when}`;
}

function actsAfter(delay: bigint): string {
  return delay === 0n ? "acts at once" : `acts ${durationOf(delay)} after announcing it`;
}

function formatOperation({ id, act, caller, readyAt, expiresAt, isReady }: OperationRow): readonly string[] {
  const state = isReady ? "CAN BE CARRIED OUT since" : "can be carried out from";
  return [`    ${id}: ${act}`, `      by ${caller}; ${state} ${timeOf(readyAt)} until before ${timeOf(expiresAt)}`];
}

function durationOf(seconds: bigint): string {
  return Number(seconds) % day === 0 ? `${Number(seconds) / day} days` : `${seconds} s`;
}
