/** Runs all examples, or those that are named, each on a fresh protocol; fails when a result is wrong. */
import { startEMetis } from "@emetis/sdk/testing";

import { examples } from "./index";

async function main(): Promise<void> {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !(name in examples));
  if (unknown !== undefined)
    throw new Error(`there is no example ${unknown}: name ${Object.keys(examples).join(", ")}`);
  const kit = await startEMetis();
  const restore = await kit.snapshot();
  for (const [name, run] of Object.entries(examples)) {
    if (named.length > 0 && !named.includes(name)) continue;
    console.log(`${name}\n${await run(kit)}\n`);
    await restore();
  }
  await kit.stop();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
