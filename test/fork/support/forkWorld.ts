/** The forks that a run of the suite is about, and fixtures on them. */
import path from "node:path";

import hre from "hardhat";

import { localChains } from "../../../scripts/config/localChains";
import { readExternal } from "../../../scripts/lib/external";
import { pairVariable } from "../../../scripts/lib/fork/runSuite";
import { type ForkedMetis, openForkedMetis } from "../../../scripts/lib/fork/metis";
import type { LockingPoolVariant } from "../../../scripts/lib/localMetis";
import type { Snapshot } from "../../../scripts/lib/snapshots";
import { type Chains, createChain } from "../../helpers/chains";

/** Both forks with Metis on them. */
export interface ForkWorld extends Chains {
  readonly metis: ForkedMetis;
}

interface Source {
  readonly network: string;
  readonly l1: { readonly chainId: number; readonly url: string; readonly block: number };
  readonly l2: { readonly chainId: number; readonly url: string; readonly block: number };
}

let shared: Promise<{ readonly world: ForkWorld; readonly snapshots: readonly Snapshot[] }> | undefined;

/** The forks as they were before the first test. */
export async function forkWorld(): Promise<ForkWorld> {
  shared ??= openWorld();
  const { world, snapshots } = await shared;
  for (const snapshot of snapshots) await snapshot.restore();
  return world;
}

/** The name of the forked network and its chain ids, for the titles of the suites. */
export function forkTitle(): string {
  const { network, l1, l2 } = source();
  return `${network} (${l1.chainId} and ${l2.chainId})`;
}

/** The LockingPool that the network is known to run. */
export function forkedPool(): LockingPoolVariant {
  return source().l1.chainId === 1 ? "mainnet" : "sepolia";
}

async function openWorld() {
  const { network, l1: below, l2: above } = source();
  const folder = path.join(hre.config.paths.root, "deployments", network);
  const l1 = await createChain({ ...localChains.l1, chainId: below.chainId, forking: forkingOf(below) });
  const l2 = await createChain({ ...localChains.l2, chainId: above.chainId, forking: forkingOf(above) });
  const metis = await openForkedMetis(l1.signers[0]!, l2.provider, await readExternal(folder));
  return { world: { l1, l2, metis }, snapshots: [await l1.snapshot(), await l2.snapshot()] };
}

function forkingOf({ url, block }: Source["l1"]) {
  return { url, blockNumber: block };
}

function source(): Source {
  const text = process.env[pairVariable];
  if (text === undefined) throw new Error(`${pairVariable} is not set: run these tests with npm run test:fork`);
  return JSON.parse(text) as Source;
}
