/** Writes the lists of what the SDK's entries export. A change of them is a change for integrators: say it in its changelog. */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";

import ts from "typescript";

import { exportList, publicExports, sdkCompilerOptions } from "./lib/sdkPackage/exports";

const root = path.join(__dirname, "..");
const entries = { index: "sdk/src/index.ts", testing: "sdk/src/testing/index.ts" };

for (const [name, entry] of Object.entries(entries)) {
  if (!existsSync(path.join(root, entry))) continue;
  const program = ts.createProgram([path.join(root, entry)], sdkCompilerOptions(root));
  const file = path.join("test", "unit", "sdk", "exports", `${name}.txt`);
  writeFileSync(path.join(root, file), exportList(publicExports(program, root, entry)));
  console.log(file);
}
