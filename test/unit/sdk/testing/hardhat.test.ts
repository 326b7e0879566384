import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { loadHardhat } from "../../../../sdk/src/testing/hardhat";
import { MissingToolError } from "../../../../sdk/src/testing";

describe("loadHardhat", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "emetis-kit-"));
  });

  afterEach(() => rm(root, { recursive: true }));

  /** What loading from the folder throws. */
  function thrown(): unknown {
    try {
      return loadHardhat(root);
    } catch (error) {
      return error;
    }
  }

  it("says how to install Hardhat where there is none", () => {
    const error = thrown();
    expect(error).to.be.instanceOf(MissingToolError);
    expect(error).to.include({ tool: "hardhat", found: undefined, root });
    expect(error).to.have.property("message").that.includes("npm i -D hardhat@2");
  });

  it("refuses Hardhat 3 and names it", async () => {
    const folder = path.join(root, "node_modules", "hardhat");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "package.json"), JSON.stringify({ name: "hardhat", version: "3.0.1" }));
    const error = thrown();
    expect(error).to.be.instanceOf(MissingToolError);
    expect(error).to.include({ tool: "hardhat", found: "3.0.1", root });
  });
});
