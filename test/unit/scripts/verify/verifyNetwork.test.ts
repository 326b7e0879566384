import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";

import { readRecord, writeRecord } from "../../../../scripts/lib/records";
import { findingsIn } from "../../../../scripts/lib/verify/finding";
import { renderVerification } from "../../../../scripts/lib/verify/render";
import { type VerifyOptions, inspectNetwork, verifyNetwork } from "../../../../scripts/lib/verify/verifyNetwork";
import { livingProtocol } from "../../../helpers/protocol";
import { recordProtocol, setupOf } from "../../../helpers/records";
import { faulty } from "../../../helpers/sdk/faultyProvider";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import { type Verified, messagesOn, verifiedProtocol, withRecords } from "../../../helpers/verification";

/** What test records say that they were built from. */
const commit = "0".repeat(40);

describe("verifyNetwork", () => {
  let folder: string;
  let options: VerifyOptions;

  beforeEach(async () => {
    const { protocol, l1, l2 } = await livingProtocol();
    folder = await mkdtemp(path.join(os.tmpdir(), "emetis-verify-"));
    await recordProtocol(protocol, folder);
    options = { l1: l1.provider, l2: l2.provider, folder, setup: setupOf(protocol), commit };
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("finds nothing in a protocol after some weeks of life", async () => {
    const { findings, notes, compared } = await inspectNetwork(options);
    expect([findings, notes]).to.deep.equal([[], []]);
    expect(compared).to.be.greaterThan(300);
  });

  it("names a record with another hash of code", async () => {
    const record = (await readRecord(folder, "EMetis"))!;
    const codeHash = `0x${"12".repeat(32)}`;
    await writeRecord(folder, "EMetis", { ...record, codeHash });
    expect((await verifyNetwork(options)).map(({ message }) => message)).to.deep.equal([
      `l2 EMetis: recorded hash of the code is ${record.codeHash}, expected ${codeHash}`,
    ]);
  });

  it("tells records that were built from another commit, and that the commit is unknown", async () => {
    const { l1, l2, setup } = options;
    const { findings, notes } = await inspectNetwork({ ...options, commit: "1".repeat(40) });
    expect(findings).to.deep.equal([]);
    expect(notes).to.have.length(10);
    expect(notes[0]).to.equal(
      `L1AccessManager was built from commit ${commit}, and is compared with artifacts of commit ${"1".repeat(40)}`,
    );
    expect((await inspectNetwork({ l1, l2, folder, setup })).notes).to.deep.equal([
      "the commit that the artifacts were built from is unknown",
    ]);
  });

  it("refuses a folder without one of the records", async () => {
    await rm(path.join(folder, "L2Gateway.json"));
    expect(await rejectionOf(verifyNetwork(options))).to.have.property(
      "message",
      `${path.basename(folder)}/L2Gateway.json is missing: the deployment is not complete`,
    );
  });

  for (const method of ["call", "getCode", "getStorage", "getLogs"] as const) {
    it(`fails rather than passes when a node fails at ${method}`, async () => {
      const broken = faulty(options.l2, async (request, proceed) => {
        if (request.method === method) throw new Error("the node is ill");
        return proceed();
      });
      const error = await rejectionOf(verifyNetwork({ ...options, l2: broken }));
      expect(error).to.be.instanceOf(Error);
    });
  }
});

describe("tampered records", () => {
  let world: Verified;
  let stranger: string;

  beforeEach(async () => {
    world = await verifiedProtocol();
    stranger = world.people.stranger.address;
  });

  it("are named for the chain", async () => {
    const { SEMetis } = world.truth.records;
    expect(await messagesOn("l2", withRecords(world, { SEMetis: { ...SEMetis, chainId: 1088 } }))).to.deep.equal([
      "recordedChain: l2 SEMetis: chain id is 31338, expected 1088",
    ]);
  });

  it("are named for an address, where it is and where others know the true one", async () => {
    const { RedemptionQueue } = world.truth.records;
    const messages = await messagesOn(
      "l2",
      withRecords(world, { RedemptionQueue: { ...RedemptionQueue, address: stranger } }),
    );
    expect(messages).to.include("contract: l2 RedemptionQueue: what is there is no contract, expected a contract");
    expect(messages).to.include(
      `immutable: l2 StakingPool implementation: QUEUE is ${RedemptionQueue.address}, expected ${stranger}`,
    );
  });

  it("are named for an AccessManager elsewhere, whose logs are not all", async () => {
    const { L1AccessManager } = world.truth.records;
    const messages = await messagesOn(
      "l1",
      withRecords(world, { L1AccessManager: { ...L1AccessManager, address: stranger } }),
    );
    expect(messages.filter((message) => message.startsWith("contradiction: l1 L1AccessManager"))).to.have.length(1);
    expect(messages).to.include(
      `authority: l1 LockManager: authority is ${L1AccessManager.address}, expected ${stranger}`,
    );
  });

  it("are named for an implementation and the hash of its code", async () => {
    const { L1Gateway } = world.truth.records;
    const messages = await messagesOn(
      "l1",
      withRecords(world, { L1Gateway: { ...L1Gateway, implementation: stranger } }),
    );
    expect(messages).to.include(
      `implementation: l1 L1Gateway: implementation is ${L1Gateway.implementation}, expected ${stranger}`,
    );
    const implementationCodeHash = `0x${"34".repeat(32)}`;
    expect(
      await messagesOn("l1", withRecords(world, { L1Gateway: { ...L1Gateway, implementationCodeHash } })),
    ).to.deep.equal([
      `recordedCodeHash: l1 L1Gateway: recorded hash of the implementation's code is ${L1Gateway.implementationCodeHash}, ` +
        `expected ${implementationCodeHash}`,
    ]);
  });

  it("are named for each address of Metis's contracts", async () => {
    const found = new Map<string, readonly string[]>();
    for (const name of Object.keys(world.truth.external)) {
      const external = { ...world.truth.external, [name]: stranger };
      const messages = await messagesOn("l1", { ...world, truth: { ...world.truth, external } });
      found.set(name, [...new Set(messages.map((message) => message.slice(0, message.indexOf(" is "))))]);
    }
    expect(found.get("lockingInfo")).to.deep.equal(["external: l1 external.json: LockingInfo by LockingPool.escrow"]);
    expect(found.get("messenger")).to.deep.equal([
      "external: l1 external.json: L1CrossDomainMessenger by the bridge's messenger",
    ]);
    expect(found.get("addressManager")).to.deep.equal([
      "external: l1 external.json: Lib_AddressManager by the bridge's addressmgr",
    ]);
    expect(found.get("metis")).to.include("immutable: l1 LockManager implementation: METIS");
    expect(found.get("lockingPool")).to.include("immutable: l1 VaultOperations: LOCKING_POOL");
    expect(found.get("bridge")).to.include("immutable: l1 L1Gateway implementation: BRIDGE");
  });
});

describe("renderVerification", () => {
  const comparison = { type: "treasury", chain: "l2", contract: "StakingPool", item: "treasury" } as const;
  const blocks = { l1: 11, l2: 22 };

  it("shows findings as a table, then the notes, then how many things were compared", () => {
    const findings = findingsIn([
      { ...comparison, expected: "0xA", found: "0xBBBBBB" },
      { ...comparison, expected: "0xA", found: "0xA" },
    ]);
    expect(renderVerification({ findings, notes: ["one"], compared: 2, blocks }).split("\n")).to.deep.equal([
      "chain  contract     what      expected  found",
      "l2     StakingPool  treasury  0xA       0xBBBBBB",
      "",
      "Notes",
      "  one",
      "",
      "2 things compared at block 11 of l1 and 22 of l2: 1 differs",
    ]);
  });

  it("says so when nothing differs", () => {
    expect(renderVerification({ findings: [], notes: [], compared: 350, blocks })).to.equal(
      "350 things compared at block 11 of l1 and 22 of l2: none differs",
    );
  });
});
