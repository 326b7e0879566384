/** What steps of a campaign are made of: what is drawn, and how a call becomes a transaction. */
import type * as l1 from "../../../sdk/src/simulator/l1";
import type { Outcome } from "../../../sdk/src/simulator/outcome";
import type { Random } from "../random";
import type { Sending } from "./l1Sender";
import type { CampaignWorld } from "./l1World";

/** One thing that happens, to the simulator and to the contracts. */
export interface Step {
  readonly label: string;
  readonly simulate: (state: l1.L1State) => Outcome<l1.L1State, unknown>;
  readonly sending: Sending | StorageWrite;
}

/** What no transaction does: a word of a position overwritten. */
export interface StorageWrite {
  readonly sequencerId: bigint;
  readonly word: bigint;
  readonly value: bigint;
}

/** What a step is drawn from. */
export interface Draw {
  readonly world: CampaignWorld;
  readonly random: Random;
  readonly state: l1.L1State;
  /** Signers of all keys that were given to vaults, the last one newest. */
  readonly signers: string[];
}

/** Makes a step. */
export type Drawer = (draw: Draw) => Step;

/** `value` as the contracts' interfaces encode it. */
interface Encoder {
  readonly interface: { encodeFunctionData: (name: never, values: never) => string };
}

/** Calldata of a function. */
export function call(contract: Encoder, name: string, values: readonly unknown[]): string {
  return contract.interface.encodeFunctionData(name as never, values as never);
}

/** A call of LockManager. */
export function toManager(
  { world }: Draw,
  name: string,
  values: readonly unknown[],
  from: string,
  value?: bigint,
): Sending {
  const data = call(world.manager, name, values);
  return { from, to: world.deployment.l1.lockManager, data, ...(value === undefined ? {} : { value }) };
}

/** A call of METIS. */
export function toMetis({ world }: Draw, name: string, values: readonly unknown[], from: string): Sending {
  return { from, to: world.metis.metis, data: call(world.token, name, values) };
}

/** A call of LockingPool, by Metis. */
export function toPool({ world }: Draw, name: string, values: readonly unknown[], value?: bigint): Sending {
  const data = call(world.pool, name, values);
  const from = world.governance.address;
  return { from, to: world.metis.lockingPool, data, ...(value === undefined ? {} : { value }) };
}

/** A call of LockingInfo, by Metis. */
export function toInfo({ world }: Draw, name: string, values: readonly unknown[]): Sending {
  return { from: world.governance.address, to: world.metis.lockingInfo, data: call(world.info, name, values) };
}

/** True in so many of a hundred cases. */
export function chance(random: Random, percent: bigint): boolean {
  return random.below(100n) < percent;
}

/** Mostly what is possible, at times all of it, a little too much, or dust. */
export function amountUpTo(random: Random, most: bigint): bigint {
  const kind = random.below(10n);
  if (kind === 0n) return most;
  if (kind === 1n) return most + 1n + random.ofBits(70);
  if (kind === 2n) return random.ofBits(60);
  return random.between(0n, most);
}

/** One of the users. */
export function userOf({ world, random }: Draw): string {
  return random.pick(world.users);
}

/** Mostly the one with the power. */
export function callerFor({ world, random }: Draw, holder: string): string {
  const others = [world.guardian.address, world.keeper.address, ...world.users];
  return chance(random, 92n) ? holder : random.pick(others);
}

/** Mostly what is asked, at times more, at times too little. */
export function valueFor(random: Random, fee: bigint): bigint {
  const kind = random.below(20n);
  if (kind < 14n) return fee;
  if (kind < 18n) return fee + random.ofBits(50);
  return kind === 18n ? random.between(0n, fee) : 0n;
}

/** Mostly a vault's index, at times none. */
export function indexOf({ world, random }: Draw): bigint {
  return random.below(BigInt(world.vaultAddresses.length) * 16n + 1n) / 16n;
}
