/** Installs the packed SDK where nothing else is and uses it in every way that an integrator may. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { build } from "esbuild";
import { build as rolldown } from "rolldown";

import { expectedOutput, kitPrograms, programs } from "./consumer";
import { run } from "./run";

/** The packed SDK, and the versions to use it with. */
export interface PackedSdk {
  /** The file that `npm pack` made. */
  readonly tarball: string;
  readonly ethers: string;
  readonly hasKit: boolean;
}

/** One way to use the SDK; whatever its programs print must be the call that was asked for. */
interface Use {
  readonly name: string;
  readonly print: (folder: string) => Promise<readonly string[]>;
}

const compiler = require.resolve("typescript/bin/tsc");

const uses: readonly Use[] = [
  { name: "ESM", print: async (folder) => [await node(folder, "esm.mjs")] },
  { name: "CommonJS", print: async (folder) => [await node(folder, "commonjs.cjs")] },
  { name: "TypeScript, node16, as ESM and as CommonJS", print: (folder) => compiled(folder, "node16") },
  { name: "TypeScript, nodenext, as ESM and as CommonJS", print: (folder) => compiled(folder, "nodenext") },
  { name: "TypeScript, bundler, through esbuild and rolldown", print: bundled },
];

/**
 * Tries every use in a project of its own, which is removed after it.
 *
 * @param report - Told each use that works.
 * @throws Error for the first that does not.
 */
export async function checkFreshProject(packed: PackedSdk, report: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "emetis-fresh-"));
  try {
    await install(folder, packed);
    const expected = expectedOutput();
    for (const { name, print } of uses) {
      const wrong = (await print(folder)).find((printed) => printed.trim() !== expected);
      if (wrong !== undefined) throw new Error(`${name} printed ${wrong} instead of ${expected}`);
      report(name);
    }
    if (packed.hasKit) await checkKit(folder, report);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The ethers version of this repository, which is in npm's cache. */
export async function ethersVersion(root: string): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(path.join(root, "node_modules", "ethers", "package.json"), "utf8"),
  );
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
  throw new Error("ethers has no version: run `npm ci`");
}

async function install(folder: string, { tarball, ethers }: PackedSdk): Promise<void> {
  const dependencies = { "@emetis/sdk": `file:${tarball}`, ethers };
  const manifest = { name: "fresh", version: "1.0.0", private: true, dependencies };
  await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest));
  await run(folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund");
  for (const [name, source] of Object.entries({ ...programs, ...kitPrograms })) {
    await writeFile(path.join(folder, name), source);
  }
}

/** Both ways to load the kit give the same functions. */
async function checkKit(folder: string, report: (line: string) => void): Promise<void> {
  const [esm, commonJs] = [await node(folder, "kit.mjs"), await node(folder, "kit.cjs")];
  if (esm.trim() === "" || esm !== commonJs) throw new Error(`the kit gives ${esm} as ESM and ${commonJs} as CommonJS`);
  report("the test kit, ESM and CommonJS");
}

function node(folder: string, file: string): Promise<string> {
  return run(folder, process.execPath, file);
}

async function compiled(folder: string, resolution: string): Promise<readonly string[]> {
  const outDir = `out-${resolution}`;
  await compile(folder, ["typed.mts", "typed.cts"], { module: resolution, moduleResolution: resolution, outDir });
  return [await node(folder, path.join(outDir, "typed.mjs")), await node(folder, path.join(outDir, "typed.cjs"))];
}

/** With the types of a browser alone, and those of the SDK checked as well. */
async function compile(
  folder: string,
  files: readonly string[],
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
  };
  const browser = { target: "es2022", lib: ["es2022", "dom"], types: [] };
  const project = { compilerOptions: { ...strict, ...browser, ...settings }, files };
  await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify(project));
  await run(folder, process.execPath, compiler, "--project", ".");
}

/** As a page does it: ethers is bundled as well, and nothing of Node's is there. */
async function bundled(folder: string): Promise<readonly string[]> {
  await compile(folder, ["typed.ts"], { module: "esnext", moduleResolution: "bundler", noEmit: true });
  const input = path.join(folder, "typed.ts");
  const files = [path.join(folder, "esbuild.mjs"), path.join(folder, "rolldown.mjs")] as const;
  const common = { bundle: true, format: "esm", platform: "browser", logLevel: "silent" } as const;
  await build({ ...common, entryPoints: [input], outfile: files[0] });
  await rolldown({ cwd: folder, input, platform: "browser", output: { file: files[1], format: "esm" } });
  return Promise.all(files.map((file) => node(folder, file)));
}
