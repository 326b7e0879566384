/** Runs a module that imports the SDK as a user does, with the sources in the place of the built package. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";

import ts from "typescript";

const root = path.join(__dirname, "..", "..", "..");
const sources: Readonly<Record<string, string>> = {
  "@emetis/sdk": path.join(root, "sdk", "src", "index"),
  "@emetis/sdk/testing": path.join(root, "sdk", "src", "testing", "index"),
};
const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };

/** The exports of a TypeScript module. */
export function loadExample(file: string): unknown {
  const code = ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions, fileName: file }).outputText;
  const load = createRequire(file);
  const required = (id: string): unknown => {
    const source = sources[id];
    if (source !== undefined) return load(source);
    return id.startsWith(".") ? loadExample(path.resolve(path.dirname(file), `${id}.ts`)) : load(id);
  };
  const exports = {};
  Reflect.apply(vm.compileFunction(code, ["require", "exports"], { filename: file }), undefined, [required, exports]);
  return exports;
}
