/** What users, the keeper and strangers do in the demo. Each is one step of the protocol's life on real chains. */
import { MaxUint256 } from "ethers";

import { hour } from "../localClock";
import { nextBatch, submitRewards } from "../localMetis";
import { type Actor, type World, advance, bookOf, generousEth, transact, withdrawalFee } from "./world";

const nobody = "0x0000000000000000000000000000000000000000";

/** Deposits METIS on Metis for eMetis. */
export async function deposit(world: World, user: Actor, assets: bigint): Promise<void> {
  const pool = world.protocol.l2.stakingPool.connect(user.l2);
  await transact(world, "L2 deposit", pool.deposit(user.address, nobody, { value: assets }));
  bookOf(world, user).deposited += assets;
}

/** Deposits METIS on Metis straight into seMetis. */
export async function depositAndStake(world: World, user: Actor, assets: bigint): Promise<void> {
  const pool = world.protocol.l2.stakingPool.connect(user.l2);
  await transact(world, "L2 deposit and stake", pool.depositAndStake(user.address, 0n, nobody, { value: assets }));
  bookOf(world, user).deposited += assets;
}

/** Stakes eMetis. */
export async function stake(world: World, user: Actor, assets: bigint): Promise<void> {
  const { eMetis, seMetis } = world.protocol.l2;
  await transact(world, "L2 approve eMetis", eMetis.connect(user.l2).approve(seMetis, MaxUint256));
  await transact(world, "L2 stake", seMetis.connect(user.l2).deposit(assets, user.address));
}

/** Deposits METIS on Ethereum, for seMetis on Metis. */
export async function depositOnL1(world: World, user: Actor, assets: bigint): Promise<void> {
  const { metis, lockManager } = world.protocol.l1;
  await (await metis.mint(user.address, assets)).wait();
  await transact(world, "L1 approve METIS", metis.connect(user.l1).approve(lockManager, assets));
  await transact(
    world,
    "L1 deposit",
    lockManager.connect(user.l1).deposit(assets, user.address, true, { value: generousEth }),
  );
  bookOf(world, user).deposited += assets;
}

/** Puts eMetis into the queue. Returns the ticket. */
export async function requestRedeem(world: World, user: Actor, assets: bigint): Promise<bigint> {
  const { eMetis, redemptionQueue } = world.protocol.l2;
  await transact(world, "L2 approve eMetis", eMetis.connect(user.l2).approve(redemptionQueue, MaxUint256));
  const id = await redemptionQueue.requestedUntil();
  await transact(world, "L2 request redeem", redemptionQueue.connect(user.l2).requestRedeem(assets, user.address));
  return id;
}

/** Puts seMetis straight into the queue. Returns the ticket. */
export async function requestRedeemStaked(world: World, user: Actor, shares: bigint): Promise<bigint> {
  const { seMetis, redemptionQueue } = world.protocol.l2;
  await transact(world, "L2 approve seMetis", seMetis.connect(user.l2).approve(redemptionQueue, MaxUint256));
  const id = await redemptionQueue.requestedUntil();
  await transact(
    world,
    "L2 request redeem from seMetis",
    redemptionQueue.connect(user.l2).requestRedeemStaked(shares, user.address),
  );
  return id;
}

/** Claims what is finalised of a ticket, for its owner. Anyone can. */
export async function claim(world: World, caller: Actor, id: bigint): Promise<bigint> {
  const { redemptionQueue } = world.protocol.l2;
  const receipt = await transact(world, "L2 claim", redemptionQueue.connect(caller.l2).claim(id));
  return bookClaims(world, receipt.blockNumber);
}

/** Redeems eMetis at once. */
export async function redeemInstant(world: World, user: Actor, assets: bigint): Promise<bigint> {
  const pool = world.protocol.l2.stakingPool.connect(user.l2);
  const paid = await pool.previewRedeemInstant(assets);
  await transact(world, "L2 instant redeem", pool.redeemInstant(assets, paid, user.address));
  bookOf(world, user).received += paid;
  return paid;
}

/** Turns the crank on Metis; offers the bridge's fee in case the pool cannot pay it. */
export async function rebalance(world: World, caller: Actor): Promise<void> {
  const pool = world.protocol.l2.stakingPool.connect(caller.l2);
  await transact(world, "L2 rebalance", pool.rebalance({ value: withdrawalFee }));
}

/** Has the bridge bring everything down and hands all new messages to the gateway on Metis. */
export async function deliverAll(world: World, caller: Actor): Promise<void> {
  const { relayer, l1, l2 } = world.protocol;
  await relayer.deliverDown();
  const sent = await l1.lockManager.queryFilter(l1.lockManager.filters.MessageSent(), world.protocol.startBlocks.l1);
  for (const { args } of sent) {
    if (args.number <= world.delivered) continue;
    await transact(world, "L2 deliver", l2.l2Gateway.connect(caller.l2).deliver(args.number, args.payload));
    world.delivered = args.number;
  }
}

/** Sends a report down and has it delivered. */
export async function report(world: World, caller: Actor): Promise<void> {
  const { lockManager } = world.protocol.l1;
  await transact(world, "L1 report", lockManager.connect(caller.l1).report({ value: generousEth }));
  await deliverAll(world, caller);
}

/** A report that lets through whatever is in the queue, and the crank that pays for it. */
export async function reportAndFinalise(world: World, caller: Actor): Promise<void> {
  await advance(world, 8 * hour);
  await report(world, caller);
  await rebalance(world, caller);
}

/** Waits until the challenge window of everything sent up is over, and has it relayed. */
export async function waitForBridgeUp(world: World): Promise<void> {
  const { relayer } = world.protocol;
  await relayer.commitUp();
  await advance(world, 7 * 24 * hour + 60);
  await relayer.deliverUp();
}

/** One batch of rewards for our active sequencers, so many blocks each. */
export async function rewardBatch(world: World, blocks: readonly bigint[]): Promise<void> {
  const { l1, metis, sequencers } = world.protocol;
  const signers = sequencers.map(({ key }) => key.signer);
  const paid = blocks
    .map((count, index) => ({ count, signer: signers[index] ?? "" }))
    .filter(({ count }) => count > 0n);
  const rewardPerBlock = await l1.lockingPool.rewardPerBlock();
  await submitRewards(l1.node, metis, {
    signers: paid.map(({ signer }) => signer),
    blocks: paid.map(({ count }) => count),
  });
  world.rewardsCredited += paid.reduce((sum, { count }) => sum + count, 0n) * rewardPerBlock;
}

/** Opens Metis's next batch, without which a vault lets no second withdrawal through. */
export async function openBatch({ protocol }: World): Promise<void> {
  await nextBatch(protocol.l1.node, protocol.metis);
}

/** Books the payments of one block on Metis to the owners of the tickets. */
async function bookClaims(world: World, blockNumber: number): Promise<bigint> {
  const { redemptionQueue } = world.protocol.l2;
  const filter = redemptionQueue.filters.RedemptionClaimed();
  let sum = 0n;
  for (const { args } of await redemptionQueue.queryFilter(filter, blockNumber, blockNumber)) {
    const book = world.books.get(args.receiver);
    if (book !== undefined) book.received += args.paid;
    sum += args.paid;
  }
  return sum;
}
