/**
 * Runs the fork suite: Metis's rules and the protocol's whole life, on forks of the networks whose endpoints the environment has. `--local` runs it on
 * forks of local nodes that carry Metis's stand-ins at the public addresses. Without either it says what to set.
 */
import path from "node:path";
import { parseArgs } from "node:util";

import { publicNetworks } from "./config/networks";
import { type PinnedPair, describePair, pinPair } from "./lib/fork/heads";
import { startLocalPair } from "./lib/fork/localPair";
import { runForkSuite } from "./lib/fork/runSuite";
import { describeForkVariables, readForkPairs } from "./lib/fork/targets";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { local: { type: "boolean" }, deployments: { type: "string" } } });
  const isGood = values.local === true ? await testLocal(values.deployments ?? "deployments") : await testPublic();
  if (!isGood) process.exitCode = 1;
}

async function testPublic(): Promise<boolean> {
  const pairs = readForkPairs(process.env);
  if (pairs.length === 0) console.log(describeForkVariables());
  let isGood = true;
  for (const pair of pairs) isGood = (await run(await pinPair(pair))) && isGood;
  return isGood;
}

async function testLocal(deployments: string): Promise<boolean> {
  let isGood = true;
  for (const network of Object.values(publicNetworks)) {
    const { pair, stop } = await startLocalPair(network, path.resolve(deployments, network.name));
    try {
      isGood = (await run(await pinPair(pair))) && isGood;
    } finally {
      await stop();
    }
  }
  return isGood;
}

async function run(pair: PinnedPair): Promise<boolean> {
  const startedAt = Date.now();
  const code = await runForkSuite(pair, process.env);
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  console.log(`${code === 0 ? "Passed" : "FAILED"} in ${seconds} s on forks of ${describePair(pair)}`);
  return code === 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
});
