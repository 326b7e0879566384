import { readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import ts from "typescript";

import { exportList, publicExports, sdkCompilerOptions } from "../../../scripts/lib/sdkPackage/exports";
import { compileExamples, examplesOf, expectedValues, snippetsOf } from "../../helpers/sdk/examples";

const root = path.join(__dirname, "..", "..", "..");
const entries = { index: "sdk/src/index.ts", testing: "sdk/src/testing/index.ts" };

describe("The SDK's exports", () => {
  const options = sdkCompilerOptions(root);
  const program = ts.createProgram(
    Object.values(entries).map((entry) => path.join(root, entry)),
    options,
  );

  for (const [name, entry] of Object.entries(entries)) {
    describe(entry, () => {
      const all = publicExports(program, root, entry);
      const ours = all.filter(({ file, kind }) => !file.includes("/generated/") && kind !== "namespace");
      const examples = examplesOf(root, entry, all);

      it("are those of the list, which `npm run sdk:exports` writes", () => {
        const listed = readFileSync(path.join(__dirname, "exports", `${name}.txt`), "utf8");
        expect(exportList(all).split("\n")).to.deep.equal(listed.split("\n"));
      });

      it("say in a sentence what they are", () => {
        const silent = ours.filter(({ documentation }) => !/^(?:s?eMetis|[^a-z]).*\.(?:\s|$)/s.test(documentation));
        expect(silent.map(({ name: lacking, file }) => `${lacking} in ${file}`)).to.deep.equal([]);
      });

      it("show how a function is called", () => {
        const without = ours.filter(({ kind, examples: shown }) => kind === "function" && shown.length === 0);
        expect(without.map(({ name: lacking, file }) => `${lacking} in ${file}`)).to.deep.equal([]);
      });

      it("have examples that compile", () => {
        expect(examples).to.not.have.length(0);
        expect(compileExamples(root, options, examples)).to.deep.equal([]);
      }).timeout(120_000);

      for (const { name: promising, evaluate } of expectedValues(root, examples)) {
        it(`give what the example of ${promising} says`, () => {
          const { actual, expected } = evaluate();
          expect(actual).to.deep.equal(expected);
        });
      }
    });
  }

  it("are used by the README in snippets that compile", () => {
    const snippets = snippetsOf(root, "sdk/README.md");
    expect(snippets).to.not.have.length(0);
    expect(compileExamples(root, options, snippets)).to.deep.equal([]);
  }).timeout(120_000);
});
