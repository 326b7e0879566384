/** What a network's folder says, against the chains. */
import { readdir } from "node:fs/promises";

import { Interface, type Provider, keccak256 } from "ethers";

import type { Layer } from "../../config/localChains";
import { type External, readExternal } from "../external";
import type { Network } from "../network";
import { readDeployment, readRecord } from "../records";
import { type Setup, readSetup } from "../setup";
import { type Check, fault, guarded, ok, warning } from "./check";

/** Both chains of a network. */
export interface Providers {
  readonly l1: Provider;
  readonly l2: Provider;
}

/** The records that a finished deployment has, by their chain. */
const recordNames: Readonly<Record<Layer, readonly string[]>> = {
  l1: ["L1AccessManager", "VaultBeacon", "LockManager", "L1Gateway"],
  l2: ["L2AccessManager", "EMetis", "SEMetis", "StakingPool", "RedemptionQueue", "L2Gateway"],
};
const views = new Interface([
  "function escrow() view returns (address)",
  "function l1Token() view returns (address)",
  "function l2ChainId() view returns (uint256)",
  "function bridge() view returns (address)",
  "function manager() view returns (address)",
]);

/** Whether `setup.json` is there and sound, and its caps can be locked. */
export async function checkSetup({ folder }: Network): Promise<readonly Check[]> {
  return guarded("setup.json", "docs/operations.md#deploy says what it holds", async () => {
    const { sequencers, governance, guardian, keeper } = await readSetup(folder);
    return [
      ok(`setup.json is sound, with ${sequencers.length} sequencers`),
      ...checkHolders({ governance, guardian, keeper }),
    ];
  });
}

function checkHolders({
  governance,
  guardian,
  keeper,
}: Pick<Setup, "governance" | "guardian" | "keeper">): readonly Check[] {
  return (["l1", "l2"] as const).flatMap((layer) => {
    const holders = [governance[layer], guardian[layer], keeper];
    if (new Set(holders).size === holders.length) return [];
    const shared = `setup.json: one account holds two of governance, guardian and keeper on ${layer.toUpperCase()}`;
    return [warning(shared, "give each its own account: who holds one key should not hold two powers")];
  });
}

/** Whether `external.json` names the contracts that know each other on chain. */
export async function checkExternal({ folder, l2 }: Network, provider: Provider): Promise<readonly Check[]> {
  return guarded("external.json", "compare it with what Metis publishes", async () => {
    const external = await readExternal(folder);
    const codeless = await withoutCode(provider, Object.values<string>({ ...external }));
    if (codeless.length > 0) {
      return [
        fault(`external.json: there is no contract at ${codeless.join(", ")}`, "correct the address, or the node"),
      ];
    }
    return checkWiring(external, l2.chainId, provider);
  });
}

async function checkWiring(external: External, l2ChainId: number, provider: Provider): Promise<readonly Check[]> {
  const { metis, lockingPool, lockingInfo, bridge } = external;
  const wires = [
    { target: lockingPool, view: "escrow", expected: lockingInfo, name: "LockingPool.escrow" },
    { target: lockingInfo, view: "manager", expected: lockingPool, name: "LockingInfo.manager" },
    { target: lockingInfo, view: "l1Token", expected: metis, name: "LockingInfo.l1Token" },
    { target: lockingInfo, view: "bridge", expected: bridge, name: "LockingInfo.bridge" },
    { target: lockingInfo, view: "l2ChainId", expected: String(l2ChainId), name: "LockingInfo.l2ChainId" },
  ];
  const answers = await Promise.all(wires.map(async ({ target, view }) => ask(provider, target, view)));
  const wrong = wires.flatMap(({ name, expected }, index) => {
    const found = answers[index] ?? "";
    return found === expected
      ? []
      : [fault(`external.json: ${name} is ${found}, not ${expected}`, "correct external.json")];
  });
  return wrong.length > 0 ? wrong : [ok("external.json: Metis's contracts are there and know each other")];
}

async function ask(provider: Provider, to: string, view: string): Promise<string> {
  const data = await provider.call({ to, data: views.encodeFunctionData(view) });
  return String(views.decodeFunctionResult(view, data)[0]);
}

async function withoutCode(provider: Provider, addresses: readonly string[]): Promise<readonly string[]> {
  const codes = await Promise.all(addresses.map(async (address) => provider.getCode(address)));
  return addresses.filter((_, index) => codes[index] === "0x");
}

/** How far a deployment is, by its records. */
export type RecordState = "none" | "some" | "all";

/** How many of the records are there: none before the first deployment, some after one that was broken off. */
export async function recordState({ folder }: Network): Promise<RecordState> {
  const missing = await missingRecords(folder);
  if (missing.length === 0) return "all";
  return missing.length === Object.values(recordNames).flat().length ? "none" : "some";
}

/** Whether the records are whole, and the code on both chains is what they say. */
export async function checkRecords(network: Network, providers: Providers): Promise<readonly Check[]> {
  return guarded("the records", "npm run deploy writes them; never by hand", async () => {
    const state = await recordState(network);
    if (state === "none") return [ok("nothing is recorded: the protocol is not deployed yet")];
    if (state === "some") {
      const missing = await missingRecords(network.folder);
      return [warning(`records are missing: ${missing.join(", ")}`, "npm run deploy goes on where it stopped")];
    }
    await readDeployment(network.folder);
    const found = await Promise.all(
      (["l1", "l2"] as const).flatMap((layer) =>
        recordNames[layer].map((name) => checkRecord(network, name, providers[layer])),
      ),
    );
    const faults = found.flat();
    return faults.length > 0 ? faults : [ok(`all ${found.length} records match the code on both chains`)];
  });
}

async function missingRecords(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder);
  return Object.values(recordNames)
    .flat()
    .filter((name) => !files.includes(`${name}.json`));
}

async function checkRecord({ folder }: Network, name: string, provider: Provider): Promise<readonly Check[]> {
  const record = await readRecord(folder, name);
  if (record === undefined) return [fault(`${name}.json is missing`, "npm run deploy goes on where it stopped")];
  const { address, codeHash, implementation, implementationCodeHash } = record;
  const places = [
    { place: address, expected: codeHash },
    ...(implementation === undefined ? [] : [{ place: implementation, expected: implementationCodeHash ?? "" }]),
  ];
  const found = await Promise.all(places.map(async ({ place }) => keccak256(await provider.getCode(place))));
  const remedy = "run npm run verify; if the node is right, treat it as an attack";
  return places.flatMap(({ place, expected }, index) =>
    found[index] === expected ? [] : [fault(`${name}.json: the code at ${place} is not what was recorded`, remedy)],
  );
}
