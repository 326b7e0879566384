import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { ZeroHash, getAddress } from "ethers";

import { addressBook } from "../../../scripts/lib/addressBook";

const addressOf = (number: number) => getAddress(`0x${number.toString(16).padStart(40, "a")}`);
const hashOf = (number: number) => `0x${number.toString(16).padStart(64, "b")}`;

const l1Records = ["L1AccessManager", "VaultBeacon", "LockManager", "L1Gateway"];
const l2Records = ["L2AccessManager", "EMetis", "SEMetis", "StakingPool", "RedemptionQueue", "L2Gateway"];
const proxies = ["LockManager", "StakingPool"];

/** What the files of a network hold, by their names. */
type Files = Record<string, Record<string, unknown>>;

describe("The address book", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "emetis-book-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("is empty without a folder of records", async () => {
    expect(await addressBook(path.join(folder, "none"))).to.deep.equal({});
  });

  it("takes every address of both sides from its record", async () => {
    await record("metis-sepolia", filesOf());
    const { l1, l2 } = await onlyNetwork();
    expect([l1.accessManager, l1.vaultBeacon, l1.lockManager, l1.l1Gateway]).to.deep.equal([1, 2, 3, 4].map(addressOf));
    expect([l2.accessManager, l2.eMetis, l2.seMetis, l2.stakingPool, l2.redemptionQueue, l2.l2Gateway]).to.deep.equal(
      [5, 6, 7, 8, 9, 10].map(addressOf),
    );
  });

  it("takes Metis's own contracts from external.json", async () => {
    await record("metis-sepolia", filesOf());
    const { l1 } = await onlyNetwork();
    expect([l1.metis, l1.lockingPool, l1.bridge]).to.deep.equal([101, 102, 103].map(addressOf));
  });

  it("starts each side at the first block of any of its records", async () => {
    await record("metis-sepolia", filesOf());
    const { l1, l2 } = await onlyNetwork();
    expect([l1.chainId, l1.startBlock, l2.chainId, l2.startBlock]).to.deep.equal([11_155_111, 1_001, 59_902, 1_005]);
  });

  it("gives a proxy's implementation with the hash of its code, and to others none", async () => {
    await record("metis-sepolia", filesOf());
    const { l1, l2 } = await onlyNetwork();
    expect(l1.code.lockManager).to.deep.equal({
      codeHash: hashOf(3),
      implementation: { address: addressOf(203), codeHash: hashOf(203) },
    });
    expect(l2.code.eMetis).to.deep.equal({ codeHash: hashOf(6) });
  });

  it("holds each network by the name of its folder, in the order of names", async () => {
    await record("metis-sepolia", filesOf());
    await record("metis", filesOf());
    expect(Object.keys(await addressBook(folder))).to.deep.equal(["metis", "metis-sepolia"]);
  });

  const faults: readonly (readonly [claim: string, breakIt: (files: Files) => void, message: string])[] = [
    ["a record that is missing", (files) => delete files.EMetis, "metis/EMetis.json is missing"],
    [
      "an address that is missing",
      (files) => delete files.SEMetis!.address,
      "metis/SEMetis.json: address is undefined: it must be an address",
    ],
    [
      "an address with a wrong checksum",
      (files) => (files.L1Gateway!.address = addressOf(4).replace("A", "a")),
      "metis/L1Gateway.json: The deployment's l1.l1Gateway is",
    ],
    [
      "a block that is a text",
      (files) => (files.StakingPool!.block = "7"),
      'metis/StakingPool.json: block is "7": it must be a whole number that is not negative',
    ],
    [
      "a record of another chain than its side's",
      (files) => (files.L2Gateway!.chainId = 1),
      "metis/L2Gateway.json: chainId is 1: it must be 59902, the chain of the side's first record",
    ],
    [
      "a hash of code that is missing",
      (files) => delete files.RedemptionQueue!.codeHash,
      "metis/RedemptionQueue.json: The deployment's l2.code.redemptionQueue.codeHash is undefined",
    ],
    [
      "a proxy without the hash of its implementation",
      (files) => delete files.LockManager!.implementationCodeHash,
      "metis/LockManager.json: The deployment's l1.code.lockManager.implementation.codeHash is undefined",
    ],
    [
      "an external contract that is missing",
      (files) => delete files.external!.LockingPool,
      "metis/external.json, LockingPool is missing: it must be an object",
    ],
    [
      "an external address that is zero",
      (files) => (files.external!.METIS = { address: `0x${ZeroHash.slice(26)}` }),
      "metis/external.json: The deployment's l1.metis is",
    ],
  ];
  for (const [claim, breakIt, message] of faults) {
    it(`refuses ${claim}, naming file and field`, async () => {
      const files = filesOf();
      breakIt(files);
      await record("metis", files);
      expect(await messageOf(addressBook(folder))).to.include(message);
    });
  }

  it("refuses a record that is no JSON, naming its file", async () => {
    await record("metis", filesOf());
    await writeFile(path.join(folder, "metis", "EMetis.json"), "{");
    expect(await messageOf(addressBook(folder))).to.include("metis/EMetis.json is no JSON");
  });

  async function record(network: string, files: Files): Promise<void> {
    await mkdir(path.join(folder, network));
    for (const [name, content] of Object.entries(files)) {
      await writeFile(path.join(folder, network, `${name}.json`), JSON.stringify(content));
    }
  }

  async function onlyNetwork() {
    const [deployment] = Object.values(await addressBook(folder));
    return deployment!;
  }
});

/** Records whose addresses, blocks and hashes follow the order of their names. */
function filesOf(): Files {
  const records = [...l1Records, ...l2Records].map((name, index) => [name, recordOf(name, index + 1)] as const);
  const external = {
    METIS: { address: addressOf(101) },
    LockingPool: { address: addressOf(102) },
    L1StandardBridge: { address: addressOf(103) },
  };
  return { ...Object.fromEntries(records), external };
}

function recordOf(contract: string, number: number): Record<string, unknown> {
  const chainId = l1Records.includes(contract) ? 11_155_111 : 59_902;
  const own = { contract, chainId, address: addressOf(number), block: 1_000 + number, codeHash: hashOf(number) };
  if (!proxies.includes(contract)) return own;
  return { ...own, implementation: addressOf(200 + number), implementationCodeHash: hashOf(200 + number) };
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "nothing was refused",
    (error: unknown) => String(error),
  );
}
