/** Writes `sdk/src/generated` from the artifacts and `deployments/`: bindings, the table of errors, the code of the lens, the address book. */
import path from "node:path";

import { generateSdk } from "./lib/sdkGenerator";

const root = path.join(__dirname, "..");

generateSdk({
  artifacts: path.join(root, "artifacts"),
  deployments: path.join(root, "deployments"),
  output: path.join(root, "sdk", "src", "generated"),
})
  .then((files) => {
    console.log(`${files} files in sdk/src/generated`);
  })
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
