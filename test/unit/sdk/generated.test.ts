import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { config } from "hardhat";

import { generateSdk } from "../../../scripts/lib/sdkGenerator";

const root = path.join(__dirname, "..", "..", "..");
const committed = path.join(root, "sdk", "src", "generated");

describe("The generated part of the SDK", () => {
  let output: string;

  before(async () => {
    output = await mkdtemp(path.join(tmpdir(), "emetis-generated-"));
    await generateSdk({ artifacts: config.paths.artifacts, deployments: path.join(root, "deployments"), output });
  });

  after(async () => {
    await rm(output, { recursive: true });
  });

  it("has the files that the contracts give, no more and no less", async () => {
    expect(await filesIn(committed)).to.deep.equal(await filesIn(output));
  });

  it("is what the contracts and the records give; if not, run `npm run sdk:generate`", async () => {
    const stale: string[] = [];
    for (const file of await filesIn(output)) {
      if ((await textOf(committed, file)) !== (await textOf(output, file))) stale.push(file);
    }
    expect(stale).to.deep.equal([]);
  });
});

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}

/** Empty when the file is not there. */
async function textOf(folder: string, file: string): Promise<string> {
  return readFile(path.join(folder, file), "utf8").catch(() => "");
}
