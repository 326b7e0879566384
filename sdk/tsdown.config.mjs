import { defineConfig } from "tsdown";

import { testing } from "./tsdown.testing.mjs";

const common = defineConfig({
  entry: "src/index.ts",
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

export default [common, testing(common, "esm"), testing(common, "cjs")];
