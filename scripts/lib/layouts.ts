/**
 * The storage layouts that upgrades have to keep: recorded in `deployments/layouts/<Contract>.json`, compared with the present build.
 * What is safe is OpenZeppelin's to say; here its findings get names.
 *
 * Not in any layout: the tickets' ERC-721, which Solady keeps in slots of its own choice, apart from the compiler.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import {
  type StorageItem,
  type StorageLayout,
  type TypeItem,
  getStorageUpgradeErrors,
} from "@openzeppelin/upgrades-core";

/** The contracts whose storage outlives their code. */
export const upgradeableContracts = [
  "StakingPool",
  "RedemptionQueue",
  "L2Gateway",
  "LockManager",
  "L1Gateway",
  "SequencerVault",
] as const;

/** A contract that is upgraded. */
export type UpgradeableContract = (typeof upgradeableContracts)[number];

/** A contract and what it delegates to, which works on the same storage. */
export const halves = [{ whole: "LockManager", half: "VaultOperations" }] as const;

/** A layout as upgrades-core reads it, without what changes from build to build. */
export interface RecordedLayout {
  readonly storage: readonly StorageItem[];
  readonly namespaces: Readonly<Record<string, readonly StorageItem[]>>;
  readonly types: Readonly<Record<string, TypeItem>>;
}

/** What is wrong with a layout. */
export interface LayoutFault {
  readonly type: "unsafe" | "missing" | "stale" | "halves";
  readonly contract: string;
  readonly message: string;
}

/** A layout could not be read, or must not be recorded. */
export class LayoutError extends Error {
  override readonly name = "LayoutError";
}

type Operation = ReturnType<typeof getStorageUpgradeErrors>[number];
type Change = Extract<Operation, { kind: "typechange" }>["change"];
/** An operation on fields of a contract, of a struct inside it, or on the names of an enum. */
type Step = Operation | Extract<Change, { kind: "struct members" }>["ops"][number];

/**
 * What of the new layout would misread the storage that the old one left: nothing when it only appends.
 * Each message names the contract, the struct and the field.
 */
export function unsafeChanges(contract: string, before: RecordedLayout, now: RecordedLayout): readonly LayoutFault[] {
  const parts = Object.keys(before.namespaces).map((name) => ({
    place: name,
    before: part(before, name),
    now: part(now, name),
  }));
  const plain = { place: "its state variables", before: part(before), now: part(now) };
  return [plain, ...parts].flatMap(({ place, ...layouts }) => {
    const operations = getStorageUpgradeErrors(layouts.before, layouts.now);
    const messages = operations.flatMap((operation) => explain(operation, place));
    return messages.map((message): LayoutFault => ({ type: "unsafe", contract, message: `${contract}: ${message}` }));
  });
}

/** Where two contracts that work on one storage see it differently. Namespaces that only the whole has are its own business. */
export function disagreements(
  names: { readonly whole: string; readonly half: string },
  whole: RecordedLayout,
  half: RecordedLayout,
): readonly LayoutFault[] {
  const { whole: contract } = names;
  const fault = (message: string): LayoutFault => ({
    type: "halves",
    contract,
    message: `${contract} and ${names.half}: ${message}`,
  });
  const unknown = Object.keys(half.namespaces).filter((name) => whole.namespaces[name] === undefined);
  if (unknown.length > 0) return unknown.map((name) => fault(`only ${names.half} knows ${name}`));
  const shared = { ...whole, namespaces: only(whole.namespaces, Object.keys(half.namespaces)) };
  if (textOf(onlyReachable(shared)) === textOf(half)) return [];
  const changes = [...unsafeChanges(names.half, shared, half), ...unsafeChanges(contract, half, shared)];
  if (changes.length > 0) return changes.map(({ message }) => fault(message));
  return [fault("one of them has fields that the other has not")];
}

/** Compares records with the present build. `present` has the halves too. */
export async function checkLayouts(
  folder: string,
  present: ReadonlyMap<string, RecordedLayout>,
): Promise<readonly LayoutFault[]> {
  const faults: LayoutFault[] = [...halvesOf(present)];
  for (const contract of upgradeableContracts) {
    const recorded = await readLayout(folder, contract);
    const now = presentOf(present, contract);
    faults.push(...recordFaults(contract, recorded, now));
  }
  return faults;
}

/**
 * Writes the present layouts over the records, and says which files changed.
 *
 * @throws {@link LayoutError} when that would forget a layout that storage on a chain may still have; `isForced` writes nevertheless.
 */
export async function writeLayouts(
  folder: string,
  present: ReadonlyMap<string, RecordedLayout>,
  { isForced = false }: { readonly isForced?: boolean } = {},
): Promise<readonly string[]> {
  const found = await checkLayouts(folder, present);
  const grave = found.filter(({ type }) => type === "halves" || (type === "unsafe" && !isForced));
  if (grave.length > 0) throw new LayoutError(grave.map(({ message }) => message).join("\n"));
  await mkdir(folder, { recursive: true });
  const changed = upgradeableContracts.filter((contract) => found.some((fault) => fault.contract === contract));
  for (const contract of changed) await writeFile(fileOf(folder, contract), textOf(presentOf(present, contract)));
  return changed.map((contract) => `${contract}.json`);
}

/**
 * Takes out of a layout what changes without a change of storage: numbers of syntax trees, lines, the versions of tools.
 *
 * @throws {@link LayoutError} when two types of one name differ.
 */
export function stableLayout({ storage, namespaces = {}, types }: StorageLayout): RecordedLayout {
  const rename = (id: string) =>
    id.replace(
      /t_(struct|enum|contract|userDefinedValueType)\(\w+\)\d+(_storage)?/g,
      (inner, kind: string, place = "") => {
        const label = types[inner]?.label.replace(/^\w+ /, "") ?? inner;
        return `t_${kind}(${label})${String(place)}`;
      },
    );
  const item = (field: StorageItem): StorageItem => ({
    ...field,
    type: rename(field.type),
    src: field.src.replace(/:\d+$/, ""),
  });
  const entries = Object.entries(types).map(([id, type]): [string, TypeItem] => [rename(id), renamed(type, rename)]);
  return onlyReachable({
    storage: storage.map(item),
    namespaces: Object.fromEntries(Object.entries(namespaces).map(([name, fields]) => [name, fields.map(item)])),
    types: merged(entries),
  });
}

function recordFaults(
  contract: UpgradeableContract,
  recorded: RecordedLayout | undefined,
  now: RecordedLayout,
): readonly LayoutFault[] {
  const how = "run npm run layouts and commit the record";
  if (recorded === undefined) return [{ type: "missing", contract, message: `${contract} has no record: ${how}` }];
  const unsafe = unsafeChanges(contract, recorded, now);
  if (unsafe.length > 0 || textOf(recorded) === textOf(now)) return unsafe;
  return [{ type: "stale", contract, message: `the record of ${contract} is not that of the present build: ${how}` }];
}

function halvesOf(present: ReadonlyMap<string, RecordedLayout>): readonly LayoutFault[] {
  return halves.flatMap((names) =>
    disagreements(names, presentOf(present, names.whole), presentOf(present, names.half)),
  );
}

function presentOf(present: ReadonlyMap<string, RecordedLayout>, contract: string): RecordedLayout {
  const layout = present.get(contract);
  if (layout === undefined) throw new LayoutError(`the build has no layout of ${contract}`);
  return layout;
}

async function readLayout(folder: string, contract: string): Promise<RecordedLayout | undefined> {
  const file = fileOf(folder, contract);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  return parseLayout(text, contract);
}

/** Reads a record. @throws {@link LayoutError} when it is none. */
export function parseLayout(text: string, contract: string): RecordedLayout {
  const value: unknown = JSON.parse(text);
  if (isLayout(value)) return value;
  throw new LayoutError(`${contract}.json is no layout: restore it from git`);
}

function isLayout(value: unknown): value is RecordedLayout {
  if (typeof value !== "object" || value === null) return false;
  return "storage" in value && Array.isArray(value.storage) && "namespaces" in value && "types" in value;
}

function fileOf(folder: string, contract: string): string {
  return path.join(folder, `${contract}.json`);
}

/** One form for one layout: what is equal is equal in every character. */
function textOf({ storage, namespaces, types }: RecordedLayout): string {
  return `${JSON.stringify({ storage, namespaces: sorted(namespaces), types: sorted(types) }, null, 2)}\n`;
}

/** One namespace of a layout, or its state variables, as upgrades-core takes it. */
function part({ storage, namespaces, types }: RecordedLayout, name?: string): StorageLayout {
  if (name === undefined) return { storage: [...storage], types };
  const fields = namespaces[name];
  return { storage: [], types, namespaces: fields === undefined ? {} : { [name]: [...fields] } };
}

/** Types that no field has, directly or by another type, say nothing about storage. */
function onlyReachable({ storage, namespaces, types }: RecordedLayout): RecordedLayout {
  const reached = new Set<string>();
  const visit = (id: string) => {
    for (const name of Object.keys(types).filter((type) => !reached.has(type) && id.includes(type))) {
      reached.add(name);
      for (const member of types[name]?.members ?? []) visit(typeof member === "string" ? "" : member.type);
    }
  };
  for (const { type } of [...storage, ...Object.values(namespaces).flat()]) visit(type);
  return { storage, namespaces: sorted(namespaces), types: only(sorted(types), [...reached]) };
}

function renamed(type: TypeItem, rename: (id: string) => string): TypeItem {
  const { members } = type;
  if (members === undefined || isEnum(members)) return type;
  return { ...type, members: members.map((member) => ({ ...member, type: rename(member.type) })) };
}

function isEnum(members: NonNullable<TypeItem["members"]>): members is string[] {
  return members.every((member) => typeof member === "string");
}

function merged(entries: readonly (readonly [string, TypeItem])[]): Readonly<Record<string, TypeItem>> {
  const types: Record<string, TypeItem> = {};
  for (const [id, type] of entries) {
    const other = types[id];
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(type))
      throw new LayoutError(`two types are called ${type.label}: rename one`);
    types[id] = type;
  }
  return types;
}

/** Says one finding of upgrades-core, from the outermost struct to the field. */
function explain(step: Step, place: string): readonly string[] {
  switch (step.kind) {
    case "append":
    case "insert":
      return [`${place}: ${step.updated.label} is new before the end`];
    case "delete":
      return [`${place}: ${step.original.label} is gone`];
    case "delete-namespace":
      return [`the namespace ${step.namespace} is gone: what is stored there would be lost`];
    case "rename":
    case "replace":
    case "finishgap":
      return [`${place}: ${step.original.label} became ${step.updated.label}`];
    case "layoutchange":
      return [`${place}: ${step.original.label} moved`];
    case "typechange":
    case "shrinkgap":
      return explainChange(step.change, place, step.original.label);
  }
}

function explainChange(change: Change, place: string, field: string): readonly string[] {
  if ("inner" in change) return explainChange(change.inner, place, field);
  const { label } = change.original.item;
  if (change.kind === "struct members")
    return change.ops.flatMap((step) => explain(step, `${place}: ${field}: ${label}`));
  if (change.kind === "enum members")
    return [`${place}: ${field}: the values of ${label} are not the first of the new ones`];
  return [`${place}: ${field} was ${label} and is ${change.updated.item.label}`];
}

function only<T>(all: Readonly<Record<string, T>>, keys: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));
}

function sorted<T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).sort(([left], [right]) => (left < right ? -1 : 1)));
}
