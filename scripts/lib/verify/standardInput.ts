/** What a contract is compiled from, and nothing else: the compiler's input, for explorers. */
import { fieldsOf, objectAt, textAt } from "../json";
import type { Build } from "./builds";

/** The compiler's standard JSON input. */
export interface StandardInput {
  readonly language: string;
  readonly sources: Readonly<Record<string, { readonly content: string }>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Gives explorers what they compare. */
const outputSelection = { "*": { "*": ["abi", "evm.bytecode", "evm.deployedBytecode", "metadata"] } };

/**
 * The sources that the compiler names in a contract's metadata, with the settings that it was compiled with: they give the same code.
 *
 * @throws Error when the build lacks one of them.
 */
export function standardInputOf({ contract, metadata, input }: Build): StandardInput {
  const names = Object.keys(objectAt(metadataOf(contract, metadata), "sources").values);
  const sources = names.sort().map((name) => {
    const content = input.sources[name]?.content;
    if (content === undefined) throw new Error(`the build of ${contract} lacks ${name}: compile again`);
    return [name, { content }] as const;
  });
  const { optimizer, evmVersion } = { evmVersion: undefined, ...input.settings };
  const settings = { optimizer, ...(evmVersion === undefined ? {} : { evmVersion }), outputSelection };
  return { language: input.language, sources: Object.fromEntries(sources), settings };
}

/** The compiler's version, as explorers list it. */
export function compilerOf({ contract, metadata }: Build): string {
  return `v${textAt(objectAt(metadataOf(contract, metadata), "compiler"), "version")}`;
}

function metadataOf(contract: string, metadata: string) {
  return fieldsOf(`metadata of ${contract}`, JSON.parse(metadata));
}
