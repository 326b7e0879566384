import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(root, "src");
const deployScripts = path.join(root, "..", "scripts", "lib");

/**
 * The test kit takes the repository's deploy functions into its own file. What they deploy comes from a generated table, and the errors
 * are those of the package's other entry: one class of each.
 */
const kit = (extension) => ({
  name: "emetis-test-kit",
  resolveId(id, importer) {
    if (importer === undefined || !id.startsWith(".")) return null;
    const file = path.resolve(path.dirname(importer), id);
    if (file === path.join(deployScripts, "artifacts")) return path.join(source, "testing", "artifacts.ts");
    return file === path.join(source, "errors") ? { id: `../errors.${extension}`, external: true } : null;
  },
});

/** The second entry of the package, beside that of `tsdown.config.mjs`. */
export const testing = (common, format) => ({
  ...common,
  entry: { "testing/index": "src/testing/index.ts" },
  unbundle: false,
  format,
  platform: "node",
  clean: false,
  plugins: [kit(format === "esm" ? "mjs" : "cjs")],
});
