import { expect } from "chai";
import { parseEther } from "ethers";

import { advance } from "../../../../scripts/lib/demo/world";
import { estimateClaimTime } from "../../../../sdk/src/math/claimEstimate";
import { readQueue } from "../../../../sdk/src/reads/readQueue";
import { type ProtocolWorld, livingProtocol, report, takeReport } from "../../../helpers/protocol";
import { seededRandom } from "../../../helpers/random";
import { sdkContext } from "../../../helpers/sdk/context";
import { busyProtocol } from "../../../helpers/sdk/states";

const hour = 3_600n;
const day = 24n * hour;
const outlook = {
  finalisedUntil: 1_000n,
  buffer: 100n,
  inboundAssets: 50n,
  withdrawableOnL1: 30n,
  finalisationCutoff: 100n * day,
};
/** So long after the cutoff that a ticket asked for then waits for the report of the next day. */
const now = 100n * day + 7n * hour;

describe("estimateClaimTime", function () {
  it("is the present for what is finalised", function () {
    expect(estimateClaimTime(outlook, { end: 1_000n, askedAt: now }, now)).to.equal(now);
  });

  it("waits for METIS: none, the bridge, a recall, an exit", function () {
    const ends = [1_100n, 1_150n, 1_180n, 1_181n];
    const delays = ends.map((end) => estimateClaimTime(outlook, { end, askedAt: 100n * day - 1n }, now) - now);
    expect(delays).to.deep.equal([hour, 5n * hour, day + 5n * hour, 35n * day + 5n * hour]);
  });

  it("waits for the report that the ticket's hour is old enough for", function () {
    const asked = [100n * day - 1n, 100n * day, 101n * day - 1n, 101n * day];
    const times = asked.map((askedAt) => estimateClaimTime(outlook, { end: 1_100n, askedAt }, now));
    const next = 101n * day + 9n * hour;
    expect(times).to.deep.equal([now + hour, next, next, next + day]);
  });

  it("takes a ticket as asked for at the end of its hour", function () {
    const finalisationCutoff = 100n * day + hour + 1_800n;
    const asked = [100n * day + hour - 1n, 100n * day + hour];
    const times = asked.map((askedAt) =>
      estimateClaimTime({ ...outlook, finalisationCutoff }, { end: 1n + 1_000n, askedAt }, now),
    );
    expect(times).to.deep.equal([now + hour, finalisationCutoff + day + 9n * hour]);
  });

  it("expects a report that is overdue within a day", function () {
    const later = 103n * day;
    expect(estimateClaimTime(outlook, { end: 1_100n, askedAt: 100n * day }, later)).to.equal(later + day + hour);
  });

  it("says of a new ticket what the queue says once it is there, in the same second", async function () {
    const world = await livingProtocol();
    const random = seededRandom(4_711);
    for (let round = 0; round < 14; round++) {
      await advance(world, Number(random.between(60n, 40n * hour)));
      if (round % 4 === 3) await report(world);
      await expectSameEstimate(world, random.between(parseEther("0.01"), parseEther("2500")));
    }
  });

  it("says of tickets in the queue what it says, whatever waits before them", async function () {
    const world = await busyProtocol();
    const context = sdkContext(world);
    const { redemptionQueue } = world.protocol.l2;
    const requested = await redemptionQueue.queryFilter(redemptionQueue.filters.RedemptionRequested(), 0);
    expect(requested).to.have.length(3);
    for (let round = 0; round < 5; round++) {
      const queue = await readQueue(context, { tickets: requested.map(({ args }) => args.id) });
      for (const [index, event] of requested.entries()) {
        const askedAt = BigInt((await event.getBlock()).timestamp);
        const estimate = estimateClaimTime(queue, { end: event.args.requestedUntil, askedAt }, queue.block.timestamp);
        expect(queue.tickets[index]).to.include({ claimableAt: estimate });
      }
      await advance(world, 30 * 3_600);
      await takeReport(world);
    }
  });
});

/** Reads, and then asks for a ticket in the second of the block that was read. */
async function expectSameEstimate(world: ProtocolWorld, assets: bigint): Promise<void> {
  const { bob } = world.people;
  const { eMetis, redemptionQueue } = world.protocol.l2;
  await eMetis.connect(bob.l2).approve(redemptionQueue, assets);
  const queue = await readQueue(sdkContext(world));
  const askedAt = queue.block.timestamp;
  const estimate = estimateClaimTime(queue, { end: queue.requestedUntil + assets, askedAt }, askedAt);
  await world.l2.setNextBlockTimestamp(Number(askedAt));
  await redemptionQueue.connect(bob.l2).requestRedeem(assets, bob.address);
  expect(await redemptionQueue.estimateClaimTime(queue.requestedUntil)).to.equal(estimate);
}
