/** Two local nodes that pass for the chains of a public network: its chain ids, and Metis's stand-ins at its addresses. */
import { type NetworkSettings } from "../../config/networks";
import { type Layer } from "../../config/localChains";
import { readAllExternal, readExternal } from "../external";
import { type LockingPoolVariant, addSequencers, deployLocalMetisL1, deployLocalMetisL2 } from "../localMetis";
import { type RunningNode, freePort, startNode } from "../nodes";
import type { ForkPair, ForkTarget } from "./targets";

/** A pair of running nodes, ready to be forked. */
export interface LocalPair {
  readonly pair: ForkPair;
  readonly stop: () => Promise<void>;
}

/** Wei of ETH that the stand-in asks for one unit of L2 gas: not 0, so that a missing fee is noticed. */
const discount = 1_000_000_000n;
/** Sequencers of others that are in the pool already. */
const strangers = 7;

/**
 * Starts the nodes of `network` and puts Metis's stand-ins on them, with the LockingPool that the network has. `folder` has its `external.json`.
 *
 * @throws {@link FileError} when the addresses are not there.
 */
export async function startLocalPair(network: NetworkSettings, folder: string): Promise<LocalPair> {
  const nodes: RunningNode[] = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  const start = async (layer: Layer) => {
    const node = await startNode(layer, await freePort(), { chainId: network[layer].chainId });
    nodes.push(node);
    return node;
  };
  try {
    // One after the other: when the first does not come up, no second one is left running.
    const [l1, l2] = [await start("l1"), await start("l2")];
    await putStandIns({ l1, l2 }, network, folder);
    const pair = {
      network: network.name,
      l1: await targetOf(l1, network.l1.chainId),
      l2: await targetOf(l2, network.l2.chainId),
    };
    return { pair, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function putStandIns(
  { l1, l2 }: Readonly<Record<Layer, RunningNode>>,
  network: NetworkSettings,
  folder: string,
): Promise<void> {
  const external = await readExternal(folder);
  const { MVM_DiscountOracle: discountOracle, CanonicalTransactionChain: transactionChain } =
    await readAllExternal(folder);
  const others = {
    ...(discountOracle === undefined ? {} : { discountOracle }),
    ...(transactionChain === undefined ? {} : { transactionChain }),
  };
  const lockingPool: LockingPoolVariant = network.l1.chainId === 1 ? "mainnet" : "sepolia";
  const metis = await deployLocalMetisL1(await l1.provider.getSigner(0), {
    l2ChainId: network.l2.chainId,
    lockingPool,
    discount,
    at: { ...external, ...others },
  });
  await deployLocalMetisL2(await l2.provider.getSigner(0), { l1: metis });
  await addSequencers(l1.provider, metis, strangers);
}

async function targetOf({ url, provider, layer }: RunningNode, chainId: number): Promise<ForkTarget> {
  const name = `local ${layer} node`;
  return { chainId, name, url, block: await provider.getBlockNumber() };
}
