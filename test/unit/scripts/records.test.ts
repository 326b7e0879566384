import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { keccak256 } from "ethers";

import { readExternal } from "../../../scripts/lib/external";
import { FileError } from "../../../scripts/lib/json";
import { readDeployment, readRecord, writeRecord } from "../../../scripts/lib/records";
import { formatSetup, parseSetup, readSetup } from "../../../scripts/lib/setup";
import { type ProtocolWorld, emptyProtocol } from "../../helpers/protocol";
import { rejectionOf } from "../../helpers/sdk/thrownBy";
import { recordProtocol, setupOf } from "../../helpers/records";

describe("The records of a network", () => {
  let world: ProtocolWorld;
  let folder: string;

  beforeEach(async () => {
    world = await emptyProtocol();
    folder = path.join(await mkdtemp(path.join(tmpdir(), "emetis-records-")), "local");
    await recordProtocol(world.protocol, folder);
  });

  afterEach(async () => {
    await rm(path.dirname(folder), { recursive: true });
  });

  it("make the deployment that the SDK knows", async () => {
    const { l1, l2 } = await readDeployment(folder);
    const { deployment, metis } = world.protocol;
    expect([l1.lockManager, l1.l1Gateway, l1.metis, l1.lockingPool]).to.deep.equal([
      deployment.l1.lockManager,
      deployment.l1.l1Gateway,
      metis.metis,
      metis.lockingPool,
    ]);
    expect([l2.stakingPool, l2.code.stakingPool?.implementation?.address]).to.deep.equal([
      deployment.l2.stakingPool,
      deployment.l2.implementations.stakingPool,
    ]);
  });

  it("are read as they were written, numbers beyond JSON's as decimal texts", async () => {
    const record = await readRecord(folder, "StakingPool");
    await writeRecord(folder, "Copy", { ...record!, constructorArgs: [2n ** 96n] });
    const copy = await readRecord(folder, "Copy");
    expect(copy).to.deep.equal({ ...record, constructorArgs: [String(2n ** 96n)] });
    expect(copy?.codeHash).to.equal(keccak256(await world.l2.provider.getCode(record!.address)));
  });

  it("are whole or not there: nothing is left beside them", async () => {
    expect((await readdir(folder)).filter((name) => !name.endsWith(".json"))).to.deep.equal([]);
  });

  it("are none where none was written", async () => {
    expect(await readRecord(folder, "Nothing")).to.equal(undefined);
  });

  it("are refused with file, field and value when one is malformed", async () => {
    const file = path.join(folder, "EMetis.json");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/"block": \d+/, '"block": "many"'));
    expect(await rejectionOf(readRecord(folder, "EMetis")))
      .to.be.instanceOf(FileError)
      .with.property("message", 'local/EMetis.json: block is "many": it must be a whole number that is not negative');
  });

  describe("external.json", () => {
    it("gives Metis's contracts by our names", async () => {
      const { metis, lockingPool, lockingInfo, bridge, messenger, addressManager } = world.protocol.metis;
      const expected = { metis, lockingPool, lockingInfo, bridge, messenger, addressManager };
      expect(await readExternal(folder)).to.deep.equal(expected);
    });

    it("is refused without where an address was read", async () => {
      const { metis } = world.protocol.metis;
      await writeFile(path.join(folder, "external.json"), JSON.stringify({ METIS: { address: metis } }));
      expect(await rejectionOf(readExternal(folder)))
        .to.be.instanceOf(FileError)
        .with.property("message", "local/external.json: METIS: source is missing: it must be a text");
    });

    for (const network of ["metis-sepolia", "metis"]) {
      it(`of ${network} is complete`, async () => {
        const external = await readExternal(path.join(__dirname, "..", "..", "..", "deployments", network));
        expect(new Set(Object.values(external)).size).to.equal(6);
      });
    }
  });

  describe("setup.json", () => {
    it("is read as it was written", async () => {
      expect(await readSetup(folder)).to.deep.equal(setupOf(world.protocol));
    });

    it("is missed with the page that says what it holds", async () => {
      await rm(path.join(folder, "setup.json"));
      expect(await rejectionOf(readSetup(folder)))
        .to.be.instanceOf(FileError)
        .with.property("message", "local/setup.json is missing: docs/operations.md says what it holds");
    });

    const operator = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    const faults = {
      "a holder who is the zero address": [
        { keeper: `0x${"0".repeat(40)}` },
        /^setup\.json: keeper is "0x0{40}": it must be an address with its checksum, not zero$/,
      ],
      "a holder without a checksum": [{ treasury: operator.toLowerCase() }, /^setup\.json: treasury is .*checksum/],
      "a chain without a guardian": [{ guardian: { l1: operator } }, /^setup\.json: guardian: l2 is missing/],
      "a key off the curve": [
        { sequencers: [{ operator, pubkey: `0x${"11".repeat(64)}`, cap: "1", commissionBps: 500 }] },
        /^setup\.json: sequencers\.0: pubkey is .*: it must be a point of secp256k1/,
      ],
      "a key of 65 bytes": [
        { sequencers: [{ operator, pubkey: `0x${"11".repeat(65)}`, cap: "1", commissionBps: 500 }] },
        /^setup\.json: sequencers\.0: pubkey is .*: it must be 64 bytes as hex$/,
      ],
    } as const;
    for (const [name, [change, message]] of Object.entries(faults)) {
      it(`is refused with ${name}`, () => {
        const good: unknown = JSON.parse(formatSetup(setupOf(world.protocol)));
        expect(() => parseSetup({ ...(good as object), ...change })).to.throw(FileError, message);
      });
    }

    it("is refused with a commission above the contracts' bound", () => {
      const setup = setupOf(world.protocol);
      const [first] = setup.sequencers;
      const text = formatSetup({ ...setup, sequencers: [{ ...first!, commissionBps: 1_501n }] });
      expect(() => parseSetup(JSON.parse(text))).to.throw(
        "setup.json: sequencers.0: commissionBps is 1501: it must be a whole number from 0 to 1500, as a text where it is great",
      );
    });

    it("is refused with one public key for two sequencers", () => {
      const setup = setupOf(world.protocol);
      const [first] = setup.sequencers;
      const text = formatSetup({ ...setup, sequencers: [first!, first!] });
      expect(() => parseSetup(JSON.parse(text))).to.throw("it must be a list without a public key twice");
    });
  });
});
