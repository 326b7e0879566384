/** Two in-process chains with the ids of a public network, Metis's stand-ins on them, and a deployer with a key: the ground of the tests of deployments. */
import { cp, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { dataSlice, getAddress, id, parseEther } from "ethers";

import { type Layer, localChains } from "../../scripts/config/localChains";
import { publicNetworks } from "../../scripts/config/networks";
import { type Account, walletAccount } from "../../scripts/lib/chain/account";
import type { RpcProvider } from "../../scripts/lib/chain/chain";
import { type PlanFile, readPlanFile, writePlanFile } from "../../scripts/lib/deploy/planFile";
import type { RecordName } from "../../scripts/lib/deploy/recordNames";
import {
  type DeployContext,
  type PrepareOptions,
  type Prepared,
  prepareDeployment,
} from "../../scripts/lib/deploy/prepare";
import { type Rehearsal, rehearse } from "../../scripts/lib/deploy/rehearse";
import { type RunOptions, carryOut } from "../../scripts/lib/deploy/run";
import {
  type LocalMetisL1,
  type SequencerKey,
  addSequencers,
  deployLocalMetisL1,
  deployLocalMetisL2,
  sequencerKey,
} from "../../scripts/lib/localMetis";
import { type Relayer, createRelayer } from "../../scripts/lib/relayer";
import type { Setup } from "../../scripts/lib/setup";
import { type Chain, createChain } from "./chains";

/** Wei of ETH for a unit of L2 gas. */
export const discount = 1_000_003n;

/** See {@link deployWorld}. */
export interface DeployWorld {
  readonly l1: Chain;
  readonly l2: Chain;
  readonly metis: LocalMetisL1;
  readonly relayer: Relayer;
  readonly account: Account;
  readonly setup: Setup;
  /** Keys that are in LockingPool already. */
  readonly strangers: readonly SequencerKey[];
  /** Takes both chains to where they were at first, and makes an empty folder. */
  readonly reset: () => Promise<void>;
  /** Keeps chains and folder as they are now. The answer brings them back, as often as asked, until the next {@link reset}. */
  readonly keep: () => Promise<() => Promise<void>>;
  /** What is deployed, over these providers or the chains' own. */
  readonly context: (providers?: Partial<Record<Layer, RpcProvider>>) => DeployContext;
  /** Prepares without rehearsing twice what starts at the same nonces. */
  readonly prepare: (context?: DeployContext, options?: PrepareOptions) => Promise<Prepared>;
  /** Carries out with a bridge that delivers whenever the run waits. */
  readonly send: (prepared: Prepared, options?: Partial<RunOptions>) => Promise<void>;
  /** Everything that a deployment leaves in its folder, by file. */
  readonly files: () => Promise<Readonly<Record<string, unknown>>>;
  readonly folder: () => string;
  /** Loses a record, or something of the plan. */
  readonly lose: (what: RecordName | ((plan: PlanFile) => PlanFile)) => Promise<void>;
}

/** An address that nobody has the key of. */
export function nobody(label: string): string {
  return getAddress(dataSlice(id(label), 12));
}

let shared: Promise<DeployWorld> | undefined;

/** The one that all tests of a process share; each {@link DeployWorld.reset}s it. */
export function deployWorld(): Promise<DeployWorld> {
  shared ??= startDeployWorld();
  return shared;
}

async function startDeployWorld(): Promise<DeployWorld> {
  const network = publicNetworks["metis-sepolia"];
  const l1 = await createChain({ ...localChains.l1, chainId: network.l1.chainId });
  const l2 = await createChain({ ...localChains.l2, chainId: network.l2.chainId });
  const metis = await deployLocalMetisL1(l1.signers[0]!, { l2ChainId: l2.chainId, lockingPool: "sepolia", discount });
  await deployLocalMetisL2(l2.signers[0]!, { l1: metis });
  const strangers = await addSequencers(l1.provider, metis, 1);
  const account = walletAccount(id("deployer of the tests"));
  for (const chain of [l1, l2]) await chain.setBalance(account.address, parseEther("1000"));
  const relayer = createRelayer({ l1: l1.signers[0]!, l2: l2.provider, addresses: metis });
  const snapshots = [await l1.snapshot(), await l2.snapshot()];

  const { lockingPool, lockingInfo, bridge, messenger, addressManager } = metis;
  const external = { metis: metis.metis, lockingPool, lockingInfo, bridge, messenger, addressManager };
  let folder = "";
  const setup = setupOfTests();
  const context = (providers: Partial<Record<Layer, RpcProvider>> = {}): DeployContext => ({
    network: network.name,
    folder,
    chains: {
      l1: {
        settings: { ...network.l1, confirmations: 1 },
        provider: providers.l1 ?? l1.provider,
        close: () => undefined,
      },
      l2: {
        settings: { ...network.l2, confirmations: 1 },
        provider: providers.l2 ?? l2.provider,
        close: () => undefined,
      },
    },
    deployer: account.address,
    setup,
    external,
    commit: "c0ffee",
  });
  const rehearseOnce = rehearsingOnce();
  return {
    ...{ l1, l2, metis, relayer, account, setup, context },
    folder: () => folder,
    lose: async (what) => {
      if (typeof what === "string") return rm(path.join(folder, `${what}.json`));
      await writePlanFile(folder, what((await readPlanFile(folder))!));
    },
    reset: async () => {
      for (const snapshot of snapshots) await snapshot.restore();
      if (folder !== "") await rm(folder, { recursive: true });
      folder = await mkdtemp(path.join(tmpdir(), "emetis-deploy-"));
    },
    keep: async () => {
      const kept = [await l1.snapshot(), await l2.snapshot()];
      const copy = await mkdtemp(path.join(tmpdir(), "emetis-kept-"));
      await cp(folder, copy, { recursive: true });
      return async () => {
        for (const snapshot of kept) await snapshot.restore();
        await rm(folder, { recursive: true });
        await cp(copy, folder, { recursive: true });
      };
    },
    prepare: async (given = context(), options = {}) =>
      prepareDeployment(given, { rehearse: rehearseOnce, ...options }),
    send: async (prepared, options) => {
      const sleep = async () => {
        await relayer.deliverDown();
      };
      await carryOut(prepared, { account, pollingInterval: 1, sleep, ...options });
    },
    files: async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
      const texts = await Promise.all(names.map(async (name) => readFile(path.join(folder, name), "utf8")));
      return Object.fromEntries(names.map((name, index) => [name, JSON.parse(texts[index]!) as unknown]));
    },
  };
}

function setupOfTests(): Setup {
  const operators = ["first operator", "second operator"];
  return {
    governance: { l1: nobody("governance on L1"), l2: nobody("governance on L2") },
    guardian: { l1: nobody("guardian on L1"), l2: nobody("guardian on L2") },
    keeper: nobody("keeper"),
    treasury: nobody("treasury"),
    sequencers: operators.map((name, index) => ({
      operator: nobody(name),
      pubkey: sequencerKey(`sequencer of the ${name}`).pubkey,
      cap: parseEther("50000") + BigInt(index),
      commissionBps: 437n + BigInt(index),
    })),
  };
}

function rehearsingOnce(): typeof rehearse {
  const known = new Map<string, Promise<Rehearsal>>();
  return async (start, layout, external) => {
    const key = `${start.l1.nonce} ${start.l2.nonce} ${layout.steps.length}`;
    const found = known.get(key) ?? rehearse(start, layout, external);
    known.set(key, found);
    return found;
  };
}
