import { expect } from "chai";
import { type Log, parseEther } from "ethers";

import { noLines } from "../../../../sdk/src/accounting/lines";
import { type Reorg, startFrom } from "../../../../sdk/src/accounting/resume";
import {
  type RewardHistory,
  type RewardHistoryParameters,
  rewardHistory,
} from "../../../../sdk/src/accounting/rewardHistory";
import { checkAddress } from "../../../../sdk/src/check";
import type { Context } from "../../../../sdk/src/context";
import {
  ChainMismatchError,
  CursorError,
  LogRangeError,
  MissingLogsError,
  ParameterError,
  ReorgError,
  RpcError,
} from "../../../../sdk/src/errors";
import { sdkContext } from "../../../helpers/sdk/context";
import {
  type Fault,
  counting,
  failing,
  faulty,
  forking,
  losingLogs,
  outOfOrder,
  refusingRanges,
} from "../../../helpers/sdk/faultyProvider";
import { type ProtocolWorld, livingProtocol } from "../../../helpers/protocol";

const nobody = "0x0000000000000000000000000000000000000000";

describe("rewardHistory", function () {
  let world: ProtocolWorld;
  let context: Context;
  let account: `0x${string}`;

  beforeEach(async function () {
    world = await livingProtocol();
    context = sdkContext(world);
    account = checkAddress("account", world.people.alice.address);
  });

  const onMetis = (...faults: readonly Fault[]): Context => ({ ...context, l2: faulty(context.l2, ...faults) });
  const read = (of: Context, parameters: Partial<RewardHistoryParameters> = {}) =>
    rewardHistory(of, { account, ...parameters });
  const rowsOnly = (history: RewardHistory) => ({ ...history, cursor: undefined });
  const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(null, (reason: unknown) => reason);

  it("closes with what the chain says the shares are worth", async function () {
    const { closing, total } = await read(context);
    const { seMetis } = world.protocol.l2;
    const staked = await seMetis.convertToAssets(await seMetis.balanceOf(account));
    expect(closing).to.deep.equal({ eMetis: 0n, staked, pending: 0n, claimable: 0n, l1Deposits: 0n, total: staked });
    expect(total.rewards).to.equal(staked - parseEther("31337.250000000000000007"));
  });

  it("is empty for an account that never held anything", async function () {
    const stranger = checkAddress("account", world.people.stranger.address);
    const { total, byEvent } = await read(context, { account: stranger });
    expect(total).to.deep.include({ opening: 0n, closing: 0n, ...noLines() });
    expect(byEvent.filter(({ type }) => type === "event")).to.deep.equal([]);
  });

  it("shows a deposit on Ethereum from that deposit on, and its minting as nothing new", async function () {
    const dave = checkAddress("account", world.people.dave.address);
    const { byEvent } = await read(context, { account: dave });
    const [deposited, minted] = byEvent;
    const assets = parseEther("45000.125000000000000001");
    expect(deposited).to.include({ side: "l1", l1Deposits: assets, closing: assets, rewards: 0n });
    expect(minted).to.deep.include({
      side: "l2",
      events: ["sharesMoved", "staked", "l1DepositMinted"],
      l1Deposits: 0n,
      deposits: 0n,
    });
    expect(minted!.closing).to.equal(assets + minted!.rounding);
  });

  it("books a stake for another as given and got, not as a deposit", async function () {
    const { eMetis, seMetis } = world.protocol.l2;
    const { bob, carol } = world.people;
    await eMetis.connect(bob.l2).approve(seMetis, 1_000_000n);
    await seMetis.connect(bob.l2).deposit(1_000_000n, carol.address);
    const giver = (await read(context, { account: checkAddress("account", bob.address) })).byEvent.at(-1);
    const taker = (await read(context, { account: checkAddress("account", carol.address) })).byEvent.at(-1);
    expect(giver).to.deep.include({ ...noLines(), transfersOut: -1_000_000n, rewards: 0n });
    expect(taker).to.deep.include({ transfersIn: 1_000_000n, deposits: 0n, rounding: taker!.closing - 1_000_000n });
  });

  it("books an instant redemption as paid and as fee, which add up to the eMetis given", async function () {
    const { stakingPool } = world.protocol.l2;
    const { bob } = world.people;
    await stakingPool.connect(bob.l2).deposit(bob.address, nobody, { value: parseEther("3000") });
    const assets = parseEther("100.000000000000000003");
    const paid = await stakingPool.previewRedeemInstant(assets);
    await stakingPool.connect(bob.l2).redeemInstant(assets, 0n, bob.address);
    const row = (await read(context, { account: checkAddress("account", bob.address) })).byEvent.at(-1);
    expect(row).to.deep.include({ ...noLines(), instantRedemptions: -paid, instantFees: paid - assets });
  });

  it("takes the fee income of the treasury for what it is", async function () {
    const { stakingPool, eMetis } = world.protocol.l2;
    const treasury = checkAddress("treasury", await stakingPool.treasury());
    const { total } = await read(context, { account: treasury });
    expect(total).to.deep.include({ feeIncome: await eMetis.balanceOf(treasury), transfersIn: 0n });
    expect(total.feeIncome > 0n).to.equal(true);
  });

  it("shows a first deposit that came exactly at midnight as a deposit", async function () {
    const { stakingPool } = world.protocol.l2;
    const { bob, stranger } = world.people;
    const midnight = (Math.floor((await world.l2.now()) / 86_400) + 1) * 86_400;
    await world.l2.setNextBlockTimestamp(midnight);
    await stakingPool.connect(bob.l2).deposit(stranger.address, nobody, { value: parseEther("5") });
    const { total } = await read(context, { account: checkAddress("account", stranger.address) });
    expect(total).to.include({ opening: 0n, deposits: parseEther("5"), to: BigInt(midnight) });
  });

  it("divides days at midnight of UTC, from the day of the first event on", async function () {
    const { byDay, from, to } = await read(context);
    const midnights = byDay.slice(1).map((row) => row.from);
    expect(midnights.map((time) => time % 86_400n)).to.deep.equal(midnights.map(() => 0n));
    expect([byDay[0]?.from, byDay.at(-1)?.to]).to.deep.equal([from, to]);
    expect(from % 86_400n).to.equal(0n);
    expect(byDay.length).to.be.greaterThan(10);
  });

  it("asks for no more than it says: chain, heads, logs, own headers, state and heads again", async function () {
    const [l1, l2] = [counting(), counting()];
    await read({ ...context, l1: faulty(context.l1, l1.fault), l2: faulty(context.l2, l2.fault) });
    const methods = ["getNetwork", "getBlockNumber", "getBlock", "getLogs", "call"];
    expect(methods.map((method) => l2.count(method))).to.deep.equal([1, 1, 2, 3, 1]);
    expect(methods.map((method) => l1.count(method))).to.deep.equal([1, 1, 2, 1, 1]);
  });

  describe("with a faulty node", function () {
    it("reads the same from a node that refuses ranges and answers out of order", async function () {
      const whole = await read(context);
      expect(await read(onMetis(refusingRanges(7), outOfOrder()))).to.deep.equal(whole);
    });

    it("says which block's logs cannot be had", async function () {
      const error = await errorOf(read(onMetis(refusingRanges(0))));
      expect(error).to.be.instanceOf(LogRangeError);
      expect(error).to.include({ side: "l2", blockNumber: 0 });
    });

    for (const blocks of [1, 3, 10]) {
      it(`refuses a node that silently gives only the logs of the last ${blocks} blocks`, async function () {
        expect(await errorOf(read(onMetis(losingLogs(blocks))))).to.be.instanceOf(MissingLogsError);
      });
    }

    for (const lost of [0, 1, 2]) {
      it(`refuses a node that loses transaction ${lost} of the stream whole, even where no state is asked`, async function () {
        const { seMetis, stakingPool } = world.protocol.l2;
        const { bob } = world.people;
        await stakingPool.connect(bob.l2).depositAndStake(bob.address, 0n, nobody, { value: parseEther("5") });
        const topics = ["StreamUpdated", "RewardAdded"].map(
          (name) => seMetis.interface.getEvent(name as "Deposit").topicHash,
        );
        const address = context.deployment.l2.seMetis;
        const logs = await context.l2.getLogs({ address, topics: [topics], fromBlock: 0 });
        const victim = logs[lost]!.transactionHash;
        const losing: Fault = async ({ method }, proceed) => {
          const answer = await proceed();
          if (method !== "getLogs") return answer;
          return (answer as typeof logs).filter(({ transactionHash }) => transactionHash !== victim);
        };
        const of = { account: checkAddress("account", bob.address), check: "logs" } as const;
        const error = await errorOf(read(onMetis(losing), of));
        expect(error).to.be.instanceOf(MissingLogsError);
        expect((error as MissingLogsError).reason).to.match(/the logs make|report/);
      });
    }

    it("refuses a node that forgets a transfer of the account, which no other log tells of", async function () {
      const { eMetis } = world.protocol.l2;
      const { bob, carol } = world.people;
      const receipt = await (await eMetis.connect(bob.l2).transfer(carol.address, 5n)).wait();
      const losing: Fault = async ({ method }, proceed) => {
        const answer = await proceed();
        if (method !== "getLogs") return answer;
        return (answer as { blockNumber: number }[]).filter(({ blockNumber }) => blockNumber !== receipt!.blockNumber);
      };
      const error = await errorOf(read(onMetis(losing), { account: checkAddress("account", carol.address) }));
      expect(error).to.be.instanceOf(MissingLogsError);
      expect((error as MissingLogsError).reason).to.equal("the logs make the account's eMetis 0, the contract says 5");
    });

    /** Loses the logs of one event of a contract on Metis. */
    const losingEvent =
      (address: string, topic: string, isLost: (log: Log) => boolean = () => true): Fault =>
      async ({ method }, proceed) => {
        const answer = await proceed();
        if (method !== "getLogs") return answer;
        return (answer as Log[]).filter((log) => log.address !== address || log.topics[0] !== topic || !isLost(log));
      };

    for (const check of ["state", "logs"] as const) {
      it(`refuses a node that forgets what the pool minted or burned eMetis for, with its ${check} checked`, async function () {
        const { stakingPool } = world.protocol.l2;
        const { bob, dave, alice } = world.people;
        await stakingPool.connect(bob.l2).deposit(bob.address, nobody, { value: parseEther("3000") });
        await stakingPool.connect(bob.l2).redeemInstant(parseEther("1"), 0n, bob.address);
        const cases = [
          { name: "L1DepositMinted", person: dave },
          { name: "Deposited", person: alice },
          { name: "Deposited", person: bob },
          { name: "RedeemedInstantly", person: bob },
        ] as const;
        for (const { name, person } of cases) {
          const losing = losingEvent(context.deployment.l2.stakingPool, stakingPool.interface.getEvent(name).topicHash);
          const of = { account: checkAddress("account", person.address), check };
          expect(await errorOf(read(onMetis(losing), of)), name).to.be.instanceOf(MissingLogsError);
        }
      });
    }

    it("refuses a node that forgets that one ticket came and another one went", async function () {
      const { eMetis, redemptionQueue } = world.protocol.l2;
      const { bob, carol } = world.people;
      await eMetis.connect(bob.l2).approve(redemptionQueue, parseEther("9"));
      const first = await redemptionQueue.requestedUntil();
      await redemptionQueue.connect(bob.l2).requestRedeem(parseEther("2"), bob.address);
      const second = await redemptionQueue.requestedUntil();
      await redemptionQueue.connect(bob.l2).requestRedeem(parseEther("7"), carol.address);
      await redemptionQueue.connect(carol.l2).transferFrom(carol.address, bob.address, second);
      await redemptionQueue.connect(bob.l2).transferFrom(bob.address, carol.address, first);
      const { topicHash } = redemptionQueue.getEvent("Transfer").fragment;
      const zero = `0x${"00".repeat(32)}`;
      const losing = losingEvent(context.deployment.l2.redemptionQueue, topicHash, ({ topics }) => topics[1] !== zero);
      const error = await errorOf(read(onMetis(losing), { account: checkAddress("account", bob.address) }));
      expect(error).to.be.instanceOf(MissingLogsError);
    });

    it("refuses a node of Ethereum that forgets a deposit", async function () {
      const l1 = faulty(context.l1, losingLogs(0));
      const dave = checkAddress("account", world.people.dave.address);
      expect(await errorOf(read({ ...context, l1 }, { account: dave }))).to.be.instanceOf(MissingLogsError);
      expect(await errorOf(read({ ...context, l1 }))).to.be.instanceOf(MissingLogsError);
    });

    it("names the node that fails, and the request", async function () {
      const error = await errorOf(read(onMetis(failing({ methods: ["getBlock"] }))));
      expect(error).to.be.instanceOf(RpcError);
      expect(error).to.include({ side: "l2", method: "eth_getBlockByNumber" });
    });

    it("sees swapped chains", async function () {
      const error = await errorOf(read({ ...context, l1: context.l2, l2: context.l1 }));
      expect(error).to.be.instanceOf(ChainMismatchError);
      expect(error).to.include({ isSwapped: true });
    });

    it("sees that the chain was reorganised while it read", async function () {
      const head = await context.l2.getBlockNumber();
      const fork = forking({ head }, (log) => [log]);
      const ending: Fault = async ({ method }, proceed) => {
        const answer = await proceed();
        if (method === "call") fork.end();
        return answer;
      };
      expect(await errorOf(read(onMetis(ending, fork.fault)))).to.be.instanceOf(ReorgError);
    });
  });

  describe("with a cursor", function () {
    for (const depth of [1, 3, 12]) {
      it(`goes back over a reorganisation of ${depth} blocks, says so, and gives what a whole replay gives`, async function () {
        const { stakingPool } = world.protocol.l2;
        const { alice } = world.people;
        const { to: from } = await read(context);
        await world.l2.increase(10);
        const base = await world.l2.snapshot();
        for (let block = 0; block < depth; block++) {
          await stakingPool.connect(alice.l2).depositAndStake(alice.address, 0n, nobody, { value: parseEther("5") });
        }
        const { cursor } = await read(context);
        await base.restore();
        for (let block = 0; block < depth + 1; block++) {
          await stakingPool.connect(alice.l2).depositAndStake(alice.address, 0n, nobody, { value: parseEther("7") });
        }
        const reorgs: Reorg[] = [];
        const resumed = await read(context, { from, cursor, onReorg: (reorg) => reorgs.push(reorg) });
        const rows = rowsOnly(resumed);
        const expected = rowsOnly(await read(context, { from }));
        expect(rows).to.deep.equal(expected);
        expect(rows.total.deposits).to.equal(parseEther("7") * BigInt(depth + 1));
        expect(reorgs.length).to.be.greaterThan(0);
        expect(reorgs[0]).to.include({ side: "l2" });
      });
    }

    it("reads only blocks after the cursor's", async function () {
      const { cursor, to } = await read(context);
      await world.l2.mine(2);
      const head = await context.l2.getBlockNumber();
      const ranges: unknown[] = [];
      const recording: Fault = async ({ method, parameters }, proceed) => {
        if (method === "getLogs") ranges.push((parameters[0] as { fromBlock: number }).fromBlock);
        return proceed();
      };
      await read(onMetis(recording), { cursor, from: to });
      expect(ranges).to.deep.equal([head - 1, head - 1, head - 1]);
    });

    it("begins where it was told to for an account that once had something and has nothing", async function () {
      const { eMetis } = world.protocol.l2;
      const { bob, carol } = world.people;
      const of = { account: checkAddress("account", carol.address) };
      await eMetis.connect(bob.l2).transfer(carol.address, 5n);
      await eMetis.connect(carol.l2).transfer(bob.address, 5n);
      const { cursor, to: from } = await read(context, of);
      await world.l2.increase(3 * 86_400);
      await eMetis.connect(bob.l2).transfer(carol.address, 7n);
      const resumed = rowsOnly(await read(context, { ...of, from, cursor }));
      expect(resumed).to.deep.equal(rowsOnly(await read(context, { ...of, from })));
      expect(resumed.from).to.equal(from);
    });

    it("starts anew where the window begins before the cursor's events", async function () {
      const { cursor } = await read(context);
      const rows = rowsOnly(await read(context, { cursor, from: 0n }));
      const expected = rowsOnly(await read(context));
      expect(rows).to.deep.equal(expected);
    });

    it("is refused for another account, version or deployment, and when a number is malformed", async function () {
      const { cursor } = await read(context);
      const bad = [
        { ...cursor, account: nobody },
        { ...cursor, schemaVersion: 2 },
        { ...cursor, deployment: "1:0x 2:0x" },
        JSON.parse(JSON.stringify(cursor).replace(/"clock":"\d+"/, '"clock":"soon"')) as typeof cursor,
      ] as const;
      for (const other of bad) expect(await errorOf(read(context, { cursor: other }))).to.be.instanceOf(CursorError);
    });

    it("leaves unconfirmed blocks for the next time", async function () {
      const { stakingPool } = world.protocol.l2;
      const { bob } = world.people;
      const of = { account: checkAddress("account", bob.address) };
      await world.l2.setNextBlockTimestamp((await world.l2.now()) + 1);
      await stakingPool.connect(bob.l2).deposit(bob.address, nobody, { value: parseEther("5") });
      await world.l2.mine(2);
      const early = await read(context, { ...of, confirmations: 3 });
      const late = await read(context, { ...of, confirmations: 2, cursor: early.cursor, from: early.to });
      expect(late.total.deposits).to.equal(parseEther("5"));
      expect(late.opening).to.deep.equal(early.closing);
    });
  });

  it("refuses a window beyond the last block, and one that ends before it begins", async function () {
    const { to } = await read(context);
    expect(await errorOf(read(context, { to: to + 1n }))).to.be.instanceOf(ParameterError);
    expect(await errorOf(read(context, { from: to, to: to - 1n }))).to.be.instanceOf(ParameterError);
    expect(await errorOf(read(context, { confirmations: -1 }))).to.be.instanceOf(ParameterError);
  });

  it("begins before all logs without a cursor", async function () {
    const heads = { l1: { blockNumber: 9, blockHash: account }, l2: { blockNumber: 9, blockHash: account } };
    expect((await startFrom(context, { account, from: 0n, heads })).l2.blockNumber).to.equal(-1);
  });
});
