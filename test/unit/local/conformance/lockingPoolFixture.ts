/** What the conformance suite of LockingPool needs, of the stand-ins or of a fork. */
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";

import { type LockingPoolVariant, type SequencerKey, sequencerKey } from "../../../../scripts/lib/localMetis";
import { type Chain, type ContractOf } from "../../../helpers/chains";

/** Metis's locking contracts on one chain. */
export interface LockingPoolFixture {
  readonly l1: Chain;
  readonly l2ChainId: number;
  readonly variant: LockingPoolVariant;
  readonly lockingPool: string;
  readonly lockingInfo: string;
  readonly metis: string;
  readonly bridge: string;
  readonly discountOracle: string;
  /** Hands out METIS, in wei. */
  readonly giveMetis: (to: string, amount: bigint) => Promise<void>;
  /** Credits one batch of rewards and opens the next. */
  readonly payRewards: (signers: readonly string[], blocks: readonly bigint[]) => Promise<void>;
  /** Has other sequencers in the pool, so that one may exit. */
  readonly fillPool: (count: number) => Promise<void>;
  /** ETH that the bridge asks for a message with so much gas. */
  readonly quote: (l2Gas: bigint) => Promise<bigint>;
}

/** One locked position. */
export interface Position {
  readonly id: bigint;
  readonly owner: HardhatEthersSigner;
  readonly key: SequencerKey;
  readonly recipient: string;
}

/** Gas that rewards are bridged with. */
export const l2Gas = 250_000n;

/** The fixture with contracts and helpers on it. */
export interface LockingScene extends LockingPoolFixture {
  readonly pool: ContractOf<"LocalLockingPool">;
  readonly info: ContractOf<"LocalLockingInfo">;
  readonly token: ContractOf<"LocalMetis">;
  /** The pool, called by its owner. */
  readonly asOwner: ContractOf<"LocalLockingPool">;
  readonly infoAsOwner: ContractOf<"LocalLockingInfo">;
  /** The least that can be locked, and a bit: no test depends on a round number. */
  readonly stake: bigint;
  /** What an operator gets and allows the escrow to take, in wei of METIS. */
  readonly purse: bigint;
  /** What bridging a reward costs, in wei of ETH. */
  readonly fee: bigint;
  /** An account that is whitelisted, has METIS and has approved the escrow. */
  readonly operator: (index: number) => Promise<HardhatEthersSigner>;
  /** Locks as operator `index`, with a fresh key. */
  readonly lock: (index: number, amount?: bigint) => Promise<Position>;
  readonly sequencer: (id: bigint) => Promise<Awaited<ReturnType<ContractOf<"LocalLockingPool">["sequencers"]>>>;
  /** Opens the next batch with this reward in blocks for the position, and returns the reward in wei. */
  readonly reward: (position: Position, blocks?: bigint) => Promise<bigint>;
  /** Opens the next batch without reward for the test's positions. */
  readonly nextBatch: () => Promise<void>;
}

/** Puts helpers on a fixture. */
export async function setScene(fixture: LockingPoolFixture): Promise<LockingScene> {
  const { l1 } = fixture;
  const pool = await l1.attach("LocalLockingPool", fixture.lockingPool);
  const info = await l1.attach("LocalLockingInfo", fixture.lockingInfo);
  const token = await l1.attach("LocalMetis", fixture.metis);
  const asOwner = pool.connect(await l1.impersonate(await pool.owner()));
  const infoAsOwner = info.connect(await l1.impersonate(await info.owner()));

  const stake = (await info.minLock()) + 3n;
  const purse = 2n * (await info.maxLock());
  const fee = await fixture.quote(l2Gas);

  const operator = async (index: number) => {
    const account = l1.signers[index]!;
    await asOwner.setWhitelist(account, true);
    await fixture.giveMetis(account.address, purse);
    await token.connect(account).approve(fixture.lockingInfo, purse);
    return account;
  };
  const lock = async (index: number, amount = stake) => {
    const owner = await operator(index);
    const key = sequencerKey(`conformance ${index} ${await pool.totalSequencers()}`);
    const recipient = l1.signers[index + 10]!.address;
    await pool.connect(owner).lockWithRewardRecipient(key.signer, recipient, amount, key.pubkey);
    return { id: await pool.seqSigners(key.signer), owner, key, recipient };
  };
  const reward = async ({ key }: Position, blocks = 7n) => {
    await fixture.payRewards([key.signer], [blocks]);
    return blocks * (await pool.rewardPerBlock());
  };
  const nextBatch = async () => {
    const stranger = sequencerKey("conformance stranger");
    const owner = l1.signers[9]!;
    if ((await pool.seqSigners(stranger.signer)) === 0n) {
      await operator(9);
      await pool.connect(owner).lockWithRewardRecipient(stranger.signer, owner, stake, stranger.pubkey);
    }
    await fixture.payRewards([stranger.signer], [1n]);
  };
  return {
    ...fixture,
    pool,
    info,
    token,
    asOwner,
    infoAsOwner,
    stake,
    purse,
    fee,
    operator,
    lock,
    reward,
    nextBatch,
    sequencer: (id) => pool.sequencers(id),
  };
}

/** Positions of {@link LockingScene}'s statuses, as Metis numbers them. */
export const Status = { Unavailabe: 0n, Inactive: 1n, Active: 2n, Unlocked: 3n } as const;
