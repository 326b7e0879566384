import { expect } from "chai";
import { FeeData, parseEther, toQuantity } from "ethers";

import { RpcError } from "../../sdk/src/errors";
import { depositOnL1, requestRedeem, rewardBatch } from "../../scripts/lib/demo/actions";
import { advance } from "../../scripts/lib/demo/world";
import { type Keeper, runCycle } from "../../scripts/lib/keeper/cycle";
import { StaleNodeError } from "../../scripts/lib/keeper/observe";
import { day, hour } from "../../scripts/lib/localClock";
import type { LocalNode } from "../../scripts/lib/localNode";
import { rejectionOf } from "../helpers/sdk/thrownBy";
import { createKeeper, done, waitOf, wouldSend } from "../helpers/keeper";
import {
  type ProtocolWorld,
  advanceOnly,
  arriveDown,
  expectConserved,
  expectTrueLedger,
  livingProtocol,
  protocolAfter,
  takeReport,
} from "../helpers/protocol";

/**
 * A report and a deposit have arrived, a ticket can be paid, rewards and idle METIS wait: work on both chains. No report is due, so that
 * how often one is taken depends on nobody's clock.
 */
const busyProtocol = protocolAfter(livingProtocol, async (world) => {
  const { bob, dave } = world.people;
  await rewardBatch(world, [5_001n, 4_003n]);
  const ticket = await requestRedeem(world, bob, parseEther("100.000000000000000001"));
  await depositOnL1(world, dave, parseEther("3000.000000000000000003"));
  await advance(world, 8 * hour);
  await takeReport(world);
  await arriveDown(world);
  return { ticket };
});

/** All of the end state that does not depend on the second in which it was reached. */
async function stateOf({ protocol }: ProtocolWorld): Promise<Readonly<Record<string, unknown>>> {
  const { lockManager, lockingPool } = protocol.l1;
  const { stakingPool, redemptionQueue, eMetis } = protocol.l2;
  const [receivedFromL2, sentToL2, l1Deposits] = await lockManager.counters();
  const positions = await Promise.all([0n, 1n].map((index) => lockManager.vaultAt(index)));
  const { buffer, sentToL1, mintedForL1, reportNumber } = await stakingPool.solvency();
  return {
    ...{ receivedFromL2, sentToL2, l1Deposits, buffer, sentToL1, mintedForL1, reportNumber },
    idle: await lockManager.idle(),
    owed: await lockManager.owed(),
    messages: await lockManager.lastMessage(),
    principals: positions.map(({ principal }) => principal),
    amounts: await Promise.all(
      positions.map(async ({ sequencerId }) => (await lockingPool.sequencers(sequencerId)).amount),
    ),
    finalised: await redemptionQueue.finalisedUntil(),
    supply: await eMetis.totalSupply(),
  };
}

/** Signs so many transactions, and is killed with the next: before it is sent, or just after. */
function killedAt<K extends Keeper>(keeper: K, count: number, moment: "before" | "after"): K {
  const { tools } = keeper;
  if (tools === undefined) throw new Error("a keeper that sends nothing cannot be killed while it sends");
  let signed = 0;
  const kill = () => Promise.reject(new Error("killed"));
  const signTransaction: typeof tools.account.signTransaction = (transaction) => {
    signed++;
    return moment === "before" && signed > count ? kill() : tools.account.signTransaction(transaction);
  };
  const afterSending = (node: LocalNode): LocalNode =>
    proxied(node, {
      getTransactionReceipt: (hash) => (signed > count ? kill() : node.getTransactionReceipt(hash)),
      getTransactionCount: (...parameters) => (signed > count ? kill() : node.getTransactionCount(...parameters)),
      getBlockNumber: () => (signed > count ? kill() : node.getBlockNumber()),
    });
  const { l1, l2 } = tools.chains;
  const nodeOf = (chain: typeof l1) => (moment === "before" ? chain.provider : afterSending(chain.provider));
  const chains = { l1: { ...l1, provider: nodeOf(l1) }, l2: { ...l2, provider: nodeOf(l2) } };
  return { ...keeper, tools: { ...tools, chains, account: { ...tools.account, signTransaction } } };
}

/** A node with other answers. */
function proxied(node: LocalNode, other: Partial<LocalNode>): LocalNode {
  return new Proxy(node, {
    get: (target, name) => {
      const value: unknown = Reflect.get(Reflect.has(other, name) ? other : target, name);
      return typeof value === "function" ? (value as (...parameters: unknown[]) => unknown).bind(target) : value;
    },
  });
}

describe("The keeper", function () {
  // Whole cycles on two chains, on machines that do other things as well.
  this.timeout(120_000);

  describe("in a cycle", () => {
    it("does all that is due on both chains, and then nothing", async () => {
      const world = await busyProtocol();
      const keeper = await createKeeper(world);
      await runCycle(keeper);
      expect([...done(keeper)].sort()).to.deep.equal(["allocate", "deliver", "deliver", "fundQueue", "harvest"]);
      const again = await createKeeper(world);
      await runCycle(again);
      expect(done(again)).to.deep.equal([]);
      expect((await world.protocol.l2.redemptionQueue.ticket(world.ticket)).claimable).to.equal(
        parseEther("100.000000000000000001"),
      );
      await expectConserved(world);
    });

    it("sends nothing in a dry run, and names the same cranks", async () => {
      const world = await busyProtocol();
      const { l1, l2 } = world;
      const blocks = [await l1.provider.getBlockNumber(), await l2.provider.getBlockNumber()];
      const keeper = await createKeeper(world, { sends: false });
      await runCycle(keeper);
      // The ticket can be paid only once the report is applied.
      expect(wouldSend(keeper)).to.deep.equal(["harvest", "allocate", "deliver", "deliver"]);
      expect([await l1.provider.getBlockNumber(), await l2.provider.getBlockNumber()]).to.deep.equal(blocks);
    });

    it("ends after the orders in hand", async () => {
      const world = await busyProtocol();
      const ending = new AbortController();
      const keeper = await createKeeper(world, { signal: ending.signal });
      const log: Keeper["log"] = (level, event, fields) => {
        keeper.log(level, event, fields);
        if (event === "sending") ending.abort();
      };
      await runCycle({ ...keeper, log });
      expect(done(keeper)).to.deep.equal(["harvest"]);
    });
  });

  describe("killed", () => {
    for (const moment of ["before", "after"] as const) {
      it(`${moment} any of its transactions and started again, ends as if it had not been`, async () => {
        const whole = await busyProtocol();
        await runCycle(await createKeeper(whole));
        const expected = await stateOf(whole);
        for (let count = 0; count < 5; count++) {
          const world = await busyProtocol();
          const killed = killedAt(await createKeeper(world), count, moment);
          expect(String(await rejectionOf(runCycle(killed)))).to.include("killed");
          await runCycle(await createKeeper(world));
          expect(await stateOf(world), `killed ${moment} transaction ${count + 1}`).to.deep.equal(expected);
        }
      });
    }
  });

  describe("twice at once", () => {
    it("with one key, does what one does", async () => {
      const whole = await busyProtocol();
      await runCycle(await createKeeper(whole));
      const expected = await stateOf(whole);
      const world = await busyProtocol();
      const keepers = [await createKeeper(world), await createKeeper(world)] as const;
      await Promise.allSettled(keepers.map(runCycle));
      await runCycle(await createKeeper(world));
      expect(await stateOf(world)).to.deep.equal(expected);
      await expectConserved(world);
    });

    it("with two keys, does what one does", async () => {
      const whole = await busyProtocol();
      await runCycle(await createKeeper(whole));
      const expected = await stateOf(whole);
      const world = await busyProtocol();
      const keepers = [await createKeeper(world), await createKeeper(world, { account: 12 })] as const;
      await Promise.allSettled(keepers.map(runCycle));
      await runCycle(await createKeeper(world));
      expect(await stateOf(world)).to.deep.equal(expected);
      await expectConserved(world);
    });
  });

  describe("with clocks that differ", () => {
    for (const late of ["l1", "l2"] as const) {
      it(`turns every crank while ${late} is an hour behind`, async () => {
        const world = await livingProtocol();
        await advance(world, day);
        await advanceOnly(world[late === "l1" ? "l2" : "l1"], hour);
        const keeper = await createKeeper(world);
        await runCycle(keeper);
        await arriveDown(world);
        await runCycle(keeper);
        expect(done(keeper)).to.include.members(["report", "harvest", "deliver"]);
        expect(keeper.memory.failures.size).to.equal(0);
        await expectTrueLedger(world);
      });
    }
  });

  describe("with a node that lags", () => {
    /** A node that does not know the blocks after one. */
    const laggingAt = (node: LocalNode, blockNumber: number): LocalNode =>
      proxied(node, {
        getBlock: (tag: number | "latest") => node.getBlock(tag === "latest" ? blockNumber : tag),
        getBlockNumber: () => Promise.resolve(blockNumber),
      });

    it("asks it nothing more once it has sent something that the node does not know", async () => {
      const world = await busyProtocol();
      const { node } = world.protocol.l1;
      const before = await node.getBlockNumber();
      const keeper = await createKeeper(world);
      await runCycle(keeper);
      const sent = done(keeper).length;
      const context = { ...keeper.context, l1: laggingAt(node, before) };
      const error = await rejectionOf(runCycle({ ...keeper, context }));
      expect(error).to.be.instanceOf(StaleNodeError);
      expect(error).to.include({ side: "l1", blockNumber: before });
      expect(done(keeper)).to.have.length(sent);
    });

    it("decides nothing while the node does not tell the gas price", async () => {
      const world = await busyProtocol();
      const silent = proxied(world.protocol.l1.node, { getFeeData: () => Promise.resolve(new FeeData()) });
      const keeper = await createKeeper(world, { context: { l1: silent } });
      const error = await rejectionOf(runCycle(keeper));
      expect(error).to.be.instanceOf(RpcError).and.to.include({ side: "l1", method: "eth_gasPrice" });
      expect(done(keeper)).to.deep.equal([]);
    });

    it("does no harm with old news in a new process", async () => {
      const world = await busyProtocol();
      const { node } = world.protocol.l1;
      const before = await node.getBlockNumber();
      await runCycle(await createKeeper(world));
      const expected = await stateOf(world);
      const keeper = await createKeeper(world, { context: { l1: laggingAt(node, before) } });
      await runCycle(keeper).catch(() => undefined);
      expect(await stateOf(world)).to.deep.equal(expected);
    });
  });

  describe("when Ethereum takes blocks back", () => {
    const give = async ({ protocol }: ProtocolWorld) => {
      await protocol.l1.metis.mint(protocol.sequencers[0]!.vault, parseEther("700"));
    };

    it("leaves alone what shows in the last 3 blocks only", async () => {
      const world = await livingProtocol();
      const snapshot = await world.l1.snapshot();
      await give(world);
      const keeper = await createKeeper(world, { depth: 3, sends: false });
      await runCycle(keeper);
      expect(wouldSend(keeper)).to.not.include("sweepVault");
      expect(waitOf(keeper, "sweepVault")).to.equal('{"type":"unsettled"}');
      await snapshot.restore();
      await world.l1.mine(4);
      const after = await createKeeper(world, { depth: 3 });
      await runCycle(after);
      expect(done(after)).to.not.include("sweepVault");
      await expectConserved(world);
    });

    it("acts on what is deeper, whatever becomes of the last 3", async () => {
      const world = await livingProtocol();
      await give(world);
      world.books.get(world.people.donor.address)!.deposited += parseEther("700");
      await world.l1.mine(1);
      const snapshot = await world.l1.snapshot();
      await world.l1.mine(3);
      const keeper = await createKeeper(world, { depth: 3 });
      const { account } = keeper.tools!;
      const signTransaction: typeof account.signTransaction = async (transaction) => {
        await snapshot.restore();
        await world.l1.mine(4);
        return account.signTransaction(transaction);
      };
      const tools = { ...keeper.tools!, account: { ...account, signTransaction } };
      await runCycle({ ...keeper, tools }).catch(() => undefined);
      await runCycle(await createKeeper(world, { depth: 3 }));
      await world.l1.mine(4);
      await runCycle(await createKeeper(world, { depth: 3 }));
      expect(await world.protocol.l1.metis.balanceOf(world.protocol.sequencers[0]!.vault)).to.equal(0n);
      await expectConserved(world);
    });
  });

  describe("when the bridge fails", () => {
    it("has a message that ran out of gas carried out again, and delivers it", async () => {
      const world = await livingProtocol();
      const { relayer } = world.protocol;
      await depositOnL1(world, world.people.dave, parseEther("50"));
      await relayer.deliverDown(() => true, { gasLimit: 120_000n });
      await advance(world, 4 * hour);
      const keeper = await createKeeper(world);
      await runCycle(keeper);
      expect(done(keeper)).to.include("replay");
      await arriveDown(world);
      await runCycle(keeper);
      expect(done(keeper).filter((action) => action === "deliver")).to.have.length(2);
      await expectTrueLedger(world);
    });

    it("sends the hash of a deposit again that was lost", async () => {
      const world = await livingProtocol();
      await depositOnL1(world, world.people.dave, parseEther("50"));
      await world.protocol.relayer.dropDown();
      const keeper = await createKeeper(world);
      await runCycle(keeper);
      expect(done(keeper)).to.not.include("resend");
      await advance(world, 13 * hour);
      await runCycle(keeper);
      expect(done(keeper).filter((action) => action === "resend")).to.have.length(1);
      await arriveDown(world);
      await runCycle(keeper);
      const { l1Deposits, mintedForL1 } = await world.protocol.l2.stakingPool.solvency();
      expect(mintedForL1 - l1Deposits).to.be.at.least(0n);
      await expectConserved(world);
    });

    it("has METIS brought again that was lost, once", async () => {
      const world = await livingProtocol();
      const { lockManager, metis } = world.protocol.l1;
      await metis.mint(lockManager, parseEther("400"));
      world.books.get(world.people.donor.address)!.deposited += parseEther("400");
      await lockManager.connect(world.people.keeper.l1).recall(parseEther("300"), { value: parseEther("0.001") });
      const [lost] = await world.protocol.relayer.dropDown();
      expect(lost).to.not.equal(undefined);
      await advance(world, 4 * hour);
      const keeper = await createKeeper(world);
      await runCycle(keeper);
      await runCycle(keeper);
      expect(done(keeper).filter((action) => action === "replay")).to.have.length(1);
      await arriveDown(world);
      await runCycle(keeper);
      expect(done(keeper)).to.include("forwardArrivals");
      expect(await world.protocol.l2.stakingPool.buffer()).to.be.at.least(parseEther("300"));
      await runCycle(keeper);
      expect(done(keeper).filter((action) => action === "replay")).to.have.length(1);
    });
  });

  it("goes on with the rest while LockingPool is paused, and sends nothing that reverts", async () => {
    const world = await busyProtocol();
    await world.protocol.l1.lockingPool.setPause(true);
    await advance(world, day);
    const keeper = await createKeeper(world);
    await runCycle(keeper);
    expect([...done(keeper)].sort()).to.deep.equal(["deliver", "deliver", "fundQueue", "report"]);
    expect([waitOf(keeper, "allocate"), waitOf(keeper, "harvest")]).to.deep.equal([
      '{"type":"blocked"}',
      '{"type":"blocked"}',
    ]);
    expect(keeper.memory.failures.size).to.equal(0);
    await world.protocol.l1.lockingPool.setPause(false);
    await runCycle(keeper);
    expect(done(keeper)).to.include.members(["allocate", "harvest"]);
  });

  it("waits while gas is dear, does what is overdue, and goes on when it is cheap", async () => {
    const world = await busyProtocol();
    const jump = async (gwei: bigint) => {
      await world.l1.provider.send("hardhat_setNextBlockBaseFeePerGas", [toQuantity(gwei * 10n ** 9n)]);
      await world.l1.mine(1);
    };
    await jump(90n);
    const keeper = await createKeeper(world, { policy: { worth: 0n } });
    await runCycle(keeper);
    expect(waitOf(keeper, "harvest")).to.match(/"type":"gasPrice","gasPrice":"\d+","maximum":"60000000000"/);
    expect([...done(keeper)].sort()).to.deep.equal(["deliver", "deliver", "fundQueue"]);
    await advance(world, 2 * day);
    await jump(90n);
    await runCycle(keeper);
    expect(done(keeper).filter((action) => action === "report")).to.have.length(1);
    await jump(1n);
    await runCycle(keeper);
    expect(done(keeper)).to.include.members(["harvest", "allocate"]);
    expect(keeper.memory.failures.size).to.equal(0);
  });

  it("says loudly that it is empty, and goes on where it is not", async () => {
    const world = await busyProtocol();
    await world.l1.setBalance(world.people.keeper.address, 1n);
    const keeper = await createKeeper(world);
    await runCycle(keeper);
    expect([...done(keeper)].sort()).to.deep.equal(["deliver", "deliver", "fundQueue"]);
    const loud = keeper.lines.filter(({ level }) => level === "error");
    expect(loud.map(({ fields }) => fields.action)).to.include.members(["harvest", "allocate"]);
  });

  it("keeps the day's cap over a restart, and goes on the day after", async () => {
    const world = await busyProtocol();
    await advance(world, day);
    const first = await createKeeper(world);
    await runCycle(first);
    expect(done(first)).to.include.members(["report", "harvest", "allocate"]);
    const spent = first.memory.spent.l1;
    await advance(world, hour);
    await rewardBatch(world, [5_001n, 4_003n]);

    // Half of it is for what users wait for.
    const cap = { l1: 2n * (spent + 10n), l2: parseEther("5") };
    const second = await createKeeper(world, { policy: { dailyCap: cap } });
    await runCycle(second);
    expect(second.memory.spent.l1, "read from the chain alone").to.equal(spent);
    expect(done(second)).to.not.include("harvest");
    expect(waitOf(second, "harvest")).to.equal('{"type":"cap","left":"10"}');

    await advance(world, day);
    await runCycle(second);
    expect(done(second)).to.include("harvest");
  });

  it("delivers only the newest of many reports", async () => {
    const world = await livingProtocol();
    for (let reports = 0; reports < 3; reports++) await takeReport(world);
    await arriveDown(world);
    const keeper = await createKeeper(world);
    await runCycle(keeper);
    expect(done(keeper).filter((action) => action === "deliver")).to.have.length(1);
    const { reportNumber } = await world.protocol.l2.stakingPool.solvency();
    expect(reportNumber).to.equal(await world.protocol.l1.lockManager.lastMessage());
  });
});
