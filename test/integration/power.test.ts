import { expect } from "chai";
import { type BaseContract, ZeroAddress, dataSlice, getAddress, parseEther } from "ethers";

import { claim, deposit, depositOnL1, rebalance, requestRedeem, rewardBatch } from "../../scripts/lib/demo/actions";
import { advance, generousEth } from "../../scripts/lib/demo/world";
import { day } from "../../scripts/lib/localClock";
import type { ContractOf } from "../helpers/chains";
import {
  type ProtocolWorld,
  arriveDown,
  bridgeUp,
  deliver,
  expectTrueLedger,
  finaliseQueue,
  livingProtocol,
  protocolAfter,
  report,
  takeReport,
} from "../helpers/protocol";

type Upgradeable = "StakingPool" | "RedemptionQueue" | "L2Gateway" | "LockManager" | "L1Gateway" | "SequencerVault";

const implementationSlot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

/** METIS on its way up and down, a deposit from Ethereum and a report not delivered, and a ticket that waits. */
const inFlight = protocolAfter(livingProtocol, async (world) => {
  const { bob, keeper, stranger, dave } = world.people;
  const { lockManager } = world.protocol.l1;
  await deposit(world, bob, parseEther("9000.000000000000000009"));
  await rebalance(world, stranger);
  await world.protocol.relayer.commitUp();
  const ticket = await requestRedeem(world, bob, parseEther("2500.000000000000000002"));
  await rewardBatch(world, [2_003n, 3_001n]);
  await lockManager.connect(keeper.l1).recall(parseEther("1010.1"), { value: generousEth });
  await depositOnL1(world, dave, parseEther("600.000000000000000006"));
  const minted = await lockManager.lastMessage();
  const reported = await takeReport(world);
  return { ticket, minted, reported };
});

describe("Upgrades by governance (G4)", () => {
  let world: Awaited<ReturnType<typeof inFlight>>;

  beforeEach(async () => {
    world = await inFlight();
  });

  /** A second implementation of each contract, with the same arguments as the first. */
  const deployAgain: Readonly<Record<Upgradeable, () => Promise<BaseContract>>> = {
    StakingPool: () => {
      const { l1, l2 } = world.protocol.deployment;
      return world.l2.deploy("StakingPool", [l2.eMetis, l2.seMetis, l2.redemptionQueue, l2.l2Gateway, l1.lockManager]);
    },
    RedemptionQueue: () => {
      const { l2 } = world.protocol.deployment;
      return world.l2.deploy("RedemptionQueue", [l2.eMetis, l2.seMetis, l2.stakingPool]);
    },
    L2Gateway: () => {
      const { l2, l1ChainId } = world.protocol.deployment;
      return world.l2.deploy("L2Gateway", [l2.stakingPool, l1ChainId]);
    },
    LockManager: () => {
      const { deployment, metis } = world.protocol;
      const { l1Gateway, vaultBeacon } = deployment.l1;
      return world.l1.deploy("LockManager", [metis.metis, metis.lockingPool, l1Gateway, vaultBeacon]);
    },
    L1Gateway: () => {
      const { deployment, metis } = world.protocol;
      return world.l1.deploy("L1Gateway", [deployment.l1.lockManager, metis.metis, metis.bridge, deployment.l2ChainId]);
    },
    SequencerVault: () => {
      const { deployment, metis } = world.protocol;
      return world.l1.deploy("SequencerVault", [metis.metis, metis.lockingPool, deployment.l1.lockManager]);
    },
  };

  interface Upgrade {
    readonly manager: ContractOf<"AccessManager">;
    readonly target: string;
    readonly data: string;
    readonly implementation: string;
  }

  const prepare = async (name: Upgradeable): Promise<Upgrade> => {
    const { l1, l2 } = world.protocol.deployment;
    const { governance } = world.people;
    const isOnL2 = name === "StakingPool" || name === "RedemptionQueue" || name === "L2Gateway";
    const manager = isOnL2
      ? await world.l2.attach("AccessManager", l2.accessManager, governance.l2)
      : await world.l1.attach("AccessManager", l1.accessManager, governance.l1);
    const implementation = await (await deployAgain[name]()).getAddress();
    if (name === "SequencerVault") {
      const beacon = await world.l1.attach("UpgradeableBeacon", l1.vaultBeacon);
      const data = beacon.interface.encodeFunctionData("upgradeTo", [implementation]);
      return { manager, target: l1.vaultBeacon, data, implementation };
    }
    const proxies = { ...addressesOnL2(), LockManager: l1.lockManager, L1Gateway: l1.l1Gateway };
    const pool = world.protocol.l2.stakingPool.interface;
    const data = pool.encodeFunctionData("upgradeToAndCall", [implementation, "0x"]);
    return { manager, target: proxies[name], data, implementation };
  };

  const addressesOnL2 = () => {
    const { l2 } = world.protocol.deployment;
    return { StakingPool: l2.stakingPool, RedemptionQueue: l2.redemptionQueue, L2Gateway: l2.l2Gateway };
  };

  /** Schedules all, waits as long as governance has to, and carries them out. */
  const upgrade = async (names: readonly Upgradeable[]): Promise<readonly Upgrade[]> => {
    const upgrades: Upgrade[] = [];
    for (const name of names) upgrades.push(await prepare(name));
    for (const { manager, target, data } of upgrades) await manager.schedule(target, data, 0);
    await advance(world, 42 * day + 60);
    for (const { manager, target, data } of upgrades) await manager.execute(target, data);
    return upgrades;
  };

  /** Everything that was in flight arrives, and every wei is where it belongs. */
  const expectNothingLost = async () => {
    const { l1, l2, relayer } = world.protocol;
    await relayer.deliverUp();
    await l1.lockManager.allocate();
    await arriveDown(world);
    await l2.l2Gateway.forwardArrivals();
    await deliver(world, world.minted);
    await deliver(world, world.reported);
    await report(world);
    await expectTrueLedger(world);
    await finaliseQueue(world);
    expect(await claim(world, world.people.stranger, world.ticket)).to.equal(parseEther("2500.000000000000000002"));
    expect(await l2.stakingPool.l1DepositMinted(world.minted)).to.equal(parseEther("600.000000000000000006"));
    await expectTrueLedger(world);
  };

  const proxies = ["StakingPool", "RedemptionQueue", "L2Gateway", "LockManager", "L1Gateway"] as const;
  for (const name of proxies) {
    it(`of ${name} loses nothing of what is in flight`, async () => {
      const [done] = await upgrade([name]);
      const { provider } = name === "LockManager" || name === "L1Gateway" ? world.l1 : world.l2;
      const stored = await provider.getStorage(done!.target, implementationSlot);
      expect(getAddress(dataSlice(stored, 12))).to.equal(done!.implementation);
      await expectNothingLost();
    });
  }

  it("of the vaults' beacon loses nothing of what is in flight", async () => {
    const [done] = await upgrade(["SequencerVault"]);
    const beacon = await world.l1.attach("UpgradeableBeacon", done!.target);
    expect(await beacon.implementation()).to.equal(done!.implementation);
    await expectNothingLost();
  });

  it("of everything at once loses nothing of what is in flight", async () => {
    await upgrade([...proxies, "SequencerVault"]);
    await expectNothingLost();
  });

  it("are not possible before their 42 days", async () => {
    const { manager, target, data } = await prepare("StakingPool");
    await manager.schedule(target, data, 0);
    await world.l2.increase(42 * day - 60);
    const id = await manager.hashOperation(world.people.governance.address, target, data);
    await expect(manager.execute(target, data))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
      .withArgs(id);
  });

  it("are not possible for anybody else", async () => {
    const { target, implementation } = await prepare("StakingPool");
    const { deployer } = world.people;
    const pool = await world.l2.attach("StakingPool", target, deployer.l2);
    await expect(pool.upgradeToAndCall(implementation, "0x"))
      .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
      .withArgs(deployer.address);
  });

  it("let a new gateway go on counting: what the old one did not deliver is sent again and minted once (C11)", async () => {
    const { l1, l2, l1ChainId } = world.protocol.deployment;
    const { governance, stranger } = world.people;
    const { stakingPool } = world.protocol.l2;
    const lockManager = world.protocol.l1.lockManager.connect(stranger.l1);
    const first = await world.l2.deploy("L2Gateway", [l2.stakingPool, l1ChainId]);
    const initialize = first.interface.encodeFunctionData("initialize", [l2.accessManager, l1.l1Gateway]);
    const gateway = await world.l2.attach("L2Gateway", await world.l2.deploy("ERC1967Proxy", [first, initialize]));
    const pool = await world.l2.deploy("StakingPool", [
      ...([l2.eMetis, l2.seMetis, l2.redemptionQueue, gateway, l1.lockManager] as const),
    ]);
    const onL1 = await world.l1.attach("AccessManager", l1.accessManager, governance.l1);
    const onL2 = await world.l2.attach("AccessManager", l2.accessManager, governance.l2);
    const swap = stakingPool.interface.encodeFunctionData("upgradeToAndCall", [await pool.getAddress(), "0x"]);
    const point = world.protocol.l1.l1Gateway.interface.encodeFunctionData("setL2Gateway", [
      await gateway.getAddress(),
    ]);
    await onL2.schedule(l2.stakingPool, swap, 0);
    await onL1.schedule(l1.l1Gateway, point, 0);
    await arriveDown(world);
    await world.protocol.l2.l2Gateway.forwardArrivals();
    await advance(world, 42 * day + 60);
    await onL2.execute(l2.stakingPool, swap);
    await onL1.execute(l1.l1Gateway, point);

    await lockManager.resend(world.minted, { value: generousEth });
    await arriveDown(world);
    const [event] = await lockManager.queryFilter(lockManager.filters.MessageSent(world.minted), 0);
    await gateway.deliver(world.minted, event!.args.payload);
    expect(await stakingPool.l1DepositMinted(world.minted)).to.equal(parseEther("600.000000000000000006"));
    await expect(deliver(world, world.minted)).to.be.revertedWithCustomError(stakingPool, "StakingPool__Unauthorized");
    expect(await takeReport(world)).to.equal(world.reported + 1n);
  });
});

describe("The guardian's pause (G2, C4)", () => {
  let world: ProtocolWorld;
  let stakingPool: ContractOf<"StakingPool">;
  let lockManager: ContractOf<"LockManager">;

  beforeEach(async () => {
    world = await livingProtocol();
    ({ stakingPool } = world.protocol.l2);
    ({ lockManager } = world.protocol.l1);
  });

  const pause = async () => {
    await stakingPool.connect(world.people.guardian.l2).pause();
    await lockManager.connect(world.people.guardian.l1).pause();
  };

  it("stops deposits and instant redemption on Metis, and deposits on Ethereum", async () => {
    await pause();
    const { carol, dave } = world.people;
    const until = await stakingPool.pausedUntil();
    expect(until).to.equal((await world.l2.now()) + 7 * day);
    await expect(stakingPool.deposit(carol.address, ZeroAddress, { value: 10n ** 18n }))
      .to.be.revertedWithCustomError(stakingPool, "StakingPool__Paused")
      .withArgs(until);
    await expect(stakingPool.redeemInstant(10n ** 18n, 0n, carol.address))
      .to.be.revertedWithCustomError(stakingPool, "StakingPool__Paused")
      .withArgs(until);
    await expect(lockManager.connect(dave.l1).deposit(10n ** 18n, dave.address, true, { value: generousEth }))
      .to.be.revertedWithCustomError(lockManager, "LockManager__Paused")
      .withArgs(await lockManager.pausedUntil());
  });

  it("lets reports go on, with their rewards", async () => {
    await pause();
    const supply = await world.protocol.l2.eMetis.totalSupply();
    await rewardBatch(world, [1_009n, 1_013n]);
    await report(world);
    expect(await world.protocol.l2.eMetis.totalSupply()).to.be.greaterThan(supply);
    await expectTrueLedger(world);
  });

  it("lets finalised tickets be claimed", async () => {
    const id = await requestRedeem(world, world.people.bob, parseEther("99.000000000000000009"));
    await finaliseQueue(world);
    await pause();
    expect(await claim(world, world.people.stranger, id)).to.equal(parseEther("99.000000000000000009"));
  });

  it("lets METIS in flight arrive and be booked", async () => {
    await deposit(world, world.people.bob, parseEther("9000"));
    await rebalance(world, world.people.stranger);
    await lockManager.connect(world.people.keeper.l1).recall(parseEther("1000"), { value: generousEth });
    await pause();
    await bridgeUp(world);
    await report(world);
    await world.protocol.l2.l2Gateway.forwardArrivals();
    await expectTrueLedger(world);
  });

  it("ends by itself after 7 days, and does not come again within 30", async () => {
    await pause();
    const until = Number(await stakingPool.pausedUntil());
    await world.l2.increaseTo(until);
    await deposit(world, world.people.carol, parseEther("1"));
    const clock = await world.l2.attach("PauseClock", stakingPool);
    await expect(stakingPool.connect(world.people.guardian.l2).pause())
      .to.be.revertedWithCustomError(clock, "PauseClock__TooSoon")
      .withArgs(until + 30 * day);
    await world.l2.setNextBlockTimestamp(until + 30 * day);
    await stakingPool.connect(world.people.guardian.l2).pause();
    expect(await stakingPool.pausedUntil()).to.equal(until + 37 * day);
  });

  it("is nobody else's", async () => {
    const { keeper } = world.people;
    await expect(stakingPool.connect(keeper.l2).pause())
      .to.be.revertedWithCustomError(stakingPool, "AccessManagedUnauthorized")
      .withArgs(keeper.address);
    await expect(lockManager.connect(keeper.l1).pause())
      .to.be.revertedWithCustomError(lockManager, "AccessManagedUnauthorized")
      .withArgs(keeper.address);
  });
});
