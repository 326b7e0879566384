/** After governance has carried out an upgrade: writes the new implementation into the network's records, when its code is the present build's. */
import path from "node:path";
import { parseArgs } from "node:util";

import { openChain } from "./lib/chain/chain";
import { readCommit } from "./lib/deploy/commit";
import { recordUpgrades } from "./lib/governance/recordUpgrades";
import { networkOptions, selectNetwork } from "./lib/network";
import { readDeployment } from "./lib/records";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: networkOptions });
  const network = selectNetwork(values, process.env);
  const { folder } = network;
  const commit = await readCommit(path.join(__dirname, ".."));
  const deployment = await readDeployment(folder);
  const [l1, l2] = await Promise.all([openChain(network.l1), openChain(network.l2)]);
  try {
    const nodes = { l1: l1.provider, l2: l2.provider };
    const written = await recordUpgrades({ ...nodes, folder, deployment, commit });
    for (const { contract, before, now } of written) console.log(`${contract}: ${before} -> ${now}`);
    console.log(`${written.length} records written`);
  } finally {
    l1.close();
    l2.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
});
