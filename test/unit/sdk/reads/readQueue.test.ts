import { expect } from "chai";

import { readQueue } from "../../../../sdk/src/reads/readQueue";
import { livingProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { spied } from "../../../helpers/sdk/spied";
import { busyProtocol, lossyProtocol } from "../../../helpers/sdk/states";

for (const [name, fixture] of Object.entries({ living: livingProtocol, busy: busyProtocol, lossy: lossyProtocol })) {
  describe(`readQueue of the ${name} protocol`, function () {
    it("reads what queue and pool say, in one request", async function () {
      const world = await fixture();
      const { context, requests } = spied(sdkContext(world));
      const queue = await readQueue(context);
      const { redemptionQueue, stakingPool } = world.protocol.l2;
      expect(queue).to.deep.equal({
        block: { blockNumber: await world.l2.provider.getBlockNumber(), timestamp: BigInt(await world.l2.now()) },
        requestedUntil: await redemptionQueue.requestedUntil(),
        finalisedUntil: await redemptionQueue.finalisedUntil(),
        pending: await redemptionQueue.pending(),
        reserved: await redemptionQueue.reserved(),
        buffer: await stakingPool.buffer(),
        inboundAssets: await stakingPool.inboundAssets(),
        withdrawableOnL1: await stakingPool.withdrawableOnL1(),
        finalisationCutoff: await stakingPool.finalisationCutoff(),
        redemptionRate: await stakingPool.redemptionRate(),
        neededFromL1: await stakingPool.neededFromL1(),
        tickets: [],
      });
      expect(requests()).to.deep.equal(["l2 call"]);
    });
  });
}

describe("readQueue", function () {
  it("tells how much waits before a ticket, of ten tickets in one request", async function () {
    const world = await busyProtocol();
    const { context, requests } = spied(sdkContext(world));
    const { partly, waiting } = world.ids;
    const tickets = [waiting, partly, waiting, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];
    const queue = await readQueue(context, { tickets });
    expect(queue.tickets.map(({ id }) => id)).to.deep.equal([...new Set(tickets)]);
    expect(queue.tickets).to.have.length(10);
    expect(queue.tickets[0]).to.include({ type: "waiting", ahead: waiting - queue.finalisedUntil });
    expect(queue.tickets[1]).to.include({ type: "partlyClaimable", ahead: 0n });
    expect(queue.neededFromL1 > 0n && queue.pending > 0n && queue.reserved > 0n).to.equal(true);
    expect(requests()).to.deep.equal(["l2 call"]);
  });
});
