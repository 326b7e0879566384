import { expect } from "chai";

import type { Layer } from "../../../../scripts/config/localChains";
import { formatRoleTable, readRoleTable, roleTableJson } from "../../../../scripts/lib/governance/roleTable";
import { targetsOf } from "../../../../scripts/lib/governance/targets";
import { day } from "../../../../scripts/lib/localClock";
import { describeDeployment } from "../../../../scripts/lib/sdkDeployment";
import { type ProtocolWorld, emptyProtocol } from "../../../helpers/protocol";

describe("The table of roles", () => {
  let world: ProtocolWorld;

  beforeEach(async () => {
    world = await emptyProtocol();
  });

  const read = async (layer: Layer) => {
    const deployment = await describeDeployment(world.protocol, "local");
    const { accessManager, chainId, startBlock } = deployment[layer];
    return readRoleTable({
      ...{ provider: world[layer].provider, layer, chainId, accessManager, startBlock },
      targets: targetsOf(deployment, layer),
      names: new Map([[world.people.keeper.address, "keeper"]]),
    });
  };
  const managerOn = (layer: Layer) =>
    world[layer].attach(
      "AccessManager",
      world.protocol.deployment[layer].accessManager,
      world.people.governance[layer],
    );
  const announce = async () => {
    const { lockManager } = world.protocol.l1;
    const manager = await managerOn("l1");
    const data = lockManager.interface.encodeFunctionData("tightenVault", [0, 400, 5]);
    await manager.schedule(lockManager, data, 0);
    return { manager, data, id: await manager.hashOperation(world.people.governance.address, lockManager, data) };
  };

  it("has every role with who holds it, and how long his acts wait", async () => {
    const { governance, guardian, keeper } = world.people;
    const { roles } = await read("l1");
    const held = roles.map(({ id, name, holders }) => [
      ...[id, name],
      ...holders.map(({ account, executionDelay }) => `${account} ${executionDelay}`),
    ]);
    expect(held).to.deep.equal([
      [0n, "governance", `${governance.address} ${42 * day}`],
      [1n, "tightener", `${governance.address} ${3 * day}`],
      [2n, "lossConfirmer", `${governance.address} 0`],
      [3n, "guardian", `${guardian.address} 0`],
      [4n, "keeper", `${keeper.address} 0`],
    ]);
  });

  it("has the functions of each role, and all other restricted ones under the administrator", async () => {
    const { roles } = await read("l1");
    const parameters = "(uint16)";
    expect(roles.slice(1).map(({ functions }) => functions)).to.deep.equal([
      [
        `LockManager.tightenParameters(${parameters})`,
        "LockManager.tightenVault(uint256,uint16,uint96)",
        "LockManager.unpause()",
      ],
      [],
      ["LockManager.extendPause(address,bytes)", "LockManager.pause()"],
      ["LockManager.recall(uint256)"],
    ]);
    expect(roles[0]!.functions.map((name) => name.split("(")[0])).to.have.members([
      ...["addVault", "beginExit", "configureVault", "setAuthority", "setParameters", "upgradeToAndCall"].map(
        (name) => `LockManager.${name}`,
      ),
      ...["setAuthority", "setL2Gateway", "upgradeToAndCall"].map((name) => `L1Gateway.${name}`),
      ...["renounceOwnership", "transferOwnership", "upgradeTo"].map((name) => `VaultBeacon.${name}`),
      ...["grantRole", "revokeRole", "labelRole", "setRoleAdmin", "setRoleGuardian", "setGrantDelay"].map(
        (name) => `AccessManager.${name}`,
      ),
      ...["setTargetAdminDelay", "setTargetClosed", "setTargetFunctionRole", "updateAuthority"].map(
        (name) => `AccessManager.${name}`,
      ),
    ]);
  });

  it("has what is announced on its chain in words, until it is called off", async () => {
    const { manager, data, id } = await announce();
    const { operations, timestamp } = await read("l1");
    expect(operations).to.have.lengthOf(1);
    expect(operations[0]).to.include({
      ...{ id, data, caller: world.people.governance.address, isReady: false },
      act: "LockManager.tightenVault(index: 0, commissionBps: 400, cap: 5)",
      readyAt: timestamp + 3 * day,
      expiresAt: timestamp + 10 * day,
    });
    expect((await read("l2")).operations).to.deep.equal([]);
    await manager.cancel(world.people.governance.address, world.protocol.l1.lockManager, data);
    expect((await read("l1")).operations).to.deep.equal([]);
  });

  it("says when an announced act can be carried out, and forgets it when it expired", async () => {
    await announce();
    await world.l1.increase(3 * day);
    expect((await read("l1")).operations.map(({ isReady }) => isReady)).to.deep.equal([true]);
    await world.l1.increase(7 * day);
    expect((await read("l1")).operations).to.deep.equal([]);
  });

  it("is told to people line by line", async () => {
    const { id } = await announce();
    const { keeper, governance } = world.people;
    const lines = formatRoleTable(await read("l1"));
    expect(lines[0]).to.match(/^L1, chain 31337: AccessManager 0x.{40} at block \d+, \d{4}-/);
    expect(lines).to.include.members([
      "  role 4, keeper: granted by governance; called off by governance or who announced it",
      `    ${keeper.address} (keeper) acts at once`,
      `    ${governance.address} acts 42 days after announcing it`,
      "      LockManager.recall(uint256)",
      "  announced:",
      `    ${id}: LockManager.tightenVault(index: 0, commissionBps: 400, cap: 5)`,
    ]);
    expect(formatRoleTable(await read("l2")).at(-1)).to.equal("  nothing is announced");
  });

  it("shows a holder that nobody expected, and what is closed", async () => {
    const { stranger } = world.people;
    const manager = await managerOn("l2");
    const self = await manager.getAddress();
    const { stakingPool } = world.protocol.deployment.l2;
    const acts = [
      manager.interface.encodeFunctionData("grantRole", [0, stranger.address, 0]),
      manager.interface.encodeFunctionData("setTargetClosed", [stakingPool, true]),
    ];
    for (const data of acts) await manager.schedule(self, data, 0);
    await world.l2.increase(42 * day);
    for (const data of acts) await manager.execute(self, data);
    const lines = formatRoleTable(await read("l2"));
    expect(lines).to.include.members([`    ${stranger.address} acts at once`, "  CLOSED: StakingPool"]);
  });

  it("is JSON with texts for great numbers", async () => {
    const [table] = JSON.parse(roleTableJson([await read("l1")])) as { roles: { id: string }[]; chainId: number }[];
    expect([table!.chainId, table!.roles.map(({ id }) => id)]).to.deep.equal([31_337, ["0", "1", "2", "3", "4"]]);
  });
});
