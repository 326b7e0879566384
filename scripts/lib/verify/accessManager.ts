/** Who has which power on one chain: everything an AccessManager knows, at one block. */
import type { Provider } from "ethers";

import type { AccessManager } from "../../../typechain-types";
import type { Layer } from "../../config/localChains";
import { AccessManager__factory } from "../artifacts";
import { type Change, type Trail, readTrail } from "./accessManagerLogs";

export { type Change, IncompleteLogsError } from "./accessManagerLogs";

/** All powers that an AccessManager gives. Delays in seconds, moments in Unix seconds. */
export interface Powers {
  readonly address: string;
  /** The block that everything was read at, and its time. */
  readonly block: number;
  readonly timestamp: number;
  /** Every role that was ever named, in the order of their ids; the administrator's is 0. */
  readonly roles: readonly RolePowers[];
  /** Every contract that was ever named, and no other: a function that is not listed is the administrator's. */
  readonly targets: readonly TargetPowers[];
  /** Announced, neither done, cancelled nor expired; the next one first. */
  readonly operations: readonly PendingOperation[];
  /** Where logs and views contradict each other: the node or the contract is not to be believed. */
  readonly contradictions: readonly string[];
}

/** One role. */
export interface RolePowers {
  readonly id: bigint;
  /** Its name, where it was given one. */
  readonly label?: string;
  /** The role whose members grant and revoke this one. */
  readonly admin: bigint;
  /** The role whose members cancel what members of this one announce. */
  readonly guardian: bigint;
  /** How long a new member waits for the role. */
  readonly grantDelay: bigint;
  /** What the delay of grants will be. */
  readonly nextGrantDelay?: Change;
  readonly members: readonly Member[];
}

/** Who has a role, or will have it. */
export interface Member {
  readonly account: string;
  /** From when on. In the future while the grant waits. */
  readonly since: number;
  /** Whether he has it at the block that was read. */
  readonly isActive: boolean;
  /** How long his acts wait. */
  readonly executionDelay: bigint;
  /** What that will be. */
  readonly nextDelay?: Change;
}

/** What is set for a contract. */
export interface TargetPowers {
  readonly address: string;
  readonly isClosed: boolean;
  readonly adminDelay: bigint;
  readonly nextAdminDelay?: Change;
  /** The selectors that were ever given to a role, and whose they are; 0 where the administrator has them back. */
  readonly functions: readonly FunctionRole[];
}

/** Which role may call a function. */
export interface FunctionRole {
  readonly selector: string;
  readonly role: bigint;
}

/** An act that was announced and can still be done. */
export interface PendingOperation {
  readonly id: string;
  readonly nonce: bigint;
  /** From when, and until before when it can be done. */
  readonly readyAt: number;
  readonly expiresAt: number;
  readonly caller: string;
  readonly target: string;
  readonly data: string;
}

interface Reader {
  readonly manager: AccessManager;
  readonly timestamp: number;
  readonly trail: Trail;
  readonly at: { readonly blockTag: number };
}

/**
 * Reads all powers, from the logs since `startBlock` and the views of one block. Sends nothing.
 *
 * @param startBlock - Block of the AccessManager's deployment, or any before.
 * @param layer - For messages.
 * @param block - The block to read at. @defaultValue the latest
 * @throws {@link IncompleteLogsError} when the logs do not begin with the deployment, and whatever the node fails with.
 */
export async function readPowers(
  provider: Provider,
  address: string,
  startBlock: number,
  layer: Layer,
  block?: number,
): Promise<Powers> {
  const endBlock = block ?? (await provider.getBlockNumber());
  const head = await provider.getBlock(endBlock);
  if (head === null) throw new Error(`${layer}: the node does not know block ${endBlock}: ask it again, or another`);
  const trail = await readTrail({ provider, layer, address, startBlock, endBlock });
  const manager = AccessManager__factory.connect(address, provider);
  const reader: Reader = { manager, trail, timestamp: head.timestamp, at: { blockTag: endBlock } };
  const roles: RolePowers[] = [];
  for (const id of [...trail.roles].sort(ascending)) roles.push(await readRole(reader, id));
  const targets: TargetPowers[] = [];
  for (const target of trail.targets) targets.push(await readTarget(reader, target));
  return {
    address,
    block: endBlock,
    timestamp: head.timestamp,
    roles,
    targets,
    operations: await readOperations(reader),
    contradictions: roles.flatMap((role) => contradictionsIn(trail, role)),
  };
}

async function readRole(reader: Reader, id: bigint): Promise<RolePowers> {
  const { manager, trail, timestamp, at } = reader;
  const [admin, guardian, grantDelay, members] = await Promise.all([
    manager.getRoleAdmin(id, at),
    manager.getRoleGuardian(id, at),
    manager.getRoleGrantDelay(id, at),
    Promise.all([...(trail.accounts.get(id)?.keys() ?? [])].map((account) => readMember(reader, id, account))),
  ]);
  const label = trail.labels.get(id);
  const next = upcoming(trail.grantDelays.get(id), timestamp);
  return {
    id,
    ...(label === undefined ? {} : { label }),
    admin,
    guardian,
    grantDelay,
    ...(next === undefined ? {} : { nextGrantDelay: next }),
    members: members.flat(),
  };
}

/** None of who lost the role. */
async function readMember({ manager, at }: Reader, role: bigint, account: string): Promise<readonly Member[]> {
  const [{ since, currentDelay, pendingDelay, effect }, { isMember }] = await Promise.all([
    manager.getAccess(role, account, at),
    manager.hasRole(role, account, at),
  ]);
  if (since === 0n) return [];
  const next = effect === 0n ? {} : { nextDelay: { delay: pendingDelay, at: Number(effect) } };
  return [{ account, since: Number(since), isActive: isMember, executionDelay: currentDelay, ...next }];
}

async function readTarget({ manager, trail, timestamp, at }: Reader, address: string): Promise<TargetPowers> {
  const selectors = [...(trail.functions.get(address) ?? [])];
  const [isClosed, adminDelay, functions] = await Promise.all([
    manager.isTargetClosed(address, at),
    manager.getTargetAdminDelay(address, at),
    Promise.all(
      selectors.map(async (selector): Promise<FunctionRole> => {
        return { selector, role: await manager.getTargetFunctionRole(address, selector, at) };
      }),
    ),
  ]);
  const next = upcoming(trail.adminDelays.get(address), timestamp);
  return { address, isClosed, adminDelay, ...(next === undefined ? {} : { nextAdminDelay: next }), functions };
}

async function readOperations({ manager, trail, at }: Reader): Promise<readonly PendingOperation[]> {
  const expiration = Number(await manager.expiration(at));
  const operations = await Promise.all(
    [...trail.scheduled.values()].map(async (operation): Promise<readonly PendingOperation[]> => {
      const readyAt = Number(await manager.getSchedule(operation.id, at));
      return readyAt === 0 ? [] : [{ ...operation, readyAt, expiresAt: readyAt + expiration }];
    }),
  );
  return operations.flat().sort((a, b) => a.readyAt - b.readyAt);
}

/** An account whose last log says otherwise than the view. */
function contradictionsIn(trail: Trail, { id, members }: RolePowers): readonly string[] {
  const held = new Set(members.map(({ account }) => account));
  return [...(trail.accounts.get(id) ?? [])].flatMap(([account, isGranted]) => {
    if (held.has(account) === isGranted) return [];
    const [said, found] = isGranted ? ["granted", "not held"] : ["revoked", "held"];
    return [`the logs say that role ${id} of ${account} was ${said}, and the contract that it is ${found}`];
  });
}

function upcoming(change: Change | undefined, timestamp: number): Change | undefined {
  return change !== undefined && change.at > timestamp ? change : undefined;
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
