/**
 * Compares what is deployed with artifacts, records, setup and configuration: `npm run verify -- --network metis-sepolia`. Needs no key and
 * sends nothing to the chains. Exits with 1 when anything differs. `--submit` sends the sources to the explorers instead.
 */
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { openChain } from "./lib/chain/chain";
import { readCommit } from "./lib/deploy/commit";
import { type Network, networkOptions, selectNetwork } from "./lib/network";
import { readSetup } from "./lib/setup";
import { renderSubmissions, renderVerification } from "./lib/verify/render";
import { submitNetwork } from "./lib/verify/submitNetwork";
import { inspectNetwork } from "./lib/verify/verifyNetwork";

const options = { ...networkOptions, submit: { type: "boolean", default: false } } as const;
const root = path.join(__dirname, "..");

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  const network = selectNetwork(values, process.env);
  return values.submit ? submit(network) : verify(network);
}

async function verify(network: Network): Promise<number> {
  const { folder } = network;
  const setup = await readSetup(folder);
  const commit = await readCommit(root).catch((error: unknown) => {
    console.log(`Sources are of no commit: ${reasonOf(error)}\n`);
    return undefined;
  });
  const l1 = await openChain(network.l1);
  const l2 = await openChain(network.l2).catch((error: unknown) => {
    l1.close();
    throw error;
  });
  try {
    const verification = await inspectNetwork({
      l1: l1.provider,
      l2: l2.provider,
      folder,
      setup,
      ...(commit === undefined ? {} : { commit }),
      layouts: path.join(root, "deployments", "layouts"),
    });
    console.log(renderVerification(verification));
    return verification.findings.length === 0 ? 0 : 1;
  } finally {
    l1.close();
    l2.close();
  }
}

async function submit(network: Network): Promise<number> {
  const submissions = await submitNetwork({
    network,
    setup: await readSetup(network.folder),
    tools: { sleep: (milliseconds) => setTimeout(milliseconds) },
    onSubmitted: ({ chain, contract, type }) => {
      console.log(`${chain} ${contract}: ${type}`);
    },
  });
  console.log(`\n${renderSubmissions(submissions)}`);
  return submissions.every(({ type }) => type !== "failed") ? 0 : 1;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(reasonOf(error));
    process.exitCode = 1;
  },
);
