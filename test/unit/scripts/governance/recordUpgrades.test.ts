import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { keccak256, toBeHex, zeroPadValue } from "ethers";

import { UpgradeError } from "../../../../scripts/lib/governance/errors";
import { recordUpgrades } from "../../../../scripts/lib/governance/recordUpgrades";
import { readDeployment, readRecord } from "../../../../scripts/lib/records";
import { type ProtocolWorld, emptyProtocol } from "../../../helpers/protocol";
import { recordProtocol } from "../../../helpers/records";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";

const implementationSlot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
const commit = "1".repeat(40);

describe("recordUpgrades", () => {
  let world: ProtocolWorld;
  let folder: string;

  beforeEach(async () => {
    world = await emptyProtocol();
    folder = path.join(await mkdtemp(path.join(tmpdir(), "emetis-upgrades-")), "local");
    await recordProtocol(world.protocol, folder);
  });

  afterEach(async () => {
    await rm(path.dirname(folder), { recursive: true });
  });

  async function update() {
    const nodes = { l1: world.l1.provider, l2: world.l2.provider };
    return recordUpgrades({ ...nodes, commit, folder, deployment: await readDeployment(folder) });
  }

  /** As an upgrade leaves it. */
  async function upgrade(proxy: string, implementation: string): Promise<void> {
    const word = zeroPadValue(toBeHex(BigInt(implementation), 20), 32);
    await world.l2.provider.send("hardhat_setStorageAt", [proxy, implementationSlot, word]);
  }

  async function newGateway(l1ChainId: bigint): Promise<string> {
    const { l2 } = world.protocol.deployment;
    return (await world.l2.deploy("L2Gateway", [l2.stakingPool, l1ChainId])).getAddress();
  }

  it("writes nothing while every contract is as recorded", async () => {
    const before = await readFile(path.join(folder, "L2Gateway.json"), "utf8");
    expect(await update()).to.deep.equal([]);
    expect(await readFile(path.join(folder, "L2Gateway.json"), "utf8")).to.equal(before);
  });

  it("writes the new implementation, its code and the commit that it was built from", async () => {
    const { l2, l1ChainId } = world.protocol.deployment;
    const now = await newGateway(l1ChainId);
    await upgrade(l2.l2Gateway, now);
    expect(await update()).to.deep.equal([{ contract: "L2Gateway", before: l2.implementations.l2Gateway, now }]);
    expect(await readRecord(folder, "L2Gateway")).to.deep.include({
      ...{ address: l2.l2Gateway, implementation: now, commit },
      implementationCodeHash: keccak256(await world.l2.provider.getCode(now)),
    });
    expect(await update()).to.deep.equal([]);
  });

  it("refuses an implementation that the present build does not leave, and writes nothing", async () => {
    const { l2, l1ChainId } = world.protocol.deployment;
    await upgrade(l2.l2Gateway, await newGateway(l1ChainId + 1n));
    expect(await rejectionOf(update())).to.be.instanceOf(UpgradeError);
    expect(await readRecord(folder, "L2Gateway")).to.deep.include({ implementation: l2.implementations.l2Gateway });
  });

  it("misses a record", async () => {
    const deployment = await readDeployment(folder);
    await rm(path.join(folder, "RedemptionQueue.json"));
    const nodes = { l1: world.l1.provider, l2: world.l2.provider };
    expect(await rejectionOf(recordUpgrades({ ...nodes, commit, folder, deployment }))).to.have.property(
      "message",
      "RedemptionQueue.json is missing, or names no implementation",
    );
  });
});
