import { expect } from "chai";

import { depositOnL1 } from "../../../../scripts/lib/demo/actions";
import { day } from "../../../../scripts/lib/localClock";
import { reportStatus } from "../../../../sdk/src/progress/reportStatus";
import { type ProtocolWorld, advanceOnly, arriveDown, livingProtocol, takeReport } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";

describe("reportStatus", () => {
  let world: ProtocolWorld;

  beforeEach(async () => {
    world = await livingProtocol();
  });

  const ask = async (number: bigint, confirmations = 1) => reportStatus(sdkContext(world), { number, confirmations });

  it("tells a report's whole way, what it says, and its call applies it", async () => {
    const number = await takeReport(world);
    const { lockManager } = world.protocol.l1;
    const [receivedFromL2, sentToL2, l1Deposits] = await lockManager.counters();
    const sent = await ask(number, 5);
    expect(sent).to.deep.include({
      ...{ type: "sent", number, confirmations: 1 },
      report: {
        takenAt: BigInt(await world.l1.now()),
        l1Assets: await lockManager.l1Assets(),
        ...{ receivedFromL2, sentToL2, l1Deposits },
      },
    });
    expect((await ask(number)).type).to.equal("waitingForBridge");
    await arriveDown(world);
    const status = await ask(number);
    expect(status.type).to.equal("deliverable");
    const { to, data } = "call" in status ? status.call : { to: null, data: null };
    await world.people.stranger.l2.sendTransaction({ to, data });
    expect((await ask(number)).type).to.equal("applied");
    expect((await world.protocol.l2.stakingPool.solvency()).reportNumber).to.equal(number);
  });

  it("says by which report an older one was superseded, delivered or not", async () => {
    const old = await takeReport(world);
    const number = await takeReport(world);
    await arriveDown(world);
    const status = await ask(number);
    const { to, data } = "call" in status ? status.call : { to: null, data: null };
    await world.people.stranger.l2.sendTransaction({ to, data });
    expect(await ask(old)).to.include({ type: "superseded", by: number });
  });

  it("says that one from the future has to wait", async () => {
    await advanceOnly(world.l1, 4 * day);
    const number = await takeReport(world);
    await arriveDown(world);
    expect(await ask(number)).to.include({ type: "refused", reason: "fromTheFuture" });
    await advanceOnly(world.l2, 2 * day);
    expect((await ask(number)).type).to.equal("deliverable");
  });

  it("does not know a message that was never sent, and refuses a deposit's number", async () => {
    await depositOnL1(world, world.people.dave, 10n ** 18n);
    const number = await world.protocol.l1.lockManager.lastMessage();
    expect(await ask(number + 1n)).to.deep.equal({ type: "unknown", number: number + 1n });
    const error: unknown = await ask(number).then(null, (reason: unknown) => reason);
    expect(error).to.include({ name: "ParameterError", parameter: "number", value: number });
  });
});
