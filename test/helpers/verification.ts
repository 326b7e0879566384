/** A recorded protocol to tamper with, and what a verification then says. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { type Layer, localChains } from "../../scripts/config/localChains";
import { roles } from "../../scripts/config/roles";
import { setStorage } from "../../scripts/lib/localNode";
import { type Build, readBuilds } from "../../scripts/lib/verify/builds";
import { openReader } from "../../scripts/lib/verify/chainReader";
import { artifactsOf, compareCodes } from "../../scripts/lib/verify/codes";
import { findingsIn } from "../../scripts/lib/verify/finding";
import { type Records, type Truth, readTruth } from "../../scripts/lib/verify/truth";
import { inspectSide } from "../../scripts/lib/verify/verifyNetwork";
import { type ProtocolWorld, emptyProtocol, protocolAfter } from "./protocol";
import { recordProtocol, setupOf } from "./records";

/** A protocol with what its records say, and what the compiler made. */
export interface Verified extends ProtocolWorld {
  readonly truth: Truth;
  readonly builds: ReadonlyMap<string, Build>;
}

/** The protocol just deployed and recorded: nothing differs. */
export const verifiedProtocol: () => Promise<Verified> = protocolAfter(emptyProtocol, async ({ protocol }) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "emetis-records-"));
  await recordProtocol(protocol, folder);
  const chainIds = { l1: BigInt(localChains.l1.chainId), l2: BigInt(localChains.l2.chainId) };
  const truth = await readTruth(folder, setupOf(protocol), chainIds);
  await rm(folder, { recursive: true });
  return { truth, builds: await readBuilds(artifactsOf(truth)) };
});

/** What everything on one chain is found to differ in: kind, and the whole sentence. */
export async function messagesOn(layer: Layer, world: Verified): Promise<readonly string[]> {
  const side = await inspectSide(await openReader(layer, world[layer].provider), world.truth, world.builds);
  return findingsIn(side.comparisons).map(({ type, message }) => `${type}: ${message}`);
}

/** What is told of one chain beside the findings. */
export async function notesOn(layer: Layer, world: Verified): Promise<readonly string[]> {
  return (await inspectSide(await openReader(layer, world[layer].provider), world.truth, world.builds)).notes;
}

/** What the code on one chain is found to differ in: kind, contract and item. */
export async function codeFaultsOn(layer: Layer, world: Verified): Promise<readonly string[]> {
  const compared = await compareCodes(await openReader(layer, world[layer].provider), world.truth, world.builds);
  return findingsIn(compared).map(({ type, contract, item }) => `${type}: ${contract}: ${item}`);
}

/** The same world with some records changed. */
export function withRecords<W extends Verified>(world: W, changed: Partial<Records>): W {
  return { ...world, truth: { ...world.truth, records: { ...world.truth.records, ...changed } } };
}

/** Has governance do what it may: announced, waited for, done. */
export async function governanceDoes(world: Verified, layer: Layer, to: string, data: string): Promise<void> {
  const { people, truth } = world;
  const address = truth.records[layer === "l1" ? "L1AccessManager" : "L2AccessManager"].address;
  const manager = await world[layer].attach("AccessManager", address, people.governance[layer]);
  await manager.schedule(to, data, 0n);
  await world[layer].increase(Number(roles.governance.delay));
  await manager.execute(to, data);
}

/** Writes a slot of a contract's storage. */
export async function writeSlot(world: Verified, layer: Layer, address: string, slot: string, value: bigint) {
  await setStorage(world[layer].provider, address, BigInt(slot), value);
}

/** Changes one byte of the code at an address to what it was not. */
export async function flipByte(world: Verified, layer: Layer, address: string, position: number): Promise<void> {
  const code = Buffer.from((await world[layer].provider.getCode(address)).slice(2), "hex");
  const place = position < 0 ? code.length + position : position;
  code[place] = (code[place] ?? 0) ^ 1;
  await world[layer].setCode(address, `0x${code.toString("hex")}`);
}
