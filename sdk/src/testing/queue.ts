/** The kit's helper round the redemption queue. */
import { advance, day, hour } from "../../../scripts/lib/localClock";
import { nextBatch } from "../../../scripts/lib/localMetis";
import { bridgeUp, deliverReport } from "./bridge";
import { TestKitError } from "./errors";
import { type KitWorld, done, generousEth, withdrawalFee } from "./world";

/** In VaultOperations' enumeration. */
const phase = { active: 1n, exiting: 2n } as const;
/** Rounds to Ethereum and back; each can end one vault's exit. */
const maxRounds = 6;

/**
 * Lives on until every ticket that waits is finalised: from the buffer in hours, from the sequencers in weeks, and when they have to exit
 * in a month or two of the chains' time.
 */
export async function finaliseQueue(world: KitWorld): Promise<void> {
  await finaliseWithReport(world);
  for (let round = 0; (await pending(world)) > 0n; round++) {
    if (round === maxRounds) {
      throw new TestKitError(
        "finaliseQueue",
        `${await pending(world)} wei still wait: the protocol is paused, or has less METIS`,
      );
    }
    await bringBack(world);
    await finaliseWithReport(world);
  }
}

async function finaliseWithReport(world: KitWorld): Promise<void> {
  // A report lets a ticket through only if it was taken some hours after the request.
  await advance([world.l1.provider, world.l2.provider], 8 * hour);
  await deliverReport(world);
  await done(world.protocol.l2.stakingPool.rebalance({ value: withdrawalFee }));
}

/** The way that is open to anybody: the need goes up, METIS comes down, and what cannot come without an exit exits. */
async function bringBack(world: KitWorld): Promise<void> {
  const { l1, l2, metis } = world.protocol;
  await done(l2.l2Gateway.signalNeed({ value: withdrawalFee }));
  await bridgeUp(world);
  await nextBatch(l1.node, metis);
  await done(l1.lockManager.recallForNeed({ value: generousEth }));
  if (await isNeedUnreached(world)) await exitOne(world);
}

async function exitOne(world: KitWorld): Promise<void> {
  const { l1, metis } = world.protocol;
  const nodes = [world.l1.provider, world.l2.provider];
  await advance(nodes, 7 * day + 60);
  await nextBatch(l1.node, metis);
  await done(l1.lockManager.recallForNeed({ value: generousEth }));
  const running = await vaultIn(world, phase.active);
  if (running !== undefined && (await isNeedUnreached(world))) {
    await done(l1.lockManager.beginExitForNeed(running, { value: generousEth }));
  }
  const leaving = await vaultIn(world, phase.exiting);
  if (leaving === undefined) return;
  await advance(nodes, 21 * day + 60);
  await done(l1.lockManager.finishExit(leaving, { value: generousEth }));
  await done(l1.lockManager.recallForNeed({ value: generousEth }));
}

async function isNeedUnreached({ protocol }: KitWorld): Promise<boolean> {
  const { target } = await protocol.l1.lockManager.need();
  const [, sentToL2] = await protocol.l1.lockManager.counters();
  return sentToL2 < target;
}

async function vaultIn({ protocol }: KitWorld, wanted: bigint): Promise<bigint | undefined> {
  for (const { index } of protocol.sequencers) {
    if ((await protocol.l1.lockManager.vaultAt(index)).phase === wanted) return index;
  }
  return undefined;
}

async function pending({ protocol }: KitWorld): Promise<bigint> {
  return protocol.l2.redemptionQueue.pending();
}
