/** The kit's helpers round Metis's bridge. */
import { advance, day } from "../../../scripts/lib/localClock";
import { checkHex } from "../check";
import { revertOf } from "../reverts";
import { RevertError } from "../errors";
import { type KitWorld, done, generousEth } from "./world";

/** In L2Gateway's enumeration: arrived, not carried out. */
const known = 1n;

/** Everything sent down arrives; what is a message is shown to L2Gateway. Returns the numbers of those that were carried out. */
export async function bridgeDown(world: KitWorld): Promise<readonly bigint[]> {
  const { relayer, l1, l2, startBlocks } = world.protocol;
  await relayer.deliverDown();
  await done(l2.l2Gateway.forwardArrivals());
  const delivered: bigint[] = [];
  for (const { args } of await l1.lockManager.queryFilter(l1.lockManager.filters.MessageSent(), startBlocks.l1)) {
    const isDelivered = await deliverKnown(world, args.number, args.payload);
    if (isDelivered) delivered.push(args.number);
  }
  return delivered;
}

/** Everything sent up until now gets through its challenge window of 7 days. Ethereum's cranks book it. */
export async function bridgeUp({ protocol, l1, l2 }: KitWorld): Promise<void> {
  await protocol.relayer.commitUp();
  await advance([l1.provider, l2.provider], 7 * day + 60);
  await protocol.relayer.deliverUp();
}

/** Takes a report on Ethereum, brings it down and delivers it. Returns its number. */
export async function deliverReport(world: KitWorld): Promise<bigint> {
  const { lockManager } = world.protocol.l1;
  await done(lockManager.report({ value: generousEth }));
  const number = await lockManager.lastMessage();
  await bridgeDown(world);
  return number;
}

async function deliverKnown({ protocol }: KitWorld, number: bigint, payload: string): Promise<boolean> {
  const gateway = protocol.l2.l2Gateway;
  const state = await gateway.hashState(await gateway.messageHash(number, checkHex("payload", payload)));
  if (state !== known) return false;
  try {
    await done(gateway.deliver(number, payload));
    return true;
  } catch (error) {
    const revert = revertOf(error);
    // After a loss a deposit is for its receiver alone to deliver: it waits.
    if (revert instanceof RevertError && revert.error === "L2Gateway__BelowPar") return false;
    throw error;
  }
}
