/** Compares all that is deployed on both chains of a network with artifacts, records, setup and configuration. */
import type { Provider } from "ethers";

import type { Layer } from "../../config/localChains";
import type { Setup } from "../setup";
import type { Powers } from "./accessManager";
import { compareAllowances } from "./allowances";
import { type Build, readBuilds } from "./builds";
import { type ChainReader, momentOf, openReader } from "./chainReader";
import { artifactsOf, compareCodes } from "./codes";
import { compareExternal } from "./external";
import { type Comparison, type Finding, findingsIn } from "./finding";
import { compareL1Settings, compareL2Settings } from "./parameters";
import { compareProxies } from "./proxies";
import { comparePowers } from "./roles";
import { compareLayouts } from "./storageLayouts";
import { type Records, type Truth, readTruth, recordNames } from "./truth";
import { upgradeNotes } from "./upgradeNotes";
import { compareVaults, vaultsOf } from "./vaults";

/** What is verified, and against what. */
export interface VerifyOptions {
  readonly l1: Provider;
  readonly l2: Provider;
  /** The network's folder of records, with `external.json`. */
  readonly folder: string;
  readonly setup: Setup;
  /** The commit that the artifacts were built from, where it is known. */
  readonly commit?: string;
  /** The folder of recorded storage layouts. Without it they are not compared: that takes a run of the compiler. */
  readonly layouts?: string;
}

/** What a verification found. */
export interface Verification {
  readonly findings: readonly Finding[];
  /** What a reader has to know and is no fault: announced acts, records of other commits. */
  readonly notes: readonly string[];
  /** How many things were compared. */
  readonly compared: number;
  /** The block of each chain that all was read at. */
  readonly blocks: Readonly<Record<Layer, number>>;
}

/** What one chain was compared with, and what is to be told of it. */
export interface Side {
  readonly comparisons: readonly Comparison[];
  readonly notes: readonly string[];
}

/** {@link inspectNetwork}'s findings. @throws as it. */
export async function verifyNetwork(options: VerifyOptions): Promise<readonly Finding[]> {
  return (await inspectNetwork(options)).findings;
}

/**
 * Compares everything. Sends nothing.
 *
 * @throws FileError for a record that is missing or malformed, and whatever a node fails with: what cannot be read is not verified.
 */
export async function inspectNetwork({ l1, l2, folder, setup, commit, layouts }: VerifyOptions): Promise<Verification> {
  const [onL1, onL2] = await Promise.all([openReader("l1", l1), openReader("l2", l2)]);
  const truth = await readTruth(folder, setup, { l1: onL1.chainId, l2: onL2.chainId });
  const builds = await readBuilds(artifactsOf(truth));
  const sides = await Promise.all([inspectSide(onL1, truth, builds), inspectSide(onL2, truth, builds)]);
  const onDisk = layouts === undefined ? [] : await compareLayouts(layouts);
  const comparisons = [...sides.flatMap((side) => side.comparisons), ...onDisk];
  return {
    findings: findingsIn(comparisons),
    notes: [...commitNotes(truth.records, commit), ...sides.flatMap(({ notes }) => notes)],
    compared: comparisons.length,
    blocks: { l1: onL1.block, l2: onL2.block },
  };
}

/** Compares everything on one chain. @throws whatever its node fails with. */
export function inspectSide(reader: ChainReader, truth: Truth, builds: ReadonlyMap<string, Build>): Promise<Side> {
  return reader.layer === "l1" ? inspectL1(reader, truth, builds) : inspectL2(reader, truth, builds);
}

async function inspectL1(reader: ChainReader, truth: Truth, builds: ReadonlyMap<string, Build>): Promise<Side> {
  const common = await inspectCommon(reader, truth, builds, await vaultsOf(reader, truth));
  const own = await Promise.all([
    compareExternal(reader, truth),
    compareL1Settings(reader, truth),
    compareVaults(reader, truth),
  ]);
  return { comparisons: [...common.comparisons, ...own.flat()], notes: common.notes };
}

async function inspectL2(reader: ChainReader, truth: Truth, builds: ReadonlyMap<string, Build>): Promise<Side> {
  const common = await inspectCommon(reader, truth, builds, []);
  return { comparisons: [...common.comparisons, ...(await compareL2Settings(reader, truth))], notes: common.notes };
}

async function inspectCommon(
  reader: ChainReader,
  truth: Truth,
  builds: ReadonlyMap<string, Build>,
  vaults: readonly string[],
): Promise<Side> {
  const [codes, proxies, { comparisons, powers }, allowances, upgrades] = await Promise.all([
    compareCodes(reader, truth, builds),
    compareProxies(reader, truth),
    comparePowers(reader, truth),
    compareAllowances(reader, truth, vaults),
    upgradeNotes(reader, truth),
  ]);
  return {
    comparisons: [...codes, ...proxies, ...comparisons, ...allowances.comparisons],
    notes: [...allowances.notes, ...upgrades, ...operationNotes(reader.layer, powers)],
  };
}

function operationNotes(layer: Layer, powers: Powers | undefined): readonly string[] {
  return (powers?.operations ?? []).map(({ caller, target, data, readyAt, expiresAt }) => {
    const times = `from ${momentOf(readyAt)} until ${momentOf(expiresAt)}`;
    return `${layer}: announced by ${caller}: ${data} to ${target}, ${times}`;
  });
}

function commitNotes(records: Records, commit: string | undefined): readonly string[] {
  if (commit === undefined) return ["the commit that the artifacts were built from is unknown"];
  return [...recordNames.l1, ...recordNames.l2].flatMap((name) => {
    const recorded = records[name].commit;
    if (recorded === commit) return [];
    return [`${name} was built from commit ${recorded}, and is compared with artifacts of commit ${commit}`];
  });
}
