/** Prints who can do what, and when, on both chains of a network; `--json` for machines. Reads only. */
import { parseArgs } from "node:util";

import { openChain } from "./lib/chain/chain";
import type { Layer } from "./config/localChains";
import { formatRoleTable, readRoleTable, roleTableJson } from "./lib/governance/roleTable";
import { namesOf, targetsOf } from "./lib/governance/targets";
import { type Network, networkOptions, selectNetwork } from "./lib/network";
import { readDeployment } from "./lib/records";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...networkOptions, json: { type: "boolean", default: false } } });
  const network = selectNetwork(values, process.env);
  const tables = [await readTable(network, "l1"), await readTable(network, "l2")];
  if (values.json) {
    console.log(roleTableJson(tables));
    return;
  }
  for (const line of tables.flatMap(formatRoleTable)) console.log(line);
}

async function readTable(network: Network, layer: Layer) {
  const deployment = await readDeployment(network.folder);
  const chain = await openChain(network[layer]);
  try {
    const { accessManager, chainId, startBlock } = deployment[layer];
    return await readRoleTable({
      ...{ provider: chain.provider, layer, chainId, accessManager, startBlock },
      targets: targetsOf(deployment, layer),
      names: await namesOf(network.folder, layer),
    });
  } finally {
    chain.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
});
