import { expect } from "chai";
import { parseEther } from "ethers";

import { depositOnL1, requestRedeem } from "../../../../scripts/lib/demo/actions";
import { waitForL1Deposit } from "../../../../sdk/src/progress/waitForL1Deposit";
import { waitForRedemption } from "../../../../sdk/src/progress/waitForRedemption";
import { waitForReport } from "../../../../sdk/src/progress/waitForReport";
import {
  type ProtocolWorld,
  arriveDown,
  deliver,
  finaliseQueue,
  livingProtocol,
  takeReport,
} from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { failing, faulty, hanging } from "../../../helpers/sdk/faultyProvider";

const quick = { interval: 1 };

describe("Waiting", () => {
  let world: ProtocolWorld;

  beforeEach(async () => {
    world = await livingProtocol();
  });

  /** Makes the next step of the world whenever a status is told, and notes the statuses. */
  const steps = (next: Readonly<Record<string, () => Promise<unknown>>>) => {
    const seen: string[] = [];
    const made: Promise<unknown>[] = [];
    const onProgress = ({ type }: { readonly type: string }) => {
      seen.push(type);
      made.push(next[type]?.() ?? Promise.resolve());
    };
    return { seen, onProgress, finished: () => Promise.all(made) };
  };

  it("follows a deposit from Ethereum to its mint", async () => {
    await depositOnL1(world, world.people.dave, parseEther("5.000000000000000005"));
    const number = await world.protocol.l1.lockManager.lastMessage();
    const { seen, onProgress, finished } = steps({
      sent: () => world.l1.mine(),
      waitingForBridge: () => arriveDown(world),
      deliverable: () => deliver(world, number),
    });
    const status = await waitForL1Deposit(sdkContext(world), { number, confirmations: 2 }, { ...quick, onProgress });
    await finished();
    expect(seen).to.deep.equal(["sent", "waitingForBridge", "deliverable", "minted"]);
    expect(status).to.include({ type: "minted", minted: parseEther("5.000000000000000005") });
  });

  it("stops where somebody may have to act, when asked to", async () => {
    await depositOnL1(world, world.people.dave, parseEther("5"));
    await arriveDown(world);
    const number = await world.protocol.l1.lockManager.lastMessage();
    const options = { ...quick, until: ["deliverable", "minted"] } as const;
    expect((await waitForL1Deposit(sdkContext(world), { number }, options)).type).to.equal("deliverable");
  });

  it("follows a redemption until it can be claimed", async () => {
    const id = await requestRedeem(world, world.people.bob, parseEther("10"));
    const { seen, onProgress, finished } = steps({
      waiting: () => (seen.length === 1 ? finaliseQueue(world) : Promise.resolve()),
    });
    const status = await waitForRedemption(sdkContext(world), { id }, { ...quick, onProgress });
    await finished();
    expect([seen[0], status.type]).to.deep.equal(["waiting", "claimable"]);
  });

  it("follows a report until it is applied", async () => {
    const number = await takeReport(world);
    const { seen, onProgress, finished } = steps({
      waitingForBridge: () => arriveDown(world),
      deliverable: () => deliver(world, number),
    });
    const status = await waitForReport(sdkContext(world), { number, confirmations: 1 }, { ...quick, onProgress });
    await finished();
    expect(seen).to.deep.equal(["waitingForBridge", "deliverable", "applied"]);
    expect(status.type).to.equal("applied");
  });

  it("sees a deposit go back to unknown when Ethereum is reorganised, and waits on", async () => {
    const before = await world.l1.snapshot();
    await depositOnL1(world, world.people.dave, parseEther("5"));
    const number = await world.protocol.l1.lockManager.lastMessage();
    const { seen, onProgress, finished } = steps({
      sent: async () => (seen.length === 1 ? before.restore() : arriveDown(world)),
      unknown: () => depositOnL1(world, world.people.dave, parseEther("6")),
      waitingForBridge: () => arriveDown(world),
    });
    const options = { ...quick, onProgress, until: ["deliverable"] } as const;
    const status = await waitForL1Deposit(sdkContext(world), { number, confirmations: 3 }, options);
    await finished();
    expect(seen).to.deep.equal(["sent", "unknown", "sent", "deliverable"]);
    expect(status).to.include({ assets: parseEther("6") });
  });

  it("endures a node that is down for a while, and one that hangs", async () => {
    const number = await takeReport(world);
    await arriveDown(world);
    await deliver(world, number);
    const context = sdkContext(world);
    const ill = {
      ...context,
      timeout: 200,
      l1: faulty(context.l1, failing({ times: 2 })),
      l2: faulty(context.l2, hanging({ times: 2 })),
    };
    expect((await waitForReport(ill, { number }, quick)).type).to.equal("applied");
  });
});
