/** Bundles what an integrator's page would take from the SDK. */
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

/** What a bundler made of an entry. */
export interface Bundle {
  readonly code: string;
  /** Files of which something is left in it, relative to the folder. */
  readonly files: readonly string[];
  /** Everything that it imports from elsewhere. */
  readonly imports: readonly string[];
}

/** Bytes of a bundle without ethers: minified, and that compressed. */
export interface BundleSize {
  readonly min: number;
  readonly gzip: number;
}

/**
 * Bundles `source` for browsers, minified, with ethers left outside.
 *
 * @param source - A module; what it imports is looked for from `folder`.
 */
export async function bundle(source: string, folder: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: folder, loader: "js" },
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["ethers"],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const outputs = Object.values(metafile.outputs);
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs));
  return {
    code: outputFiles.map(({ text }) => text).join("\n"),
    files: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file),
    imports: outputs.flatMap((output) => output.imports.map(({ path }) => path)),
  };
}

/** How large a bundle is. */
export function sizeOf({ code }: Bundle): BundleSize {
  return { min: Buffer.byteLength(code), gzip: gzipSync(code, { level: 9 }).length };
}
