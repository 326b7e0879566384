/** Records the storage layouts of the upgradeable contracts in `deployments/layouts`; `--check` compares, writes nothing, and fails on any difference. */
import path from "node:path";
import { parseArgs } from "node:util";

import { readLayouts } from "./lib/layoutBuild";
import { checkLayouts, halves, upgradeableContracts, writeLayouts } from "./lib/layouts";

const folder = path.join(__dirname, "..", "deployments", "layouts");

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { check: { type: "boolean", default: false }, accept: { type: "boolean", default: false } },
  });
  const present = await readLayouts([...upgradeableContracts, ...halves.map(({ half }) => half)]);
  if (values.check) {
    const faults = await checkLayouts(folder, present);
    for (const { message } of faults) console.error(message);
    if (faults.length > 0) throw new Error(`${faults.length} faults in the storage layouts`);
    console.log(`${upgradeableContracts.length} storage layouts as recorded`);
    return;
  }
  const changed = await writeLayouts(folder, present, { isForced: values.accept });
  console.log(changed.length === 0 ? "nothing changed" : `written to deployments/layouts: ${changed.join(", ")}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
