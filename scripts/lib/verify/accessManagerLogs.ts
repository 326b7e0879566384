/** What the logs of an AccessManager name: roles, accounts, functions, targets and operations. What became of them its views tell. */
import { type Log, type LogDescription, type Provider, getAddress } from "ethers";

import { checkAnyAddress } from "../../../sdk/src/check";
import { readLogs } from "../../../sdk/src/rpc/readLogs";
import type { Layer } from "../../config/localChains";
import { adminRole } from "../../config/roles";
import { AccessManager__factory } from "../artifacts";

/** Everything that was ever said of an AccessManager, up to one block. */
export interface Trail {
  /** Every role that a log names, and the administrator's. */
  readonly roles: ReadonlySet<bigint>;
  /** Of each role, whoever ever had it, and whether the last word was that he has it. */
  readonly accounts: ReadonlyMap<bigint, ReadonlyMap<string, boolean>>;
  readonly labels: ReadonlyMap<bigint, string>;
  /** Of each target, the selectors that were ever given to a role. */
  readonly functions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Every target that a log names. */
  readonly targets: ReadonlySet<string>;
  /** The last announced delay of grants by role, and of administration by target. */
  readonly grantDelays: ReadonlyMap<bigint, Change>;
  readonly adminDelays: ReadonlyMap<string, Change>;
  /** The last announcement of each operation, by its id. */
  readonly scheduled: ReadonlyMap<string, ScheduledOperation>;
}

/** A delay in seconds, and from when it holds, Unix seconds. */
export interface Change {
  readonly delay: bigint;
  readonly at: number;
}

/** An act that was announced. */
export interface ScheduledOperation {
  readonly id: string;
  readonly nonce: bigint;
  readonly caller: string;
  readonly target: string;
  readonly data: string;
}

/** Where to look. */
export interface TrailQuery {
  readonly provider: Provider;
  readonly layer: Layer;
  readonly address: string;
  /** Block of the deployment, or any before. */
  readonly startBlock: number;
  readonly endBlock: number;
}

/** The logs of an AccessManager do not begin with its deployment, so whatever they tell is not all. */
export class IncompleteLogsError extends Error {
  override readonly name = "IncompleteLogsError";

  constructor(
    readonly layer: Layer,
    readonly address: string,
    readonly startBlock: number,
  ) {
    super(
      `${layer}: the logs of AccessManager ${address} from block ${startBlock} on do not begin with its first administrator: ` +
        `the block is too late, or the node does not keep logs; give the block of the deployment and an archive's endpoint`,
    );
  }
}

interface Draft {
  readonly roles: Set<bigint>;
  readonly accounts: Map<bigint, Map<string, boolean>>;
  readonly labels: Map<bigint, string>;
  readonly functions: Map<string, Set<string>>;
  readonly targets: Set<string>;
  readonly grantDelays: Map<bigint, Change>;
  readonly adminDelays: Map<string, Change>;
  readonly scheduled: Map<string, ScheduledOperation>;
}

const managerInterface = AccessManager__factory.createInterface();

/**
 * Reads all logs of an AccessManager.
 *
 * @throws {@link IncompleteLogsError} when the first is not that of the constructor, and as the SDK's `readLogs`.
 */
export async function readTrail(query: TrailQuery): Promise<Trail> {
  const { provider, layer, startBlock, endBlock } = query;
  const address = checkAnyAddress("AccessManager", query.address);
  const logs = await readLogs({ side: layer, provider, address, fromBlock: startBlock, toBlock: endBlock });
  if (!(await isBirth(provider, address, logs[0]))) throw new IncompleteLogsError(layer, address, startBlock);
  return trailOf(logs.flatMap(parse));
}

/** A later administrator is granted by the same event, so it has to come from the transaction that created the AccessManager. */
async function isBirth(provider: Provider, address: string, first: Log | undefined): Promise<boolean> {
  const event = first === undefined ? null : managerInterface.parseLog(first);
  if (first === undefined || event?.name !== "RoleGranted" || bigintOf(event, "roleId") !== adminRole) return false;
  const creation = await provider.getTransactionReceipt(first.transactionHash);
  return creation?.contractAddress?.toLowerCase() === address.toLowerCase();
}

function parse(log: Log): readonly LogDescription[] {
  const event = managerInterface.parseLog(log);
  return event === null ? [] : [event];
}

function trailOf(events: readonly LogDescription[]): Trail {
  const draft: Draft = {
    roles: new Set([adminRole]),
    accounts: new Map(),
    labels: new Map(),
    functions: new Map(),
    targets: new Set(),
    grantDelays: new Map(),
    adminDelays: new Map(),
    scheduled: new Map(),
  };
  for (const event of events) {
    noteRole(draft, event);
    noteTarget(draft, event);
  }
  return draft;
}

function noteRole(draft: Draft, event: LogDescription): void {
  if (!event.fragment.inputs.some(({ name }) => name === "roleId")) return;
  const role = bigintOf(event, "roleId");
  draft.roles.add(role);
  if (event.name === "RoleLabel") draft.labels.set(role, textOf(event, "label"));
  if (event.name === "RoleGrantDelayChanged") draft.grantDelays.set(role, changeOf(event));
  if (event.name === "RoleAdminChanged") draft.roles.add(bigintOf(event, "admin"));
  if (event.name === "RoleGuardianChanged") draft.roles.add(bigintOf(event, "guardian"));
  if (event.name !== "RoleGranted" && event.name !== "RoleRevoked") return;
  const accounts = draft.accounts.get(role) ?? new Map<string, boolean>();
  draft.accounts.set(role, accounts.set(addressOf(event, "account"), event.name === "RoleGranted"));
}

function noteTarget(draft: Draft, event: LogDescription): void {
  if (event.name === "OperationScheduled") {
    const operation = operationOf(event);
    draft.scheduled.set(operation.id, operation);
    return;
  }
  if (!event.fragment.inputs.some(({ name }) => name === "target")) return;
  const target = addressOf(event, "target");
  draft.targets.add(target);
  if (event.name === "TargetAdminDelayUpdated") draft.adminDelays.set(target, changeOf(event));
  if (event.name !== "TargetFunctionRoleUpdated") return;
  const selectors = draft.functions.get(target) ?? new Set<string>();
  draft.functions.set(target, selectors.add(textOf(event, "selector")));
}

function operationOf(event: LogDescription): ScheduledOperation {
  return {
    id: textOf(event, "operationId"),
    nonce: bigintOf(event, "nonce"),
    caller: addressOf(event, "caller"),
    target: addressOf(event, "target"),
    data: textOf(event, "data"),
  };
}

function changeOf(event: LogDescription): Change {
  return { delay: bigintOf(event, "delay"), at: Number(bigintOf(event, "since")) };
}

function addressOf(event: LogDescription, field: string): string {
  return getAddress(textOf(event, field));
}

function bigintOf(event: LogDescription, field: string): bigint {
  return BigInt(textOf(event, field));
}

/** The fields are those of the very interface that parsed the log, so they are there. */
function textOf({ args }: LogDescription, field: string): string {
  return String(args.getValue(field));
}
