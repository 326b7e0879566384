/** The protocol on Metis as it is deployed, with Metis's stand-ins around it; Ethereum is what the tests report of it. */
import { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import {
  AbiCoder,
  type AddressLike,
  type ContractTransactionReceipt,
  type ContractTransactionResponse,
  type Result,
  dataSlice,
  getAddress,
  id,
  keccak256,
  parseEther,
  toBeHex,
} from "ethers";

import { localChains } from "../../scripts/config/localChains";
import { poolParameters } from "../../scripts/config/parameters";
import { type Role, roles } from "../../scripts/config/roles";
import { type Deployment, deployL2, planDeployment } from "../../scripts/lib/deployment";
import { deployLocalMetisL2 } from "../../scripts/lib/localMetis";
import { predeploys } from "../../scripts/lib/predeploys";
import { type Chain, type ContractOf, createFixture } from "./chains";

/** One for one. */
export const ONE = 10n ** 18n;
export const HOUR = 3_600;
export const DAY = 86_400;

/** METIS that the bridge takes for a withdrawal, in wei. */
export const BRIDGE_FEE = parseEther("0.5");

/** What alice and bob put in before the tests start, in wei: his is staked. */
export const deposits = { alice: parseEther("70001") + 7n, bob: parseEther("30003") + 11n } as const;

/** The reward of the fixture with a history, in wei. */
export const firstReward = parseEther("97.531") + 3n;

/** The parameters that the deployment starts with, as the contract's struct. */
export const startParameters = poolParameters;

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

/** As the contracts' struct. */
export interface L1Deposit {
  readonly receiver: string;
  readonly assets: bigint;
  readonly runningTotal: bigint;
  readonly isStaked: boolean;
}

/** The contracts on Metis, and who may play the parts that nobody has a key of. */
export interface PoolSetup {
  readonly l2: Chain;
  readonly deployment: Deployment;
  readonly manager: ContractOf<"AccessManager">;
  readonly eMetis: ContractOf<"EMetis">;
  readonly seMetis: ContractOf<"SEMetis">;
  readonly pool: ContractOf<"StakingPool">;
  readonly queue: ContractOf<"RedemptionQueue">;
  readonly gateway: ContractOf<"L2Gateway">;
  readonly bridge: ContractOf<"LocalL2StandardBridge">;
  readonly gasOracle: ContractOf<"LocalGasPriceOracle">;
  /** METIS as an ERC-20: its transfers move native METIS without a call. */
  readonly metis: ContractOf<"LocalMetisCoinbase">;
  /** Plays the gateway towards the pool; gas is free for it, its balance stays what arrived. */
  readonly asGateway: HardhatEthersSigner;
  /** Plays Metis's bridge. */
  readonly asBridge: HardhatEthersSigner;
}

const l1Deployer = nobody("l1 deployer");
const abi = AbiCoder.defaultAbiCoder();

/** The named accounts. The deployer has every role, without delay, and is none of them; `keeper` owns nothing and calls for others. */
export function poolActors(l2: Chain) {
  const [deployer, alice, bob, carol, keeper, treasury, guardian, referrer] = l2.signers;
  return {
    deployer: deployer!,
    alice: alice!,
    bob: bob!,
    carol: carol!,
    keeper: keeper!,
    treasury: treasury!,
    guardian: guardian!,
    referrer: referrer!,
  };
}

/** Deploys the protocol's part on Metis by the same function as the scripts. */
export async function deployPool(l2: Chain): Promise<PoolSetup> {
  const { deployer, treasury, guardian, keeper } = poolActors(l2);
  await deployLocalMetisL2(deployer, { l1: { messenger: nobody("l1 messenger"), bridge: nobody("l1 bridge") } });
  const deployment = planDeployment({
    l1: { chainId: BigInt(localChains.l1.chainId), deployer: l1Deployer, nonce: 0 },
    l2: { chainId: BigInt(l2.chainId), deployer: deployer.address, nonce: await deployer.getNonce() },
  });
  await deployL2(deployer, deployment, {
    governance: deployer.address,
    guardian: guardian.address,
    keeper: keeper.address,
    treasury: treasury.address,
  });
  const manager = await l2.attach("AccessManager", deployment.l2.accessManager);
  for (const role of Object.values<Role>(roles)) await manager.grantRole(role.id, deployer, 0n);
  const { eMetis, seMetis, stakingPool, redemptionQueue, l2Gateway } = deployment.l2;
  return {
    l2,
    deployment,
    manager,
    eMetis: await l2.attach("EMetis", eMetis),
    seMetis: await l2.attach("SEMetis", seMetis),
    pool: await l2.attach("StakingPool", stakingPool),
    queue: await l2.attach("RedemptionQueue", redemptionQueue),
    gateway: await l2.attach("L2Gateway", l2Gateway),
    bridge: await l2.attach("LocalL2StandardBridge", predeploys.bridge),
    gasOracle: await l2.attach("LocalGasPriceOracle", predeploys.gasPriceOracle),
    metis: await l2.attach("LocalMetisCoinbase", predeploys.metis),
    asGateway: await playing(l2, l2Gateway),
    asBridge: await playing(l2, predeploys.bridge),
  };
}

/** Nothing has happened yet. */
export const emptyPoolFixture = createFixture(async ({ l2 }) => {
  const setup = await deployPool(l2);
  // A quarter past an hour, so that no test's few blocks cross into the next one unawares.
  await l2.increaseTo((Math.floor((await l2.now()) / HOUR) + 1) * HOUR + HOUR / 4);
  return { ...setup, ...poolActors(l2) };
});

/**
 * A pool with a history: alice holds eMetis, bob has staked his, all but the reserve is on Ethereum, one reward has come and half of it has
 * vested, so that a share of seMetis is worth more than one eMetis.
 */
export const poolFixture = createFixture(async ({ l2 }) => {
  const fixture = { ...(await deployPool(l2)), ...poolActors(l2) };
  const { alice, bob, keeper, pool, eMetis, seMetis, queue } = fixture;
  await pool.connect(alice).deposit(alice, fixture.referrer, { value: deposits.alice });
  await pool.connect(bob).depositAndStake(bob, 0n, fixture.referrer, { value: deposits.bob });
  for (const holder of [alice, bob, fixture.carol]) {
    await eMetis.connect(holder).approve(queue, 2n ** 255n);
    await eMetis.connect(holder).approve(seMetis, 2n ** 255n);
  }
  await pool.connect(keeper).rebalance({ value: BRIDGE_FEE });
  const sent = await pool.solvency().then(({ sentToL1 }) => sentToL1);
  await l2.increase(8 * DAY);
  await applyReport(fixture, { l1Assets: sent, receivedFromL2: sent });
  await l2.increase(7 * DAY);
  await applyReport(fixture, { l1Assets: sent + firstReward });
  await l2.increase(Math.floor(3.5 * DAY));
  await l2.increaseTo((Math.floor((await l2.now()) / HOUR) + 1) * HOUR + HOUR / 4);
  return fixture;
});

/** Everything that {@link poolFixture} sets up. */
export type PoolFixture = Awaited<ReturnType<typeof poolFixture>>;

/** The last report again, taken and read now and with `changes`. */
export async function nextReport({ l2, pool }: PoolSetup, changes: Partial<Report> = {}): Promise<Report> {
  const { l1Assets, receivedFromL2, sentToL2, l1Deposits } = await pool.solvency();
  const takenAt = changes.takenAt ?? BigInt(await l2.now());
  const withdrawable = await pool.withdrawableOnL1();
  return { takenAt, readAt: takenAt, l1Assets, receivedFromL2, sentToL2, l1Deposits, withdrawable, ...changes };
}

/** Applies {@link nextReport} under the next number, as the gateway does. */
export async function applyReport(
  setup: PoolSetup,
  changes: Partial<Report> = {},
): Promise<ContractTransactionResponse> {
  const report = await nextReport(setup, changes);
  const { reportNumber } = await setup.pool.solvency();
  return setup.pool.connect(setup.asGateway).applyReport(reportNumber + 1n, report);
}

/** METIS reaches the gateway as the bridge brings it: a change of its balance, no call. */
export async function arrive({ l2, gateway }: PoolSetup, assets: bigint): Promise<void> {
  await l2.setBalance(gateway, (await l2.provider.getBalance(gateway)) + assets);
}

/** METIS reaches the pool by no path of the protocol: the transfer of an ERC-20. */
export async function donate({ metis, pool }: PoolSetup, donor: HardhatEthersSigner, assets: bigint): Promise<void> {
  await metis.connect(donor).transfer(pool, assets);
}

/** The payload of a report, as LockManager encodes it. */
export function encodeReport(report: Report): string {
  const { takenAt, readAt, l1Assets, receivedFromL2, sentToL2, l1Deposits, withdrawable } = report;
  const struct = "tuple(uint256,uint256,int256,uint256,uint256,uint256,uint256)";
  const words = [takenAt, readAt, l1Assets, receivedFromL2, sentToL2, l1Deposits, withdrawable];
  return abi.encode(["uint8", struct], [0, words]);
}

/** The payload of a deposit on Ethereum, as LockManager encodes it. */
export function encodeL1Deposit({ receiver, assets, runningTotal, isStaked }: L1Deposit): string {
  return abi.encode(["uint8", "tuple(address,uint256,uint256,bool)"], [1, [receiver, assets, runningTotal, isStaked]]);
}

/** The hash that crosses the bridge for payload `number`. */
export function envelopeHash({ deployment }: PoolSetup, number: bigint, payload: string): string {
  const { l1ChainId, l2ChainId, l1, l2 } = deployment;
  return keccak256(
    abi.encode(
      ["uint256", "uint256", "address", "address", "uint256", "bytes32"],
      [l1ChainId, l2ChainId, l1.l1Gateway, l2.l2Gateway, number, keccak256(payload)],
    ),
  );
}

/** The two arguments of the token-bridge channel that carry `hash`. */
export function toChannel(hash: string): [to: string, amount: bigint] {
  return [getAddress(dataSlice(hash, 0, 20)), BigInt(dataSlice(hash, 20))];
}

/** The bridge brings the hash of payload `number`. */
export async function bring(setup: PoolSetup, number: bigint, payload: string): Promise<ContractTransactionResponse> {
  const [to, amount] = toChannel(envelopeHash(setup, number, payload));
  return setup.gateway.connect(setup.asBridge).mint(to, amount);
}

/** The bridge brings payload `number`, and whoever is connected delivers it. */
export async function bringAndDeliver(
  setup: PoolSetup,
  number: bigint,
  payload: string,
): Promise<ContractTransactionResponse> {
  await bring(setup, number, payload);
  return setup.gateway.deliver(number, payload);
}

/** A deposit on Ethereum becomes eMetis, as the gateway has it minted. */
export async function mintL1Deposit(
  { pool, asGateway }: PoolSetup,
  number: bigint,
  l1Deposit: L1Deposit,
): Promise<ContractTransactionResponse> {
  return pool.connect(asGateway).mintL1Deposit(number, l1Deposit);
}

/** The next transaction is mined in the second of the latest block. */
export async function inTheSameSecond(l2: Chain): Promise<void> {
  await l2.setNextBlockTimestamp(await l2.now());
}

/** Gas that a transaction used, refunds deducted. */
export async function gasOf(transaction: Promise<ContractTransactionResponse>): Promise<number> {
  return Number((await mined(transaction)).gasUsed);
}

/** The receipt of a transaction. */
export async function mined(transaction: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
  const receipt = await (await transaction).wait();
  if (receipt === null) throw new Error("the transaction is not on the chain");
  return receipt;
}

/** The fields of a struct that a contract answered, by name. */
export function fieldsOf(struct: object): Record<string, unknown> {
  return (struct as Result).toObject();
}

/** METIS of an account, in wei. */
export async function balanceOf({ l2 }: PoolSetup, account: AddressLike): Promise<bigint> {
  return l2.provider.getBalance(account);
}

/** A `bytes32` that holds a short text from the left, as parameters are named in errors. */
export function nameOf(text: string): string {
  return toBeHex(BigInt(`0x${Buffer.from(text).toString("hex").padEnd(64, "0")}`), 32);
}

/** An account that pays nothing for gas: what it holds is not touched by who plays it. */
async function playing({ provider }: Chain, account: string): Promise<HardhatEthersSigner> {
  await provider.send("hardhat_impersonateAccount", [account]);
  const signer = await HardhatEthersSigner.create(provider, account);
  const send = signer.sendTransaction.bind(signer);
  signer.sendTransaction = async (transaction) => send({ ...transaction, gasPrice: 0n });
  return signer;
}

function nobody(label: string): string {
  return getAddress(dataSlice(id(label), 12));
}
