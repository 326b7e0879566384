/** Reads the storage layout of contracts from a build: what lies in which slot, ERC-7201 namespaces included. */
import { spawn } from "node:child_process";
import path from "node:path";

import {
  type SolcInput,
  type SolcOutput,
  type StorageLayout,
  makeNamespacedInput,
  solcInputOutputDecoder,
  validate,
} from "@openzeppelin/upgrades-core";
import { keccak256, toBeHex, toUtf8Bytes } from "ethers";
import { artifacts } from "hardhat";
import { version as compilerVersion } from "solc/package.json";

import { LayoutError, type RecordedLayout, stableLayout } from "./layouts";

const compiler = path.join(__dirname, "..", "..", "tools", "solc");

/** Sources and what the compiler made of them, with syntax trees and code. */
export interface Build {
  readonly input: SolcInput;
  readonly output: SolcOutput;
}

/** A build and what is wanted of it. */
interface ContractsOfBuild {
  readonly build: Build;
  readonly contracts: QualifiedName[];
}

/** Where a contract is: `contracts/l1/L1Gateway.sol:L1Gateway`. */
type QualifiedName = string;

type SourceNode = SolcOutput["sources"][string]["ast"]["nodes"][number];
type ContractNode = Extract<SourceNode, { nodeType: "ContractDefinition" }>;

/**
 * The layouts of contracts as Hardhat compiled them last, by their names.
 *
 * @throws {@link LayoutError} when a contract is not compiled, or its namespace is not where its storage is.
 */
export async function readLayouts(names: readonly string[]): Promise<ReadonlyMap<string, RecordedLayout>> {
  const builds = new Map<string, ContractsOfBuild>();
  for (const name of names) {
    const { sourceName, contractName } = await artifacts.readArtifact(name);
    const contract = `${sourceName}:${contractName}`;
    const build = await artifacts.getBuildInfo(contract);
    if (build === undefined) throw new LayoutError(`${name} has no build: run npm run compile`);
    const known: ContractsOfBuild = builds.get(build.id) ?? { build, contracts: [] };
    builds.set(build.id, known);
    known.contracts.push(contract);
  }
  const layouts = new Map<string, RecordedLayout>();
  for (const { build, contracts } of builds.values()) {
    for (const [contract, layout] of await layoutsOf(build, contracts)) layouts.set(nameOf(contract), layout);
  }
  return layouts;
}

/**
 * The layouts of some contracts of a build, by their qualified names. Runs the compiler once more, without code: it tells slots only of
 * state variables, so each namespace is made one.
 *
 * @throws {@link LayoutError} when a contract is not of the build, or a namespace of it is not at the constant beside it.
 */
export async function layoutsOf(
  whole: Build,
  contracts: readonly QualifiedName[],
): Promise<ReadonlyMap<QualifiedName, RecordedLayout>> {
  const { input, output } = onlyWhatIsImported(whole, contracts);
  const namespaced = await compile(makeNamespacedInput(input, output));
  const found = validate(output, solcInputOutputDecoder(input, output), compilerVersion, input, namespaced);
  const layouts = contracts.map((contract): [QualifiedName, RecordedLayout] => {
    const layout = found[contract]?.layout;
    if (layout === undefined) throw new LayoutError(`${contract} is not of this build`);
    expectNamespacesAtTheirPlace(output, layout);
    return [contract, stableLayout(layout)];
  });
  return new Map(layouts);
}

/**
 * What the compiler makes of an input.
 *
 * @throws {@link LayoutError} with its complaints.
 */
export async function compile(input: SolcInput): Promise<SolcOutput> {
  const output: unknown = JSON.parse(await run(JSON.stringify(input)));
  if (!isOutput(output)) throw new LayoutError("the compiler gave no output");
  const complaints = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (complaints.length === 0) return output;
  throw new LayoutError(complaints.map(({ formattedMessage }) => formattedMessage).join("\n"));
}

/** Where ERC-7201 puts a namespace. */
export function namespaceSlot(namespace: string): string {
  const id = BigInt(keccak256(toUtf8Bytes(namespace))) - 1n;
  return toBeHex(BigInt(keccak256(toBeHex(id, 32))) & ~0xffn, 32);
}

function nameOf(contract: QualifiedName): string {
  return contract.slice(contract.lastIndexOf(":") + 1);
}

function sourceOf(contract: QualifiedName): string {
  return contract.slice(0, contract.lastIndexOf(":"));
}

/** A build of everything is slow to compile again: what the contracts do not import is left out. */
function onlyWhatIsImported({ input, output }: Build, contracts: readonly QualifiedName[]): Build {
  const needed = new Set<string>();
  const open = contracts.map(sourceOf);
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    if (needed.has(source)) continue;
    needed.add(source);
    open.push(...importsOf(output, source));
  }
  const pick = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([source]) => needed.has(source)));
  return {
    input: { ...input, sources: pick(input.sources) },
    output: { contracts: pick(output.contracts), sources: pick(output.sources) },
  };
}

function importsOf({ sources }: SolcOutput, source: string): readonly string[] {
  const nodes = sources[source]?.ast.nodes ?? [];
  return nodes.flatMap((node) => (node.nodeType === "ImportDirective" ? [node.absolutePath] : []));
}

/** A namespace is a comment: what counts is the constant that the contract reads its storage from. They must agree. */
function expectNamespacesAtTheirPlace(output: SolcOutput, { namespaces = {} }: StorageLayout): void {
  for (const [annotation, fields] of Object.entries(namespaces)) {
    const name = fields[0]?.contract ?? "";
    const namespace = annotation.replace(/^erc7201:/, "");
    const slot = namespaceSlot(namespace);
    const owners = contractsOf(output).filter(
      (contract) => contract.name === name && isAnnotated(contract, annotation),
    );
    const isThere = owners.length > 0 && owners.every((owner) => constantsOf(owner).includes(BigInt(slot)));
    if (!isThere) throw new LayoutError(`${name} has no constant ${slot}, the slot of its namespace ${namespace}`);
  }
}

function contractsOf({ sources }: SolcOutput): readonly ContractNode[] {
  return Object.values(sources).flatMap(({ ast }) => ast.nodes.filter(isContract));
}

function isAnnotated({ nodes }: ContractNode, annotation: string): boolean {
  return nodes.some((node) => {
    if (node.nodeType !== "StructDefinition") return false;
    const text = typeof node.documentation === "object" ? (node.documentation?.text ?? "") : "";
    return text.split(/\s+/).includes(annotation);
  });
}

function constantsOf({ nodes }: ContractNode): readonly bigint[] {
  return nodes.flatMap((node) => {
    if (node.nodeType !== "VariableDeclaration" || !node.constant) return [];
    const text = node.value?.nodeType === "Literal" ? (node.value.value ?? "") : "";
    return /^0x[0-9a-fA-F]+$/.test(text) ? [BigInt(text)] : [];
  });
}

function isContract(node: SourceNode): node is ContractNode {
  return node.nodeType === "ContractDefinition";
}

function isOutput(value: unknown): value is SolcOutput {
  return typeof value === "object" && value !== null && ("sources" in value || "errors" in value);
}

/** The pinned compiler, as a process: its wasm leaves handlers behind that a caller would not want. */
async function run(input: string): Promise<string> {
  const child = spawn(process.execPath, [compiler, "--standard-json"], { stdio: ["pipe", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  child.stdin.end(input);
  const status = await code;
  if (status !== 0) throw new LayoutError(`the compiler ended with ${status ?? "a signal"}`);
  return Buffer.concat(chunks).toString("utf8");
}
