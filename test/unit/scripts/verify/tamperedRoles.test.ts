import { expect } from "chai";

import { type Layer } from "../../../../scripts/config/localChains";
import { adminRole, roles } from "../../../../scripts/config/roles";
import { momentOf } from "../../../../scripts/lib/verify/chainReader";
import type { AccessManager } from "../../../../typechain-types";
import { type Verified, governanceDoes, messagesOn, notesOn, verifiedProtocol } from "../../../helpers/verification";

const day = 86_400;
const managers = { l1: "L1AccessManager", l2: "L2AccessManager" } as const;

describe("tampered powers", () => {
  let world: Verified;
  let stranger: string;
  let guardian: string;
  let manager: Readonly<Record<Layer, AccessManager>>;

  beforeEach(async () => {
    world = await verifiedProtocol();
    stranger = world.people.stranger.address;
    guardian = world.people.guardian.address;
    const { L1AccessManager, L2AccessManager } = world.truth.records;
    manager = {
      l1: await world.l1.attach("AccessManager", L1AccessManager.address),
      l2: await world.l2.attach("AccessManager", L2AccessManager.address),
    };
  });

  /** A call of an AccessManager's own by governance. */
  const administer = async (layer: Layer, data: string): Promise<void> => {
    await governanceDoes(world, layer, world.truth.records[managers[layer]].address, data);
  };
  const encode = (): AccessManager["interface"] => manager.l1.interface;

  for (const layer of ["l1", "l2"] as const) {
    const contract = managers[layer];

    it(`are named for a role of a stranger on ${layer}`, async () => {
      await administer(layer, encode().encodeFunctionData("grantRole", [roles.guardian.id, stranger, 7]));
      expect(await messagesOn(layer, world)).to.deep.equal([
        `roleMember: ${layer} ${contract}: role 3 (guardian) of ${stranger} is held with delay 7 s, expected not held`,
      ]);
    });

    it(`are named for a second administrator on ${layer}`, async () => {
      await administer(layer, encode().encodeFunctionData("grantRole", [adminRole, stranger, 0]));
      expect(await messagesOn(layer, world)).to.deep.equal([
        `roleMember: ${layer} ${contract}: role 0 (governance) of ${stranger} is held with delay 0 s, expected not held`,
      ]);
    });

    it(`are named for a role that its holder lost on ${layer}`, async () => {
      await administer(layer, encode().encodeFunctionData("revokeRole", [roles.guardian.id, guardian]));
      expect(await messagesOn(layer, world)).to.deep.equal([
        `roleMember: ${layer} ${contract}: role 3 (guardian) of ${guardian} is not held, expected held`,
      ]);
    });

    it(`are named for an administrator and a guardian of a role on ${layer}`, async () => {
      await administer(layer, encode().encodeFunctionData("setRoleAdmin", [roles.keeper.id, roles.guardian.id]));
      await administer(layer, encode().encodeFunctionData("setRoleGuardian", [roles.keeper.id, 9n]));
      expect(await messagesOn(layer, world)).to.deep.equal([
        `roleAdmin: ${layer} ${contract}: administrator of role 4 (keeper) is role 3 (guardian), ` +
          "expected role 0 (governance)",
        `roleGuardian: ${layer} ${contract}: guardian of role 4 (keeper) is role 9, expected role 0 (governance)`,
      ]);
    });
  }

  it("are named for a role that is no role of ours", async () => {
    await administer("l2", encode().encodeFunctionData("grantRole", [9n, stranger, 0]));
    expect(await messagesOn("l2", world)).to.deep.equal([
      `roleMember: l2 L2AccessManager: role 9 of ${stranger} is held with delay 0 s, expected not held`,
    ]);
  });

  it("are named for a delay that was lengthened", async () => {
    await administer("l1", encode().encodeFunctionData("grantRole", [roles.guardian.id, guardian, 60]));
    expect(await messagesOn("l1", world)).to.deep.equal([
      `roleDelay: l1 L1AccessManager: delay of role 3 (guardian) of ${guardian} is 60 s, expected 0 s`,
    ]);
  });

  it("are named for a delay that will be shorter, before it is", async () => {
    const { governance } = world.people;
    await administer("l1", encode().encodeFunctionData("grantRole", [roles.tightener.id, governance.address, 0]));
    const from = momentOf((await world.l1.now()) + Number(roles.tightener.delay));
    expect(await messagesOn("l1", world)).to.deep.equal([
      `roleDelay: l1 L1AccessManager: delay of role 1 (tightener) of ${governance.address} ` +
        `is 259200 s, 0 s from ${from}, expected 259200 s`,
    ]);
  });

  it("are named for a delay of grants, and for who waits for a role", async () => {
    await administer("l2", encode().encodeFunctionData("setGrantDelay", [roles.keeper.id, day]));
    const grantsFrom = momentOf((await world.l2.now()) + 5 * day);
    expect(await messagesOn("l2", world)).to.deep.equal([
      `roleGrantDelay: l2 L2AccessManager: delay of grants of role 4 (keeper) is 0 s, 86400 s from ${grantsFrom}, ` +
        "expected 0 s",
    ]);
    await administer("l2", encode().encodeFunctionData("grantRole", [roles.keeper.id, stranger, 0]));
    const heldFrom = momentOf((await world.l2.now()) + day);
    expect(await messagesOn("l2", world)).to.include(
      `roleMember: l2 L2AccessManager: role 4 (keeper) of ${stranger} is held from ${heldFrom} with delay 0 s, ` +
        "expected not held",
    );
  });

  it("are named for a function of the table that has another role", async () => {
    const target = world.truth.records.LockManager.address;
    const { selector } = world.protocol.l1.lockManager.getFunction("recall").fragment;
    await administer(
      "l1",
      encode().encodeFunctionData("setTargetFunctionRole", [target, [selector], roles.guardian.id]),
    );
    expect(await messagesOn("l1", world)).to.deep.equal([
      "functionRole: l1 LockManager: role of recall is role 3 (guardian), expected role 4 (keeper)",
    ]);
  });

  it("are named for a function of governance that has a role", async () => {
    const { StakingPool, VaultBeacon } = world.truth.records;
    const { selector } = world.protocol.l2.stakingPool.getFunction("upgradeToAndCall").fragment;
    await administer(
      "l2",
      encode().encodeFunctionData("setTargetFunctionRole", [StakingPool.address, [selector], roles.keeper.id]),
    );
    const beacon = await world.l1.attach("UpgradeableBeacon", VaultBeacon.address);
    const upgrade = beacon.getFunction("upgradeTo").fragment.selector;
    await administer(
      "l1",
      encode().encodeFunctionData("setTargetFunctionRole", [VaultBeacon.address, [upgrade], 2n ** 64n - 1n]),
    );
    expect(await messagesOn("l2", world)).to.deep.equal([
      "functionRole: l2 StakingPool: role of upgradeToAndCall is role 4 (keeper), expected role 0 (governance)",
    ]);
    expect(await messagesOn("l1", world)).to.deep.equal([
      "functionRole: l1 VaultBeacon: role of upgradeTo is role 18446744073709551615, expected role 0 (governance)",
    ]);
  });

  it("are named for a function of a contract that is not ours", async () => {
    const data = encode().encodeFunctionData("setTargetFunctionRole", [stranger, ["0x12345678"], roles.keeper.id]);
    await administer("l2", data);
    expect(await messagesOn("l2", world)).to.deep.equal([
      `functionRole: l2 ${stranger}: role of 0x12345678 is role 4 (keeper), expected role 0 (governance)`,
    ]);
  });

  it("are named for a contract that is closed", async () => {
    const { LockManager } = world.truth.records;
    await administer("l1", encode().encodeFunctionData("setTargetClosed", [LockManager.address, true]));
    expect(await messagesOn("l1", world)).to.deep.equal([
      "targetClosed: l1 LockManager: access to its restricted functions is closed, expected open",
    ]);
  });

  it("are named for a delay of a contract's administration, before it holds", async () => {
    const { L1Gateway } = world.truth.records;
    await administer("l1", encode().encodeFunctionData("setTargetAdminDelay", [L1Gateway.address, 3 * day]));
    const from = momentOf((await world.l1.now()) + 5 * day);
    expect(await messagesOn("l1", world)).to.deep.equal([
      `targetAdminDelay: l1 L1Gateway: delay of its administration is 0 s, 259200 s from ${from}, expected 0 s`,
    ]);
  });

  it("are no announced acts, which are told", async () => {
    const { governance } = world.people;
    const target = world.truth.records.LockManager.address;
    const data = encode().encodeFunctionData("setTargetClosed", [target, true]);
    await manager.l1.connect(governance.l1).schedule(await manager.l1.getAddress(), data, 0n);
    const readyAt = (await world.l1.now()) + Number(roles.governance.delay);
    expect(await messagesOn("l1", world)).to.deep.equal([]);
    expect(await notesOn("l1", world)).to.deep.equal([
      `l1: announced by ${governance.address}: ${data} to ${await manager.l1.getAddress()}, ` +
        `from ${momentOf(readyAt)} until ${momentOf(readyAt + 7 * day)}`,
    ]);
  });
});
