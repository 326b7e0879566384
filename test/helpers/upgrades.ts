/** Governance's upgrades in tests: by the calls that `npm run propose` makes, and what must be the same before and after them. */
import type { BaseContract, Provider } from "ethers";

import type { Deployment } from "../../sdk/src/deployments";
import { type Proposal, propose } from "../../scripts/lib/governance/proposal";
import type { SafeTransaction } from "../../scripts/lib/governance/safeBatch";
import { targetsOf } from "../../scripts/lib/governance/targets";
import { layerOf, upgradeCall } from "../../scripts/lib/governance/upgrade";
import { type UpgradeableContract, upgradeableContracts } from "../../scripts/lib/layouts";
import { describeDeployment } from "../../scripts/lib/sdkDeployment";
import type { ProtocolWorld } from "./protocol";

/** A new implementation, and the calls that put it in place. */
export interface PreparedUpgrade {
  readonly contract: UpgradeableContract;
  readonly implementation: string;
  readonly proposal: Extract<Proposal, { readonly type: "scheduled" }>;
}

/** The next version of a contract, deployed and not yet used. Two of them can be told from the first by a function that it has not. */
export async function deployNext(world: ProtocolWorld, contract: UpgradeableContract): Promise<string> {
  const { deployment, metis } = world.protocol;
  const { l1, l2, l1ChainId, l2ChainId } = deployment;
  const deployed: Readonly<Record<UpgradeableContract, () => Promise<BaseContract>>> = {
    StakingPool: () =>
      world.l2.deploy("StakingPool", [l2.eMetis, l2.seMetis, l2.redemptionQueue, l2.l2Gateway, l1.lockManager]),
    RedemptionQueue: () => world.l2.deploy("RedemptionQueue", [l2.eMetis, l2.seMetis, l2.stakingPool]),
    L2Gateway: () => world.l2.deploy("TestNextL2Gateway", [l2.stakingPool, l1ChainId]),
    LockManager: () => world.l1.deploy("LockManager", [metis.metis, metis.lockingPool, l1.l1Gateway, l1.vaultBeacon]),
    L1Gateway: () => world.l1.deploy("L1Gateway", [l1.lockManager, metis.metis, metis.bridge, l2ChainId]),
    SequencerVault: () => world.l1.deploy("TestNextSequencerVault", [metis.metis, metis.lockingPool, l1.lockManager]),
  };
  return (await deployed[contract]()).getAddress();
}

/** What governance would sign for an upgrade to that implementation. */
export async function prepareUpgrade(
  world: ProtocolWorld,
  contract: UpgradeableContract,
  implementation: string,
): Promise<PreparedUpgrade> {
  const deployment: Deployment = await describeDeployment(world.protocol, "local");
  const layer = layerOf(contract);
  const call = upgradeCall(targetsOf(deployment, layer), { contract, implementation });
  const caller = world.people.governance.address;
  const proposal = await propose(world[layer].provider, {
    ...call,
    caller,
    accessManager: deployment[layer].accessManager,
  });
  if (proposal.type !== "scheduled") throw new Error(`the upgrade of ${contract} has no delay`);
  return { contract, implementation, proposal };
}

/** The next version of everything, ready to be announced. */
export async function prepareAll(world: ProtocolWorld): Promise<readonly PreparedUpgrade[]> {
  const upgrades: PreparedUpgrade[] = [];
  for (const contract of upgradeableContracts) {
    upgrades.push(await prepareUpgrade(world, contract, await deployNext(world, contract)));
  }
  return upgrades;
}

/** Sends one of an upgrade's calls. */
export async function sendCall(
  world: ProtocolWorld,
  { contract }: Pick<PreparedUpgrade, "contract">,
  call: SafeTransaction,
  from: keyof ProtocolWorld["people"] = "governance",
): Promise<void> {
  const signer = world.people[from][layerOf(contract)];
  await (await signer.sendTransaction(call)).wait();
}

/** Every view without arguments of every contract, and what is stored for tickets, messages, vaults and people: as texts by their names. */
export async function readEverything(
  world: ProtocolWorld,
  tickets: readonly bigint[],
): Promise<Readonly<Record<string, string>>> {
  const { l1, l2, sequencers, deployment } = world.protocol;
  const values = new Map<string, string>();
  const note = async (name: string, read: Promise<unknown>) => {
    values.set(name, await read.then(textOf, () => "reverts"));
  };
  for (const [name, contract] of Object.entries({ ...contractsOf(world) })) {
    for (const view of viewsOf(contract)) await note(`${name}.${view}`, contract.getFunction(view).staticCall());
  }
  for (const id of tickets) {
    await note(`ticket ${id}`, l2.redemptionQueue.ticket(id));
    await note(`owner of ticket ${id}`, l2.redemptionQueue.ownerOf(id));
  }
  for (const { index, vault } of sequencers) {
    const { sequencerId } = await l1.lockManager.vaultAt(index);
    await note(`vault ${index}`, l1.lockManager.vaultAt(index));
    await note(`position ${index}`, l1.lockingPool.sequencers(sequencerId));
    await note(`METIS of vault ${index}`, l1.metis.balanceOf(vault));
  }
  for (let number = 1n; number <= (await l1.lockManager.lastMessage()); number++) {
    const payload = await l1.lockManager.payloadHash(number);
    await note(`message ${number}`, Promise.resolve(payload));
    await note(`state of message ${number}`, l2.l2Gateway.hashState(await l1.l1Gateway.messageHash(number, payload)));
    await note(`minted of message ${number}`, l2.stakingPool.l1DepositMinted(number));
  }
  for (const { name, address } of Object.values(world.people)) {
    await note(`eMetis of ${name}`, l2.eMetis.balanceOf(address));
    await note(`seMetis of ${name}`, l2.seMetis.balanceOf(address));
    await note(`tickets of ${name}`, l2.redemptionQueue.balanceOf(address));
  }
  for (const [layer, provider] of [
    ["l1", world.l1.provider],
    ["l2", world.l2.provider],
  ] as const satisfies readonly (readonly [string, Provider])[]) {
    for (const [name, address] of Object.entries(deployment[layer])) {
      if (typeof address !== "string") continue;
      await note(`coin of ${name}`, provider.getBalance(address));
    }
  }
  return Object.fromEntries(values);
}

function contractsOf({ protocol: { l1, l2 } }: ProtocolWorld): Readonly<Record<string, BaseContract>> {
  const { lockManager, l1Gateway, vaults, metis } = l1;
  const { eMetis, seMetis, stakingPool, redemptionQueue, l2Gateway } = l2;
  const numbered = Object.fromEntries(vaults.map((vault, index) => [`vault${index}`, vault]));
  return { lockManager, l1Gateway, metis, ...numbered, eMetis, seMetis, stakingPool, redemptionQueue, l2Gateway };
}

function viewsOf({ interface: { fragments } }: BaseContract): readonly string[] {
  const names: string[] = [];
  for (const fragment of fragments) {
    if (fragment.type !== "function" || fragment.inputs.length > 0) continue;
    const isView = "stateMutability" in fragment && ["view", "pure"].includes(String(fragment.stateMutability));
    if (isView) names.push(fragment.format());
  }
  return names;
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}
