/**
 * Metis's own contracts on two forks, used through their ABIs and addresses alone. Powers of Metis are borrowed for three things: its owner whitelists,
 * its mpc credits rewards, its messenger delivers.
 */
import type { Signer } from "ethers";

import {
  LocalAddressManager__factory,
  LocalDiscountOracle__factory,
  LocalLockingInfo__factory,
  LocalLockingPool__factory,
  LocalMetis__factory,
} from "../artifacts";
import type { External } from "../external";
import { type GiveMetis, type LocalMetisL1, addSequencers, nextBatch, submitRewards } from "../localMetis";
import { type LocalNode, nodeOf, sendSurelyAs, setStorage } from "../localNode";
import { type Relayer, createRelayer } from "../relayer";
import { carryByImpersonation } from "./carrier";
import { followMetis } from "./coinbase";
import { findBalanceSlot, mappingSlot } from "./slots";

/** Metis's contracts on Ethereum, the two among them that are found through the address book included. */
export type ForkedAddresses = Omit<LocalMetisL1, "feeReceiver" | "proxyAdmin">;

/** Metis on two forks. Amounts in wei. */
export interface ForkedMetis {
  readonly addresses: ForkedAddresses;
  readonly relayer: Relayer;
  /** The first block of each fork. */
  readonly since: { readonly l1: number; readonly l2: number };
  /** Writes METIS into an account on Ethereum. */
  readonly giveMetis: GiveMetis;
  /** Lets an account own a position, as Metis's owner. */
  readonly whitelist: (account: string) => Promise<void>;
  /** Credits blocks to signers and opens the next batch, as the mpc. The payer is given the METIS. */
  readonly payRewards: (signers: readonly string[], blocks: readonly bigint[]) => Promise<void>;
  /** Opens the next batch with one block for a stranger. */
  readonly openBatch: () => Promise<void>;
  /** Locks strangers' sequencers: at least `count`, and as many as it takes for `exits` voluntary exits more. */
  readonly fillPool: (count: number, exits?: number) => Promise<void>;
  /** ETH that the bridge asks for a message with so much gas. */
  readonly quote: (l2Gas: bigint) => Promise<bigint>;
}

/** A fork that is not what the tests are about. */
export class ForkedMetisError extends Error {
  override readonly name = "ForkedMetisError";
}

/**
 * Opens Metis's contracts on two forks. `l1` pays for transactions on Ethereum.
 *
 * @throws {@link ForkedMetisError} where an address has no code, or {@link SlotError} where a layout is not understood.
 */
export async function openForkedMetis(l1: Signer, l2: LocalNode, external: External): Promise<ForkedMetis> {
  const node = nodeOf(l1);
  const addresses = await readAddresses(node, external);
  const since = { l1: (await node.getBlockNumber()) + 1, l2: (await l2.getBlockNumber()) + 1 };
  const pool = LocalLockingPool__factory.connect(addresses.lockingPool, node);
  const giveMetis = await createPurse(node, addresses.metis);
  const settle = await followMetis(l2);
  const up = await carryByImpersonation(node, addresses.messenger);
  const oracle = LocalDiscountOracle__factory.connect(addresses.discountOracle, node);
  return {
    addresses,
    since,
    giveMetis,
    relayer: createRelayer({ l1, l2, addresses, since, settle, up }),
    whitelist: async (account) => {
      const data = pool.interface.encodeFunctionData("setWhitelist", [account, true]);
      await sendSurelyAs(node, { from: await pool.owner(), to: addresses.lockingPool, data });
    },
    payRewards: async (signers, blocks) => {
      await checkPayer(node, addresses, blocks);
      await submitRewards(node, addresses, { signers, blocks }, giveMetis);
    },
    openBatch: async () => {
      await nextBatch(node, addresses, giveMetis);
    },
    fillPool: async (count, exits = 1) => {
      const [inactive, active] = await Promise.all([pool.seqStatuses(1n), pool.seqStatuses(2n)]);
      const missing = Number(3n * (inactive + BigInt(exits)) - active - inactive);
      await addSequencers(node, addresses, Math.max(count, missing), giveMetis);
    },
    quote: async (l2Gas) => {
      const [least, discount] = await Promise.all([oracle.getMinL2Gas(), oracle.getDiscount()]);
      return (l2Gas < least ? least : l2Gas) * discount;
    },
  };
}

async function readAddresses(node: LocalNode, external: External): Promise<ForkedAddresses> {
  const book = LocalAddressManager__factory.connect(external.addressManager, node);
  for (const [name, address] of Object.entries<string>({ ...external })) await checkCode(node, name, address);
  const resolve = (name: string) => book.getFunction("getAddress").staticCall(name);
  return {
    ...external,
    discountOracle: await resolve("MVM_DiscountOracle"),
    transactionChain: await resolve("CanonicalTransactionChain"),
  };
}

async function checkCode(node: LocalNode, name: string, address: string): Promise<void> {
  if ((await node.getCode(address)) === "0x")
    throw new ForkedMetisError(
      `${name} is to be at ${address}, where this chain has no code: is it forked at a block before it?`,
    );
}

async function createPurse(node: LocalNode, token: string): Promise<GiveMetis> {
  const base = await findBalanceSlot(node, token);
  const metis = LocalMetis__factory.connect(token, node);
  return async (receiver, assets) => {
    await setStorage(node, token, mappingSlot(receiver, base), (await metis.balanceOf(receiver)) + assets);
  };
}

/** Metis's payer must have approved the escrow: that is not ours to do. */
async function checkPayer(node: LocalNode, addresses: ForkedAddresses, blocks: readonly bigint[]): Promise<void> {
  const payer = await LocalLockingInfo__factory.connect(addresses.lockingInfo, node).rewardPayer();
  const metis = LocalMetis__factory.connect(addresses.metis, node);
  const perBlock = await LocalLockingPool__factory.connect(addresses.lockingPool, node).rewardPerBlock();
  const wanted = blocks.reduce((sum, count) => sum + count, 0n) * perBlock;
  const allowed = await metis.allowance(payer, addresses.lockingInfo);
  if (allowed < wanted)
    throw new ForkedMetisError(
      `${payer}, who pays the rewards, allows ${allowed} wei of METIS, and ${wanted} are to be credited`,
    );
}
