import type { Eip1193Provider } from "ethers";

import { describeDeployment } from "../../../scripts/lib/sdkDeployment";
import { advance } from "../../../scripts/lib/localClock";
import { type LocalMetisChains, giveMetisOnL1, giveMetisOnL2 } from "../../../scripts/lib/localFunds";
import { setBalance } from "../../../scripts/lib/localNode";
import { deployLocalProtocol } from "../../../scripts/lib/localProtocol";
import { settleMetis } from "../../../scripts/lib/metisLedger";
import { predeploys } from "../../../scripts/lib/predeploys";
import { createSnapshots } from "../../../scripts/lib/snapshots";
import { checkAddress, checkAmount } from "../check";
import type { Context } from "../context";
import type { Deployment } from "../deployments";
import { ParameterError } from "../errors";
import type { Side } from "../types";
import { type KitAccounts, openAccounts } from "./accounts";
import { bridgeDown, bridgeUp, deliverReport } from "./bridge";
import { DevelopmentNodeError, TestKitError } from "./errors";
import { type DevelopmentNode, type KitNode, connectChains, startChains } from "./nodes";
import { type KitReward, creditRewards, lose, putToWork } from "./positions";
import { finaliseQueue } from "./queue";
import { type KitWorld, done } from "./world";

/** How a test's protocol is started. */
export interface EMetisKitOptions {
  /**
   * Development nodes that you run: URLs, or EIP-1193 providers. Fresh, each of its own chain id, with ten unlocked accounts, the same on
   * both, and mining each transaction at once. @defaultValue two networks of Hardhat 2 in this process
   */
  readonly nodes?: Readonly<Record<Side, DevelopmentNode>>;
  /** The folder from whose point of view `hardhat` is looked for. @defaultValue the working directory */
  readonly root?: string;
  /**
   * `"empty"`: just deployed. `"earning"`: some weeks old; the deployer has staked, sequencers run and were rewarded, and seMetis is worth
   * more than eMetis, so that a test cannot mix up assets and shares. @defaultValue "earning"
   */
  readonly state?: "empty" | "earning";
}

/** A running protocol on two chains, and what a test does to them. METIS and ETH are in wei. */
export interface EMetisKit {
  /** For the reads of `@emetis/sdk`. */
  readonly context: Context;
  /** For the actions of `@emetis/sdk`, with the hashes of all code. */
  readonly deployment: Deployment;
  readonly accounts: KitAccounts;
  /** The chains, for ethers and, as EIP-1193, for anything else. */
  readonly l1: KitNode;
  readonly l2: KitNode;

  /** Both clocks go on by `seconds` and stand at the same second, which is returned, Unix seconds. */
  readonly passTime: (seconds: number) => Promise<number>;
  /** Takes a report on Ethereum, brings it down and delivers it. Returns its number. */
  readonly deliverReport: () => Promise<bigint>;
  /** All that was sent down arrives and every message is delivered; deposits on Ethereum are minted. Returns the messages' numbers. */
  readonly bridgeDown: () => Promise<readonly bigint[]>;
  /** All that was sent up arrives, 7 days later. */
  readonly bridgeUp: () => Promise<void>;
  /** What Metis's own relayer can do now, without time passing or a message being shown to L2Gateway. Returns how much it did. */
  readonly relayAll: () => Promise<number>;
  /** Sends up what the reserve does not need, locks it, reports. 7 days pass. */
  readonly putToWork: () => Promise<void>;
  /** Metis credits rewards to the protocol's sequencers. A report makes them known. Returns wei credited. */
  readonly creditRewards: (reward: KitReward) => Promise<bigint>;
  /** Lives on until every ticket that waits is finalised: hours when METIS is on Metis, else weeks. */
  readonly finaliseQueue: () => Promise<void>;
  /** Takes METIS from the largest position. A report makes it known. */
  readonly lose: (assets: bigint) => Promise<void>;
  /** More METIS for anybody, on Metis unless told otherwise. */
  readonly giveMetis: (account: string, assets: bigint, side?: Side) => Promise<void>;
  /** More ETH on Ethereum for anybody. */
  readonly giveEth: (account: string, wei: bigint) => Promise<void>;

  /** Remembers both chains. The function returned brings both back, as often as wanted, until an older snapshot is restored. */
  readonly snapshot: () => Promise<() => Promise<void>>;
  /** Lets go of both chains. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the protocol on two development chains, with stand-ins for Metis's own contracts, by the functions that eMetis's own tests
 * deploy with. For tests only; needs `hardhat` 2 as a development dependency unless you give nodes.
 *
 * @throws {@link MissingToolError} when there is no Hardhat 2, {@link DevelopmentNodeError} when a node is none to deploy on.
 * @example
 * const kit = await startEMetis();
 * await kit.accounts.alice.l2.sendTransaction(deposit(kit.deployment, { assets, receiver: kit.accounts.alice.address }));
 */
export async function startEMetis(options: EMetisKitOptions = {}): Promise<EMetisKit> {
  const { nodes, root = process.cwd(), state = "earning" } = options;
  const chains = nodes === undefined ? await startChains(root) : await connectChains(nodes);
  if ((await chains.l2.provider.getCode(predeploys.metis)) !== "0x") {
    throw new DevelopmentNodeError("l2", "has Metis's contracts already");
  }
  const world = await deploy(chains);
  if (state === "earning") await earn(world);
  return kitOf(world);
}

async function deploy({ l1, l2 }: Readonly<Record<Side, KitNode>>): Promise<KitWorld> {
  const accounts = await openAccounts({ l1, l2 });
  const { deployer, governance, guardian, keeper, treasury, operator } = accounts;
  const protocol = await deployLocalProtocol({
    l1: deployer.l1,
    l2: deployer.l2,
    actors: {
      governance: governance.address,
      guardian: guardian.address,
      keeper: keeper.address,
      treasury: treasury.address,
    },
    operators: [operator.address, operator.address],
  });
  const deployment = await describeDeployment(protocol, "testing");
  const context: Context = { l1: l1.provider, l2: l2.provider, deployment };
  const eip1193 = settling(l2.eip1193, () => settleMetis(protocol.l2.node));
  return { protocol, accounts, context, l1, l2: { ...l2, eip1193 } };
}

/** Weeks with odd numbers: both sequencers run, rewards have come and have vested in part. */
async function earn(world: KitWorld): Promise<void> {
  const { address } = world.accounts.deployer;
  const value = 83_131_250_000_000_000_000_007n;
  await done(world.protocol.l2.stakingPool.depositAndStake(address, 0n, address, { value }));
  await putToWork(world);
  await advance(nodesOf(world), 5 * 86_400);
  await creditRewards(world, { blocks: 12_001n });
  await deliverReport(world);
  await advance(nodesOf(world), 3 * 86_400);
}

function kitOf(world: KitWorld): EMetisKit {
  const { context, accounts, l1, l2, protocol } = world;
  return {
    ...{ context, deployment: context.deployment, accounts, l1, l2 },
    passTime: (seconds) => passTime(world, seconds),
    deliverReport: () => deliverReport(world),
    bridgeDown: () => bridgeDown(world),
    bridgeUp: () => bridgeUp(world),
    relayAll: async () => (await protocol.relayer.relayAll()).length,
    putToWork: () => putToWork(world),
    creditRewards: (reward) => creditRewards(world, reward),
    finaliseQueue: () => finaliseQueue(world),
    lose: (assets) => lose(world, assets),
    giveMetis: (account, assets, side) => giveMetis(world, { account, assets, side }),
    giveEth: async (account, wei) => {
      const address = checkAddress("account", account);
      await setBalance(l1.provider, address, (await l1.provider.getBalance(address)) + checkAmount("wei", wei));
    },
    snapshot: snapshotsOf(world),
    stop: () => stop(world),
  };
}

async function passTime(world: KitWorld, seconds: number): Promise<number> {
  if (Number.isSafeInteger(seconds) && seconds > 0) return advance(nodesOf(world), seconds);
  throw new ParameterError("seconds", seconds, "give whole seconds, 1 or more: clocks do not go back");
}

async function giveMetis(
  { protocol, l1, l2 }: KitWorld,
  gift: { readonly account: string; readonly assets: bigint; readonly side: Side | undefined },
): Promise<void> {
  const chains: LocalMetisChains = { l1: l1.provider, l2: l2.provider, addresses: protocol.metis };
  const give = gift.side === "l1" ? giveMetisOnL1 : giveMetisOnL2;
  await give(chains, checkAddress("account", gift.account), checkAmount("assets", gift.assets));
}

function snapshotsOf({ l1, l2 }: KitWorld): EMetisKit["snapshot"] {
  const [takeL1, takeL2] = [createSnapshots(l1.provider), createSnapshots(l2.provider)];
  return async () => {
    const snapshots = [await takeL1(), await takeL2()];
    return async () => {
      const isRestored = await Promise.all(snapshots.map(({ restore }) => restore()));
      if (isRestored.includes(false)) throw new TestKitError("restore", "an older snapshot was restored since");
    };
  };
}

async function stop({ l1, l2 }: KitWorld): Promise<void> {
  // What is still asked is answered first: ethers would reject it.
  await Promise.all([l1.provider.getBlockNumber(), l2.provider.getBlockNumber()]);
  l1.provider.destroy();
  l2.provider.destroy();
}

function nodesOf({ l1, l2 }: KitWorld) {
  return [l1.provider, l2.provider];
}

/** The ledger of METIS is kept for those who do not come through ethers, too. */
function settling(provider: Eip1193Provider, settle: () => Promise<unknown>): Eip1193Provider {
  return {
    request: async (request) => {
      const answer: unknown = await provider.request(request);
      if (/^eth_send(Raw)?Transaction$/.test(request.method)) await settle();
      return answer;
    },
  };
}
