import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import {
  DAY,
  type L1Deposit,
  type PoolFixture,
  applyReport,
  mintL1Deposit,
  poolFixture,
  startParameters,
} from "../../helpers/pool";

const limit = startParameters.l1DepositLimit;
const number = 41n;

describe("StakingPool.mintL1Deposit", () => {
  let fixture: PoolFixture;
  let { l2, pool, eMetis, seMetis, asGateway, alice, bob, carol, keeper } = {} as PoolFixture;
  beforeEach(async () => {
    fixture = await poolFixture();
    ({ l2, pool, eMetis, seMetis, asGateway, alice, bob, carol, keeper } = fixture);
  });

  function depositOf(assets: bigint, changes: Partial<L1Deposit> = {}): L1Deposit {
    return { receiver: carol.address, assets, runningTotal: assets, isStaked: false, ...changes };
  }

  it("mints eMetis to the receiver and counts it as backed by Ethereum", async () => {
    const { totalAssets, totalSupply } = await pool.solvency();
    const minting = mintL1Deposit(fixture, number, depositOf(1_234n));
    await expect(minting).to.changeTokenBalance(eMetis, carol, 1_234n);
    await expect(minting)
      .to.emit(pool, "L1DepositMinted")
      .withArgs(number, carol, 1_234n, 0n, false, 1_234n, totalSupply + 1_234n);
    expect(await pool.totalAssets()).to.equal(totalAssets + 1_234n);
    expect(await pool.l1DepositMinted(number)).to.equal(1_234n);
    expect((await pool.solvency()).mintedForL1).to.equal(1_234n);
  });

  it("comes to the same sum before and after the report that knows the deposit", async () => {
    const assets = parseEther("77") + 1n;
    const { l1Assets, totalAssets } = await pool.solvency();
    const snapshot = await l2.snapshot();
    await mintL1Deposit(fixture, number, depositOf(assets));
    await applyReport(fixture, { l1Assets: l1Assets + assets, l1Deposits: assets });
    expect(await pool.totalAssets()).to.equal(totalAssets + assets);
    await snapshot.restore();
    await applyReport(fixture, { l1Assets: l1Assets + assets, l1Deposits: assets });
    expect(await pool.totalAssets()).to.equal(totalAssets);
    await mintL1Deposit(fixture, number, depositOf(assets));
    expect(await pool.totalAssets()).to.equal(totalAssets + assets);
  });

  it("gives seMetis where it was asked for", async () => {
    const assets = parseEther("12.345");
    await l2.increase(60);
    await l2.setNextBlockTimestamp(await l2.now());
    const shares = await seMetis.previewDeposit(assets);
    const minting = mintL1Deposit(fixture, number, depositOf(assets, { isStaked: true }));
    await expect(minting).to.changeTokenBalance(seMetis, carol, shares);
    await expect(minting)
      .to.emit(pool, "L1DepositMinted")
      .withArgs(number, carol, assets, 0n, true, assets, await eMetis.totalSupply());
    expect(await eMetis.balanceOf(carol)).to.equal(0n);
  });

  it("gives eMetis where seMetis takes no deposit", async () => {
    // One wei is worth less than a share.
    const minting = mintL1Deposit(fixture, number, depositOf(1n, { isStaked: true }));
    await expect(minting).to.changeTokenBalances(eMetis, [carol, seMetis], [1n, 0n]);
    await expect(minting)
      .to.emit(pool, "L1DepositMinted")
      .withArgs(number, carol, 1n, 0n, false, 1n, await eMetis.totalSupply());
  });

  it("cannot be starved of the gas to stake: then all of it fails", async () => {
    const deposit = depositOf(parseEther("5"), { isStaked: true });
    const gas = await pool.connect(asGateway).mintL1Deposit.estimateGas(number, deposit);
    const unstaked: bigint[] = [];
    for (let less = 0n; less < 120_000n; less += 1_500n) {
      const snapshot = await l2.snapshot();
      await pool
        .connect(asGateway)
        .mintL1Deposit(number, deposit, { gasLimit: gas + 20_000n - less })
        .catch(() => undefined);
      unstaked.push(await eMetis.balanceOf(carol));
      await snapshot.restore();
    }
    expect(unstaked.every((assets) => assets === 0n)).to.equal(true);
  });

  it("mints each deposit once", async () => {
    await mintL1Deposit(fixture, number, depositOf(1_234n));
    await expect(mintL1Deposit(fixture, number, depositOf(1_234n)))
      .to.be.revertedWithCustomError(pool, "StakingPool__L1DepositMinted")
      .withArgs(number);
  });

  it("refuses everybody but the gateway", async () => {
    for (const caller of [alice, keeper, fixture.deployer]) {
      await expect(pool.connect(caller).mintL1Deposit(number, depositOf(1n)))
        .to.be.revertedWithCustomError(pool, "StakingPool__Unauthorized")
        .withArgs(caller);
      await expect(pool.connect(caller).bookArrival({ value: 1n }))
        .to.be.revertedWithCustomError(pool, "StakingPool__Unauthorized")
        .withArgs(caller);
    }
  });

  it("mints nothing to the zero address", async () => {
    await expect(mintL1Deposit(fixture, number, depositOf(1n, { receiver: ZeroAddress })))
      .to.be.revertedWithCustomError(eMetis, "ERC20InvalidReceiver")
      .withArgs(ZeroAddress);
  });

  describe("above the limit", () => {
    const assets = limit + parseEther("1000");

    it("mints what fits and says what remains", async () => {
      expect(await pool.connect(asGateway).mintL1Deposit.staticCall(number, depositOf(assets))).to.equal(
        parseEther("1000"),
      );
      await expect(mintL1Deposit(fixture, number, depositOf(assets))).to.changeTokenBalance(eMetis, carol, limit);
      expect(await pool.l1DepositMinted(number)).to.equal(limit);
    });

    it("mints the rest as the bucket refills, and not a wei twice", async () => {
      await mintL1Deposit(fixture, number, depositOf(assets));
      const now = await l2.now();
      await l2.setNextBlockTimestamp(now + 864);
      await expect(mintL1Deposit(fixture, number, depositOf(assets))).to.changeTokenBalance(
        eMetis,
        carol,
        parseEther("500"),
      );
      await l2.increase(DAY);
      await expect(mintL1Deposit(fixture, number, depositOf(assets))).to.changeTokenBalance(
        eMetis,
        carol,
        parseEther("500"),
      );
      expect(await pool.l1DepositMinted(number)).to.equal(assets);
    });

    it("refuses, and names the deposit, while the bucket is empty", async () => {
      await mintL1Deposit(fixture, number, depositOf(limit, { runningTotal: limit }));
      await l2.setNextBlockTimestamp(await l2.now());
      await expect(mintL1Deposit(fixture, 42n, depositOf(5n, { runningTotal: limit + 5n })))
        .to.be.revertedWithCustomError(pool, "StakingPool__L1DepositLimited")
        .withArgs(42n, 5n);
    });
  });

  describe("running totals", () => {
    it("let deposits be minted in any order", async () => {
      await mintL1Deposit(fixture, 43n, depositOf(30n, { runningTotal: 60n }));
      await mintL1Deposit(fixture, 41n, depositOf(10n, { runningTotal: 10n }));
      await mintL1Deposit(fixture, 42n, depositOf(20n, { runningTotal: 30n }));
      expect((await pool.solvency()).unbackedL1Mints).to.equal(0n);
    });

    it("show what was minted beyond them, and stop mints and deposits, but not reports", async () => {
      await mintL1Deposit(fixture, number, depositOf(10n, { runningTotal: 4n }));
      expect((await pool.solvency()).unbackedL1Mints).to.equal(6n);
      await expect(mintL1Deposit(fixture, 42n, depositOf(1n, { runningTotal: 11n })))
        .to.be.revertedWithCustomError(pool, "StakingPool__UnbackedL1Mints")
        .withArgs(6n);
      await expect(pool.connect(bob).deposit(bob, bob, { value: parseEther("1") }))
        .to.be.revertedWithCustomError(pool, "StakingPool__UnbackedL1Mints")
        .withArgs(6n);
      const { l1Assets } = await pool.solvency();
      await applyReport(fixture, { l1Assets: l1Assets + 9n, l1Deposits: 9n });
      expect((await pool.solvency()).unbackedL1Mints).to.equal(1n);
      await expect(pool.connect(bob).deposit(bob, bob, { value: parseEther("1") })).to.be.reverted;
      await applyReport(fixture, { l1Assets: l1Assets + 10n, l1Deposits: 10n });
      await pool.connect(bob).deposit(bob, bob, { value: parseEther("1") });
      await mintL1Deposit(fixture, 42n, depositOf(1n, { runningTotal: 11n }));
    });
  });

  it("waits while the pool is paused or a loss is not confirmed, and is minted later", async () => {
    await pool.pause();
    await expect(mintL1Deposit(fixture, number, depositOf(5n)))
      .to.be.revertedWithCustomError(pool, "StakingPool__Paused")
      .withArgs(await pool.pausedUntil());
    await pool.unpause();
    const { l1Assets } = await pool.solvency();
    await applyReport(fixture, { l1Assets: l1Assets - parseEther("2000") });
    await expect(mintL1Deposit(fixture, number, depositOf(5n)))
      .to.be.revertedWithCustomError(pool, "StakingPool__LossUnconfirmed")
      .withArgs(await pool.stoppedUntil());
    await l2.increase(3 * DAY);
    await expect(mintL1Deposit(fixture, number, depositOf(5n))).to.changeTokenBalance(eMetis, carol, 5n);
  });
});
