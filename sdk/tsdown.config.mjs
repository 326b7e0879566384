import { existsSync } from "node:fs";

import { defineConfig } from "tsdown";

const entries = ["src/index.ts", "src/testing/index.ts"];

export default defineConfig({
  entry: entries.filter((entry) => existsSync(new URL(entry, import.meta.url))),
  // One file a module: bundlers then leave out what is not imported without having to look inside.
  unbundle: true,
  format: ["esm", "cjs"],
  platform: "neutral",
  target: "es2022",
  tsconfig: "tsconfig.build.json",
  dts: true,
  logLevel: "warn",
  checks: { pluginTimings: false },
  outDir: "dist",
  clean: true,
  sourcemap: false,
  outExtensions: ({ format }) => (format === "es" ? { js: ".mjs", dts: ".d.mts" } : { js: ".cjs", dts: ".d.cts" }),
});
