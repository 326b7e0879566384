import { expect } from "chai";
import { parseEther } from "ethers";

import { depositOnL1 } from "../../../../scripts/lib/demo/actions";
import { day } from "../../../../scripts/lib/localClock";
import { deliver } from "../../../../sdk/src/actions/deliver";
import { type L1DepositStatus, l1DepositStatus } from "../../../../sdk/src/progress/l1DepositStatus";
import { type ProtocolWorld, arriveDown, livingProtocol, payloadOf, report, slash } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { counting, faulty, losingLogs } from "../../../helpers/sdk/faultyProvider";

const assets = parseEther("777.000000000000000001");

describe("l1DepositStatus", () => {
  let world: ProtocolWorld;
  let number: bigint;

  beforeEach(async () => {
    world = await livingProtocol();
  });

  const sendDeposit = async (amount: bigint) => {
    await depositOnL1(world, world.people.dave, amount);
    number = await world.protocol.l1.lockManager.lastMessage();
  };
  const ask = (confirmations = 1): Promise<L1DepositStatus> =>
    l1DepositStatus(sdkContext(world), { number, confirmations });
  const execute = async (status: L1DepositStatus, from = world.people.stranger) => {
    if (!("call" in status) || status.call === undefined) throw new Error(`${status.type} has no call`);
    const { to, data, value } = status.call;
    await from.l2.sendTransaction({ to, data, value });
  };

  it("tells a deposit's whole way, and its call does what it says", async () => {
    await sendDeposit(assets);
    const facts = { number, receiver: world.people.dave.address, assets, minted: 0n, isStaked: true };
    expect(await ask(2)).to.include({ ...facts, type: "sent", confirmations: 1 });
    await world.l1.mine();
    expect(await ask(2)).to.include({ ...facts, type: "waitingForBridge" });
    await arriveDown(world);
    const deliverable = await ask();
    const { deployment } = sdkContext(world);
    expect(deliverable).to.deep.include({
      ...facts,
      type: "deliverable",
      call: deliver(deployment, { number, payload: await payloadOf(world, number) }),
    });
    await execute(deliverable);
    expect(await ask()).to.include({ ...facts, type: "minted", minted: assets });
  });

  it("names the transaction on Ethereum", async () => {
    await sendDeposit(assets);
    const block = await world.l1.provider.getBlock("latest");
    expect(await ask()).to.include({ transactionHash: block!.transactions[0] });
  });

  it("does not know a message that was never sent", async () => {
    number = (await world.protocol.l1.lockManager.lastMessage()) + 1n;
    expect(await ask()).to.deep.equal({ type: "unknown", number });
  });

  it("says exactly how much the limit lets through, before and after a part is minted", async () => {
    await sendDeposit(parseEther("120000.000000000000000001"));
    await report(world);
    const limited = await ask();
    expect(limited).to.include({ type: "limited", minted: 0n, mintable: parseEther("50000") });
    await execute(limited);
    const used = await ask();
    expect(used).to.include({ type: "partlyMinted", minted: parseEther("50000"), mintable: 0n, call: undefined });
    await world.l2.increase(12 * 3_600);
    expect(await ask()).to.include({ type: "partlyMinted", mintable: parseEther("25000") });
    await world.l2.increase(12 * 3_600 + 1_234);
    const rest = await ask();
    await world.l2.setNextBlockTimestamp(await world.l2.now());
    await execute(rest);
    const minted = await world.protocol.l2.stakingPool.l1DepositMinted(number);
    expect(rest).to.include({ mintable: minted - parseEther("50000") });
  });

  it("leaves it to the receiver below par", async () => {
    await sendDeposit(assets);
    // More than seMetis can bear.
    await slash(world, 0n, parseEther("40000"));
    await slash(world, 1n, parseEther("40000"));
    await report(world);
    await world.l2.increase(3 * day);
    const below = await ask();
    expect(below).to.include({
      type: "belowPar",
      rate: await world.protocol.l2.stakingPool.redemptionRate(),
      mintable: assets,
    });
    await execute(below, world.people.dave);
    expect((await ask()).type).to.equal("minted");
  });

  it("says until when the pool is stopped", async () => {
    await sendDeposit(assets);
    await arriveDown(world);
    const { stakingPool } = world.protocol.l2;
    await stakingPool.connect(world.people.guardian.l2).pause();
    expect(await ask()).to.include({ type: "stopped", until: await stakingPool.pausedUntil() });
    await world.l2.increase(7 * day);
    expect((await ask()).type).to.equal("deliverable");
  });

  it("refuses a report's number, and a number that cannot be", async () => {
    number = await report(world);
    const asReport: unknown = await ask().then(null, (reason: unknown) => reason);
    expect(asReport).to.include({ name: "ParameterError", parameter: "number", value: number });
    number = 0n;
    const asZero: unknown = await ask().then(null, (reason: unknown) => reason);
    expect(asZero).to.include({ name: "AmountError", parameter: "number" });
  });

  it("notices addresses that do not belong together, instead of waiting for ever", async () => {
    await sendDeposit(assets);
    const { deployment, ...chains } = sdkContext(world);
    const other = { ...deployment, l1: { ...deployment.l1, l1Gateway: deployment.l1.bridge } };
    const error: unknown = await l1DepositStatus({ ...chains, deployment: other }, { number }).then(
      null,
      (reason: unknown) => reason,
    );
    expect(error).to.include({ name: "DeploymentError", path: "l1.l1Gateway" });
  });

  it("says that logs are missing when the node lost them", async () => {
    await sendDeposit(assets);
    await world.l1.mine(5);
    const context = sdkContext(world);
    const lossy = { ...context, l1: faulty(context.l1, losingLogs(5)) };
    const error: unknown = await l1DepositStatus(lossy, { number }).then(null, (reason: unknown) => reason);
    expect(error).to.include({ name: "MissingLogsError", side: "l1" });
  });

  it("takes 2 round trips on Ethereum and 2 on Metis", async () => {
    await sendDeposit(assets);
    await arriveDown(world);
    const context = sdkContext(world);
    const [l1, l2] = [counting(), counting()];
    const counted = { ...context, l1: faulty(context.l1, l1.fault), l2: faulty(context.l2, l2.fault) };
    await l1DepositStatus(counted, { number });
    expect([l1.count(), l2.count("call"), l2.count("getStorage")]).to.deep.equal([2, 1, 2]);
  });
});
