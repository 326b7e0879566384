import { expect } from "chai";
import { parseEther, toBeHex } from "ethers";

import { type Layer } from "../../../../scripts/config/localChains";
import { lockManagerParameters, poolParameters } from "../../../../scripts/config/parameters";
import { setCode } from "../../../../scripts/lib/localNode";
import type { RecordName } from "../../../../scripts/lib/verify/truth";
import {
  type Verified,
  governanceDoes,
  messagesOn,
  notesOn,
  verifiedProtocol,
  writeSlot,
} from "../../../helpers/verification";

const implementationSlot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
const adminSlot = "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103";
const beaconSlot = "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50";
const initializableSlot = "0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00";
const nobody = toBeHex(0, 20);

/** Another value within its bounds for each parameter of StakingPool. */
const otherParameters: Readonly<Record<keyof typeof poolParameters, bigint>> = {
  protocolFeeBps: 999n,
  maxRewardRateBps: 4_001n,
  lossThresholdBps: 101n,
  reserveBps: 499n,
  minInstantFeeBps: 11n,
  maxInstantFeeBps: 101n,
  streamPeriod: 604_801n,
  l1DepositLimit: parseEther("50000") + 1n,
};

const proxies: readonly (readonly [Layer, RecordName])[] = [
  ["l1", "LockManager"],
  ["l1", "L1Gateway"],
  ["l2", "StakingPool"],
  ["l2", "RedemptionQueue"],
  ["l2", "L2Gateway"],
];

describe("tampered settings", () => {
  let world: Verified;
  let stranger: string;

  beforeEach(async () => {
    world = await verifiedProtocol();
    stranger = world.people.stranger.address;
  });

  const addressOf = (name: RecordName): string => world.truth.records[name].address;

  for (const layer of ["l1", "l2"] as const) {
    it(`are none on ${layer} of a protocol just deployed`, async () => {
      expect(await messagesOn(layer, world)).to.deep.equal([]);
      expect(await notesOn(layer, world)).to.deep.equal([]);
    });
  }

  for (const [name, value] of Object.entries(otherParameters)) {
    it(`are named for StakingPool's ${name}`, async () => {
      const { stakingPool } = world.protocol.l2;
      const data = stakingPool.interface.encodeFunctionData("setParameters", [{ ...poolParameters, [name]: value }]);
      await governanceDoes(world, "l2", addressOf("StakingPool"), data);
      const expected = Object.entries(poolParameters).find(([known]) => known === name)?.[1];
      expect(await messagesOn("l2", world)).to.deep.equal([
        `parameter: l2 StakingPool: ${name} is ${value}, expected ${expected}`,
      ]);
    });
  }

  it("are named for LockManager's recallLimitBps", async () => {
    const { lockManager } = world.protocol.l1;
    const data = lockManager.interface.encodeFunctionData("setParameters", [{ recallLimitBps: 201n }]);
    await governanceDoes(world, "l1", addressOf("LockManager"), data);
    expect(await messagesOn("l1", world)).to.deep.equal([
      `parameter: l1 LockManager: recallLimitBps is 201, expected ${lockManagerParameters.recallLimitBps}`,
    ]);
  });

  it("are named for the treasury", async () => {
    const data = world.protocol.l2.stakingPool.interface.encodeFunctionData("setTreasury", [stranger]);
    await governanceDoes(world, "l2", addressOf("StakingPool"), data);
    expect(await messagesOn("l2", world)).to.deep.equal([
      `treasury: l2 StakingPool: treasury is ${stranger}, expected ${world.truth.setup.treasury}`,
    ]);
  });

  it("are named for the peer of L1Gateway", async () => {
    const data = world.protocol.l1.l1Gateway.interface.encodeFunctionData("setL2Gateway", [stranger]);
    await governanceDoes(world, "l1", addressOf("L1Gateway"), data);
    expect(await messagesOn("l1", world)).to.deep.equal([
      `peer: l1 L1Gateway: l2Gateway is ${stranger}, expected ${addressOf("L2Gateway")}`,
    ]);
  });

  it("are named for the peer of L2Gateway", async () => {
    const data = world.protocol.l2.l2Gateway.interface.encodeFunctionData("setL1Gateway", [stranger]);
    await governanceDoes(world, "l2", addressOf("L2Gateway"), data);
    expect(await messagesOn("l2", world)).to.deep.equal([
      `peer: l2 L2Gateway: l1Token is ${stranger}, expected ${addressOf("L1Gateway")}`,
    ]);
  });

  for (const [layer, name] of proxies) {
    it(`are named for the implementation of ${name}`, async () => {
      const { provider } = world[layer];
      const implementation = world.truth.records[name].implementation!;
      await setCode(provider, stranger, await provider.getCode(implementation));
      await writeSlot(world, layer, addressOf(name), implementationSlot, BigInt(stranger));
      expect(await messagesOn(layer, world)).to.deep.equal([
        `implementation: ${layer} ${name}: implementation is ${stranger}, expected ${implementation}`,
      ]);
    });

    it(`are named for the slots of administrator and beacon of ${name}`, async () => {
      await writeSlot(world, layer, addressOf(name), adminSlot, BigInt(stranger));
      await writeSlot(world, layer, addressOf(name), beaconSlot, BigInt(stranger));
      expect(await messagesOn(layer, world)).to.deep.equal([
        `proxySlot: ${layer} ${name}: slot of the administrator is ${stranger}, expected ${nobody}`,
        `proxySlot: ${layer} ${name}: slot of the beacon is ${stranger}, expected ${nobody}`,
      ]);
    });

    it(`are named for the initialised version of ${name} and of its implementation`, async () => {
      const implementation = world.truth.records[name].implementation!;
      await writeSlot(world, layer, addressOf(name), initializableSlot, 2n);
      await writeSlot(world, layer, implementation, initializableSlot, 0n);
      expect(await messagesOn(layer, world)).to.deep.equal([
        `initialisedVersion: ${layer} ${name}: initialised version is 2, expected 1`,
        `initialisedVersion: ${layer} ${name}: initialised version of the implementation is 0, expected locked for ever`,
      ]);
    });

    it(`are named for the authority of ${name}`, async () => {
      const manager = layer === "l1" ? "L1AccessManager" : "L2AccessManager";
      const other = await world[layer].deploy("AccessManager", [stranger]);
      const contract = await world[layer].attach("AccessManager", addressOf(manager));
      const data = contract.interface.encodeFunctionData("updateAuthority", [
        addressOf(name),
        await other.getAddress(),
      ]);
      await governanceDoes(world, layer, addressOf(manager), data);
      expect(await messagesOn(layer, world)).to.deep.equal([
        `authority: ${layer} ${name}: authority is ${await other.getAddress()}, expected ${addressOf(manager)}`,
      ]);
    });
  }

  it("are named for the beacon's implementation", async () => {
    const implementation = world.truth.records.VaultBeacon.implementation!;
    const other = await world.l1.deploy("SequencerVault", [stranger, stranger, stranger]);
    const beacon = await world.l1.attach("UpgradeableBeacon", addressOf("VaultBeacon"));
    const data = beacon.interface.encodeFunctionData("upgradeTo", [await other.getAddress()]);
    await governanceDoes(world, "l1", addressOf("VaultBeacon"), data);
    expect(await messagesOn("l1", world)).to.deep.equal([
      `implementation: l1 VaultBeacon: implementation is ${await other.getAddress()}, expected ${implementation}`,
    ]);
  });

  it("are named for the beacon's owner", async () => {
    const beacon = await world.l1.attach("UpgradeableBeacon", addressOf("VaultBeacon"));
    const data = beacon.interface.encodeFunctionData("transferOwnership", [stranger]);
    await governanceDoes(world, "l1", addressOf("VaultBeacon"), data);
    expect(await messagesOn("l1", world)).to.deep.equal([
      `authority: l1 VaultBeacon: owner is ${stranger}, expected ${addressOf("L1AccessManager")}`,
    ]);
  });

  it("are named for the slots of a vault's proxy", async () => {
    const { vault } = world.protocol.sequencers[0]!;
    for (const slot of [beaconSlot, implementationSlot, adminSlot]) {
      await writeSlot(world, "l1", vault, slot, BigInt(stranger));
    }
    expect(await messagesOn("l1", world)).to.deep.equal([
      `beacon: l1 vault 0: slot of the beacon is ${stranger}, expected ${addressOf("VaultBeacon")}`,
      `proxySlot: l1 vault 0: slot of the implementation is ${stranger}, expected ${nobody}`,
      `proxySlot: l1 vault 0: slot of the administrator is ${stranger}, expected ${nobody}`,
    ]);
  });

  it("are named for a pause, until it is over", async () => {
    const { people, protocol } = world;
    await protocol.l1.lockManager.connect(people.guardian.l1).pause();
    await protocol.l2.stakingPool.connect(people.guardian.l2).pause();
    const [l1Until, l2Until] = [
      await protocol.l1.lockManager.pausedUntil(),
      await protocol.l2.stakingPool.pausedUntil(),
    ];
    expect(await messagesOn("l1", world)).to.deep.equal([
      `pause: l1 LockManager: pause is until ${new Date(Number(l1Until) * 1000).toISOString()}, expected none`,
    ]);
    expect(await messagesOn("l2", world)).to.deep.equal([
      `pause: l2 StakingPool: pause is until ${new Date(Number(l2Until) * 1000).toISOString()}, expected none`,
    ]);
    await world.l2.increaseTo(Number(l2Until));
    expect(await messagesOn("l2", world)).to.deep.equal([]);
  });
});
