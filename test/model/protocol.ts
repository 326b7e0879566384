import { commissionOf } from "./ethereum";
import { metisTime } from "./metis";
import type { Protocol } from "./state";

export * from "./ethereum";
export * from "./metis";
export * from "./state";

/** Where somebody may send METIS unasked. */
export type DonationPlace = "LockManager" | "vault" | "L2Gateway" | "StakingPool";

/** Time passes on both chains. */
export function advance(protocol: Protocol, seconds: bigint): boolean {
  protocol.now += seconds;
  return true;
}

/** L2's clock is now `lag` seconds behind; it goes back when it was less behind. */
export function setLag(protocol: Protocol, lag: bigint): boolean {
  protocol.l2.lag = lag;
  return true;
}

/** Anyone relays METIS that has waited its 7 days; it reaches LockManager. */
export function relayUp(protocol: Protocol, index: number): boolean {
  const { bridge, l1, now } = protocol;
  const transfer = bridge.up[index];
  if (transfer === undefined || now < transfer.relayableAt) return false;
  bridge.up.splice(index, 1);
  l1.held += transfer.assets;
  return true;
}

/** METIS on the way down reaches L2Gateway. */
export function arriveDown({ bridge, l2 }: Protocol, index: number): boolean {
  const [assets] = bridge.down.splice(index, 1);
  if (assets === undefined) return false;
  l2.gatewayHeld += assets;
  return true;
}

/** A hash on the way down reaches L2Gateway; one that is known or used already changes nothing. */
export function arriveHash(protocol: Protocol, index: number): boolean {
  const { bridge, l2 } = protocol;
  const [transfer] = bridge.hashes.splice(index, 1);
  if (transfer === undefined) return false;
  const arrivedAt = metisTime(protocol);
  if (!l2.hashes.has(transfer.number)) {
    l2.hashes.set(transfer.number, { state: "known", arrivedAt, requestedUntil: l2.queue.requestedUntil });
  }
  return true;
}

/** The bridge uses a hash up without delivering it. */
export function loseHash({ bridge }: Protocol, index: number): boolean {
  return bridge.hashes.splice(index, 1).length > 0;
}

/** Somebody sends `assets` wei of METIS to a contract of the protocol. */
export function donate(protocol: Protocol, place: DonationPlace, assets: bigint): boolean {
  const { l1, l2, truth } = protocol;
  truth.donated += assets;
  const [vault] = l1.vaults;
  if (place === "LockManager") l1.held += assets;
  else if (place === "L2Gateway") l2.gatewayHeld += assets;
  else if (place === "StakingPool") l2.surplus += assets;
  else if (vault !== undefined) vault.surplus += assets;
  return true;
}

/** LockingPool refuses every call on vault `index`, or takes them again. */
export function setReadable({ l1 }: Protocol, index: number, isReadable: boolean): boolean {
  const vault = l1.vaults[index];
  if (vault === undefined) return false;
  vault.isReadable = isReadable;
  return true;
}

/** Every wei of METIS in the contracts and on the bridge. */
export function metisEverywhere({ l1, l2, bridge }: Protocol): bigint {
  const onL1 = l1.vaults.reduce(
    (sum, { surplus, position }) => sum + surplus + position.amount + position.reward,
    l1.held,
  );
  const onTheWay = [...bridge.up.map(({ assets }) => assets), ...bridge.down].reduce((sum, assets) => sum + assets, 0n);
  return l2.gatewayHeld + l2.surplus + l2.buffer + l2.queue.held + onL1 + onTheWay;
}

/**
 * The METIS that truly backs eMetis: everything but what belongs to operators, to finalised tickets, and to deposits on
 * Ethereum whose eMetis is not minted yet.
 */
export function backing(protocol: Protocol): bigint {
  const { l1, l2 } = protocol;
  const operators = l1.vaults.reduce((sum, { reward }) => sum + commissionOf(reward), l1.owed);
  return metisEverywhere(protocol) - l2.queue.held - operators - (l1.l1Deposits - l2.mintedForL1);
}
