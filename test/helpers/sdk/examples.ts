/** Compiles the examples that the documentation of the SDK holds, and runs those that say what comes out. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";

import ts from "typescript";

import type { PublicExport } from "../../../scripts/lib/sdkPackage/exports";

/** A piece of TypeScript that stands in a documentation. */
export interface Example {
  /** Who has it, for messages. */
  readonly name: string;
  readonly code: string;
}

/** An example whose comment is the value of the expression before it. */
export interface ExpectedValue extends Example {
  readonly evaluate: () => { readonly actual: unknown; readonly expected: unknown };
}

const context = "test/helpers/sdk/exampleContext.ts";

/** The examples of exports, each with imports of what it uses: of its own module first, then of the context, the entry, ethers. */
export function examplesOf(root: string, entry: string, exports: readonly PublicExport[]): readonly Example[] {
  const top = exports.filter(({ name, kind }) => !name.includes(".") && kind !== "namespace");
  const origins = [
    ...ethersNames().map((name) => [name, "ethers"] as const),
    ["deposit", "@emetis/sdk"] as const,
    ...top.map(({ name }) => [name, entry] as const),
    ...[...declaredNames(root)].map((name) => [name, context] as const),
  ];
  return exports.flatMap(({ name, file, examples }) => {
    const own = exports.filter((other) => other.file === file && other.kind !== "namespace");
    const near = own.map((other) => [lastPart(other.name), file] as const);
    return examples.map((text) => {
      const code = unfenced(text);
      // `report` is a value of the context, `report(…)` the action.
      const called = top
        .filter((other) => code.includes(`${other.name}(`))
        .map((other) => [other.name, entry] as const);
      return { name, code: withImports(root, code, new Map([...origins, ...called, ...near])) };
    });
  });
}

/** The snippets in TypeScript of a page. */
export function snippetsOf(root: string, page: string): readonly Example[] {
  const blocks = [...readFileSync(path.join(root, page), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)];
  const origins = new Map([...declaredNames(root)].map((name) => [name, context]));
  return blocks.map(([, code = ""], index) => {
    const free = new Map([...origins].filter(([name]) => !boundNames(code).has(name)));
    return { name: `${page}, snippet ${index + 1}`, code: `${importsOf(root, code, free)}${code}\nexport {};\n` };
  });
}

/** What the compiler has against the examples, a line for each fault. */
export function compileExamples(
  root: string,
  options: ts.CompilerOptions,
  examples: readonly Example[],
): readonly string[] {
  const files = new Map(examples.map((example, index) => [path.join(root, `example${index}.ts`), example]));
  const base = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...base,
    fileExists: (file) => files.has(file) || base.fileExists(file),
    getSourceFile: (file, target) => {
      const example = files.get(file);
      return example === undefined ? base.getSourceFile(file, target) : ts.createSourceFile(file, example.code, target);
    },
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([file, { name }]) => faultsIn(program, file).map((fault) => `${name}: ${fault}`));
}

/** The values that examples promise in a comment after an expression, with what it gives; none that needs the context. */
export function expectedValues(root: string, examples: readonly Example[]): readonly ExpectedValue[] {
  const declared = declaredNames(root);
  return examples.flatMap((example) => {
    const body = example.code.slice(example.code.indexOf(opening) + opening.length);
    const pairs = [...body.matchAll(/^([a-z]\w*\(.*\));\s*\/\/ (.+)$/gm)];
    return pairs
      .filter(([, , comment = ""]) => isLiteral(comment))
      .filter(
        ([, expression = ""]) => !(expression.match(/[a-z]\w*\b(?!:)/gi) ?? []).some((word) => declared.has(word)),
      )
      .map(([, expression = "", comment = ""]) => ({
        ...example,
        evaluate: () => evaluate(root, example.code, expression, comment),
      }));
  });
}

const opening = "async function example() {\n";

function withImports(root: string, code: string, origins: ReadonlyMap<string, string>): string {
  return `${importsOf(root, code, origins)}${opening}${code}\n}\nvoid example;\nexport {};\n`;
}

function importsOf(root: string, code: string, origins: ReadonlyMap<string, string>): string {
  const used = new Set(code.match(/[A-Za-z_$][\w$]*/g));
  return [...origins]
    .filter(([name]) => used.has(name))
    .map(([name, file]) => `import { ${name} } from ${JSON.stringify(specifier(root, file))};\n`)
    .join("");
}

/** What a snippet imports or declares itself. */
function boundNames(code: string): ReadonlySet<string> {
  const bindings = [...code.matchAll(/\b(?:const|let|function|import(?: type)?)\s+(\{[^}]*\}|\[[^\]]*\]|\w+)/g)];
  return new Set(bindings.flatMap(([, names = ""]) => names.match(/\w+/g) ?? []));
}

function specifier(root: string, file: string): string {
  return file.endsWith(".ts") ? `./${path.relative(root, path.join(root, file)).slice(0, -".ts".length)}` : file;
}

/** Numbers, strings, arrays and objects of them; nothing that leaves something out. */
function isLiteral(comment: string): boolean {
  if (comment.includes("…")) return false;
  return /^(?:[\d_n\s*+-]+|"[^"]*"|true|false|undefined|[[{].*[\]}])$/.test(comment);
}

function evaluate(
  root: string,
  code: string,
  expression: string,
  comment: string,
): ReturnType<ExpectedValue["evaluate"]> {
  const imports = code.slice(0, code.indexOf(opening));
  const source = `${imports}actual = ${expression}; expected = (${comment});`;
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const script = ts.transpileModule(source, { compilerOptions }).outputText;
  const values = { actual: undefined, expected: undefined };
  const required = createRequire(path.join(root, "example.js"));
  vm.runInNewContext(script, Object.assign(values, { require: required, exports: {} }));
  // Objects of another context have other prototypes.
  return structuredClone({ actual: values.actual, expected: values.expected });
}

function faultsIn(program: ts.Program, file: string): readonly string[] {
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "),
  );
}

/** The names that the context declares. */
function declaredNames(root: string): ReadonlySet<string> {
  const text = readFileSync(path.join(root, context), "utf8");
  return new Set([...text.matchAll(/^export declare const (\w+):/gm)].map(([, name = ""]) => name));
}

function ethersNames(): readonly string[] {
  return Object.keys(createRequire(__filename)("ethers") as object);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Examples may stand in a fence or without one. */
function unfenced(text: string): string {
  return text.replace(/^```\w*\n/, "").replace(/\n```$/, "");
}
