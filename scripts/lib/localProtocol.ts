/** Metis's stand-ins and the protocol on two local chains, ready for use: the ground of the tests, the devnet, the demo and the gas table. */
import { type Signer, dataSlice, parseEther } from "ethers";

import type {
  EMetis,
  L1Gateway,
  L2Gateway,
  LocalL1StandardBridge,
  LocalLockingInfo,
  LocalLockingPool,
  LocalMetis,
  LockManager,
  RedemptionQueue,
  SEMetis,
  SequencerVault,
  StakingPool,
} from "../../typechain-types";
import { operatorCommissionBps } from "../config/parameters";
import {
  EMetis__factory,
  L1Gateway__factory,
  L2Gateway__factory,
  LocalL1StandardBridge__factory,
  LocalLockingInfo__factory,
  LocalLockingPool__factory,
  LocalMetis__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  SequencerVault__factory,
  StakingPool__factory,
} from "./artifacts";
import { type Actors, type Deployment, deployL1, deployL2, handOver, planDeployment } from "./deployment";
import {
  type LocalMetisL1,
  type LocalMetisL1Options,
  type SequencerKey,
  addSequencers,
  deployLocalMetisL1,
  deployLocalMetisL2,
  sequencerKey,
} from "./localMetis";
import { type LocalNode, nodeOf } from "./localNode";
import { type Relayer, createRelayer } from "./relayer";

/** A sequencer of the protocol: its vault, and the key that signs blocks. */
export interface LocalSequencer {
  readonly index: bigint;
  readonly vault: string;
  readonly operator: string;
  readonly key: SequencerKey;
}

/** The protocol's contracts and what they stand on, with the deployer's signer on each side. */
export interface LocalProtocol {
  readonly deployment: Deployment;
  /** The first block of each side that the protocol can be in. */
  readonly startBlocks: { readonly l1: number; readonly l2: number };
  readonly actors: Actors;
  readonly metis: LocalMetisL1;
  readonly relayer: Relayer;
  readonly sequencers: readonly LocalSequencer[];
  readonly l1: {
    readonly node: LocalNode;
    readonly lockManager: LockManager;
    readonly l1Gateway: L1Gateway;
    readonly vaults: readonly SequencerVault[];
    readonly metis: LocalMetis;
    readonly lockingPool: LocalLockingPool;
    readonly lockingInfo: LocalLockingInfo;
    readonly bridge: LocalL1StandardBridge;
  };
  readonly l2: {
    readonly node: LocalNode;
    readonly eMetis: EMetis;
    readonly seMetis: SEMetis;
    readonly stakingPool: StakingPool;
    readonly redemptionQueue: RedemptionQueue;
    readonly l2Gateway: L2Gateway;
  };
}

/** How the local protocol is set up. */
export interface LocalProtocolOptions {
  /** The deployer on each side, who also owns Metis's stand-ins. */
  readonly l1: Signer;
  readonly l2: Signer;
  readonly actors: Actors;
  /** One sequencer each; an operator may have several. */
  readonly operators: readonly string[];
  /** Our ceiling for each position, in wei. @defaultValue 100,000 METIS, as Metis's own */
  readonly vaultCap?: bigint;
  /** Sequencers of others, so that the pool is not ours alone. @defaultValue 7 */
  readonly strangers?: number;
  readonly metis?: Omit<LocalMetisL1Options, "l2ChainId">;
  /** METIS for a withdrawal, in wei. @defaultValue 0.5 METIS */
  readonly minErc20BridgeCost?: bigint;
  /** Whether the deployer keeps its power, for tests that need it. @defaultValue false */
  readonly keepsPower?: boolean;
}

/** Deploys Metis's stand-ins and the protocol, adds the vaults, has Metis whitelist them, and hands all power over. */
export async function deployLocalProtocol(options: LocalProtocolOptions): Promise<LocalProtocol> {
  const { l1, l2, actors } = options;
  const l1Node = nodeOf(l1);
  const l2Node = nodeOf(l2);
  const { chainId: l1ChainId } = await l1Node.getNetwork();
  const { chainId: l2ChainId } = await l2Node.getNetwork();
  const metis = await deployLocalMetisL1(l1, { ...options.metis, l2ChainId: Number(l2ChainId) });
  const { minErc20BridgeCost } = options;
  await deployLocalMetisL2(l2, { l1: metis, ...(minErc20BridgeCost === undefined ? {} : { minErc20BridgeCost }) });
  await addSequencers(l1Node, metis, options.strangers ?? 7);

  const deployment = planDeployment({
    l1: { chainId: l1ChainId, deployer: await l1.getAddress(), nonce: await l1.getNonce() },
    l2: { chainId: l2ChainId, deployer: await l2.getAddress(), nonce: await l2.getNonce() },
  });
  const startBlocks = { l1: (await l1Node.getBlockNumber()) + 1, l2: (await l2Node.getBlockNumber()) + 1 };
  await deployL2(l2, deployment, actors);
  await deployL1(l1, deployment, metis);
  const sequencers = await addVaults(l1, deployment, { metis, options });
  if (options.keepsPower !== true) {
    await handOver(l1, deployment.l1.accessManager, actors);
    await handOver(l2, deployment.l2.accessManager, actors);
  }

  return {
    deployment,
    startBlocks,
    actors,
    metis,
    relayer: createRelayer({ l1, l2: l2Node, addresses: metis }),
    sequencers,
    ...connectContracts({ deployment, metis, sequencers }, { l1, l2 }),
  };
}

/** Every contract of a protocol and of Metis on Ethereum, with the signers' nodes. */
export function connectContracts(
  { deployment, metis, sequencers }: Pick<LocalProtocol, "deployment" | "metis" | "sequencers">,
  { l1, l2 }: { readonly l1: Signer; readonly l2: Signer },
): Pick<LocalProtocol, "l1" | "l2"> {
  return {
    l1: {
      node: nodeOf(l1),
      lockManager: LockManager__factory.connect(deployment.l1.lockManager, l1),
      l1Gateway: L1Gateway__factory.connect(deployment.l1.l1Gateway, l1),
      vaults: sequencers.map(({ vault }) => SequencerVault__factory.connect(vault, l1)),
      metis: LocalMetis__factory.connect(metis.metis, l1),
      lockingPool: LocalLockingPool__factory.connect(metis.lockingPool, l1),
      lockingInfo: LocalLockingInfo__factory.connect(metis.lockingInfo, l1),
      bridge: LocalL1StandardBridge__factory.connect(metis.bridge, l1),
    },
    l2: {
      node: nodeOf(l2),
      eMetis: EMetis__factory.connect(deployment.l2.eMetis, l2),
      seMetis: SEMetis__factory.connect(deployment.l2.seMetis, l2),
      stakingPool: StakingPool__factory.connect(deployment.l2.stakingPool, l2),
      redemptionQueue: RedemptionQueue__factory.connect(deployment.l2.redemptionQueue, l2),
      l2Gateway: L2Gateway__factory.connect(deployment.l2.l2Gateway, l2),
    },
  };
}

async function addVaults(
  l1: Signer,
  deployment: Deployment,
  { metis, options }: { readonly metis: LocalMetisL1; readonly options: LocalProtocolOptions },
): Promise<readonly LocalSequencer[]> {
  const lockManager = LockManager__factory.connect(deployment.l1.lockManager, l1);
  const lockingPool = LocalLockingPool__factory.connect(metis.lockingPool, l1);
  const sequencers: LocalSequencer[] = [];
  for (const [position, operator] of options.operators.entries()) {
    const index = BigInt(position);
    const vault = await lockManager.vaultAddress(index);
    await (await lockingPool.setWhitelist(vault, true)).wait();
    const key = sequencerKey(`eMetis sequencer ${position}`);
    const config = {
      operator,
      commissionBps: operatorCommissionBps,
      cap: options.vaultCap ?? parseEther("100000"),
      pubkeyX: dataSlice(key.pubkey, 0, 32),
      pubkeyY: dataSlice(key.pubkey, 32),
    };
    await (await lockManager.addVault(config)).wait();
    sequencers.push({ index, vault, operator, key });
  }
  return sequencers;
}
