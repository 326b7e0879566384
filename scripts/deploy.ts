/**
 * Deploys the protocol to a public network: `npm run deploy -- --network metis-sepolia` shows the plan and stops, `--send` carries it out.
 * Killed at any moment, the same command goes on. The account that signs is named as for all commands; for a plan alone `--deployer ADDRESS` is enough.
 * `--restart` begins a new plan at new addresses and keeps the old one beside it.
 */
import path from "node:path";
import { parseArgs } from "node:util";

import { getAddress } from "ethers";

import { accountOptions, openAccount } from "./lib/chain/account";
import { openChain } from "./lib/chain/chain";
import { readCommit } from "./lib/deploy/commit";
import { pricePlan } from "./lib/deploy/costs";
import { prepareDeployment } from "./lib/deploy/prepare";
import { carryOut } from "./lib/deploy/run";
import { planLines } from "./lib/deploy/table";
import { readExternal } from "./lib/external";
import { networkOptions, selectNetwork } from "./lib/network";
import { readSetup } from "./lib/setup";

const options = {
  ...networkOptions,
  ...accountOptions,
  deployer: { type: "string" },
  send: { type: "boolean", default: false },
  restart: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  const network = selectNetwork(values, process.env);
  const setup = await readSetup(network.folder);
  const external = await readExternal(network.folder);
  const commit = await readCommit(path.join(__dirname, ".."));
  const isWatched = values.deployer !== undefined && !values.send;
  const account = isWatched ? undefined : await openAccount(values);
  const deployer = getAddress(account?.address ?? values.deployer ?? "");
  const l1 = await openChain(network.l1);
  const l2 = await openChain(network.l2);
  try {
    const { folder, name } = network;
    const context = { network: name, folder, chains: { l1, l2 }, deployer, setup, external, commit };
    const prepared = await prepareDeployment(context, { isRestart: values.restart });
    for (const line of planLines(prepared, await pricePlan(prepared))) console.log(line);
    if (!values.send || account === undefined) {
      console.log("\nNothing was sent. Add --send to carry it out.");
      return;
    }
    await carryOut(prepared, { account, log: console.log });
    console.log(`The records are in ${folder}. Next: npm run verify -- --network ${name}`);
  } finally {
    l1.close();
    l2.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
