/**
 * Two chains in one process: L1 and L2 side by side, each an in-process Hardhat network.
 *
 * Everything that reaches into Hardhat's internals is in this file. The chain that {@link mainLayer} names is Hardhat's
 * own network, so `hre.ethers` and Hardhat's balance matchers speak to it and to no other.
 */
import { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { HardhatEthersProvider } from "@nomicfoundation/hardhat-ethers/internal/hardhat-ethers-provider";
import { type Addressable, ContractFactory, Contract, resolveAddress, toQuantity } from "ethers";
import hre from "hardhat";
import type { EthereumProvider } from "hardhat/types";

import { type MainChain, localBalance, localChains, mainLayer } from "../../scripts/config/localChains";
import { type Snapshot, createSnapshots } from "../../scripts/lib/snapshots";
import { startThrowawayChain } from "../../scripts/lib/throwawayChain";
import type * as generated from "../../typechain-types";

type Generated = typeof generated;

/** The name of a compiled contract or interface. */
export type ContractName = keyof Generated extends infer K ? (K extends `${infer N}__factory` ? N : never) : never;

type FactoryOf<N extends ContractName> = `${N}__factory` extends keyof Generated ? Generated[`${N}__factory`] : never;

/** The generated type of the contract called `N`. */
export type ContractOf<N extends ContractName> =
  FactoryOf<N> extends { connect: (...parameters: never[]) => infer C } ? C : never;

/** The constructor's arguments of the contract called `N`, with optional overrides behind them. */
export type DeployArguments<N extends ContractName> =
  FactoryOf<N> extends { prototype: { deploy: (...parameters: infer A) => unknown } } ? A : never;

/** One in-process chain, with its own accounts, blocks and clock. */
export interface Chain {
  readonly chainId: number;
  readonly provider: HardhatEthersProvider;
  /** Unlocked accounts, with the same addresses on every local chain. The first deploys. */
  readonly signers: readonly HardhatEthersSigner[];
  /** The chain before its first transaction. */
  readonly blank: Snapshot;

  /** Deploys a compiled contract and waits for it; the types of arguments and result come from its name. */
  deploy: <N extends ContractName>(
    name: N,
    deployArguments: DeployArguments<N>,
    signer?: HardhatEthersSigner,
  ) => Promise<ContractOf<N>>;
  /** A compiled contract or interface at an address of this chain. */
  attach: <N extends ContractName>(
    name: N,
    address: string | Addressable,
    signer?: HardhatEthersSigner,
  ) => Promise<ContractOf<N>>;

  snapshot: () => Promise<Snapshot>;
  /** The latest block's timestamp, in Unix seconds. */
  now: () => Promise<number>;
  /** Mines empty blocks. */
  mine: (blocks?: number) => Promise<void>;
  /** Mines one block with this timestamp. A timestamp below the latest block's is refused. */
  increaseTo: (timestamp: number) => Promise<void>;
  /** Mines one block this many seconds after the latest. */
  increase: (seconds: number) => Promise<void>;
  /**
   * The next block, and only it, gets this timestamp. It may equal the latest block's. The node refuses a lower one,
   * whatever its options, so a sequencer whose clock goes back has to be played by two chains or by a stand-in contract.
   */
  setNextBlockTimestamp: (timestamp: number) => Promise<void>;

  setBalance: (address: string | Addressable, wei: bigint) => Promise<void>;
  setCode: (address: string | Addressable, code: string) => Promise<void>;
  /** A signer for any address, contracts included, with enough of the chain's coin for gas. */
  impersonate: (address: string | Addressable) => Promise<HardhatEthersSigner>;
  /** What one transaction changed in the balance of each account, in wei, its fee left out. */
  coinChanges: (
    action: () => Promise<{ hash: string }>,
    accounts: readonly (string | Addressable)[],
  ) => Promise<bigint[]>;
}

/** Both sides of the protocol. */
export interface Chains {
  readonly l1: Chain;
  readonly l2: Chain;
}

/** Starts a new chain of its own, beside Hardhat's: Metis mainnet's id would be `{ ...localChains.l2, chainId: 1088 }`. */
export async function createChain(chain: MainChain): Promise<Chain> {
  const provider = await startThrowawayChain(chain);
  shareCoverage(provider);
  return wrapProvider(provider, chain.chainId);
}

/** Hardhat's own in-process chain, which plays the layer of {@link mainLayer}. */
export async function mainChain(): Promise<Chain> {
  return wrapProvider(hre.network.provider, localChains[mainLayer()].chainId);
}

let shared: Promise<Chains> | undefined;

/** The pair of chains that all tests of a process share. Come here through {@link createFixture}. */
export function sharedChains(): Promise<Chains> {
  shared ??= startShared();
  return shared;
}

async function startShared(): Promise<Chains> {
  if (mainLayer() === "l1") return { l1: await mainChain(), l2: await createChain(localChains.l2) };
  return { l1: await createChain(localChains.l1), l2: await mainChain() };
}

/**
 * A state that tests start from: built once on blank chains, restored on every further call. Built again when another
 * fixture had the chains in between. A fixture may call another one first thing in its `build`.
 *
 * @example
 * const fixture = createFixture(async ({ l2 }) => ({ l2, token: await l2.deploy("EMetis", [owner]) }));
 * beforeEach(async () => { ({ l2, token } = await fixture()); });
 */
export function createFixture<T>(build: (chains: Chains) => Promise<T>): () => Promise<T> {
  let built: { readonly value: T; readonly snapshots: readonly Snapshot[] } | undefined;
  return async () => {
    const { l1, l2 } = await sharedChains();
    if (built !== undefined && (await restoreAll(built.snapshots))) return built.value;
    await restoreAll([l1.blank, l2.blank]);
    const value = await build({ l1, l2 });
    built = { value, snapshots: [await l1.snapshot(), await l2.snapshot()] };
    return value;
  };
}

async function restoreAll(snapshots: readonly Snapshot[]): Promise<boolean> {
  for (const snapshot of snapshots) {
    if (!(await snapshot.restore())) return false;
  }
  return true;
}

/** Moves all of the chains to the same moment, in Unix seconds. */
export async function increaseAllTo(chains: readonly Chain[], timestamp: number): Promise<void> {
  for (const chain of chains) await chain.increaseTo(timestamp);
}

async function wrapProvider(ethereum: EthereumProvider, chainId: number): Promise<Chain> {
  holdClock(ethereum);
  const provider = new HardhatEthersProvider(ethereum, `local-${chainId}`);
  const addresses = (await provider.send("eth_accounts", [])) as string[];
  const signers = await Promise.all(addresses.map((address) => HardhatEthersSigner.create(provider, address)));

  const snapshot = createSnapshots(provider);
  const now = async () => (await latestBlock(provider)).timestamp;
  const setNextBlockTimestamp = async (timestamp: number) => {
    await provider.send("evm_setNextBlockTimestamp", [toQuantity(timestamp)]);
  };
  const mine = async (blocks = 1) => {
    await provider.send("hardhat_mine", [toQuantity(blocks)]);
  };
  const increaseTo = async (timestamp: number) => {
    await setNextBlockTimestamp(timestamp);
    await provider.send("evm_mine", []);
  };
  const setBalance = async (address: string | Addressable, wei: bigint) => {
    await provider.send("hardhat_setBalance", [await resolveAddress(address), toQuantity(wei)]);
  };

  return {
    chainId,
    provider,
    signers,
    blank: await snapshot(),
    snapshot,
    now,
    mine,
    increaseTo,
    increase: async (seconds) => increaseTo((await now()) + seconds),
    setNextBlockTimestamp,
    setBalance,
    setCode: async (address, code) => {
      await provider.send("hardhat_setCode", [await resolveAddress(address), code]);
    },
    impersonate: async (account) => {
      const address = await resolveAddress(account);
      await provider.send("hardhat_impersonateAccount", [address]);
      if ((await provider.getBalance(address)) < localBalance) await setBalance(address, localBalance);
      return HardhatEthersSigner.create(provider, address);
    },
    coinChanges: (action, accounts) => coinChanges(provider, action, accounts),
    deploy: async (name, deployArguments, signer = signers[0]) => {
      const { abi, bytecode } = await hre.artifacts.readArtifact(name);
      const contract = await new ContractFactory(abi, bytecode, signer).deploy(...deployArguments);
      return (await contract.waitForDeployment()) as ContractOf<typeof name>;
    },
    attach: async (name, address, signer = signers[0]) => {
      const { abi } = await hre.artifacts.readArtifact(name);
      return new Contract(await resolveAddress(address), abi, signer) as unknown as ContractOf<typeof name>;
    },
  };
}

const held = new WeakSet<EthereumProvider>();
const sendingMethods = ["eth_sendTransaction", "eth_sendRawTransaction"];
const clockMethods = ["evm_setNextBlockTimestamp", "evm_increaseTime"];

/**
 * From now on a transaction is in the second of the latest block unless a test says otherwise. Hardhat's own clock runs with the machine's, so
 * that on a slow one a test would see seconds pass between two of its lines.
 */
function holdClock(ethereum: EthereumProvider): void {
  if (held.has(ethereum)) return;
  held.add(ethereum);
  const send = ethereum.send.bind(ethereum);
  let isSet = false;
  ethereum.send = async (method, parameters) => {
    if (sendingMethods.includes(method)) {
      if (!isSet) await send("evm_setNextBlockTimestamp", [await latestTimestamp(send)]);
      isSet = false;
    }
    const result: unknown = await send(method, parameters);
    if (clockMethods.includes(method)) isSet = true;
    if (["evm_mine", "evm_revert"].includes(method)) isSet = false;
    return result;
  };
}

async function latestTimestamp(send: EthereumProvider["send"]): Promise<string> {
  const block = (await send("eth_getBlockByNumber", ["latest", false])) as { readonly timestamp: string };
  return block.timestamp;
}

async function latestBlock(provider: HardhatEthersProvider) {
  const block = await provider.getBlock("latest");
  if (block === null) throw new Error("the chain has no block");
  return block;
}

async function coinChanges(
  provider: HardhatEthersProvider,
  action: () => Promise<{ hash: string }>,
  accounts: readonly (string | Addressable)[],
): Promise<bigint[]> {
  const addresses = await Promise.all(accounts.map(async (account) => resolveAddress(account)));
  const { hash } = await action();
  const receipt = await provider.getTransactionReceipt(hash);
  const transaction = await provider.getTransaction(hash);
  if (receipt === null || transaction === null) throw new Error(`transaction ${hash} is not on this chain`);
  // The transaction's price: before London a receipt has none, so its fee reads as zero.
  const fee = receipt.gasUsed * transaction.gasPrice;
  return Promise.all(
    addresses.map(async (address) => {
      const before = await provider.getBalance(address, receipt.blockNumber - 1);
      const after = await provider.getBalance(address, receipt.blockNumber);
      return after - before + (address === receipt.from ? fee : 0n);
    }),
  );
}

/** The parts of Hardhat's innermost provider that emit each instruction as it runs. */
interface SteppingProvider {
  readonly _wrapped?: SteppingProvider;
  readonly _node?: { readonly _vm: { readonly evm: { readonly events: NodeJS.EventEmitter } } };
}

function stepEvents(provider: object): NodeJS.EventEmitter | undefined {
  let inner: SteppingProvider = provider;
  while (inner._wrapped !== undefined) inner = inner._wrapped;
  return inner._node?._vm.evm.events;
}

/** solidity-coverage listens to the instructions of Hardhat's own chain; this lets it hear those of another chain too. */
function shareCoverage(provider: object): void {
  if (!("__SOLIDITY_COVERAGE_RUNNING" in hre)) return;
  const events = stepEvents(provider);
  for (const listener of stepEvents(hre.network.provider)?.listeners("step") ?? []) {
    events?.on("step", listener as (...parameters: unknown[]) => void);
  }
}
