import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import { type RestrictedContract, type Role, adminRole, roles } from "../../../scripts/config/roles";
import {
  DAY,
  HOUR,
  type PoolFixture,
  applyReport,
  arrive,
  fieldsOf,
  nameOf,
  poolFixture,
  startParameters,
} from "../../helpers/pool";

type Parameters = Record<keyof typeof startParameters, bigint>;

/** Each function that changes state: open to all, to the gateway or bridge alone, or by the table of roles. */
const access = {
  StakingPool: {
    open: ["deposit", "depositAndStake", "redeemInstant", "rebalance", "fundQueue"],
    peers: ["applyReport", "mintL1Deposit", "bookArrival"],
    restricted: {
      confirmLoss: 2n,
      setParameters: adminRole,
      tightenParameters: 1n,
      setTreasury: adminRole,
      pause: 3n,
      extendPause: 3n,
      unpause: 1n,
      upgradeToAndCall: adminRole,
    },
    setup: ["initialize", "setAuthority"],
  },
  L2Gateway: {
    open: ["deliver", "forwardArrivals", "signalNeed"],
    peers: ["mint"],
    restricted: { setL1Gateway: adminRole, upgradeToAndCall: adminRole },
    setup: ["initialize", "setAuthority"],
  },
} as const satisfies Partial<
  Record<
    RestrictedContract,
    {
      open: readonly string[];
      peers: readonly string[];
      restricted: Record<string, bigint>;
      setup: readonly string[];
    }
  >
>;

describe("StakingPool and L2Gateway: power", () => {
  let fixture: PoolFixture;
  let { l2, pool, gateway, manager, eMetis, queue, deployer, deployment, alice, bob, carol, keeper, guardian } =
    {} as PoolFixture;
  beforeEach(async () => {
    fixture = await poolFixture();
    ({ l2, pool, gateway, manager, eMetis, queue, deployer, deployment, alice, bob, carol, keeper, guardian } =
      fixture);
  });

  for (const name of ["StakingPool", "L2Gateway"] as const) {
    describe(`each function of ${name}`, () => {
      const { open, peers, restricted, setup } = access[name];
      const contractOf = () => (name === "StakingPool" ? pool : gateway);
      const changing = () => {
        const names: string[] = [];
        contractOf().interface.forEachFunction((fragment) => {
          if (!fragment.constant) names.push(fragment.name);
        });
        return names.sort();
      };

      it("that changes state is in the table", () => {
        const table: readonly string[] = [...open, ...peers, ...Object.keys(restricted), ...setup];
        expect(changing()).to.deep.equal([...table].sort());
      });

      it("that is restricted has the role of the table, and refuses everybody else", async () => {
        for (const [fragmentName, role] of Object.entries<bigint>(restricted)) {
          const fragment = contractOf().interface.getFunction(fragmentName as never);
          expect(await manager.getTargetFunctionRole(contractOf(), fragment.selector)).to.equal(role);
          const data = contractOf().interface.encodeFunctionData(
            fragmentName as never,
            fragment.inputs.map((input) => exampleOf(input.type)) as never,
          );
          for (const stranger of [alice, keeper]) {
            await expect(stranger.sendTransaction({ to: contractOf(), data }))
              .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
              .withArgs(stranger);
          }
        }
      });

      it("that is restricted is in the deployment's table of roles, or governance's", () => {
        const listed = new Map<string, bigint>();
        for (const role of Object.values<Role>(roles)) {
          for (const fragmentName of role.functions[name] ?? []) listed.set(fragmentName, role.id);
        }
        const others = Object.entries<bigint>(restricted).filter(([, role]) => role !== adminRole);
        expect([...listed].sort()).to.deep.equal([...others].sort());
      });

      it("of set-up is shut: no second initialisation, no other authority", async () => {
        await expect(initialize(contractOf().target as string)).to.be.revertedWithCustomError(
          pool,
          "InvalidInitialization",
        );
        const implementation =
          name === "StakingPool" ? deployment.l2.implementations.stakingPool : deployment.l2.implementations.l2Gateway;
        await expect(initialize(implementation)).to.be.revertedWithCustomError(pool, "InvalidInitialization");
        await expect(contractOf().setAuthority(alice))
          .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
          .withArgs(deployer);
      });

      async function initialize(at: string) {
        const parameters =
          name === "StakingPool" ? [manager.target, bob.address, startParameters] : [manager.target, bob.address];
        const data = contractOf().interface.encodeFunctionData("initialize" as never, parameters as never);
        return alice.sendTransaction({ to: at, data });
      }
    });
  }

  function exampleOf(type: string): unknown {
    if (type === "address") return bob.address;
    if (type === "bytes") return "0x";
    return startParameters;
  }

  it("gives no power over METIS to the holder of any role: nothing but the table's functions answers them", async () => {
    const { totalAssets } = await pool.solvency();
    await pool.connect(deployer).pause();
    await pool.connect(deployer).unpause();
    await pool.connect(deployer).confirmLoss();
    await pool.connect(deployer).setTreasury(deployer);
    expect(await pool.totalAssets()).to.equal(totalAssets);
    await expect(eMetis.connect(deployer).mint(deployer, 1n))
      .to.be.revertedWithCustomError(eMetis, "EMetis__Unauthorized")
      .withArgs(deployer);
  });

  describe("parameters", () => {
    const bounds: Partial<Record<keyof Parameters, readonly [bigint, bigint]>> = {
      protocolFeeBps: [0n, 2_000n],
      maxRewardRateBps: [0n, 10_000n],
      lossThresholdBps: [0n, 10_000n],
      reserveBps: [0n, 3_000n],
      minInstantFeeBps: [0n, startParameters.maxInstantFeeBps],
      streamPeriod: [BigInt(DAY), 30n * BigInt(DAY)],
      l1DepositLimit: [parseEther("1000"), 2n ** 96n - 1n],
    };

    it("start as they were deployed", async () => {
      expect(fieldsOf(await pool.parameters())).to.deep.equal({ ...startParameters });
      expect(await pool.treasury()).to.equal(fixture.treasury.address);
    });

    for (const [name, [minimum, maximum]] of Object.entries(bounds)) {
      it(`can be set from ${minimum} to ${maximum}: ${name}`, async () => {
        for (const value of [minimum, maximum]) {
          const next = { ...startParameters, [name]: value };
          await expect(pool.setParameters(next)).to.emit(pool, "ParametersSet").withArgs(Object.values(next));
          expect(fieldsOf(await pool.parameters())).to.deep.equal(next);
        }
        for (const value of [
          ...(minimum > 0n ? [minimum - 1n] : []),
          ...(maximum < 2n ** 96n - 1n ? [maximum + 1n] : []),
        ]) {
          await expect(pool.setParameters({ ...startParameters, [name]: value }))
            .to.be.revertedWithCustomError(pool, "StakingPool__OutOfBounds")
            .withArgs(nameOf(name), value, minimum, maximum);
        }
      });
    }

    it("can be set from 0 to 500, above the lower fee: maxInstantFeeBps", async () => {
      await pool.setParameters({ ...startParameters, maxInstantFeeBps: 500n });
      await pool.setParameters({ ...startParameters, minInstantFeeBps: 0n, maxInstantFeeBps: 0n });
      await expect(pool.setParameters({ ...startParameters, maxInstantFeeBps: 501n }))
        .to.be.revertedWithCustomError(pool, "StakingPool__OutOfBounds")
        .withArgs(nameOf("maxInstantFeeBps"), 501n, 0n, 500n);
    });

    const tighter: readonly (readonly [keyof Parameters, bigint])[] = [
      ["protocolFeeBps", -1n],
      ["maxRewardRateBps", -1n],
      ["lossThresholdBps", -1n],
      ["minInstantFeeBps", -1n],
      ["maxInstantFeeBps", -1n],
      ["l1DepositLimit", -1n],
      ["reserveBps", 1n],
      ["streamPeriod", 1n],
    ];
    for (const [name, change] of tighter) {
      it(`tighten one way only: ${name}`, async () => {
        const current = startParameters[name];
        await pool.tightenParameters({ ...startParameters, [name]: current });
        await expect(pool.tightenParameters({ ...startParameters, [name]: current - change }))
          .to.be.revertedWithCustomError(pool, "StakingPool__NotTighter")
          .withArgs(nameOf(name), current, current - change);
        await pool.tightenParameters({ ...startParameters, [name]: current + change });
        expect((await pool.parameters())[name]).to.equal(current + change);
      });
    }

    it("stay within their bounds when they tighten", async () => {
      await expect(pool.tightenParameters({ ...startParameters, reserveBps: 3_001n }))
        .to.be.revertedWithCustomError(pool, "StakingPool__OutOfBounds")
        .withArgs(nameOf("reserveBps"), 3_001n, 0n, 3_000n);
    });
  });

  describe("the treasury", () => {
    it("can be moved, and is told", async () => {
      await expect(pool.setTreasury(carol)).to.emit(pool, "TreasurySet").withArgs(carol);
      expect(await pool.treasury()).to.equal(carol.address);
    });

    it("is never the zero address", async () => {
      await expect(pool.setTreasury(ZeroAddress)).to.be.revertedWithCustomError(pool, "StakingPool__ZeroAddress");
    });
  });

  describe("a pause", () => {
    it("lasts 7 days and ends by itself", async () => {
      const now = (await l2.now()) + 5;
      await l2.setNextBlockTimestamp(now);
      await expect(pool.pause())
        .to.emit(pool, "PausedUntilSet")
        .withArgs(now + 7 * DAY);
      expect(await pool.pausedUntil()).to.equal(now + 7 * DAY);
      await l2.setNextBlockTimestamp(now + 7 * DAY);
      await pool.connect(alice).deposit(alice, alice, { value: parseEther("1") });
    });

    it("is not repeated within 30 days of its end, however it ended", async () => {
      await pool.pause();
      await l2.increase(HOUR);
      await pool.unpause();
      const end = Number(await pool.pausedUntil());
      expect(end).to.equal(await l2.now());
      await l2.setNextBlockTimestamp(end + 30 * DAY - 1);
      await expect(pool.pause())
        .to.be.revertedWithCustomError(await l2.attach("TestPauseClock", pool), "PauseClock__TooSoon")
        .withArgs(end + 30 * DAY);
      await l2.setNextBlockTimestamp(end + 30 * DAY);
      await pool.pause();
    });

    it("is ended early by governance, which does nothing to one that is over", async () => {
      await pool.pause();
      await expect(pool.unpause()).to.emit(pool, "PausedUntilSet");
      const until = await pool.pausedUntil();
      await l2.increase(HOUR);
      await expect(pool.unpause()).not.to.emit(pool, "PausedUntilSet");
      expect(await pool.pausedUntil()).to.equal(until);
    });

    it("lasts until a scheduled upgrade can be executed", async () => {
      const data = pool.interface.encodeFunctionData("upgradeToAndCall", [carol.address, "0x"]);
      await manager.grantRole(adminRole, bob, 42n * BigInt(DAY));
      const when = BigInt(await l2.now()) + 43n * BigInt(DAY);
      await manager.connect(bob).schedule(pool, data, when);
      await pool.pause();
      await expect(pool.extendPause(bob, data)).to.emit(pool, "PausedUntilSet").withArgs(when);
      expect(await pool.pausedUntil()).to.equal(when);
    });

    it("is not extended for nothing", async () => {
      const clock = await l2.attach("TestPauseClock", pool);
      await pool.pause();
      const data = pool.interface.encodeFunctionData("upgradeToAndCall", [carol.address, "0x"]);
      await expect(pool.extendPause(bob, data))
        .to.be.revertedWithCustomError(clock, "PauseClock__NotScheduled")
        .withArgs(await manager.hashOperation(bob, pool, data));
    });

    it("stops neither claims, nor reports, nor unstaking, nor requests", async () => {
      await queue.connect(alice).requestRedeem(parseEther("5"), alice);
      await l2.increase(8 * HOUR);
      await applyReport(fixture);
      await pool.fundQueue();
      await pool.pause();
      await queue.connect(carol).claim(0n);
      await applyReport(fixture);
      await fixture.seMetis.connect(bob).redeem(parseEther("1"), bob, bob);
      await queue.connect(bob).requestRedeem(parseEther("0.5"), bob);
      expect(await queue.reserved()).to.equal(0n);
    });
  });

  describe("an upgrade", () => {
    it("of the pool, with METIS on all ways, keeps every line", async () => {
      await queue.connect(alice).requestRedeem(parseEther("10"), alice);
      await arrive(fixture, 77n);
      await gateway.forwardArrivals();
      await applyReport(fixture, { sentToL2: 100n, l1Deposits: 9n });
      const before = [
        await pool.solvency(),
        await pool.parameters(),
        await pool.unrecoveredLoss(),
        await pool.treasury(),
      ];
      const { eMetis: e, seMetis: s, redemptionQueue: q, l2Gateway: g } = deployment.l2;
      const next = await l2.deploy("StakingPool", [e, s, q, g, deployment.l1.lockManager]);
      await pool.upgradeToAndCall(next, "0x");
      expect([
        await pool.solvency(),
        await pool.parameters(),
        await pool.unrecoveredLoss(),
        await pool.treasury(),
      ]).to.deep.equal(before);
      await pool.connect(alice).deposit(alice, alice, { value: parseEther("1") });
    });

    it("of the gateway keeps what has arrived and who is listened to", async () => {
      const hash = `0x${"ab".repeat(32)}`;
      await gateway.connect(fixture.asBridge).mint(`0x${"ab".repeat(20)}`, BigInt(`0x${"ab".repeat(12)}`));
      const next = await l2.deploy("L2Gateway", [deployment.l2.stakingPool, deployment.l1ChainId]);
      await gateway.upgradeToAndCall(next, "0x");
      expect(await gateway.hashState(hash)).to.equal(1n);
      expect(await gateway.l1Token()).to.equal(deployment.l1.l1Gateway);
    });

    it("waits for its delay, also for who may do everything", async () => {
      await manager.grantRole(adminRole, bob, 42n * BigInt(DAY));
      const next = await l2.deploy("L2Gateway", [deployment.l2.stakingPool, deployment.l1ChainId]);
      const data = gateway.interface.encodeFunctionData("upgradeToAndCall", [await next.getAddress(), "0x"]);
      await expect(manager.connect(bob).execute(gateway, data))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(await manager.hashOperation(bob, gateway, data));
      await manager.connect(bob).schedule(gateway, data, 0n);
      await l2.increase(42 * DAY);
      await manager.connect(bob).execute(gateway, data);
      expect(guardian.address).not.to.equal(bob.address);
    });
  });
});
