/** Packs the built SDK and tries what npm would deliver: its manifest, its types, and every way to use it. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { checkFreshProject, ethersVersion } from "./lib/sdkPackage/freshProject";
import { run } from "./lib/sdkPackage/run";

const root = path.join(__dirname, "..");
const sdk = path.join(root, "sdk");

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "emetis-pack-"));
  try {
    const tarball = await pack(folder);
    console.log(await run(root, "npx", "publint", "run", tarball, "--strict"));
    console.log(await run(root, "npx", "attw", tarball, "--no-color", "--format", "ascii"));
    const packed = { tarball, ethers: await ethersVersion(root), hasKit: await hasKit() };
    await checkFreshProject(packed, (line) => {
      console.log(`works in a fresh project: ${line}`);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Packs the SDK into a folder. Returns the file. */
async function pack(folder: string): Promise<string> {
  const printed = await run(sdk, "npm", "pack", "--silent", "--pack-destination", folder);
  return path.join(folder, printed.trim());
}

/** Whether the package has an entry for tests. */
async function hasKit(): Promise<boolean> {
  return (await readFile(path.join(sdk, "package.json"), "utf8")).includes('"./testing"');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
