/** The protocol deployed onto the forks by the same functions as everywhere, and what people do with it there. */
import { type Provider, ZeroAddress, dataSlice } from "ethers";

import { operatorCommissionBps } from "../../../scripts/config/parameters";
import {
  LocalL1StandardBridge__factory,
  LocalLockingInfo__factory,
  LocalMetis__factory,
  LockManager__factory,
} from "../../../scripts/lib/artifacts";
import { deliverAll, waitForBridgeUp } from "../../../scripts/lib/demo/actions";
import { type Actor, type World, bookOf, generousEth, withdrawalFee } from "../../../scripts/lib/demo/world";
import { deployL1, deployL2, handOver, planDeployment } from "../../../scripts/lib/deployment";
import { sequencerKey } from "../../../scripts/lib/localMetis";
import { type LocalProtocol, type LocalSequencer, connectContracts } from "../../../scripts/lib/localProtocol";
import type { ForkWorld } from "./forkWorld";

/** The protocol on the forks with everyone around it. */
export interface ForkLife extends World {
  readonly fork: ForkWorld;
}

/** METIS goes down with this much L2 gas. */
const l2Gas = 250_000n;

/** Deploys the protocol with two vaults, has Metis whitelist them, and hands all power over. */
export async function startForkLife(fork: ForkWorld): Promise<ForkLife> {
  const names = ["deployer", "governance", "guardian", "keeper", "treasury", "operator A", "operator B"] as const;
  const people = [...names, "Ada", "Ben", "Lou", "stranger"].map((name, index) => actorOf(fork, name, index));
  const [deployer, , , keeper, , first, second, ada, ben, lou, stranger] = people;
  const protocol = await deployProtocol(fork, [first!, second!], people);
  return {
    fork,
    protocol,
    actors: { keeper: keeper!, stranger: stranger!, operators: [first!, second!], users: [ada!, ben!], l1User: lou! },
    books: new Map([ada!, ben!, lou!, deployer!].map((user) => [user.address, { user, deposited: 0n, received: 0n }])),
    gas: new Map(),
    rewardsCredited: 0n,
    delivered: 0n,
  };
}

/** A user takes METIS from Ethereum to Metis, through the bridge itself. */
export async function bringDown({ fork }: ForkLife, user: Actor, assets: bigint): Promise<void> {
  const { addresses, giveMetis, quote, relayer } = fork.metis;
  const token = LocalMetis__factory.connect(addresses.metis, user.l1);
  const bridge = LocalL1StandardBridge__factory.connect(addresses.bridge, user.l1);
  const { chainId } = await fork.l2.provider.getNetwork();
  await giveMetis(user.address, assets);
  await token.approve(bridge, assets);
  const value = await quote(l2Gas);
  const metis = "0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000";
  await bridge.depositERC20ToByChainId(chainId, token, metis, user.address, assets, l2Gas, "0x", { value });
  await relayer.deliverDown();
}

/** A user deposits METIS on Ethereum for seMetis on Metis. */
export async function depositOnEthereum(life: ForkLife, user: Actor, assets: bigint): Promise<void> {
  const { lockManager, metis } = life.protocol.l1;
  await life.fork.metis.giveMetis(user.address, assets);
  await metis.connect(user.l1).approve(lockManager, assets);
  await lockManager.connect(user.l1).deposit(assets, user.address, true, { value: generousEth });
  bookOf(life, user).deposited += assets;
}

/** Metis credits so many blocks to each of our sequencers. */
export async function creditBlocks(life: ForkLife, blocks: readonly bigint[]): Promise<void> {
  const { sequencers, l1 } = life.protocol;
  await life.fork.metis.payRewards(
    sequencers.map(({ key }) => key.signer),
    blocks,
  );
  life.rewardsCredited += blocks.reduce((sum, count) => sum + count, 0n) * (await l1.lockingPool.rewardPerBlock());
}

/** The need of the queue goes up through the token channel, and a stranger has the vaults withdraw for it. */
export async function serveNeed(life: ForkLife): Promise<void> {
  const { stranger } = life.actors;
  const { l2 } = life.protocol;
  await l2.l2Gateway.connect(stranger.l2).signalNeed({ value: withdrawalFee });
  await waitForBridgeUp(life);
  await recallForNeed(life);
}

/** A stranger has the vaults withdraw for the need that is known on Ethereum, in a new batch of Metis. */
export async function recallForNeed(life: ForkLife): Promise<void> {
  await life.fork.metis.openBatch();
  const { lockManager } = life.protocol.l1;
  await lockManager.connect(life.actors.stranger.l1).recallForNeed({ value: generousEth });
  await deliverAll(life, life.actors.stranger);
}

/** What our positions hold at Metis, in wei: principal and rewards. */
export async function positionsOf({ protocol }: ForkLife): Promise<readonly { amount: bigint; reward: bigint }[]> {
  const { lockManager, lockingPool } = protocol.l1;
  return Promise.all(
    protocol.sequencers.map(async ({ index }) => {
      const { sequencerId } = await lockManager.vaultAt(index);
      const { amount, reward } = await lockingPool.sequencers(sequencerId);
      return { amount, reward };
    }),
  );
}

function actorOf({ l1, l2 }: ForkWorld, name: string, index: number): Actor {
  const [below, above] = [l1.signers[index]!, l2.signers[index]!];
  return { name, address: above.address, l1: below, l2: above };
}

async function deployProtocol(
  fork: ForkWorld,
  operators: readonly Actor[],
  people: readonly Actor[],
): Promise<LocalProtocol> {
  const { l1, l2, metis } = fork;
  const [deployer, governance, guardian, keeper, treasury] = people.map(({ address }) => address);
  const actors = { governance: governance!, guardian: guardian!, keeper: keeper!, treasury: treasury! };
  const [below, above] = [l1.signers[0]!, l2.signers[0]!];
  const deployment = planDeployment({
    l1: { chainId: BigInt(l1.chainId), deployer: deployer!, nonce: await below.getNonce() },
    l2: { chainId: BigInt(l2.chainId), deployer: deployer!, nonce: await above.getNonce() },
  });
  const startBlocks = { l1: await nextBlock(l1.provider), l2: await nextBlock(l2.provider) };
  await deployL2(above, deployment, actors);
  await deployL1(below, deployment, metis.addresses);
  const sequencers = await addVaults(fork, deployment.l1.lockManager, operators);
  await handOver(below, deployment.l1.accessManager, actors);
  await handOver(above, deployment.l2.accessManager, actors);
  const { addresses, relayer } = metis;
  // Metis's own receiver of fees and administrator are nobody that anyone here asks for.
  const onL1 = { ...addresses, feeReceiver: ZeroAddress, proxyAdmin: ZeroAddress };
  const contracts = connectContracts({ deployment, metis: onL1, sequencers }, { l1: below, l2: above });
  return { deployment, startBlocks, actors, metis: onL1, relayer, sequencers, ...contracts };
}

async function addVaults(
  { l1, metis }: ForkWorld,
  address: string,
  operators: readonly Actor[],
): Promise<readonly LocalSequencer[]> {
  const lockManager = LockManager__factory.connect(address, l1.signers[0]);
  const cap = await LocalLockingInfo__factory.connect(metis.addresses.lockingInfo, l1.provider).maxLock();
  const sequencers: LocalSequencer[] = [];
  for (const [position, { address: operator }] of operators.entries()) {
    const index = BigInt(position);
    const vault = await lockManager.vaultAddress(index);
    await metis.whitelist(vault);
    const key = sequencerKey(`eMetis sequencer ${position}`);
    const [pubkeyX, pubkeyY] = [dataSlice(key.pubkey, 0, 32), dataSlice(key.pubkey, 32)];
    await lockManager.addVault({ operator, commissionBps: operatorCommissionBps, cap, pubkeyX, pubkeyY });
    sequencers.push({ index, vault, operator, key });
  }
  return sequencers;
}

async function nextBlock(provider: Provider): Promise<number> {
  return (await provider.getBlockNumber()) + 1;
}
