/** What an entry of the SDK exports, as the TypeScript compiler sees it. */
import path from "node:path";

import ts from "typescript";

/** One export, or a member of an exported namespace. */
export interface PublicExport {
  /** With the namespace in front: `shares.convertToAssets`. */
  readonly name: string;
  readonly kind: "class" | "function" | "namespace" | "type" | "value";
  /** Where it is declared, relative to the root, with forward slashes. */
  readonly file: string;
  readonly documentation: string;
  readonly examples: readonly string[];
}

/** What the checks of the SDK compile with: as a bundler would. */
export function sdkCompilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    readonly config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, root);
  return {
    ...options,
    // Mocha's global `context` is another one than the SDK's.
    types: ["node"],
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    paths: { "@emetis/sdk": ["./sdk/src/index.ts"], "@emetis/sdk/testing": ["./sdk/src/testing/index.ts"] },
    pathsBasePath: root,
    noUnusedLocals: false,
  };
}

/** Everything that `entry` exports, by name. */
export function publicExports(program: ts.Program, root: string, entry: string): readonly PublicExport[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path.join(root, entry));
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} is no module`);
  const found = exportsOf(module, "", checker, root);
  return [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The list that the repository keeps: a line for each export. */
export function exportList(exports: readonly PublicExport[]): string {
  return exports.map(({ name, kind }) => `${name}: ${kind}\n`).join("");
}

function exportsOf(module: ts.Symbol, prefix: string, checker: ts.TypeChecker, root: string): PublicExport[] {
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
    const name = `${prefix}${exported.name}`;
    const isModule = (symbol.flags & ts.SymbolFlags.ValueModule) !== 0;
    const members = isModule ? exportsOf(symbol, `${name}.`, checker, root) : [];
    return [describeSymbol(symbol, name, checker, root), ...members];
  });
}

function describeSymbol(symbol: ts.Symbol, name: string, checker: ts.TypeChecker, root: string): PublicExport {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? "";
  const tags = symbol.getJsDocTags(checker).filter((tag) => tag.name === "example");
  return {
    name,
    kind: kindOf(symbol),
    file: path.relative(root, file).replaceAll(path.sep, "/"),
    documentation: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
    examples: tags.map(({ text }) => ts.displayPartsToString(text).trim()),
  };
}

function kindOf({ flags }: ts.Symbol): PublicExport["kind"] {
  if ((flags & ts.SymbolFlags.ValueModule) !== 0) return "namespace";
  if ((flags & ts.SymbolFlags.Function) !== 0) return "function";
  if ((flags & ts.SymbolFlags.Class) !== 0) return "class";
  return (flags & ts.SymbolFlags.Value) !== 0 ? "value" : "type";
}
