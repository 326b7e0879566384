/** Makes governance's calls as files for a Safe, simulated on a fork of the chain before they are written. Sends nothing. */
import { parseArgs } from "node:util";

import { readDeployedLayout } from "./lib/governance/deployedLayout";
import { startFork } from "./lib/governance/fork";
import { describeProposal, makeProposal, writeProposal } from "./lib/governance/makeProposal";
import { callerIn, layerIn, requestIn, requestOptions } from "./lib/governance/requestOptions";
import { readLayouts } from "./lib/layoutBuild";
import { halves, upgradeableContracts } from "./lib/layouts";
import { networkOptions, selectNetwork } from "./lib/network";
import { readDeployment } from "./lib/records";
import { actorsOf, readSetup } from "./lib/setup";

async function main(): Promise<void> {
  const options = { ...networkOptions, ...requestOptions, output: { type: "string", default: "proposals" } } as const;
  const { values } = parseArgs({ options });
  const network = selectNetwork(values, process.env);
  const layer = layerIn(values);
  const request = requestIn(values);
  const { folder, name } = network;
  const deployment = await readDeployment(folder);
  const caller = callerIn(values, actorsOf(await readSetup(folder), layer));
  const fork = await startFork(network[layer]);
  try {
    const made = await makeProposal(
      {
        ...{ node: fork.provider, network: name, layer, deployment, caller, createdAt: Date.now() },
        deployedLayout: (contract) => readDeployedLayout(folder, contract),
        presentLayouts: () => readLayouts([...upgradeableContracts, ...halves.map(({ half }) => half)]),
      },
      request,
    );
    for (const line of describeProposal(made)) console.log(line);
    for (const file of await writeProposal(values.output, made)) console.log(`written: ${file}`);
    if (made.proposal.type !== "scheduled") return;
    const { operation } = made.proposal;
    console.log(
      `to call it off: npm run propose -- --network ${name} --chain ${layer} --cancel --operation ${operation}`,
    );
  } finally {
    await fork.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
});
