import { expect } from "chai";
import { Interface, ZeroAddress, ZeroHash, keccak256, parseEther } from "ethers";

import { lockManagerParameters } from "../../../scripts/config/parameters";
import { roles } from "../../../scripts/config/roles";
import { createFixture } from "../../helpers/chains";
import {
  DAY,
  addVault,
  configOf,
  deployLockManager,
  lockAll,
  messageFee,
  metisFee,
  minLock,
  phase,
  raiseNeed,
  reward,
} from "../../helpers/lockManager";

/** What anyone may call; all else that changes state must be restricted. */
const permissionless = [
  "allocate()",
  "beginExitForNeed(uint256)",
  "deposit(uint256,address,bool)",
  "expelDonation(uint256)",
  "finishExit(uint256)",
  "harvest()",
  "payCommission(uint256)",
  "recallForNeed()",
  "refreshRewardRecipient(uint256)",
  "report()",
  "resend(uint256)",
  "sweepVault(uint256)",
  "sync()",
];

/** Guarded by who calls, or by being over. */
const guardedOtherwise = {
  "initialize(address,(uint16))": "InvalidInitialization",
  "raiseNeed(uint64,uint96)": "LockManager__Unauthorized",
  "setAuthority(address)": "AccessManagedUnauthorized",
} as const;

const config = [ZeroAddress, 0, 0, ZeroHash, ZeroHash];

/** Arguments that a restricted function never comes to look at. */
const restricted: Readonly<Record<string, readonly unknown[]>> = {
  "addVault((address,uint16,uint96,bytes32,bytes32))": [config],
  "beginExit(uint256)": [0],
  "configureVault(uint256,(address,uint16,uint96,bytes32,bytes32))": [0, config],
  "extendPause(address,bytes)": [ZeroAddress, "0x"],
  "pause()": [],
  "recall(uint256)": [1],
  "setParameters((uint16))": [[0]],
  "tightenParameters((uint16))": [[0]],
  "tightenVault(uint256,uint16,uint96)": [0, 0, 0],
  "unpause()": [],
  "upgradeToAndCall(address,bytes)": [ZeroAddress, "0x"],
};

describe("LockManager powers", () => {
  const fixture = createFixture((chains) => deployLockManager(chains));

  describe("access", () => {
    it("is settled for every function that changes state", async () => {
      const { manager } = await fixture();
      const found: string[] = [];
      manager.interface.forEachFunction((fragment) => {
        if (!fragment.constant) found.push(fragment.format("sighash"));
      });
      const table = [...permissionless, ...Object.keys(guardedOtherwise), ...Object.keys(restricted)];
      expect(found.sort()).to.deep.equal(table.sort());
    });

    for (const [name, parameters] of Object.entries(restricted)) {
      it(`is refused to a stranger for ${name}`, async () => {
        const { manager, carol } = await fixture();
        const data = new Interface(manager.interface.fragments).encodeFunctionData(name, parameters);
        await expect(carol.sendTransaction({ to: manager, data }))
          .to.be.revertedWithCustomError(manager, "AccessManagedUnauthorized")
          .withArgs(carol.address);
      });
    }

    for (const [name, error] of Object.entries(guardedOtherwise)) {
      it(`is refused to a stranger for ${name}`, async () => {
        const { manager, carol, access } = await fixture();
        const values = { initialize: [access.target, [1]], raiseNeed: [1, 1], setAuthority: [access.target] };
        const short = name.slice(0, name.indexOf("(")) as keyof typeof values;
        const data = new Interface(manager.interface.fragments).encodeFunctionData(name, values[short]);
        await expect(carol.sendTransaction({ to: manager, data })).to.be.revertedWithCustomError(manager, error);
      });
    }

    it("follows the table of roles", async () => {
      const { access, manager } = await fixture();
      const target = await manager.getAddress();
      for (const [name, role] of Object.entries(roles)) {
        const functions: readonly string[] =
          "LockManager" in role.functions ? (role.functions as { LockManager: readonly string[] }).LockManager : [];
        for (const fragment of functions) {
          const { selector } = manager.interface.getFunction(fragment as "pause");
          expect(await access.getTargetFunctionRole(target, selector), `${name} ${fragment}`).to.equal(role.id);
        }
      }
    });
  });

  describe("initialisation", () => {
    it("sets the parameters once", async () => {
      const { manager } = await fixture();
      expect((await manager.parameters()).recallLimitBps).to.equal(lockManagerParameters.recallLimitBps);
    });

    it("is locked in the implementations", async () => {
      const { l1, deployment, access } = await fixture();
      const implementation = await l1.attach("LockManager", deployment.l1.implementations.lockManager);
      await expect(implementation.initialize(access, { recallLimitBps: 1 })).to.be.revertedWithCustomError(
        implementation,
        "InvalidInitialization",
      );
    });

    it("refuses a recall limit above ten per cent", async () => {
      const { l1, deployment, access, manager } = await fixture();
      const data = manager.interface.encodeFunctionData("initialize", [access.target, { recallLimitBps: 1_001 }]);
      await expect(
        l1.deploy("ERC1967Proxy", [deployment.l1.implementations.lockManager, data]),
      ).to.be.revertedWithCustomError(manager, "LockManager__OutOfBounds");
    });
  });

  describe("the second half of the code", () => {
    it("has no vaults and no power by itself", async () => {
      const { manager, l1 } = await fixture();
      const operations = await l1.attach("VaultOperations", await manager.OPERATIONS());
      await operations.allocate();
      await operations.harvest();
      await expect(operations.finishExit(0)).to.be.revertedWithCustomError(operations, "LockManager__UnknownVault");
      await expect(operations.recall(1)).to.be.revertedWithCustomError(operations, "LockManager__RecallLimited");
    });

    it("speaks to the same contracts", async () => {
      const { manager, l1 } = await fixture();
      const operations = await l1.attach("VaultOperations", await manager.OPERATIONS());
      for (const name of ["METIS", "LOCKING_POOL", "L1_GATEWAY"] as const) {
        expect(await operations[name]()).to.equal(await manager[name]());
      }
    });
  });

  describe("vaults", () => {
    it("are where they were foretold", async () => {
      const world = await fixture();
      const { manager, pool } = world;
      const foretold = await manager.vaultAddress(3);
      const vault = await addVault(world);
      expect(vault.address).to.equal(foretold);
      expect((await manager.vaultAt(3)).vault).to.equal(foretold);
      expect(await manager.vaultAddress(3)).to.equal(foretold);
      expect(await manager.vaultCount()).to.equal(4n);
      expect(await pool.whitelist(foretold)).to.equal(true);
      world.vaults.pop();
    });

    it("are told with their configuration", async () => {
      const { asGovernance, manager, l1 } = await fixture();
      const config = configOf(l1, 3);
      const transaction = asGovernance.addVault(config);
      await expect(transaction)
        .to.emit(manager, "VaultAdded")
        .withArgs(3n, await manager.vaultAddress(3));
      await expect(transaction)
        .to.emit(manager, "VaultConfigured")
        .withArgs(3n, Object.values(reordered(config)));
    });

    it("are twenty at most", async () => {
      const { asGovernance, manager, l1 } = await fixture();
      for (let index = 3; index < 20; index++) await asGovernance.addVault(configOf(l1, index));
      await expect(asGovernance.addVault(configOf(l1, 20)))
        .to.be.revertedWithCustomError(manager, "LockManager__TooManyVaults")
        .withArgs(20n);
    });

    it("need an operator, a key and a commission within bounds", async () => {
      const { asGovernance, manager, l1 } = await fixture();
      const config = configOf(l1, 3);
      await expect(asGovernance.addVault({ ...config, operator: ZeroAddress })).to.be.revertedWithCustomError(
        manager,
        "LockManager__ZeroAddress",
      );
      await expect(asGovernance.addVault({ ...config, pubkeyX: ZeroHash })).to.be.revertedWithCustomError(
        manager,
        "LockManager__ZeroPubkey",
      );
      await expect(asGovernance.addVault({ ...config, commissionBps: 1_501 }))
        .to.be.revertedWithCustomError(manager, "LockManager__OutOfBounds")
        .withArgs(toBytes32("commissionBps"), 1_501n, 0n, 1_500n);
    });

    it("take another operator and key while they wait", async () => {
      const { asGovernance, manager, l1, bob } = await fixture();
      const config = { ...configOf(l1, 0, "another"), operator: bob.address, commissionBps: 1 };
      await asGovernance.configureVault(0, config);
      const vault = await manager.vaultAt(0);
      expect([vault.operator, vault.commissionBps, vault.pubkeyY]).to.deep.equal([bob.address, 1n, config.pubkeyY]);
    });

    it("keep operator and key once they have a position", async () => {
      const world = await fixture();
      const { asGovernance, manager, l1, bob } = world;
      await lockAll(world, minLock);
      const config = configOf(l1, 0);
      for (const other of [
        { ...config, operator: bob.address },
        { ...config, pubkeyX: keccak256("0x01") },
        { ...config, pubkeyY: keccak256("0x01") },
      ]) {
        await expect(asGovernance.configureVault(0, other))
          .to.be.revertedWithCustomError(manager, "LockManager__WrongPhase")
          .withArgs(0n, phase.active);
      }
      await asGovernance.configureVault(0, { ...config, cap: parseEther("50000") });
      expect((await manager.vaultAt(0)).cap).to.equal(parseEther("50000"));
    });

    it("keep operator and key while the operator is owed something", async () => {
      const world = await fixture();
      const { asGovernance, manager, l1 } = world;
      await lockAll(world, minLock);
      await reward(world, [1_001n]);
      await manager.sync();
      await asGovernance.beginExit(0, { value: metisFee });
      await l1.increase(21 * DAY);
      await manager.finishExit(0);
      const { owed } = await manager.vaultAt(0);
      await expect(asGovernance.configureVault(0, configOf(l1, 0, "another")))
        .to.be.revertedWithCustomError(manager, "LockManager__StillOwed")
        .withArgs(0n, owed);
    });

    it("can be tightened, never loosened, with the shorter delay", async () => {
      const { asGovernance, manager } = await fixture();
      await asGovernance.tightenVault(0, 499, parseEther("99999"));
      const vault = await manager.vaultAt(0);
      expect([vault.commissionBps, vault.cap]).to.deep.equal([499n, parseEther("99999")]);
      await expect(asGovernance.tightenVault(0, 500, 0))
        .to.be.revertedWithCustomError(manager, "LockManager__NotTighter")
        .withArgs(toBytes32("commissionBps"), 499n, 500n);
      await expect(asGovernance.tightenVault(0, 0, parseEther("99999") + 1n))
        .to.be.revertedWithCustomError(manager, "LockManager__NotTighter")
        .withArgs(toBytes32("cap"), parseEther("99999"), parseEther("99999") + 1n);
    });

    it("are refused when there is none of that index", async () => {
      const { asGovernance, manager, l1 } = await fixture();
      for (const call of [
        () => asGovernance.configureVault(3, configOf(l1, 3)),
        () => asGovernance.tightenVault(3, 0, 0),
        () => manager.vaultAt(3),
        () => manager.payCommission(3),
        () => manager.refreshRewardRecipient(3),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(manager, "LockManager__UnknownVault").withArgs(3n);
      }
    });

    it("send later rewards to another gateway on Metis after anyone's call", async () => {
      const world = await fixture();
      const { manager, gateway, governance, pool, bob } = world;
      await lockAll(world, minLock);
      await gateway.connect(governance).setL2Gateway(bob);
      await manager.refreshRewardRecipient(0);
      const { sequencerId } = await manager.vaultAt(0);
      expect((await pool.sequencers(sequencerId)).rewardRecipient).to.equal(bob.address);
    });

    it("get new code all at once through their beacon", async () => {
      const world = await fixture();
      const { l1, metis, deployment, access, beacon, governance } = world;
      await lockAll(world, minLock);
      const next = await l1.deploy("SequencerVault", [metis.metis, metis.lockingPool, deployment.l1.lockManager]);
      await access
        .connect(governance)
        .execute(beacon, beacon.interface.encodeFunctionData("upgradeTo", [await next.getAddress()]));
      expect(await beacon.implementation()).to.equal(await next.getAddress());
      await lockAll(world, 5n);
      expect((await world.manager.vaultAt(0)).principal).to.equal(minLock + 5n);
    });
  });

  describe("parameters", () => {
    it("move within their bounds", async () => {
      const { asGovernance, manager } = await fixture();
      await expect(asGovernance.setParameters({ recallLimitBps: 1_000 }))
        .to.emit(manager, "ParametersSet")
        .withArgs([1_000n]);
      await expect(asGovernance.setParameters({ recallLimitBps: 1_001 }))
        .to.be.revertedWithCustomError(manager, "LockManager__OutOfBounds")
        .withArgs(toBytes32("recallLimitBps"), 1_001n, 0n, 1_000n);
    });

    it("only tighten with the shorter delay", async () => {
      const { asGovernance, manager } = await fixture();
      await asGovernance.tightenParameters({ recallLimitBps: 199 });
      await expect(asGovernance.tightenParameters({ recallLimitBps: 200 }))
        .to.be.revertedWithCustomError(manager, "LockManager__NotTighter")
        .withArgs(toBytes32("recallLimitBps"), 199n, 200n);
    });
  });

  describe("a pause", () => {
    it("lasts seven days by itself", async () => {
      const { asGuardian, manager, l1 } = await fixture();
      await asGuardian.pause();
      const until = (await l1.now()) + 7 * DAY;
      expect(await manager.pausedUntil()).to.equal(until);
      await l1.setNextBlockTimestamp(until - 1);
      await expect(manager.allocate()).to.be.revertedWithCustomError(manager, "LockManager__Paused").withArgs(until);
      await l1.setNextBlockTimestamp(until);
      await manager.allocate();
    });

    it("stops neither reports nor recalls for the need nor exits nor pay", async () => {
      const world = await fixture();
      const { asGuardian, manager, asGovernance, l1, token } = world;
      await lockAll(world, minLock + 7n);
      await reward(world, [1_001n]);
      await asGuardian.pause();
      await manager.report({ value: messageFee });
      await manager.resend(1, { value: messageFee });
      await raiseNeed(world, 1n);
      await manager.recallForNeed({ value: metisFee });
      await manager.harvest();
      await asGovernance.beginExit(0);
      await l1.increase(21 * DAY);
      await manager.finishExit(0);
      await manager.payCommission(0);
      expect(await token.balanceOf(world.vaults[0]!.operator)).to.be.greaterThan(0n);
    });

    it("does not come again within thirty days", async () => {
      const { asGuardian, manager, l1 } = await fixture();
      await asGuardian.pause();
      const notBefore = (await l1.now()) + 37 * DAY;
      await l1.setNextBlockTimestamp(notBefore - 1);
      await expect(asGuardian.pause())
        .to.be.revertedWithCustomError(manager, "PauseClock__TooSoon")
        .withArgs(notBefore);
      await l1.setNextBlockTimestamp(notBefore);
      await asGuardian.pause();
    });

    it("ends early by governance, and the thirty days count from there", async () => {
      const { asGuardian, asGovernance, manager, l1 } = await fixture();
      await asGuardian.pause();
      await asGovernance.unpause();
      const ended = await l1.now();
      expect(await manager.pausedUntil()).to.equal(ended);
      await manager.allocate();
      await expect(asGuardian.pause())
        .to.be.revertedWithCustomError(manager, "PauseClock__TooSoon")
        .withArgs(ended + 30 * DAY);
    });

    it("cannot end when there is none", async () => {
      const { asGovernance, manager } = await fixture();
      await expect(asGovernance.unpause()).to.be.revertedWithCustomError(manager, "PauseClock__NotPaused");
    });

    it("can last until an upgrade that is scheduled can be executed", async () => {
      const { asGuardian, manager, access, bob, l1 } = await fixture();
      await access.grantRole(roles.governance.id, bob, 42 * DAY);
      const data = manager.interface.encodeFunctionData("upgradeToAndCall", [bob.address, "0x"]);
      await asGuardian.pause();
      const pausedAt = await l1.now();
      await expect(asGuardian.extendPause(bob, data)).to.be.revertedWithCustomError(
        manager,
        "PauseClock__NotScheduled",
      );
      await access.connect(bob).schedule(manager, data, 0);
      const executableAt = (await l1.now()) + 42 * DAY;
      await expect(asGuardian.extendPause(bob, data)).to.emit(manager, "PausedUntilSet").withArgs(executableAt);
      expect(executableAt).to.be.at.most(pausedAt + 49 * DAY);
    });
  });

  describe("an upgrade", () => {
    it("keeps everything that was here", async () => {
      const world = await fixture();
      const { asGovernance, manager, l1, metis, deployment, gateway } = world;
      await lockAll(world, 2n * minLock);
      await reward(world, [1_001n, 3n]);
      await manager.report({ value: messageFee });
      const state = async () => [
        await manager.idle(),
        await manager.counters(),
        await manager.vaultAt(0),
        await manager.l1Assets(),
        await manager.payloadHash(1),
        await manager.lastMessage(),
      ];
      const before = await state();
      const { vaultBeacon } = deployment.l1;
      const next = await l1.deploy("LockManager", [
        metis.metis,
        metis.lockingPool,
        await gateway.getAddress(),
        vaultBeacon,
      ]);
      await asGovernance.upgradeToAndCall(next, "0x");
      expect(await state()).to.deep.equal(before);
      await manager.harvest();
      await manager.report({ value: messageFee });
    });

    it("waits governance's delay", async () => {
      const { manager, access, bob, l1, metis, deployment, gateway } = await fixture();
      await access.grantRole(roles.governance.id, bob, roles.governance.delay);
      const { vaultBeacon } = deployment.l1;
      const next = await l1.deploy("LockManager", [
        metis.metis,
        metis.lockingPool,
        await gateway.getAddress(),
        vaultBeacon,
      ]);
      const asBob = manager.connect(bob);
      const data = manager.interface.encodeFunctionData("upgradeToAndCall", [await next.getAddress(), "0x"]);
      await expect(asBob.upgradeToAndCall(next, "0x")).to.be.revertedWithCustomError(
        access,
        "AccessManagerNotScheduled",
      );
      await access.connect(bob).schedule(manager, data, 0);
      await l1.increase(42 * DAY - 60);
      await expect(asBob.upgradeToAndCall(next, "0x")).to.be.revertedWithCustomError(access, "AccessManagerNotReady");
      await l1.increase(60);
      await asBob.upgradeToAndCall(next, "0x");
    });
  });
});

function toBytes32(name: string): string {
  return `0x${Buffer.from(name).toString("hex").padEnd(64, "0")}`;
}

function reordered({ operator, commissionBps, cap, pubkeyX, pubkeyY }: ReturnType<typeof configOf>) {
  return { operator, commissionBps, cap, pubkeyX, pubkeyY };
}
