/** Metis's own contracts on two local chains: deploys the stand-ins of `contracts/local`, pays rewards, fills the pool. */
import { type ContractFactory, type Signer, SigningKey, computeAddress, dataSlice, getAddress, id } from "ethers";

import { localAccountCount, localBalance } from "../config/localChains";
import {
  LocalAddressManager__factory,
  LocalDeployerWhitelist__factory,
  LocalDiscountOracle__factory,
  LocalGasPriceOracle__factory,
  LocalL1Messenger__factory,
  LocalL1StandardBridge__factory,
  LocalL2Messenger__factory,
  LocalL2StandardBridge__factory,
  LocalLockingInfo__factory,
  LocalLockingPoolMainnet__factory,
  LocalLockingPool__factory,
  LocalMetisCoinbase__factory,
  LocalMetis__factory,
  LocalProxy__factory,
  LocalSequencerFeeVault__factory,
  LocalTransactionChain__factory,
} from "./artifacts";
import { type LocalNode, nodeOf, sendSurelyAs, setBalance, setCode } from "./localNode";
import { keepMetisLedger } from "./metisLedger";
import { moveContract } from "./movedContract";
import { predeploys } from "./predeploys";

/** Which LockingPool: mainnet's restricts voluntary exits and takes any new owner, Sepolia's the other way round. */
export type LockingPoolVariant = "mainnet" | "sepolia";

/** Addresses of Metis's contracts on the local L1. */
export interface LocalMetisL1 {
  readonly metis: string;
  readonly lockingPool: string;
  readonly lockingInfo: string;
  readonly bridge: string;
  readonly messenger: string;
  readonly addressManager: string;
  readonly discountOracle: string;
  readonly transactionChain: string;
  /** Gets the ETH of all messages down. */
  readonly feeReceiver: string;
  /** The only one who can upgrade the proxies; nobody has its key, see {@link upgradeLockingPool}. */
  readonly proxyAdmin: string;
}

/** Where Metis's contracts can be put on the local L1. The others get the addresses that follow from the signer's nonce. */
export type LocalMetisL1Places = Partial<Omit<LocalMetisL1, "feeReceiver" | "proxyAdmin">>;

/** Addresses of Metis's contracts on the local L2: the same as on Metis. */
export type LocalMetisL2 = typeof predeploys;

/** How the local L1 is set up. Amounts in wei. */
export interface LocalMetisL1Options {
  readonly l2ChainId: number;
  /** @defaultValue "mainnet" */
  readonly lockingPool?: LockingPoolVariant;
  /** ETH for one unit of L2 gas. @defaultValue 0, as it is now */
  readonly discount?: bigint;
  /** METIS for one L2 block. @defaultValue 0.01247842237 METIS, as it is in 2026 */
  readonly rewardPerBlock?: bigint;
  /** METIS of the L2's genesis, which the bridge then holds. @defaultValue all that the local accounts have */
  readonly genesisMetis?: bigint;
  /** Puts contracts at these addresses, as a public network has them. */
  readonly at?: LocalMetisL1Places;
}

/** How the local L2 is set up. */
export interface LocalMetisL2Options {
  readonly l1: Pick<LocalMetisL1, "messenger" | "bridge">;
  /** METIS for a withdrawal, in wei. @defaultValue 0.5 METIS, as it is now */
  readonly minErc20BridgeCost?: bigint;
}

/** A key that signs L2 blocks. */
export interface SequencerKey {
  readonly privateKey: string;
  readonly signer: string;
  /** 64 bytes: uncompressed, without the leading 0x04. */
  readonly pubkey: string;
}

/** Blocks that each signer is paid for. */
export interface RewardBatch {
  readonly signers: readonly string[];
  readonly blocks: readonly bigint[];
}

/** Gives METIS on Ethereum, in wei. */
export type GiveMetis = (receiver: string, assets: bigint) => Promise<void>;

/** What locking and rewards are about. */
type LockingAddresses = Pick<LocalMetisL1, "metis" | "lockingPool" | "lockingInfo">;

const genesisMetis = BigInt(localAccountCount) * localBalance;
const proxyAdmin = nobody("local proxy admin");
const feeReceiver = nobody("local message fees");
/** What METIS can be minted from on the local L2, in wei. */
const mintReserve = 10n ** 30n;

/**
 * Deploys Metis's contracts on a local L1, behind proxies where Metis has them. `signer` becomes the owner, the manager of fees, the mpc and the payer
 * of rewards.
 */
export async function deployLocalMetisL1(signer: Signer, options: LocalMetisL1Options): Promise<LocalMetisL1> {
  const owner = await signer.getAddress();
  const { at = {} } = options;
  const put = (contract: Promise<Deployed>, place: string | undefined) => placed(nodeOf(signer), contract, place);
  const metisAddress = await put(new LocalMetis__factory(signer).deploy(owner), at.metis);
  const metis = LocalMetis__factory.connect(metisAddress, signer);
  const addressManagerAddress = await put(new LocalAddressManager__factory(signer).deploy(), at.addressManager);
  const addressManager = LocalAddressManager__factory.connect(addressManagerAddress, signer);
  const discountOracle = await put(
    new LocalDiscountOracle__factory(signer).deploy(addressManagerAddress, options.discount ?? 0n),
    at.discountOracle,
  );
  const transactionChain = await put(
    new LocalTransactionChain__factory(signer).deploy(addressManagerAddress),
    at.transactionChain,
  );
  const messengerParameters = [addressManagerAddress];
  const messenger = await proxied(signer, new LocalL1Messenger__factory(signer), messengerParameters, at.messenger);
  const bridgeParameters = [messenger, predeploys.bridge, metisAddress, addressManagerAddress];
  const bridge = await proxied(signer, new LocalL1StandardBridge__factory(signer), bridgeParameters, at.bridge);
  const names: Record<string, string> = {
    METIS_MANAGER: owner,
    MVM_DiscountOracle: discountOracle,
    CanonicalTransactionChain: transactionChain,
    Proxy__OVM_L1CrossDomainMessenger: messenger,
    Proxy__OVM_L1StandardBridge: bridge,
    [`${options.l2ChainId}_MVM_Sequencer`]: feeReceiver,
  };
  for (const [name, address] of Object.entries(names)) await (await addressManager.setAddress(name, address)).wait();
  const oracle = LocalDiscountOracle__factory.connect(discountOracle, signer);
  await (await oracle.setWhitelistedXDomainSender(bridge, true)).wait();

  const deposited = options.genesisMetis ?? genesisMetis;
  await (await metis.mint(owner, deposited)).wait();
  await (await metis.approve(bridge, deposited)).wait();
  await (
    await LocalL1StandardBridge__factory.connect(bridge, signer).depositGenesis(options.l2ChainId, deposited)
  ).wait();

  const locking = await deployLocking(signer, { bridge, metis: metisAddress, options });
  return {
    metis: metisAddress,
    ...locking,
    bridge,
    messenger,
    addressManager: addressManagerAddress,
    discountOracle,
    transactionChain,
    feeReceiver,
    proxyAdmin,
  };
}

/**
 * Puts Metis's contracts at their addresses on a local L2 and keeps the ledger of METIS, see {@link keepMetisLedger}. `signer` becomes their
 * owner; its provider is the node.
 */
export async function deployLocalMetisL2(signer: Signer, options: LocalMetisL2Options): Promise<LocalMetisL2> {
  const l2 = nodeOf(signer);
  const owner = await signer.getAddress();
  const codes: readonly (readonly [string, ContractFactory])[] = [
    [predeploys.deployerWhitelist, new LocalDeployerWhitelist__factory(signer)],
    [predeploys.messenger, new LocalL2Messenger__factory(signer)],
    [predeploys.gasPriceOracle, new LocalGasPriceOracle__factory(signer)],
    [predeploys.bridge, new LocalL2StandardBridge__factory(signer)],
    [predeploys.sequencerFeeVault, new LocalSequencerFeeVault__factory(signer)],
    [predeploys.metis, new LocalMetisCoinbase__factory(signer)],
  ];
  for (const [address, factory] of codes) await putCode(l2, address, factory);
  await setBalance(l2, predeploys.metis, mintReserve);

  const whitelist = LocalDeployerWhitelist__factory.connect(predeploys.deployerWhitelist, signer);
  const transactions = [
    () => whitelist.initialize(owner),
    () => whitelist.setWhitelistedXDomainSender(predeploys.bridge, true),
    () => LocalL2Messenger__factory.connect(predeploys.messenger, signer).initialize(options.l1.messenger),
    () =>
      LocalL2StandardBridge__factory.connect(predeploys.bridge, signer).initialize(
        predeploys.messenger,
        options.l1.bridge,
      ),
    () =>
      LocalGasPriceOracle__factory.connect(predeploys.gasPriceOracle, signer).initialize(
        owner,
        options.minErc20BridgeCost ?? 5n * 10n ** 17n,
      ),
    () => LocalMetisCoinbase__factory.connect(predeploys.metis, signer).initialize(predeploys.bridge, genesisMetis),
  ];
  for (const send of transactions) await (await send()).wait();
  keepMetisLedger(l2);
  return predeploys;
}

/** The key of a sequencer called `label`: the same at every call. */
export function sequencerKey(label: string): SequencerKey {
  const key = new SigningKey(id(label));
  return { privateKey: key.privateKey, signer: computeAddress(key), pubkey: dataSlice(key.publicKey, 1) };
}

/**
 * Credits one batch of rewards and opens the next one. `give` hands the payer the METIS for it: it is minted.
 *
 * @returns The batch that is open now.
 */
export async function submitRewards(
  l1: LocalNode,
  addresses: LockingAddresses,
  batch: RewardBatch,
  give: GiveMetis = (receiver, assets) => mintMetis(l1, addresses.metis, receiver, assets),
): Promise<bigint> {
  const pool = LocalLockingPool__factory.connect(addresses.lockingPool, l1);
  const info = LocalLockingInfo__factory.connect(addresses.lockingInfo, l1);
  const reward = batch.blocks.reduce((sum, blocks) => sum + blocks, 0n) * (await pool.rewardPerBlock());
  await give(await info.rewardPayer(), reward);

  const { id: current, endEpoch } = await pool.curBatchState();
  const next = current + 1n;
  const startEpoch = endEpoch + 1n;
  await sendSurelyAs(l1, {
    from: await pool.mpcAddress(),
    to: addresses.lockingPool,
    data: pool.interface.encodeFunctionData("batchSubmitRewards", [
      next,
      startEpoch,
      startEpoch + 1n,
      [...batch.signers],
      [...batch.blocks],
    ]),
  });
  return next;
}

/**
 * Opens the next batch without reward for anybody but strangers: what a withdrawal needs in order to be allowed again.
 *
 * @returns The batch that is open now.
 */
export async function nextBatch(l1: LocalNode, addresses: LockingAddresses, give?: GiveMetis): Promise<bigint> {
  const pool = LocalLockingPool__factory.connect(addresses.lockingPool, l1);
  if ((await pool.seqSigners(stranger(0).signer)) === 0n) await addSequencers(l1, addresses, 1, give);
  return submitRewards(l1, addresses, { signers: [stranger(0).signer], blocks: [1n] }, give);
}

/**
 * Locks strangers' sequencers at the least amount, so that the pool is not ours alone: mainnet's pool lets a third of the sequencers exit at most. Those
 * that are there already are left as they are.
 *
 * @returns Their keys.
 */
export async function addSequencers(
  l1: LocalNode,
  addresses: LockingAddresses,
  count: number,
  give: GiveMetis = (receiver, assets) => mintMetis(l1, addresses.metis, receiver, assets),
): Promise<readonly SequencerKey[]> {
  const pool = LocalLockingPool__factory.connect(addresses.lockingPool, l1);
  const metis = LocalMetis__factory.createInterface();
  const amount = await LocalLockingInfo__factory.connect(addresses.lockingInfo, l1).minLock();
  const keys = Array.from({ length: count }, (_, index) => stranger(index));
  for (const { signer, pubkey } of keys) {
    if ((await pool.seqSigners(signer)) !== 0n) continue;
    const listing = pool.interface.encodeFunctionData("setWhitelist", [signer, true]);
    const approving = metis.encodeFunctionData("approve", [addresses.lockingInfo, amount]);
    const locking = pool.interface.encodeFunctionData("lockWithRewardRecipient", [signer, signer, amount, pubkey]);
    await give(signer, amount);
    await sendSurelyAs(l1, { from: await pool.owner(), to: addresses.lockingPool, data: listing });
    await sendSurelyAs(l1, { from: signer, to: addresses.metis, data: approving });
    await sendSurelyAs(l1, { from: signer, to: addresses.lockingPool, data: locking });
  }
  return keys;
}

/** Upgrades LockingPool to the other variant, as Metis can at any time. Positions stay. `signer` pays for the new code. */
export async function upgradeLockingPool(
  signer: Signer,
  addresses: LocalMetisL1,
  variant: LockingPoolVariant,
): Promise<void> {
  const implementation = await (await lockingPoolFactory(signer, variant).deploy()).waitForDeployment();
  await sendSurelyAs(nodeOf(signer), {
    from: addresses.proxyAdmin,
    to: addresses.lockingPool,
    data: LocalProxy__factory.createInterface().encodeFunctionData("upgradeTo", [deployedAt(implementation)]),
  });
}

/** What a factory hands out. */
interface Deployed {
  readonly target: unknown;
  readonly waitForDeployment: () => Promise<unknown>;
}

interface LockingParts {
  readonly bridge: string;
  readonly metis: string;
  readonly options: LocalMetisL1Options;
}

async function deployLocking(
  signer: Signer,
  { bridge, metis, options }: LockingParts,
): Promise<Pick<LocalMetisL1, "lockingPool" | "lockingInfo">> {
  const owner = await signer.getAddress();
  const { at = {}, lockingPool: variant = "mainnet" } = options;
  const infoParameters = [bridge, metis, predeploys.metis, options.l2ChainId];
  const lockingInfo = await proxied(signer, new LocalLockingInfo__factory(signer), infoParameters, at.lockingInfo);
  const lockingPool = await proxied(signer, lockingPoolFactory(signer, variant), [lockingInfo], at.lockingPool);
  const info = LocalLockingInfo__factory.connect(lockingInfo, signer);
  const pool = LocalLockingPool__factory.connect(lockingPool, signer);
  const transactions = [
    () => info.initManager(lockingPool),
    () => info.setRewardPayer(owner),
    () => pool.updateMpc(owner),
    () => pool.updateBlockReward(options.rewardPerBlock ?? 12_478_422_370_000_000n),
    () => LocalMetis__factory.connect(metis, signer).approve(lockingInfo, 2n ** 256n - 1n),
  ];
  for (const send of transactions) await (await send()).wait();
  return { lockingPool, lockingInfo };
}

function lockingPoolFactory(signer: Signer, variant: LockingPoolVariant): ContractFactory {
  return variant === "mainnet" ? new LocalLockingPoolMainnet__factory(signer) : new LocalLockingPool__factory(signer);
}

async function proxied(
  signer: Signer,
  factory: ContractFactory,
  parameters: readonly unknown[],
  at: string | undefined,
): Promise<string> {
  const implementation = await (await factory.deploy()).waitForDeployment();
  const data = factory.interface.encodeFunctionData("initialize", parameters);
  const proxy = new LocalProxy__factory(signer).deploy(deployedAt(implementation), proxyAdmin, data);
  return placed(nodeOf(signer), proxy, at);
}

/** Waits for a contract and, when a place is named, moves it there. */
async function placed(node: LocalNode, deploying: Promise<Deployed>, at: string | undefined): Promise<string> {
  const contract = await deploying;
  await contract.waitForDeployment();
  const address = deployedAt(contract);
  if (at === undefined) return address;
  await moveContract(node, address, at);
  return getAddress(at);
}

/** Genesis contracts have no constructor and no immutables, so what a deployment leaves anywhere is what belongs at their address. */
async function putCode(l2: LocalNode, address: string, factory: ContractFactory): Promise<void> {
  const contract = await (await factory.deploy()).waitForDeployment();
  await setCode(l2, address, await l2.getCode(deployedAt(contract)));
}

/** An address book has a function `getAddress` of its own, so the address of a contract is read from its target. */
function deployedAt(contract: { readonly target: unknown }): string {
  return getAddress(String(contract.target));
}

async function mintMetis(l1: LocalNode, token: string, receiver: string, assets: bigint): Promise<void> {
  const metis = LocalMetis__factory.connect(token, l1);
  const data = metis.interface.encodeFunctionData("mint", [receiver, assets]);
  await sendSurelyAs(l1, { from: await metis.owner(), to: token, data });
}

function stranger(index: number): SequencerKey {
  return sequencerKey(`local sequencer ${index}`);
}

/** An address that nobody has the key of. */
function nobody(label: string): string {
  return getAddress(dataSlice(id(label), 12));
}
