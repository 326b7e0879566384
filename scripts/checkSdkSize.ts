/** Fails when the built SDK weighs more on a page than `sdk/size-budget.json` allows. */
import path from "node:path";

import { budgetFile, checkSizes } from "./lib/sdkPackage/sizeBudget";

async function main(): Promise<void> {
  const { lines, over } = await checkSizes(path.join(__dirname, "..", "sdk"));
  for (const line of lines) console.log(line);
  if (over.length > 0) throw new Error(`larger than sdk/${budgetFile} allows: ${over.join(", ")}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
