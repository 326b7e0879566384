import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import type { examples } from "../../../sdk/examples";
import { type EMetisKit, startEMetis } from "../../../sdk/src/testing";
import { loadExample } from "../../helpers/sdk/loadExample";

type Examples = typeof examples;

const folder = path.join(__dirname, "..", "..", "..", "sdk", "examples");
const runners = ["index.ts", "run.ts"];
const files = readdirSync(folder).filter((name) => !runners.includes(name));
const { examples: loaded } = loadExample(path.join(folder, "index.ts")) as { readonly examples: Examples };

describe("The examples of the SDK", () => {
  let kit: EMetisKit;
  let restore: () => Promise<void>;

  before(async () => {
    kit = await startEMetis();
    restore = await kit.snapshot();
  });

  afterEach(() => restore());

  after(() => kit.stop());

  it("are all run", () => {
    expect(files.map((name) => path.basename(name, ".ts"))).to.have.members(Object.keys(loaded));
  });

  for (const [name, run] of Object.entries(loaded)) {
    it(`come to what they say: ${name}`, async () => {
      expect(await run(kit)).not.to.equal("");
    });
  }

  for (const name of files) {
    it(`fit on a page: ${name}`, () => {
      expect(readFileSync(path.join(folder, name), "utf8").split("\n").length).to.be.at.most(60);
    });
  }
});
