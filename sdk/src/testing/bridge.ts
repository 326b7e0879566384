/** The kit's helpers round Metis's bridge. */
import { advance, day } from "../../../scripts/lib/localClock";
import type { LocalProtocol } from "../../../scripts/lib/localProtocol";
import { RevertError } from "../errors";
import { revertOf } from "../reverts";
import { type KitWorld, done, generousEth } from "./world";

/** In L2Gateway's enumeration: arrived, not carried out. */
const known = 1n;

/** A message, and why L2Gateway refuses it, if it does. */
interface Delivery {
  readonly number: bigint;
  readonly refusal: RevertError | undefined;
}

/**
 * Everything sent down arrives; what is a message is shown to L2Gateway. Returns the numbers of those that were carried out. The others
 * wait, as a deposit does while eMetis is worth less than METIS.
 */
export async function bridgeDown(world: KitWorld): Promise<readonly bigint[]> {
  const deliveries = await deliverAll(world);
  return deliveries.filter(({ refusal }) => refusal === undefined).map(({ number }) => number);
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
  const last = await lockManager.lastMessage();
  const refusal = (await deliverAll(world)).find(({ number }) => number === last)?.refusal;
  if (refusal !== undefined) throw refusal;
  return last;
}

async function deliverAll({ protocol }: KitWorld): Promise<readonly Delivery[]> {
  const { relayer, l1, l2, startBlocks } = protocol;
  await relayer.deliverDown();
  await done(l2.l2Gateway.forwardArrivals());
  const deliveries: Delivery[] = [];
  for (const { args } of await l1.lockManager.queryFilter(l1.lockManager.filters.MessageSent(), startBlocks.l1)) {
    const { number, payload } = args;
    const state = await l2.l2Gateway.hashState(await l2.l2Gateway.messageHash(number, payload));
    if (state === known) deliveries.push({ number, refusal: await deliver(protocol, number, payload) });
  }
  return deliveries;
}

async function deliver({ l2 }: LocalProtocol, number: bigint, payload: string): Promise<RevertError | undefined> {
  try {
    await done(l2.l2Gateway.deliver(number, payload));
    return undefined;
  } catch (error) {
    const revert = revertOf(error);
    if (revert instanceof RevertError) return revert;
    throw error;
  }
}
