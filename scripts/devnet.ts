/**
 * Two local chains with Metis's contracts and the protocol on them, until Ctrl-C: relayer and reward batches run by themselves.
 * `--out FILE` writes the deployment object of `@emetis/sdk` to a file as well.
 */
import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { submitRewards } from "./lib/localMetis";
import { type LocalProtocol, deployLocalProtocol } from "./lib/localProtocol";
import { type RunningNode, startNode } from "./lib/nodes";
import { describeDeployment } from "./lib/sdkDeployment";

/** Where wallets expect local chains. */
const ports = { l1: 8545, l2: 8546 } as const;
/** Names of the nodes' unlocked accounts, in their order. */
const accountNames = ["deployer", "governance", "guardian", "keeper", "treasury", "operator A", "operator B"];
/** Milliseconds between two rounds of the relayer. */
const relayInterval = 500;
/** Milliseconds between two reward batches, and blocks for each sequencer in one. */
const rewards = { interval: 60_000, blocks: 100n } as const;
/** Sequencers that earn, in LockingPool's enumeration. */
const active = 2n;

async function main(): Promise<void> {
  const { out } = parseArgs({ options: { out: { type: "string" } } }).values;
  const stopping = new AbortController();
  const interrupt = () => {
    stopping.abort();
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const nodes: RunningNode[] = [];
  try {
    for (const layer of ["l1", "l2"] as const) nodes.push(await startNode(layer, ports[layer]));
    const [l1, l2] = nodes as [RunningNode, RunningNode];
    const protocol = await deploy(l1, l2);
    const deployment = JSON.stringify(await describeDeployment(protocol, "devnet"), null, 2);
    if (out !== undefined) await writeFile(out, `${deployment}\n`);
    await printAddresses(protocol, nodes, deployment);
    await Promise.all([relay(protocol, stopping.signal), reward(protocol, stopping.signal)]);
  } finally {
    await Promise.all(nodes.map(async ({ stop }) => stop()));
    console.log("\nBoth nodes are stopped.");
  }
}

async function deploy(l1: RunningNode, l2: RunningNode): Promise<LocalProtocol> {
  const [, governance, guardian, keeper, treasury, first, second] = (await l1.provider.listAccounts()).map(
    ({ address }) => address,
  ) as [string, string, string, string, string, string, string];
  return deployLocalProtocol({
    l1: await l1.provider.getSigner(0),
    l2: await l2.provider.getSigner(0),
    actors: { governance, guardian, keeper, treasury },
    operators: [first, second],
  });
}

async function printAddresses(
  { metis, sequencers }: LocalProtocol,
  nodes: readonly RunningNode[],
  deployment: string,
): Promise<void> {
  const [l1] = nodes;
  console.log("Two local chains are up.\n");
  for (const { layer, url, provider } of nodes) {
    console.log(`${layer.toUpperCase()}  ${url}  chain id ${(await provider.getNetwork()).chainId}`);
  }
  console.log("\nThe protocol, for parseDeployment of @emetis/sdk:");
  console.log(deployment);
  console.log("\nMetis's contracts on Ethereum, and the protocol's vaults:");
  console.log(JSON.stringify({ ...metis, vaults: sequencers.map(({ vault }) => vault) }, null, 2));
  console.log("\nUnlocked accounts, the same on both chains, 10,000,000 ETH and METIS each:");
  for (const [index, { address }] of ((await l1?.provider.listAccounts()) ?? []).entries()) {
    console.log(`${String(index).padStart(2)}  ${address}  ${accountNames[index] ?? ""}`);
  }
  console.log(
    "\nMessages down are delivered at once; METIS and needs go up after 7 days of L1 time (evm_increaseTime).",
  );
  console.log("Ctrl-C stops both nodes.");
}

/** Carries messages both ways as soon as the chains allow it. */
async function relay({ relayer }: LocalProtocol, signal: AbortSignal): Promise<void> {
  do {
    await relayer.burnPending();
    await relayer.relayAll();
  } while (await passed(relayInterval, signal));
}

/** Credits a batch to each of our sequencers that is active. */
async function reward({ l1, metis, sequencers }: LocalProtocol, signal: AbortSignal): Promise<void> {
  while (await passed(rewards.interval, signal)) {
    const signers: string[] = [];
    for (const { key } of sequencers) {
      const { status } = await l1.lockingPool.sequencers(await l1.lockingPool.seqSigners(key.signer));
      if (status === active) signers.push(key.signer);
    }
    if (signers.length > 0) await submitRewards(l1.node, metis, { signers, blocks: signers.map(() => rewards.blocks) });
  }
}

/** Waits. Answers whether the time has passed, and not the interruption come first. */
async function passed(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return setTimeout(milliseconds, true, { signal }).catch(() => false);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
