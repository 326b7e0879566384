/** What the compiler made of each contract, from Hardhat's artifacts: code, immutables by their names, and the sources. */
import { artifacts } from "hardhat";
import type { Artifact, BuildInfo } from "hardhat/types";

/** A place in code. */
export interface Reference {
  /** In bytes. */
  readonly start: number;
  readonly length: number;
}

/** A value that the constructor writes into the code. */
export interface Immutable {
  readonly name: string;
  /** Solidity's name of its type. */
  readonly type: string;
  readonly references: readonly Reference[];
}

/** One compiled contract. */
export interface Build {
  /** The artifact's name. */
  readonly contract: string;
  /** The file that it is in, as the compiler knows it. */
  readonly source: string;
  /** The code as compiled: zeros where immutables go. */
  readonly deployedBytecode: string;
  readonly bytecode: string;
  readonly immutables: readonly Immutable[];
  /** The compiler's metadata: settings, and the sources that the contract depends on. */
  readonly metadata: string;
  readonly storageLayout: unknown;
  readonly solc: string;
  readonly input: BuildInfo["input"];
}

/** A variable of the sources. */
interface Variable {
  readonly name: string;
  readonly type: string;
}

/** A build's file with the immutables that its sources declare, by the ids of their declarations. */
interface Compilation {
  readonly info: BuildInfo;
  readonly declared: ReadonlyMap<string, Variable>;
}

/**
 * Reads the builds of contracts, by their names.
 *
 * @throws Error when one was not compiled.
 */
export async function readBuilds(contracts: readonly string[]): Promise<ReadonlyMap<string, Build>> {
  const compilations: Compilation[] = [];
  const builds = new Map<string, Build>();
  for (const contract of contracts) {
    const artifact = await artifacts.readArtifact(contract);
    const compilation = compilations.find(({ info }) => isFrom(artifact, info)) ?? (await readCompilation(artifact));
    compilations.push(compilation);
    builds.set(contract, buildOf(artifact, compilation));
  }
  return builds;
}

/** Whether this build gave the artifact: the file is large, and most contracts share one. */
function isFrom({ sourceName, contractName, deployedBytecode }: Artifact, { output }: BuildInfo): boolean {
  const code = output.contracts[sourceName]?.[contractName]?.evm.deployedBytecode.object;
  return code !== undefined && `0x${code}` === deployedBytecode;
}

async function readCompilation({ sourceName, contractName }: Artifact): Promise<Compilation> {
  const info = await artifacts.getBuildInfo(`${sourceName}:${contractName}`);
  if (info === undefined) throw new Error(`there is no build of ${contractName}: compile first`);
  const declared = new Map<string, Variable>();
  for (const { ast } of Object.values<{ readonly ast: unknown }>(info.output.sources)) noteImmutables(ast, declared);
  return { info, declared };
}

function buildOf({ contractName, sourceName, bytecode, deployedBytecode }: Artifact, compilation: Compilation): Build {
  const { info, declared } = compilation;
  const output = info.output.contracts[sourceName]?.[contractName];
  if (output === undefined) throw new Error(`${contractName} is not in its build: compile again`);
  const references = output.evm.deployedBytecode.immutableReferences ?? {};
  const immutables = Object.entries(references).map(([id, places]) => {
    const variable = declared.get(id);
    if (variable === undefined) throw new Error(`${contractName} has an immutable without a name: compile again`);
    return { ...variable, references: places };
  });
  return {
    contract: contractName,
    source: sourceName,
    bytecode,
    deployedBytecode,
    immutables,
    metadata: String(fieldOf(output, "metadata")),
    storageLayout: fieldOf(output, "storageLayout"),
    solc: info.solcVersion,
    input: info.input,
  };
}

/** Walks a syntax tree. */
function noteImmutables(node: unknown, declared: Map<string, Variable>): void {
  if (typeof node !== "object" || node === null) return;
  if (fieldOf(node, "nodeType") === "VariableDeclaration" && fieldOf(node, "mutability") === "immutable") {
    const type = String(fieldOf(fieldOf(node, "typeDescriptions"), "typeString"));
    declared.set(String(fieldOf(node, "id")), { name: String(fieldOf(node, "name")), type });
  }
  for (const child of Object.values<unknown>({ ...node })) noteImmutables(child, declared);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([field]) => field === name)?.[1];
}
