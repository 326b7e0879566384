/** Who has which power, against the table of roles: members, delays, functions, and what rules the roles themselves. */
import { Interface, type InterfaceAbi } from "ethers";

import { UpgradeableBeacon__factory } from "../../../typechain-types";
import type { Layer } from "../../config/localChains";
import { type Role, adminRole, roles as table } from "../../config/roles";
import {
  AccessManager__factory,
  L1Gateway__factory,
  L2Gateway__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  StakingPool__factory,
} from "../artifacts";
import { actorsOf } from "../setup";
import {
  type Change,
  IncompleteLogsError,
  type Member,
  type Powers,
  type RolePowers,
  readPowers,
} from "./accessManager";
import { type ChainReader, answerOf, momentOf } from "./chainReader";
import { type Comparison, compareEach, noAnswer } from "./finding";
import { type RecordName, type Truth, startBlockOf } from "./truth";

/** What was compared, and what was read for it. */
export interface ComparedPowers {
  readonly comparisons: readonly Comparison[];
  /** `undefined` where the AccessManager could not be read. */
  readonly powers: Powers | undefined;
}

/** A contract that roles can be given over. */
interface Target {
  readonly name: string;
  readonly address: string;
  readonly abi: InterfaceAbi;
}

/** One answer of an AccessManager that ought to be a number. */
interface Question {
  readonly call: string;
  readonly toComparison: (answer: bigint | undefined) => Comparison;
}

const abis = {
  l1: {
    VaultBeacon: UpgradeableBeacon__factory.abi,
    LockManager: LockManager__factory.abi,
    L1Gateway: L1Gateway__factory.abi,
  },
  l2: {
    StakingPool: StakingPool__factory.abi,
    RedemptionQueue: RedemptionQueue__factory.abi,
    L2Gateway: L2Gateway__factory.abi,
  },
} as const satisfies Record<Layer, Partial<Record<RecordName, InterfaceAbi>>>;
const managerNames = { l1: "L1AccessManager", l2: "L2AccessManager" } as const satisfies Record<Layer, RecordName>;
const managerInterface = AccessManager__factory.createInterface();

/**
 * Compares all powers on one chain with the table of roles and the setup.
 *
 * @throws whatever the node fails with.
 */
export async function comparePowers(reader: ChainReader, truth: Truth): Promise<ComparedPowers> {
  const { layer, provider, block } = reader;
  const contract = managerNames[layer];
  const { address } = truth.records[contract];
  const of = { chain: layer, contract, type: "contradiction" } as const;
  const start = startBlockOf(truth.records, layer);
  const powers = await readOrFail(() => answerOf(readPowers(provider, address, start, layer, block)));
  if (powers === undefined || typeof powers === "string") {
    const fault = compareEach(of, [["logs and views", "all of them", powers ?? noAnswer]]);
    return { comparisons: fault, powers: undefined };
  }
  const targets = targetsOf(truth, layer);
  const asked = await askAll(reader, address, questionsOf({ layer, targets, powers }));
  const contradictions = powers.contradictions.map((fault): Comparison => {
    return { ...of, item: "logs and views", expected: "in agreement", found: fault };
  });
  return { comparisons: [...compareRoles(truth, layer, powers), ...asked, ...contradictions], powers };
}

/** Logs that are not all there are a fault of record or node, and hide powers: a finding, and no reason to stop. */
async function readOrFail(read: () => Promise<Powers | undefined>): Promise<Powers | string | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof IncompleteLogsError) return error.message;
    throw error;
  }
}

function compareRoles(truth: Truth, layer: Layer, powers: Powers): readonly Comparison[] {
  const actors = actorsOf(truth.setup, layer);
  const known = Object.values<Role>(table);
  const ids = new Set([...known.map(({ id }) => id), ...powers.roles.map(({ id }) => id)]);
  return [...ids].flatMap((id) => {
    const found = powers.roles.find((role) => role.id === id) ?? emptyRole(id);
    const role = known.find((one) => one.id === id);
    const holders = role === undefined ? [] : [{ account: actors[role.holder], delay: role.delay }];
    const of = { chain: layer, contract: managerNames[layer] } as const;
    return [...compareRules(of, found), ...compareMembers(of, found, holders)];
  });
}

type Of = Pick<Comparison, "chain" | "contract">;

function compareRules(of: Of, role: RolePowers): readonly Comparison[] {
  const name = roleName(role.id);
  const grantDelay = describeDelay(role.grantDelay, role.nextGrantDelay);
  return [
    ...compareEach({ ...of, type: "roleAdmin" }, [
      [`administrator of ${name}`, roleName(adminRole), roleName(role.admin)],
    ]),
    ...compareEach({ ...of, type: "roleGuardian" }, [
      [`guardian of ${name}`, roleName(adminRole), roleName(role.guardian)],
    ]),
    ...compareEach({ ...of, type: "roleGrantDelay" }, [[`delay of grants of ${name}`, describeDelay(0n), grantDelay]]),
  ];
}

function compareMembers(
  of: Of,
  { id, members }: RolePowers,
  holders: readonly { readonly account: string; readonly delay: bigint }[],
): readonly Comparison[] {
  const name = roleName(id);
  const strangers = members.filter(({ account }) => holders.every((holder) => holder.account !== account));
  const held = holders.flatMap(({ account, delay }) => {
    const member = members.find((one) => one.account === account);
    const delays =
      member === undefined
        ? []
        : compareEach({ ...of, type: "roleDelay" }, [
            [
              `delay of ${name} of ${account}`,
              describeDelay(delay),
              describeDelay(member.executionDelay, member.nextDelay),
            ],
          ]);
    const membership = compareEach({ ...of, type: "roleMember" }, [
      [`${name} of ${account}`, "held", describeMember(member)],
    ]);
    return [...membership, ...delays];
  });
  const unwanted = strangers.map((member): Comparison => {
    const found = `${describeMember(member)} with delay ${describeDelay(member.executionDelay, member.nextDelay)}`;
    return { ...of, type: "roleMember", item: `${name} of ${member.account}`, expected: "not held", found };
  });
  return [...held, ...unwanted];
}

function questionsOf({
  layer,
  targets,
  powers,
}: {
  readonly layer: Layer;
  readonly targets: readonly Target[];
  readonly powers: Powers;
}): readonly Question[] {
  const logged = new Map(powers.targets.map((target) => [target.address, target]));
  const strange = powers.targets.filter(({ address }) => targets.every((target) => target.address !== address));
  const all = [...targets, ...strange.map(({ address }): Target => ({ name: address, address, abi: [] }))];
  return all.flatMap((target) => {
    const { address, name } = target;
    const of = { chain: layer, contract: name } as const;
    const selectors = (logged.get(address)?.functions ?? []).map(({ selector }) => selector);
    const next = logged.get(address)?.nextAdminDelay;
    return [
      closedQuestion(of, address),
      adminDelayQuestion(of, address, next),
      ...functionQuestions(of, target, selectors),
    ];
  });
}

function closedQuestion(of: Of, address: string): Question {
  return {
    call: managerInterface.encodeFunctionData("isTargetClosed", [address]),
    toComparison: (answer) => {
      const found = answer === undefined ? noAnswer : answer === 0n ? "open" : "closed";
      return { ...of, type: "targetClosed", item: "access to its restricted functions", expected: "open", found };
    },
  };
}

function adminDelayQuestion(of: Of, address: string, next: Change | undefined): Question {
  return {
    call: managerInterface.encodeFunctionData("getTargetAdminDelay", [address]),
    toComparison: (answer) => {
      const found = answer === undefined ? noAnswer : describeDelay(answer, next);
      return {
        ...of,
        type: "targetAdminDelay",
        item: "delay of its administration",
        expected: describeDelay(0n),
        found,
      };
    },
  };
}

/** Every function that changes anything, restricted or not, and every selector that was ever given to a role. */
function functionQuestions(of: Of, { name, address, abi }: Target, logged: readonly string[]): readonly Question[] {
  const contract = new Interface(abi);
  const labels = new Map(logged.map((selector) => [selector, selector]));
  contract.forEachFunction(({ selector, stateMutability, name: label }) => {
    if (stateMutability !== "view" && stateMutability !== "pure") labels.set(selector, label);
  });
  return [...labels].map(([selector, label]) => ({
    call: managerInterface.encodeFunctionData("getTargetFunctionRole", [address, selector]),
    toComparison: (answer) => {
      const found = answer === undefined ? noAnswer : roleName(answer);
      return { ...of, type: "functionRole", item: `role of ${label}`, expected: roleName(roleOf(name, label)), found };
    },
  }));
}

/** All questions in one call, which an AccessManager can take. */
async function askAll(
  { provider, at }: ChainReader,
  address: string,
  questions: readonly Question[],
): Promise<readonly Comparison[]> {
  const manager = AccessManager__factory.connect(address, provider);
  const answers = await answerOf(
    manager.multicall.staticCall(
      questions.map(({ call }) => call),
      at,
    ),
  );
  return questions.map(({ toComparison }, index) => {
    const answer = answers?.[index];
    return toComparison(answer === undefined || answer === "0x" ? undefined : BigInt(answer));
  });
}

/** Whose a function is by the table; the administrator's where it says nothing. */
function roleOf(contract: string, label: string): bigint {
  const role = Object.values<Role>(table).find(({ functions }) => {
    const named = Object.entries(functions).find(([name]) => name === contract);
    return named?.[1].includes(label) ?? false;
  });
  return role?.id ?? adminRole;
}

function targetsOf({ records }: Truth, layer: Layer): readonly Target[] {
  if (layer === "l1") {
    const { VaultBeacon, LockManager, L1Gateway } = abis.l1;
    return [
      { name: "VaultBeacon", address: records.VaultBeacon.address, abi: VaultBeacon },
      { name: "LockManager", address: records.LockManager.address, abi: LockManager },
      { name: "L1Gateway", address: records.L1Gateway.address, abi: L1Gateway },
    ];
  }
  const { StakingPool, RedemptionQueue, L2Gateway } = abis.l2;
  return [
    { name: "StakingPool", address: records.StakingPool.address, abi: StakingPool },
    { name: "RedemptionQueue", address: records.RedemptionQueue.address, abi: RedemptionQueue },
    { name: "L2Gateway", address: records.L2Gateway.address, abi: L2Gateway },
  ];
}

function roleName(id: bigint): string {
  const known = Object.entries<Role>(table).find(([, role]) => role.id === id);
  return known === undefined ? `role ${id}` : `role ${id} (${known[0]})`;
}

function describeDelay(delay: bigint, next?: Change): string {
  const now = `${delay} s`;
  return next === undefined ? now : `${now}, ${next.delay} s from ${momentOf(next.at)}`;
}

function describeMember(member: Member | undefined): string {
  if (member === undefined) return "not held";
  return member.isActive ? "held" : `held from ${momentOf(member.since)}`;
}

function emptyRole(id: bigint): RolePowers {
  return { id, admin: adminRole, guardian: adminRole, grantDelay: 0n, members: [] };
}
