/** What a rehearsal plays on: two fresh local nodes with the chain ids of Sepolia and Metis Sepolia, and Metis's stand-ins at its public addresses. */
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { HDNodeWallet, Mnemonic, encryptKeystoreJson, parseEther } from "ethers";

import { publicNetworks } from "../../config/networks";
import { operatorCommissionBps } from "../../config/parameters";
import { readAllExternal } from "../external";
import { type LocalMetisL1, addSequencers, deployLocalMetisL1, deployLocalMetisL2, sequencerKey } from "../localMetis";
import { settleMetis } from "../metisLedger";
import { type RunningNode, freePort, startNode } from "../nodes";
import { type Relayer, createRelayer } from "../relayer";
import { formatSetup } from "../setup";
import { type Door, createTurns, openDoor, takeTurns } from "./door";

/** The stage of a rehearsal. */
export interface Stage {
  readonly l1: RunningNode;
  readonly l2: RunningNode;
  readonly metis: LocalMetisL1;
  readonly relayer: Relayer;
  /** The folder with a folder for the network. */
  readonly deployments: string;
  /** What every command is told of the network. */
  readonly parameters: readonly string[];
  /** The environment of every command: endpoints, and the passwords of the keystores. */
  readonly environment: Readonly<Record<string, string>>;
  /** Keystores of the deployer and the keeper. */
  readonly keystores: Readonly<Record<"deployer" | "keeper", string>>;
  readonly close: () => Promise<void>;
}

/** Places of the local accounts: the first one owns Metis's stand-ins. */
export const places = { governance: 1, guardian: 2, keeper: 3, treasury: 4, operators: [5, 6], deployer: 19 } as const;

const network = publicNetworks["metis-sepolia"];
/** The phrase of Hardhat's accounts. */
const phrase = "test test test test test test test test test test test junk";
const passwordVariable = "REHEARSAL_PASSWORD";
/** Ours are two of them: the pool is not ours alone. */
const strangers = 7;

/**
 * Sets the stage.
 *
 * @param onSent - Is told of each transaction of a command, see {@link openDoor}.
 */
export async function setStage(onSent: () => Promise<boolean>): Promise<Stage> {
  const [l1, l2] = await Promise.all([
    startNode("l1", await freePort(), { chainId: network.l1.chainId }),
    startNode("l2", await freePort(), { chainId: network.l2.chainId }),
  ]);
  const folder = await mkdtemp(path.join(tmpdir(), "emetis-rehearsal-"));
  const doors: Door[] = [];
  const close = async () => {
    await Promise.all([...doors, { close: l1.stop }, { close: l2.stop }].map(async (each) => each.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const metis = await placeMetis(l1, l2);
    for (const { url, provider, layer } of [l1, l2]) {
      const turns = createTurns();
      takeTurns(provider, turns);
      const settle = async () => (layer === "l2" ? settleMetis(provider) : []);
      doors.push(await openDoor({ url, settle, turns, onSent }));
    }
    const deployments = await writeSetup(folder, l1);
    const keystores = await writeKeystores(folder);
    return {
      l1,
      l2,
      metis,
      relayer: createRelayer({ l1: await l1.provider.getSigner(0), l2: l2.provider, addresses: metis }),
      deployments,
      parameters: ["--network", network.name, "--deployments", deployments, "--confirmations", "1"],
      environment: environmentOf(doors.map(({ url }) => url)),
      keystores,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a command is told to sign with one of the keystores. */
export function signerOf({ keystores }: Stage, name: keyof Stage["keystores"]): readonly string[] {
  return ["--keystore", keystores[name], "--password-variable", passwordVariable];
}

/** What signs for the sequencer of a place in the setup. */
export function sequencerOf(index: number) {
  return sequencerKey(`eMetis sequencer ${index}`);
}

async function placeMetis(l1: RunningNode, l2: RunningNode): Promise<LocalMetisL1> {
  const external = await readAllExternal(path.join("deployments", network.name));
  const at = {
    metis: external.METIS,
    lockingPool: external.LockingPool,
    lockingInfo: external.LockingInfo,
    bridge: external.L1StandardBridge,
    messenger: external.L1CrossDomainMessenger,
    addressManager: external.Lib_AddressManager,
    discountOracle: external.MVM_DiscountOracle,
    transactionChain: external.CanonicalTransactionChain,
  };
  const given = Object.fromEntries(Object.entries(at).filter(([, address]) => address !== undefined));
  const l1Signer = await l1.provider.getSigner(0);
  const metis = await deployLocalMetisL1(l1Signer, {
    l2ChainId: network.l2.chainId,
    lockingPool: "sepolia",
    discount: 1_000_000_000n,
    at: given,
  });
  await deployLocalMetisL2(await l2.provider.getSigner(0), { l1: metis });
  await addSequencers(l1.provider, metis, strangers);
  return metis;
}

async function writeSetup(folder: string, { provider }: RunningNode): Promise<string> {
  const deployments = path.join(folder, "deployments");
  const own = path.join(deployments, network.name);
  await mkdir(own, { recursive: true });
  await cp(path.join("deployments", network.name, "external.json"), path.join(own, "external.json"));
  const address = async (place: number) => (await provider.getSigner(place)).address;
  const governance = await address(places.governance);
  const guardian = await address(places.guardian);
  const sequencers = await Promise.all(
    places.operators.map(async (place, index) => ({
      operator: await address(place),
      pubkey: sequencerOf(index).pubkey,
      cap: parseEther("100000"),
      commissionBps: operatorCommissionBps,
    })),
  );
  const setup = {
    governance: { l1: governance, l2: governance },
    guardian: { l1: guardian, l2: guardian },
    keeper: await address(places.keeper),
    treasury: await address(places.treasury),
    sequencers,
  };
  await writeFile(path.join(own, "setup.json"), formatSetup(setup));
  return deployments;
}

async function writeKeystores(folder: string): Promise<Stage["keystores"]> {
  const write = async (name: "deployer" | "keeper") => {
    const wallet = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), `m/44'/60'/0'/0/${places[name]}`);
    const file = path.join(folder, `${name}.json`);
    // As weak as it may be: these keys are known to everybody.
    const { address, privateKey } = wallet;
    await writeFile(
      file,
      await encryptKeystoreJson({ address, privateKey }, passwordVariable, { scrypt: { N: 2, r: 8, p: 1 } }),
    );
    return file;
  };
  return { deployer: await write("deployer"), keeper: await write("keeper") };
}

function environmentOf([l1 = "", l2 = ""]: readonly string[]): Readonly<Record<string, string>> {
  return { [network.l1.rpcVariable]: l1, [network.l2.rpcVariable]: l2, [passwordVariable]: passwordVariable };
}
