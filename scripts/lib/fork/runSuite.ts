/** Runs the fork suite on a pair of chains, in a process of its own. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";

import type { PinnedPair } from "./heads";

const root = path.join(__dirname, "..", "..", "..");
const hardhat = require.resolve("hardhat/internal/cli/bootstrap");

/** The environment variable that hands the pair to the suite, as JSON. */
export const pairVariable = "FORK_PAIR";

/** Runs every `test/fork/*.test.ts` on forks of the pair. `environment` is what the process is given beside the pair. Returns its exit code. */
export async function runForkSuite(pair: PinnedPair, environment: NodeJS.ProcessEnv): Promise<number> {
  const folder = path.join("test", "fork");
  const files = readdirSync(path.join(root, folder)).filter((name) => name.endsWith(".test.ts"));
  const tests = files.sort().map((name) => path.join(folder, name));
  const child = spawn(process.execPath, [hardhat, "test", "--no-compile", ...tests], {
    cwd: root,
    env: { ...environment, [pairVariable]: JSON.stringify(pair), HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" },
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve(code ?? 1);
    });
  });
}
