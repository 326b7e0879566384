/** What is checked before a plan is shown or sent. */
import { dataLength, dataSlice, getAddress, keccak256 } from "ethers";
import { artifacts } from "hardhat";

import { isPublicChain } from "../../config/networks";
import { ILockingPool__factory } from "../../../typechain-types";
import type { Layer } from "../../config/localChains";
import type { Chain } from "../chain/chain";
import { type External, externalNames } from "../external";
import { predeploys } from "../predeploys";
import type { Setup } from "../setup";
import { RefusedError } from "./errors";
import { type EncodedLayout, encodedOf, sentSteps } from "./layout";

/** What the checks look at. */
export interface Checked {
  readonly chains: Readonly<Record<Layer, Chain>>;
  readonly deployer: string;
  readonly setup: Setup;
  readonly external: External;
  readonly layout: EncodedLayout;
}

/** Chains where governance must be a contract. */
const mainnets: readonly number[] = [1, 1_088];
/** `LockManager` takes no more. */
const maxVaults = 20;
/** Bytes of a transaction that Metis takes, less what is around the data. */
const maxDataOnMetis = 65_536 - 512;
/** Whose code has to be there on Metis. */
const neededOnMetis = { L2StandardBridge: predeploys.bridge, OVM_GasPriceOracle: predeploys.gasPriceOracle } as const;

/**
 * Checks chains, setup and steps.
 *
 * @returns What should be looked at, but stops nothing.
 * @throws {@link RefusedError} with all that is wrong.
 */
export async function checkDeployment(checked: Checked): Promise<readonly string[]> {
  const governance = await problemsOfGovernance(checked);
  const isMainnet = Object.values(checked.chains).some(({ settings }) => mainnets.includes(settings.chainId));
  const problems = [
    ...(await problemsOfChains(checked)),
    ...problemsOfSetup(checked),
    ...(await problemsOfSteps(checked)),
    ...(isMainnet ? governance : []),
  ];
  if (problems.length > 0) throw new RefusedError(problems);
  return isMainnet ? [] : governance;
}

/**
 * Names the keys of sequencers that LockingPool has seen: Metis takes a signer once, so their vaults could never lock.
 *
 * @throws {@link RefusedError}.
 */
export async function checkSigners({ chains, external, setup }: Checked): Promise<void> {
  const pool = ILockingPool__factory.connect(external.lockingPool, chains.l1.provider);
  const problems: string[] = [];
  for (const [index, { pubkey }] of setup.sequencers.entries()) {
    const signer = getAddress(dataSlice(keccak256(pubkey), 12));
    if ((await pool.seqSigners(signer)) === 0n) continue;
    problems.push(`sequencers.${index}: its signer ${signer} was used in LockingPool before: make a new key`);
  }
  if (problems.length > 0) throw new RefusedError(problems);
}

async function problemsOfChains({ chains, external }: Checked): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { settings, provider } of Object.values(chains)) {
    const found = BigInt(String(await provider.send("eth_chainId", [])));
    if (found !== BigInt(settings.chainId))
      problems.push(`${settings.name} has chain id ${settings.chainId}, the node says ${found}`);
  }
  const addresses = new Map(Object.entries<string>({ ...external }));
  const onL1 = Object.entries(externalNames).map(([key, name]) => [name, addresses.get(key)] as const);
  const wanted = { l1: onL1, l2: Object.entries(neededOnMetis) } as const;
  for (const layer of ["l1", "l2"] as const) {
    const { provider, settings } = chains[layer];
    for (const [name, address] of wanted[layer]) {
      if ((await provider.getCode(String(address))) !== "0x") continue;
      problems.push(`${name} ${address} has no code on ${settings.name}: correct external.json or the endpoint`);
    }
  }
  return problems;
}

function problemsOfSetup({ chains, deployer, setup }: Checked): readonly string[] {
  const { governance, guardian, keeper, treasury, sequencers } = setup;
  const problems: string[] = [];
  if (sequencers.length > maxVaults)
    problems.push(`setup.json has ${sequencers.length} sequencers, ${maxVaults} at most`);
  if (!Object.values(chains).some(({ settings }) => isPublicChain(settings.chainId))) return problems;
  const holders = {
    ...{ "governance.l1": governance.l1, "governance.l2": governance.l2 },
    ...{ "guardian.l1": guardian.l1, "guardian.l2": guardian.l2, keeper, treasury },
    ...Object.fromEntries(sequencers.map(({ operator }, index) => [`sequencers.${index}.operator`, operator])),
  };
  for (const [name, holder] of Object.entries(holders)) {
    if (holder === deployer) problems.push(`${name} is the deployer ${deployer}: its key must keep no power`);
  }
  return problems;
}

async function problemsOfSteps({ chains, layout }: Checked): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const step of sentSteps(layout)) {
    const { chainId } = chains[step.layer].settings;
    const size = dataLength(encodedOf(layout, step));
    if (step.layer === "l2" && size > maxDataOnMetis) {
      problems.push(`${step.name} has ${size} bytes of data: Metis takes transactions of 65536 bytes`);
    }
    if (step.type !== "create" || !isPublicChain(chainId)) continue;
    const { sourceName } = await artifacts.readArtifact(step.contract);
    if (sourceName.startsWith("contracts/local/")) {
      problems.push(`${step.name} is ${step.contract} of ${sourceName}: it never goes to the public chain ${chainId}`);
    }
  }
  return problems;
}

async function problemsOfGovernance({ chains, setup }: Checked): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const layer of ["l1", "l2"] as const) {
    const { provider, settings } = chains[layer];
    const holder = setup.governance[layer];
    if ((await provider.getCode(holder)) !== "0x") continue;
    problems.push(`governance.${layer} ${holder} has no code on ${settings.name}: it must be a Safe`);
  }
  return problems;
}
