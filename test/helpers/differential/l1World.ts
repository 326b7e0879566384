/** The real contracts on Ethereum for a campaign, and where what they remember stands in storage. */
import { AbiCoder, MaxUint256, keccak256, parseEther, toBeHex } from "ethers";

import { sequencerKey } from "../../../scripts/lib/localMetis";
import type { LockingPoolVariant } from "../../../scripts/lib/localMetis";
import { type L1State } from "../../../sdk/src/simulator/l1";
import type { Chains } from "../chains";
import { type World, deployLockManager, discount, lockAll, minLock } from "../lockManager";

/** A world for a campaign: everyone has METIS, and Metis's payer can pay. */
export interface CampaignWorld extends World {
  readonly variant: LockingPoolVariant;
  readonly users: readonly string[];
  /** Whose METIS is compared. */
  readonly holders: readonly string[];
  readonly vaultAddresses: readonly string[];
  readonly strangers: readonly string[];
}

/** How a campaign's world is set up. */
export interface CampaignOptions {
  readonly variant: LockingPoolVariant;
  readonly vaults: number;
}

/** What every user starts with, wei of METIS. */
const fortune = parseEther("120000");

/** Deploys all, for the `build` of a fixture. */
export async function deployCampaign(chains: Chains, { variant, vaults }: CampaignOptions): Promise<CampaignWorld> {
  const count = variant === "mainnet" ? 7 : 2;
  const world = await deployLockManager(chains, { variant, vaults, strangers: count });
  const { alice, bob, carol, token, manager, gateway, metis, governance, guardian, keeper } = world;
  for (const user of [alice, bob, carol]) await token.mint(user, fortune);
  await token.mint(governance, parseEther("100000000"));
  for (const user of [alice, bob, carol]) await token.connect(user).approve(manager, MaxUint256);
  await lockAll(world, BigInt(vaults) * minLock + parseEther("15000") + 7n);
  const vaultAddresses = world.vaults.map(({ address }) => address);
  const users = [alice, bob, carol].map(({ address }) => address);
  const ours = [await manager.getAddress(), await gateway.getAddress(), metis.lockingInfo, metis.bridge];
  const operators = [6, 7, 8].map((index) => chains.l1.signers[index]!.address);
  const powerful = [governance.address, guardian.address, keeper.address];
  return {
    ...world,
    variant,
    users,
    vaultAddresses,
    holders: [...users, ...ours, ...vaultAddresses, ...operators, ...powerful],
    strangers: Array.from({ length: count }, (_, index) => sequencerKey(`local sequencer ${index}`).signer),
  };
}

/** The simulator's state before it knows anything but who is where. */
export function blankState(world: CampaignWorld): L1State {
  const { deployment, metis, governance, guardian, keeper, variant } = world;
  const { lockManager, l1Gateway } = deployment.l1;
  return {
    time: 0n,
    network: {
      l1ChainId: BigInt(world.l1.chainId),
      l2ChainId: BigInt(world.l2ChainId),
      lockManager,
      l1Gateway,
      l2Gateway: deployment.l2.l2Gateway,
      lockingInfo: metis.lockingInfo,
      bridge: metis.bridge,
    },
    powers: {
      governance: [governance.address],
      tightener: [governance.address],
      guardian: [guardian.address],
      keeper: [keeper.address],
    },
    metis: { balances: {}, allowances: {} },
    manager: {
      ...{ idle: 0n, owed: 0n, lossSeenAt: 0n, unreachedSince: 0n, receivedFromL2: 0n, sentToL2: 0n, lastMessage: 0n },
      ...{ readAt: 0n, l1Deposits: 0n, needTarget: 0n, needNumber: 0n, pausedAt: 0n, pausedUntil: 0n },
      parameters: { recallLimitBps: 0n },
      recalled: { used: 0n, usedAt: 0n },
      payloadHashes: [],
      books: [],
    },
    pool: {
      variant,
      ...{ isPaused: false, minLock: 0n, maxLock: 0n, currentBatch: 0n, rewardPerBlock: 0n, exitDelayPeriod: 0n },
      ...{ rewardPayer: "", totalLocked: 0n, whitelist: {}, positions: [], owners: {}, signers: {} },
    },
    bridge: { discount, minL2Gas: 200_000n, crossings: [] },
  };
}

/** Where the value of `key` stands in the mapping at `slot`. */
export function slotOf(type: "address" | "uint256", key: string | bigint, slot: bigint): bigint {
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode([type, "uint256"], [key, slot])));
}

/** Answers calls with the words of storage that they ask for: code to be put over that of a contract during `eth_call`. */
const storageReader = "0x60005b36811460145780355481526020016002565b6000f3";

/** Words of a contract's storage, in one call. */
export async function readWords(world: World, address: string, slots: readonly bigint[]): Promise<readonly bigint[]> {
  const data = `0x${slots.map((slot) => toBeHex(slot, 32).slice(2)).join("")}`;
  const override = { [address]: { code: storageReader } };
  const answer: unknown = await world.l1.provider.send("eth_call", [{ to: address, data }, "latest", override]);
  const text = String(answer).slice(2);
  return slots.map((_, index) => BigInt(`0x${text.slice(64 * index, 64 * index + 64)}`));
}
