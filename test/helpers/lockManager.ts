/** The protocol on Ethereum as it is deployed, with Metis's stand-ins around it; Metis itself is only an address. */
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import {
  AbiCoder,
  type ContractTransactionResponse,
  dataSlice,
  keccak256,
  parseEther,
  toBeHex,
  zeroPadValue,
} from "ethers";

import { localChains } from "../../scripts/config/localChains";
import { roles } from "../../scripts/config/roles";
import { type Deployment, deployL1, planDeployment } from "../../scripts/lib/deployment";
import {
  type LocalMetisL1,
  type LockingPoolVariant,
  type SequencerKey,
  addSequencers,
  deployLocalMetisL1,
  nextBatch,
  sequencerKey,
  submitRewards,
} from "../../scripts/lib/localMetis";
import { setStorage } from "../../scripts/lib/localNode";
import { type Chain, type Chains, type ContractOf } from "./chains";

export const DAY = 86_400;

/** Wei of ETH for one unit of L2 gas, and what follows from it. */
export const discount = 1_000_003n;
export const metisFee = 250_000n * discount;
export const messageFee = 400_000n * discount;

export const minLock = parseEther("20000");
export const maxLock = parseEther("100000");

/** What becomes of a vault, by the contract's numbers. */
export const phase = { waiting: 0n, active: 1n, exiting: 2n } as const;

/** Status of a position in LockingPool. */
export const status = { unavailable: 0n, inactive: 1n, active: 2n, unlocked: 3n } as const;

/** The vaults that the fixture adds: no two alike. */
export const vaultConfigs = [
  { commissionBps: 500n, cap: parseEther("100000") },
  { commissionBps: 437n, cap: parseEther("61234.5") + 1n },
  { commissionBps: 1_500n, cap: parseEther("40000") + 3n },
] as const;

/** One vault of the fixture. */
export interface VaultOfTest {
  readonly index: bigint;
  readonly address: string;
  readonly key: SequencerKey;
  readonly operator: HardhatEthersSigner;
}

/** How the fixture is set up. */
export interface LockManagerOptions {
  /** @defaultValue "sepolia" */
  readonly variant?: LockingPoolVariant;
  /** How many vaults. @defaultValue 3 */
  readonly vaults?: number;
  /** Sequencers of others in the pool. @defaultValue 1 */
  readonly strangers?: number;
}

/** Words of a position in LockingPool's storage. */
export const positionWord = { amount: 0n, reward: 1n, updatedBatch: 3n, unlockClaimTime: 6n, recipient: 11n } as const;

/** Where LockingPool's mapping `sequencers` is. */
const sequencersSlot = 12n;

/** Deploys all of Ethereum's side. For the `build` of a fixture. */
export async function deployLockManager({ l1 }: Chains, options: LockManagerOptions = {}) {
  const [deployer, guardian, keeper, alice, bob, carol] = l1.signers as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const l2ChainId = localChains.l2.chainId;
  const metis = await deployLocalMetisL1(deployer, {
    l2ChainId,
    lockingPool: options.variant ?? "sepolia",
    discount,
  });
  await addSequencers(l1.provider, metis, options.strangers ?? 1);
  const deployment = await deployOurs(l1, metis);
  const contracts = await attach(l1, metis, deployment);
  const { access, manager } = contracts;
  await access.grantRole(roles.guardian.id, guardian, 0n);
  await access.grantRole(roles.keeper.id, keeper, 0n);
  await access.grantRole(roles.tightener.id, deployer, 0n);

  const vaults: VaultOfTest[] = [];
  const world = {
    l1,
    l2ChainId,
    metis,
    deployment,
    governance: deployer,
    guardian,
    keeper,
    alice,
    bob,
    carol,
    vaults,
    ...contracts,
    manager: manager.connect(carol),
    asGovernance: manager.connect(deployer),
    asGuardian: manager.connect(guardian),
    asKeeper: manager.connect(keeper),
    asGateway: manager.connect(await l1.impersonate(deployment.l1.l1Gateway)),
    asBridge: contracts.gateway.connect(await l1.impersonate(metis.bridge)),
  };
  for (let index = 0; index < (options.vaults ?? vaultConfigs.length); index++) await addVault(world);
  return world;
}

/** The fixture, and what tests do with it. */
export type World = Awaited<ReturnType<typeof deployLockManager>>;

async function deployOurs(l1: Chain, metis: LocalMetisL1): Promise<Deployment> {
  const deployer = l1.signers[0]!;
  const plan = planDeployment({
    l1: { chainId: BigInt(l1.chainId), deployer: deployer.address, nonce: await deployer.getNonce() },
    l2: { chainId: BigInt(localChains.l2.chainId), deployer: deployer.address, nonce: 1_000 },
  });
  await deployL1(deployer, plan, metis);
  return plan;
}

async function attach(l1: Chain, metis: LocalMetisL1, { l1: ours }: Deployment) {
  return {
    access: await l1.attach("AccessManager", ours.accessManager),
    beacon: await l1.attach("UpgradeableBeacon", ours.vaultBeacon),
    manager: await l1.attach("LockManager", ours.lockManager),
    gateway: await l1.attach("L1Gateway", ours.l1Gateway),
    token: await l1.attach("LocalMetis", metis.metis),
    pool: await l1.attach("LocalLockingPool", metis.lockingPool),
    info: await l1.attach("LocalLockingInfo", metis.lockingInfo),
    bridge: await l1.attach("LocalL1StandardBridge", metis.bridge),
    oracle: await l1.attach("LocalDiscountOracle", metis.discountOracle),
  };
}

/** The configuration of the next vault, or of vault `index` with another key. */
export function configOf(l1: Chain, index: number, label = `vault ${index}`) {
  const { pubkey } = sequencerKey(label);
  return {
    ...vaultConfigs[index % vaultConfigs.length]!,
    operator: l1.signers[6 + (index % 3)]!.address,
    pubkeyX: dataSlice(pubkey, 0, 32),
    pubkeyY: dataSlice(pubkey, 32),
  };
}

/** Adds a vault and has Metis whitelist it. */
export async function addVault({ l1, asGovernance, pool, vaults }: AddVaultWorld): Promise<VaultOfTest> {
  const index = vaults.length;
  const address = await asGovernance.vaultAddress(index);
  await pool.setWhitelist(address, true);
  await asGovernance.addVault(configOf(l1, index));
  const vault = {
    index: BigInt(index),
    address,
    key: sequencerKey(`vault ${index}`),
    operator: l1.signers[6 + (index % 3)]!,
  };
  vaults.push(vault);
  return vault;
}

interface AddVaultWorld {
  readonly l1: Chain;
  readonly asGovernance: ContractOf<"LockManager">;
  readonly pool: ContractOf<"LocalLockingPool">;
  readonly vaults: VaultOfTest[];
}

/** METIS comes over the bridge, as an ERC-20 transfer that tells nobody. */
export async function arrive({ token, manager }: World, assets: bigint): Promise<void> {
  await token.mint(manager, assets);
}

/** Locks `assets` over the vaults. */
export async function lockAll(world: World, assets: bigint): Promise<void> {
  await arrive(world, assets);
  await world.manager.allocate();
}

/** Has Metis credit so many blocks to each vault, and open the next batch. Returns what each got, in wei. */
export async function reward({ l1, metis, pool, vaults }: World, blocks: readonly bigint[]): Promise<bigint[]> {
  const signers = vaults.slice(0, blocks.length).map(({ key }) => key.signer);
  const paid = signers.map((signer, index) => ({ signer, blocks: blocks[index]! })).filter((one) => one.blocks > 0n);
  await submitRewards(l1.provider, metis, {
    signers: paid.map((one) => one.signer),
    blocks: paid.map((one) => one.blocks),
  });
  const rewardPerBlock = await pool.rewardPerBlock();
  return blocks.map((count) => count * rewardPerBlock);
}

/** Has Metis open the next batch, without reward for the vaults. */
export async function openBatch({ l1, metis }: World): Promise<void> {
  await nextBatch(l1.provider, metis);
}

/** What LockingPool has for a vault. */
export async function positionOf({ manager, pool }: World, index: bigint) {
  const { sequencerId } = await manager.vaultAt(index);
  return pool.sequencers(sequencerId);
}

/** Overwrites one word of a vault's position in LockingPool. */
export async function setPosition(world: World, index: bigint, word: bigint, value: bigint): Promise<void> {
  const { sequencerId } = await world.manager.vaultAt(index);
  const base = keccak256(zeroPadValue(toBeHex(sequencerId), 32) + toBeHex(sequencersSlot, 32).slice(2));
  await setStorage(world.l1.provider, world.metis.lockingPool, BigInt(base) + word, value);
}

/** What the operator earns of a reward. */
export function commissionOf(amount: bigint, index: number): bigint {
  return (amount * vaultConfigs[index]!.commissionBps) / 10_000n;
}

/** A number beyond any need before, raised as Metis's bridge would hand it on. */
export async function raiseNeed({ asGateway, manager }: World, target: bigint): Promise<bigint> {
  const { number } = await manager.need();
  await asGateway.raiseNeed(number + 1n, target);
  return number + 1n;
}

/** What the books say against what LockingPool and METIS say, in one object that is to deep equal {@link soundBooks}. */
export async function books(world: World) {
  const { manager, token, pool } = world;
  let ofPool = 0n;
  let ofBooks = 0n;
  let owed = 0n;
  for (let index = 0n; index < (await manager.vaultCount()); index++) {
    const vault = await manager.vaultAt(index);
    ofBooks += vault.principal;
    owed += vault.owed;
    if (vault.sequencerId !== 0n) ofPool += (await pool.sequencers(vault.sequencerId)).amount;
  }
  return {
    unbooked: (await token.balanceOf(manager)) - (await manager.idle()),
    principalApart: ofPool - ofBooks,
    owedApart: (await manager.owed()) - owed,
  };
}

export const soundBooks = { unbooked: 0n, principalApart: 0n, owedApart: 0n };

/** The report that a transaction sent down. */
export async function sentReport({ manager }: World, action: Promise<ContractTransactionResponse>) {
  const receipt = await (await action).wait();
  const logs = receipt!.logs.map((log) => manager.interface.parseLog(log));
  const payload: unknown = logs.find((log) => log?.name === "MessageSent")?.args.payload;
  const [kind, report] = AbiCoder.defaultAbiCoder().decode(
    [
      "uint8",
      "tuple(uint256 takenAt,uint256 readAt,int256 l1Assets,uint256 receivedFromL2,uint256 sentToL2,uint256 l1Deposits,uint256 withdrawable)",
    ],
    String(payload),
  ) as unknown as [bigint, Report];
  if (kind !== 0n) throw new Error("the message is not a report");
  return report;
}

/** As the contracts' struct. */
export interface Report {
  readonly takenAt: bigint;
  readonly readAt: bigint;
  readonly l1Assets: bigint;
  readonly receivedFromL2: bigint;
  readonly sentToL2: bigint;
  readonly l1Deposits: bigint;
  readonly withdrawable: bigint;
}

/** What a call cost `payer` in ETH beside its gas. */
export async function ethSpent(
  { l1 }: World,
  payer: HardhatEthersSigner,
  action: () => Promise<ContractTransactionResponse>,
): Promise<bigint> {
  const [change] = await l1.coinChanges(action, [payer]);
  return -change!;
}
