/** What proxies and beacon delegate to, who could change that, and what they were initialised to. */
import { Contract, Interface, toBeHex } from "ethers";

import { type ChainReader, addressIn, answerOf, codeAt, wordAt } from "./chainReader";
import { type Comparison, compareEach, noAnswer } from "./finding";
import { type RecordName, type Truth, delegating, implementationOf } from "./truth";

/** ERC-1967. */
const implementationSlot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
const adminSlot = "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103";
const beaconSlot = "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50";
/** ERC-7201, `openzeppelin.storage.Initializable`: the version, and behind it whether initialising goes on. */
const initializableSlot = "0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00";
/** An implementation that nobody can initialise any more. */
const locked = 2n ** 64n - 1n;
/** The version of every proxy: that of its `initialize`, and of its storage layout. */
const version = 1n;
const nobody = toBeHex(0, 20);

/** Compares the slots of the proxies on a chain, and on Ethereum the beacon. */
export async function compareProxies(reader: ChainReader, truth: Truth): Promise<readonly Comparison[]> {
  const proxies = delegating[reader.layer].filter((name) => name !== "VaultBeacon");
  const compared = await Promise.all(proxies.map((name) => compareProxy(reader, truth, name)));
  return [...compared.flat(), ...(reader.layer === "l1" ? await compareBeacon(reader, truth) : [])];
}

/** Compares the slots of a vault's proxy. */
export async function compareVaultProxy(
  reader: ChainReader,
  contract: string,
  address: string,
  beacon: string,
): Promise<readonly Comparison[]> {
  const of = { chain: reader.layer, contract };
  const [implementation, admin, found] = await addressesAt(reader, address);
  return [
    ...compareEach({ ...of, type: "beacon" }, [["slot of the beacon", beacon, found]]),
    ...compareEach({ ...of, type: "proxySlot" }, [
      ["slot of the implementation", nobody, implementation],
      ["slot of the administrator", nobody, admin],
    ]),
  ];
}

async function compareProxy(reader: ChainReader, truth: Truth, name: RecordName): Promise<readonly Comparison[]> {
  const of = { chain: reader.layer, contract: name };
  const { address } = truth.records[name];
  const expected = implementationOf(truth.records, name);
  const [implementation, admin, beacon] = await addressesAt(reader, address);
  const [own, inner] = await Promise.all([
    wordAt(reader, address, initializableSlot),
    wordAt(reader, expected, initializableSlot),
  ]);
  return [
    ...compareEach({ ...of, type: "implementation" }, [["implementation", expected, implementation]]),
    ...compareEach({ ...of, type: "proxySlot" }, [
      ["slot of the administrator", nobody, admin],
      ["slot of the beacon", nobody, beacon],
    ]),
    ...compareEach({ ...of, type: "initialisedVersion" }, [
      ["initialised version", describeVersion(version), describeVersion(own)],
      ["initialised version of the implementation", describeVersion(locked), describeVersion(inner)],
    ]),
  ];
}

async function compareBeacon(reader: ChainReader, { records }: Truth): Promise<readonly Comparison[]> {
  const views = new Interface([
    "function implementation() view returns (address)",
    "function owner() view returns (address)",
  ]);
  const { address } = records.VaultBeacon;
  if ((await codeAt(reader, address)) === "0x") return [];
  const beacon = new Contract(address, views, reader.provider);
  const ask = async (name: string) => String((await answerOf(beacon.getFunction(name)(reader.at))) ?? noAnswer);
  const [implementation, owner] = await Promise.all([ask("implementation"), ask("owner")]);
  const of = { chain: reader.layer, contract: "VaultBeacon" };
  return [
    ...compareEach({ ...of, type: "implementation" }, [
      ["implementation", implementationOf(records, "VaultBeacon"), implementation],
    ]),
    ...compareEach({ ...of, type: "authority" }, [["owner", records.L1AccessManager.address, owner]]),
  ];
}

async function addressesAt(reader: ChainReader, address: string): Promise<readonly [string, string, string]> {
  const [implementation, admin, beacon] = await Promise.all([
    wordAt(reader, address, implementationSlot),
    wordAt(reader, address, adminSlot),
    wordAt(reader, address, beaconSlot),
  ]);
  return [addressIn(implementation), addressIn(admin), addressIn(beacon)];
}

function describeVersion(word: bigint): string {
  return word === locked ? "locked for ever" : String(word);
}
