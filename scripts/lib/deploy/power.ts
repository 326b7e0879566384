/** Proof of who has power on a chain, read from the chain alone. */
import { type Provider, Interface, ZeroAddress, dataSlice, getAddress } from "ethers";

import { type Role, adminRole, roles } from "../../config/roles";
import type { Layer } from "../../config/localChains";
import { checkAnyAddress } from "../../../sdk/src/check";
import { readLogs } from "../../../sdk/src/rpc/readLogs";
import { AccessManager__factory } from "../artifacts";
import type { Actors } from "./addresses";
import { PowerError, type PowerFinding } from "./errors";

/** Whose power on which chain. */
export interface PowerQuery {
  readonly layer: Layer;
  readonly provider: Provider;
  readonly accessManager: string;
  /** Contracts that must obey the AccessManager: by `authority()`, or by `owner()`. */
  readonly governed: readonly string[];
  /** Those who may have power. */
  readonly actors: Actors;
  /** Named in the findings when it has power; it is found like anybody else. */
  readonly deployer: string;
  /** A block before the AccessManager. */
  readonly startBlock: number;
}

const authorities = new Interface([
  "function authority() view returns (address)",
  "function owner() view returns (address)",
]);

/**
 * Proves that the setup's holders have their roles with their delays, and that nobody else has any: neither the deployer nor a stranger, neither by a
 * role nor by a contract that obeys somebody else, nor by a function that everybody may call.
 *
 * @throws {@link PowerError} with all that is otherwise.
 */
export async function proveNoPower(query: PowerQuery): Promise<void> {
  const findings = await findPower(query);
  if (findings.length > 0) throw new PowerError(findings);
}

/** As {@link proveNoPower}, and answers with what is otherwise. */
export async function findPower(query: PowerQuery): Promise<readonly PowerFinding[]> {
  const found = await Promise.all([
    findMissing(query),
    findMembers(query),
    findRules(query),
    findFunctions(query),
    findDisobedient(query),
  ]);
  return found.flat();
}

/** Holders of the setup without their role or delay. */
async function findMissing({ layer, provider, accessManager, actors }: PowerQuery): Promise<readonly PowerFinding[]> {
  const manager = AccessManager__factory.connect(accessManager, provider);
  const findings: PowerFinding[] = [];
  for (const [name, { id, holder, delay }] of Object.entries<Role>(roles)) {
    const subject = actors[holder];
    const { isMember, executionDelay } = await manager.hasRole(id, subject);
    if (!isMember) findings.push({ layer, subject, message: `${holder} ${subject} does not hold role ${name}` });
    if (isMember && executionDelay !== delay) {
      const message = `${holder} ${subject} holds role ${name} with a delay of ${executionDelay} s, not ${delay} s`;
      findings.push({ layer, subject, message });
    }
  }
  return findings;
}

/** Members of any role, known or not, that the setup does not have, those among them whose grant still waits. */
async function findMembers(query: PowerQuery): Promise<readonly PowerFinding[]> {
  const { layer, provider, accessManager, actors, deployer } = query;
  const manager = AccessManager__factory.connect(accessManager, provider);
  const granted = new Map<string, { readonly id: bigint; readonly account: string }>();
  for (const { topics } of await logsOf(query, "RoleGranted")) {
    const id = BigInt(topics[1] ?? 0);
    const account = getAddress(dataSlice(topics[2] ?? "0x", 12));
    granted.set(`${id} ${account}`, { id, account });
  }
  const findings: PowerFinding[] = [];
  for (const { id, account } of granted.values()) {
    const isMeant = Object.values<Role>(roles).some((role) => role.id === id && actors[role.holder] === account);
    if (isMeant) continue;
    const { since } = await manager.getAccess(id, account);
    if (since === 0n) continue;
    const who = account === deployer ? "the deployer" : "somebody beyond the setup";
    const { isMember } = await manager.hasRole(id, account);
    const held = isMember ? "holds" : `will, from second ${since} on, hold`;
    findings.push({ layer, subject: account, message: `${who}, ${account}, ${held} role ${nameOf(id)}` });
  }
  return findings;
}

/** Roles that another one than the administrator's grants, or calls off acts of: everybody is a member of the role of everybody. */
async function findRules({ layer, provider, accessManager }: PowerQuery): Promise<readonly PowerFinding[]> {
  const manager = AccessManager__factory.connect(accessManager, provider);
  const findings: PowerFinding[] = [];
  for (const [name, { id }] of Object.entries<Role>(roles)) {
    const [admin, guardian] = await Promise.all([manager.getRoleAdmin(id), manager.getRoleGuardian(id)]);
    const rules = [
      ["granted", admin],
      ["called off", guardian],
    ] as const;
    for (const [verb, by] of rules) {
      if (by === adminRole) continue;
      findings.push({ layer, subject: accessManager, message: `role ${name} is ${verb} by role ${nameOf(by)}` });
    }
  }
  return findings;
}

/** Functions that were given to a role beyond the table. */
async function findFunctions(query: PowerQuery): Promise<readonly PowerFinding[]> {
  const { layer, provider, accessManager } = query;
  const manager = AccessManager__factory.connect(accessManager, provider);
  const known = new Set(Object.values<Role>(roles).map(({ id }) => id));
  const findings: PowerFinding[] = [];
  for (const { topics, data } of await logsOf(query, "TargetFunctionRoleUpdated")) {
    const target = getAddress(dataSlice(topics[1] ?? "0x", 12));
    const selector = dataSlice(data, 0, 4);
    const id = await manager.getTargetFunctionRole(target, selector);
    if (known.has(id)) continue;
    findings.push({
      layer,
      subject: target,
      message: `function ${selector} of ${target} is open to role ${nameOf(id)}`,
    });
  }
  return findings;
}

/** Contracts that obey somebody else. */
async function findDisobedient({
  layer,
  provider,
  accessManager,
  governed,
}: PowerQuery): Promise<readonly PowerFinding[]> {
  const findings: PowerFinding[] = [];
  for (const subject of governed) {
    const found = await authorityOf(provider, subject);
    if (found === accessManager) continue;
    findings.push({ layer, subject, message: `${subject} obeys ${found}, not the AccessManager ${accessManager}` });
  }
  return findings;
}

async function authorityOf(provider: Provider, address: string): Promise<string> {
  for (const name of ["authority", "owner"] as const) {
    const answer = await provider.call({ to: address, data: authorities.encodeFunctionData(name) }).catch(() => "0x");
    if (answer !== "0x") return getAddress(dataSlice(answer, 12));
  }
  return ZeroAddress;
}

async function logsOf(
  { layer, provider, accessManager, startBlock }: PowerQuery,
  event: "RoleGranted" | "TargetFunctionRoleUpdated",
) {
  const { topicHash } = AccessManager__factory.createInterface().getEvent(event);
  const toBlock = await provider.getBlockNumber();
  const fromBlock = Math.min(startBlock, toBlock);
  return readLogs({
    side: layer,
    provider,
    address: checkAnyAddress("accessManager", accessManager),
    topics: [topicHash],
    fromBlock,
    toBlock,
  });
}

function nameOf(id: bigint): string {
  const known = Object.entries<Role>(roles).find(([, role]) => role.id === id);
  if (known !== undefined) return known[0];
  return id === 2n ** 64n - 1n ? "everybody" : String(id);
}
