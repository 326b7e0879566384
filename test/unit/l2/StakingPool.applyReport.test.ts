import { expect } from "chai";
import { parseEther } from "ethers";

import {
  DAY,
  HOUR,
  type PoolFixture,
  applyReport,
  arrive,
  balanceOf,
  donate,
  emptyPoolFixture,
  fieldsOf,
  nextReport,
  poolFixture,
} from "../../helpers/pool";

describe("StakingPool.applyReport", () => {
  let fixture: PoolFixture;
  let { l2, pool, eMetis, gateway, asGateway, alice, bob, keeper } = {} as PoolFixture;
  beforeEach(async () => {
    fixture = await poolFixture();
    ({ l2, pool, eMetis, gateway, asGateway, alice, bob, keeper } = fixture);
  });

  it("puts the report's lines in place of the last one's", async () => {
    const before = await pool.solvency();
    await l2.increase(HOUR);
    const takenAt = BigInt(await l2.now()) - 77n;
    const changes = {
      takenAt,
      readAt: takenAt - 11n,
      l1Assets: before.l1Assets - 500n + 30n,
      sentToL2: 500n,
      l1Deposits: 30n,
      withdrawable: parseEther("1234.9"),
    };
    await applyReport(fixture, changes);
    const after = await pool.solvency();
    expect(after.l1Assets).to.equal(changes.l1Assets);
    expect(after.sentToL2).to.equal(500n);
    expect(after.l1Deposits).to.equal(30n);
    expect(after.receivedFromL2).to.equal(before.receivedFromL2);
    expect(after.reportNumber).to.equal(before.reportNumber + 1n);
    expect(after.reportTakenAt).to.equal(takenAt);
    expect(after.reportReadAt).to.equal(takenAt - 11n);
    expect(after.reportAppliedAt).to.equal(await l2.now());
    expect(after.totalAssets).to.equal(before.totalAssets);
    expect(await pool.withdrawableOnL1()).to.equal(parseEther("1234"));
    expect(await pool.finalisationCutoff()).to.equal(takenAt - 11n - 6n * BigInt(HOUR));
  });

  it("is stopped by no estimate, however absurd", async () => {
    const most = 2n ** 32n - 1n;
    await applyReport(fixture, { withdrawable: parseEther(String(most + 1n)) });
    expect(await pool.withdrawableOnL1()).to.equal(parseEther(String(most)));
    await applyReport(fixture, { withdrawable: 2n ** 256n - 1n });
    expect(await pool.withdrawableOnL1()).to.equal(parseEther(String(most)));
  });

  it("tells the report with the sums before rewards or losses", async () => {
    const before = await pool.solvency();
    const report = await nextReport(fixture, { l1Assets: before.l1Assets + 7n });
    await expect(pool.connect(asGateway).applyReport(before.reportNumber + 1n, report))
      .to.emit(pool, "ReportApplied")
      .withArgs(before.reportNumber + 1n, Object.values(report), before.totalAssets + 7n, before.totalSupply);
  });

  it("refuses everybody but the gateway", async () => {
    const report = await nextReport(fixture);
    for (const caller of [alice, keeper, fixture.deployer, fixture.guardian]) {
      await expect(pool.connect(caller).applyReport(99n, report))
        .to.be.revertedWithCustomError(pool, "StakingPool__Unauthorized")
        .withArgs(caller);
    }
  });

  it("may say that less than nothing is left on Ethereum", async () => {
    const { buffer, totalAssets, l1Assets } = await pool.solvency();
    await applyReport(fixture, { l1Assets: -3n });
    const after = await pool.solvency();
    expect(after.l1Assets).to.equal(-3n);
    expect(after.totalAssets).to.equal(totalAssets - l1Assets - 3n);
    expect(after.totalAssets).to.equal(buffer - 3n);
  });

  it("is applied while the pool is paused, with the same effect", async () => {
    await pool.pause();
    const { l1Assets, totalAssets } = await pool.solvency();
    await applyReport(fixture, { l1Assets: l1Assets + 9n });
    expect(await pool.totalAssets()).to.equal(totalAssets + 9n);
  });

  it("sets the reserve that the instant fee is measured against", async () => {
    const fee = async () => parseEther("1000") - (await pool.previewRedeemInstant(parseEther("1000")));
    const before = await fee();
    await pool.connect(alice).deposit(alice, alice, { value: parseEther("30000") });
    // Far above the old target: the lower fee alone, until the report raises the target.
    expect(await fee()).to.be.below(before);
    const lowest = await fee();
    await fixture.queue.connect(alice).requestRedeem(parseEther("29000"), alice);
    await applyReport(fixture);
    expect(await fee()).to.be.above(lowest);
  });

  describe("in order", () => {
    it("ignores a number that is not above the last one", async () => {
      const before = await pool.solvency();
      const { reportNumber } = before;
      const report = await nextReport(fixture, { l1Assets: 1n });
      for (const number of [0n, reportNumber - 1n, reportNumber]) {
        await expect(pool.connect(asGateway).applyReport(number, report))
          .to.emit(pool, "ReportIgnored")
          .withArgs(number, reportNumber);
      }
      expect((await pool.solvency()).totalAssets).to.equal(before.totalAssets);
    });

    it("takes numbers with gaps", async () => {
      await pool.connect(asGateway).applyReport(1_000n, await nextReport(fixture));
      expect((await pool.solvency()).reportNumber).to.equal(1_000n);
    });

    it("comes to the same lines whichever reports were lost, late or delivered twice", async () => {
      const { l1Assets, reportNumber: last } = await pool.solvency();
      await l2.increase(DAY);
      const now = BigInt(await l2.now());
      const steps = [
        { takenAt: now - 300n, l1Assets: l1Assets + 11n, sentToL2: 0n, l1Deposits: 11n },
        { takenAt: now - 200n, l1Assets: l1Assets - 400n, sentToL2: 500n, l1Deposits: 11n },
        { takenAt: now - 100n, l1Assets: l1Assets + 100n, sentToL2: 500n, l1Deposits: 611n },
      ];
      const reports = await Promise.all(steps.map(async (step) => nextReport(fixture, step)));
      const snapshot = await l2.snapshot();
      const outcomes: unknown[] = [];
      for (const order of [[0, 1, 2], [2], [0, 2, 1], [1, 1, 2, 0, 2], [2, 1, 0]]) {
        await snapshot.restore();
        await l2.setNextBlockTimestamp(Number(now) + 1_000);
        await l2.mine();
        for (const index of order) {
          await pool.connect(asGateway).applyReport(last + 1n + BigInt(index), reports[index]!);
        }
        const { reportAppliedAt, ...lines } = fieldsOf(await pool.solvency());
        expect(reportAppliedAt).to.be.above(0n);
        outcomes.push(lines);
      }
      for (const outcome of outcomes) expect(outcome).to.deep.equal(outcomes[0]);
    });
  });

  describe("its time", () => {
    it("is at most 3 days ahead of the clock here", async () => {
      const { reportNumber } = await pool.solvency();
      const now = (await l2.now()) + 10;
      const takenAt = BigInt(now + 3 * DAY);
      const late = await nextReport(fixture, { takenAt: takenAt + 1n });
      await l2.setNextBlockTimestamp(now);
      await expect(pool.connect(asGateway).applyReport(reportNumber + 1n, late))
        .to.be.revertedWithCustomError(pool, "StakingPool__ReportFromTheFuture")
        .withArgs(reportNumber + 1n, takenAt + 1n, now);
      await l2.setNextBlockTimestamp(now + 1);
      await pool.connect(asGateway).applyReport(reportNumber + 1n, late);
      expect((await pool.solvency()).reportTakenAt).to.equal(takenAt + 1n);
    });

    it("is not before the last one's, but may be the same", async () => {
      const { reportNumber, reportTakenAt } = await pool.solvency();
      const report = await nextReport(fixture, { takenAt: reportTakenAt - 1n });
      await expect(pool.connect(asGateway).applyReport(reportNumber + 1n, report))
        .to.be.revertedWithCustomError(pool, "StakingPool__ReportTooOld")
        .withArgs(reportNumber + 1n, reportTakenAt - 1n, reportTakenAt);
      await applyReport(fixture, { takenAt: reportTakenAt });
    });

    it("never takes the cutoff back", async () => {
      const cutoff = await pool.finalisationCutoff();
      const { reportReadAt } = await pool.solvency();
      await applyReport(fixture, { readAt: reportReadAt - 500n });
      expect((await pool.solvency()).reportReadAt).to.equal(reportReadAt);
      expect(await pool.finalisationCutoff()).to.equal(cutoff);
    });

    it("gives way to age alone after 7 days", async () => {
      await l2.increase(9 * DAY);
      expect(await pool.finalisationCutoff()).to.equal((await l2.now()) - 7 * DAY);
    });
  });

  describe("its counters", () => {
    beforeEach(async () => {
      await applyReport(fixture, { sentToL2: 700n, l1Deposits: 800n });
    });

    for (const counter of ["receivedFromL2", "sentToL2", "l1Deposits"] as const) {
      it(`must not fall: ${counter}`, async () => {
        const { reportNumber, ...lines } = fieldsOf(await pool.solvency()) as Record<string, bigint> & {
          reportNumber: bigint;
        };
        const last = lines[counter]!;
        const report = await nextReport(fixture, { [counter]: last - 1n });
        await expect(pool.connect(asGateway).applyReport(reportNumber + 1n, report))
          .to.be.revertedWithCustomError(pool, "StakingPool__CounterFell")
          .withArgs(reportNumber + 1n, last, last - 1n);
      });
    }
  });

  describe("METIS that Ethereum received and nobody sent from here", () => {
    it("is counted once, however often it is reported", async () => {
      const { l1Assets, sentToL1, receivedFromL2, totalAssets } = await pool.solvency();
      expect(receivedFromL2).to.equal(sentToL1);
      const donated = { l1Assets: l1Assets + 77n, receivedFromL2: receivedFromL2 + 77n };
      await expect(applyReport(fixture, donated)).to.emit(pool, "ArrivalsAttributed").withArgs(77n, 0n);
      await expect(applyReport(fixture)).not.to.emit(pool, "ArrivalsAttributed");
      expect((await pool.solvency()).attributedUp).to.equal(77n);
      expect(await pool.totalAssets()).to.equal(totalAssets + 77n);
    });

    it("books no loss at any later sending", async () => {
      const { l1Assets, receivedFromL2 } = await pool.solvency();
      await applyReport(fixture, { l1Assets: l1Assets + 77n, receivedFromL2: receivedFromL2 + 77n });
      await pool.connect(bob).deposit(bob, bob, { value: parseEther("2000") });
      const before = await pool.totalAssets();
      await pool.connect(keeper).rebalance({ value: parseEther("1") });
      const sent = (await pool.solvency()).sentToL1 - receivedFromL2;
      expect(sent).to.be.above(0n);
      const paid = before - (await pool.totalAssets());
      await applyReport(fixture);
      await applyReport(fixture, { l1Assets: l1Assets + 77n + sent, receivedFromL2: receivedFromL2 + 77n + sent });
      expect(await pool.totalAssets()).to.equal(before - paid);
      expect((await pool.solvency()).attributedUp).to.equal(77n);
    });

    it("stays hidden behind METIS that is on its way up, and shows when that has arrived", async () => {
      await pool.connect(bob).deposit(bob, bob, { value: parseEther("2000") });
      const { receivedFromL2 } = await pool.solvency();
      await pool.connect(keeper).rebalance({ value: parseEther("1") });
      const { l1Assets, sentToL1, totalAssets } = await pool.solvency();
      const sent = sentToL1 - receivedFromL2;
      await applyReport(fixture, { l1Assets: l1Assets + 77n, receivedFromL2: receivedFromL2 + 77n });
      expect(await pool.totalAssets()).to.equal(totalAssets);
      await applyReport(fixture, { l1Assets: l1Assets + 77n + sent, receivedFromL2: receivedFromL2 + 77n + sent });
      expect(await pool.totalAssets()).to.equal(totalAssets + 77n);
      expect((await pool.solvency()).attributedUp).to.equal(77n);
    });
  });

  describe("METIS that arrived here and nobody announced", () => {
    beforeEach(async () => {
      // A snapshot of what had arrived before.
      await l2.increase(4 * DAY);
      await applyReport(fixture);
      await l2.increase(4 * DAY);
      await applyReport(fixture);
    });

    async function attributed(): Promise<bigint> {
      return (await pool.solvency()).attributedDown;
    }

    it("moves no sum when it comes", async () => {
      const before = await pool.totalAssets();
      await fixture.metis.connect(bob).transfer(gateway, 55n);
      expect(await pool.totalAssets()).to.equal(before);
      await pool.connect(keeper).rebalance();
      expect(await pool.totalAssets()).to.equal(before);
      expect((await pool.solvency()).receivedFromL1).to.equal(55n);
    });

    it("is counted by a report that read all more than 3 days after a snapshot that saw it", async () => {
      const before = await pool.totalAssets();
      await arrive(fixture, 55n);
      await gateway.forwardArrivals();
      await l2.increase(4 * DAY);
      await applyReport(fixture);
      expect(await attributed()).to.equal(0n);
      const snapshotAt = BigInt(await l2.now());
      await l2.increase(4 * DAY);
      await applyReport(fixture, { takenAt: snapshotAt + 3n * BigInt(DAY) });
      expect(await attributed()).to.equal(0n);
      await expect(applyReport(fixture, { takenAt: snapshotAt + 3n * BigInt(DAY) + 1n }))
        .to.emit(pool, "ArrivalsAttributed")
        .withArgs(0n, 55n);
      expect(await pool.totalAssets()).to.equal(before + 55n);
    });

    it("is not counted by a report that could not read all vaults", async () => {
      await arrive(fixture, 55n);
      await gateway.forwardArrivals();
      await l2.increase(4 * DAY);
      await applyReport(fixture);
      const readAt = BigInt(await l2.now());
      await l2.increase(20 * DAY);
      await applyReport(fixture, { readAt });
      expect(await attributed()).to.equal(0n);
      await applyReport(fixture);
      expect(await attributed()).to.equal(55n);
    });

    it("is counted once, and never as what is still on its way", async () => {
      const { l1Assets } = await pool.solvency();
      await arrive(fixture, 55n + 500n);
      await gateway.forwardArrivals();
      // 500 of it left Ethereum after the last report.
      await l2.increase(4 * DAY);
      await applyReport(fixture, { l1Assets: l1Assets - 500n, sentToL2: 500n });
      const before = await pool.totalAssets();
      for (let report = 0; report < 5; report++) {
        await l2.increase(4 * DAY);
        await applyReport(fixture);
      }
      expect(await attributed()).to.equal(55n);
      expect(await pool.totalAssets()).to.equal(before + 55n);
    });

    it("is counted neither sooner nor later for being reported every six hours", async () => {
      await arrive(fixture, 55n);
      await gateway.forwardArrivals();
      let reports = 0;
      while ((await attributed()) === 0n && reports < 40) {
        await l2.increase(6 * HOUR);
        await applyReport(fixture);
        reports++;
      }
      // The snapshot before it is at most 3 days old, the next one a little more.
      expect(reports).to.be.within(13, 27);
    });

    it("is found through another donation that follows each report", async () => {
      const before = await pool.totalAssets();
      for (let report = 0; report < 6; report++) {
        await arrive(fixture, 10n);
        await gateway.forwardArrivals();
        await l2.increase(4 * DAY);
        await applyReport(fixture);
      }
      // All but the last one, which no snapshot had seen.
      expect(await attributed()).to.equal(50n);
      expect(await pool.totalAssets()).to.equal(before + 50n);
    });
  });

  describe("METIS that reached the pool by no path of ours", () => {
    it("moves nothing until a report books it", async () => {
      const before = await pool.solvency();
      await donate(fixture, bob, 101n);
      await pool.connect(keeper).rebalance();
      expect(await pool.solvency()).to.deep.equal(before);
      await expect(applyReport(fixture))
        .to.emit(pool, "SurplusBooked")
        .withArgs(101n, before.buffer + 101n);
      expect(await pool.totalAssets()).to.equal(before.totalAssets + 101n);
      expect(await balanceOf(fixture, pool)).to.equal(await pool.buffer());
    });

    it("cannot be taken by who pays a fee or redeems at once", async () => {
      await donate(fixture, bob, parseEther("3"));
      const balance = await balanceOf(fixture, pool);
      const buffer = await pool.buffer();
      await pool.connect(keeper).rebalance({ value: 5n });
      const paid = await pool.previewRedeemInstant(parseEther("2"));
      await pool.connect(alice).redeemInstant(parseEther("2"), paid, alice);
      expect(await balanceOf(fixture, pool)).to.equal(balance - paid);
      expect(await pool.buffer()).to.equal(buffer - paid);
    });
  });

  it("earns nothing for who deposits before a report and leaves after it", async () => {
    const { seMetis, carol } = fixture;
    const { l1Assets } = await pool.solvency();
    await l2.increase(7 * DAY);
    const stake = parseEther("50000");
    const now = (await l2.now()) + 100;
    await l2.setNextBlockTimestamp(now);
    await pool.connect(carol).depositAndStake(carol, 0n, carol, { value: stake });
    await l2.setNextBlockTimestamp(now);
    await applyReport(fixture, { l1Assets: l1Assets + parseEther("400") });
    await l2.setNextBlockTimestamp(now);
    await seMetis.connect(carol).redeem(await seMetis.balanceOf(carol), carol, carol);
    expect(await eMetis.balanceOf(carol)).to.be.within(stake - 2n, stake);
  });

  it("sets no reserve and mints nothing before there is a supply", async () => {
    const empty = await emptyPoolFixture();
    await applyReport(empty, { l1Assets: parseEther("5") });
    const { totalAssets, totalSupply } = await empty.pool.solvency();
    expect(totalAssets).to.equal(parseEther("5"));
    expect(totalSupply).to.equal(0n);
    expect(await empty.pool.redemptionRate()).to.equal(parseEther("1"));
  });
});
