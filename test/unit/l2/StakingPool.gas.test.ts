import { expect } from "chai";
import { parseEther } from "ethers";

import {
  BRIDGE_FEE,
  DAY,
  HOUR,
  type PoolFixture,
  applyReport,
  arrive,
  bring,
  encodeReport,
  gasOf,
  nextReport,
  poolFixture,
} from "../../helpers/pool";

/** Gas of whole transactions through the proxies, for holders who have both tokens and a pool in daily use. */
describe("StakingPool gas", () => {
  const value = parseEther("1.234567891234567891");
  let fixture: PoolFixture;
  let { l2, pool, queue, gateway, alice, bob, keeper, referrer } = {} as PoolFixture;
  beforeEach(async function () {
    // Instrumented code costs more.
    if ("__SOLIDITY_COVERAGE_RUNNING" in (await import("hardhat")).default) this.skip();
    fixture = await poolFixture();
    ({ l2, pool, queue, gateway, alice, bob, keeper, referrer } = fixture);
    await pool.connect(bob).deposit(bob, referrer, { value });
  });

  /** A ticket that the last report lets through. */
  async function request(): Promise<void> {
    await queue.connect(alice).requestRedeem(parseEther("10"), alice);
    await l2.increase(9 * HOUR);
    await applyReport(fixture);
  }

  /** Brings a report of `reward` wei, and tells what its delivery costs. */
  async function deliver(reward: bigint): Promise<number> {
    await l2.increase(DAY);
    const { l1Assets, reportNumber } = await pool.solvency();
    const payload = encodeReport(await nextReport(fixture, { l1Assets: l1Assets + reward }));
    await bring(fixture, reportNumber + 1n, payload);
    return gasOf(gateway.connect(keeper).deliver(reportNumber + 1n, payload));
  }

  it("deposits for at most 53,000", async () => {
    expect(await gasOf(pool.connect(alice).deposit(alice, referrer, { value }))).to.be.at.most(53_000);
  });

  it("deposits and stakes for at most 81,000", async () => {
    expect(await gasOf(pool.connect(bob).depositAndStake(bob, 1n, referrer, { value }))).to.be.at.most(81_000);
  });

  it("redeems at once for at most 81,000", async () => {
    expect(await gasOf(pool.connect(alice).redeemInstant(value, 1n, alice))).to.be.at.most(81_000);
  });

  it("delivers a daily report with rewards for at most 135,000", async () => {
    await deliver(parseEther("10"));
    expect(await deliver(parseEther("10"))).to.be.at.most(135_000);
  });

  it("delivers a report in which nothing changed for at most 95,000", async () => {
    await deliver(0n);
    expect(await deliver(0n)).to.be.at.most(95_000);
  });

  it("finalises what waits for at most 85,000", async () => {
    await request();
    await pool.connect(keeper).rebalance();
    await request();
    expect(await gasOf(pool.connect(keeper).rebalance())).to.be.at.most(85_000);
  });

  it("finalises what waits, and nothing else, for at most 75,000", async () => {
    await request();
    await pool.connect(keeper).rebalance();
    await request();
    expect(await gasOf(pool.connect(keeper).fundQueue())).to.be.at.most(75_000);
  });

  it("does nothing for at most 62,000", async () => {
    await pool.connect(keeper).rebalance();
    expect(await gasOf(pool.connect(keeper).rebalance())).to.be.at.most(62_000);
  });

  it("takes an arrival in and sends up for a caller who pays", async () => {
    await arrive(fixture, parseEther("3000"));
    await gateway.forwardArrivals();
    await arrive(fixture, parseEther("3000"));
    // Most of it is the stand-in's bridge.
    expect(await gasOf(pool.connect(keeper).rebalance({ value: BRIDGE_FEE }))).to.be.at.most(320_000);
  });
});
