/** `plan.json` in a network's folder: where a deployment began and what was signed for it. With it a run that was killed goes on. */
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

import type { Layer } from "../../config/localChains";
import {
  type JsonFields,
  addressAt,
  fieldsOf,
  hexAt,
  integerAt,
  listAt,
  objectAt,
  readJsonFile,
  textAt,
} from "../json";
import { recordNames } from "./recordNames";

/** Where a deployment began on a chain. */
export interface PlannedStart {
  readonly chainId: number;
  readonly deployer: string;
  /** The first nonce that it takes. */
  readonly nonce: number;
  /** The latest block then. */
  readonly block: number;
}

/** A deployment that was begun. */
export interface PlanFile {
  readonly network: string;
  /** The commit that it is built from. */
  readonly commit: string;
  readonly l1: PlannedStart;
  readonly l2: PlannedStart;
  /** Hash of what each step sends, by its name. */
  readonly digests: Readonly<Record<string, string>>;
  /** The hashes of what was signed on each chain, by nonce: written before it is sent. */
  readonly transactions: Readonly<Record<Layer, Readonly<Record<string, readonly string[]>>>>;
}

const file = "plan.json";

/** The plan of a folder; `undefined` when there is none. @throws FileError for the first field that is malformed. */
export async function readPlanFile(folder: string): Promise<PlanFile | undefined> {
  const fields = await readJsonFile(path.join(folder, file));
  if (fields === undefined) return undefined;
  const digests = objectAt(fields, "digests");
  const transactions = objectAt(fields, "transactions");
  return {
    network: textAt(fields, "network"),
    commit: textAt(fields, "commit"),
    l1: startOf(objectAt(fields, "l1")),
    l2: startOf(objectAt(fields, "l2")),
    digests: Object.fromEntries(Object.keys(digests.values).map((name) => [name, hexAt(digests, name, 32)])),
    transactions: { l1: hashesOf(objectAt(transactions, "l1")), l2: hashesOf(objectAt(transactions, "l2")) },
  };
}

/** Writes a plan, whole or not at all. */
export async function writePlanFile(folder: string, plan: PlanFile): Promise<void> {
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, file);
  await writeFile(`${target}.part`, `${JSON.stringify(plan, null, 2)}\n`);
  await rename(`${target}.part`, target);
}

/** A plan with one more transaction that was signed. */
export function withTransaction(plan: PlanFile, layer: Layer, nonce: number, hash: string): PlanFile {
  const known = plan.transactions[layer];
  const hashes = known[nonce] ?? [];
  if (hashes.includes(hash)) return plan;
  return { ...plan, transactions: { ...plan.transactions, [layer]: { ...known, [nonce]: [...hashes, hash] } } };
}

/**
 * Puts the plan and its records aside, for a new one: `plan.json` becomes `plan.1.json`, the records go to `records.1/`; then 2, and so on.
 *
 * @returns The name that the plan has now.
 */
export async function setPlanAside(folder: string): Promise<string> {
  const present = new Set(await readdir(folder));
  let number = 1;
  while (present.has(`plan.${number}.json`) || present.has(`records.${number}`)) number++;
  const records = recordNames.map((name) => `${name}.json`).filter((name) => present.has(name));
  if (records.length > 0) await mkdir(path.join(folder, `records.${number}`));
  for (const name of records) await rename(path.join(folder, name), path.join(folder, `records.${number}`, name));
  await rename(path.join(folder, file), path.join(folder, `plan.${number}.json`));
  return `plan.${number}.json`;
}

function startOf(fields: JsonFields): PlannedStart {
  return {
    chainId: integerAt(fields, "chainId"),
    deployer: addressAt(fields, "deployer"),
    nonce: integerAt(fields, "nonce"),
    block: integerAt(fields, "block"),
  };
}

function hashesOf(fields: JsonFields): Readonly<Record<string, readonly string[]>> {
  const entries = Object.keys(fields.values).map((nonce) => {
    const listed = fieldsOf(`${fields.place}: ${nonce}`, Object.fromEntries(listAt(fields, nonce).entries()));
    return [nonce, Object.keys(listed.values).map((index) => hexAt(listed, index, 32))] as const;
  });
  return Object.fromEntries(entries);
}
