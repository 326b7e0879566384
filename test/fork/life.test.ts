/**
 * The protocol's life on forks, with Metis's own LockingPool, bridge and METIS. Each test goes on where the one before ended. What no user can do there
 * is borrowed from Metis, see `scripts/lib/fork/metis.ts`; the clocks of both chains are set forward together.
 */
import { expect } from "chai";
import { parseEther } from "ethers";

import {
  claim,
  deliverAll,
  deposit,
  depositAndStake,
  rebalance,
  redeemInstant,
  report,
  reportAndFinalise,
  requestRedeem,
  requestRedeemStaked,
  waitForBridgeUp,
} from "../../scripts/lib/demo/actions";
import { readConservation } from "../../scripts/lib/demo/ledger";
import { type Actor, advance, generousEth } from "../../scripts/lib/demo/world";
import { day } from "../../scripts/lib/localClock";
import {
  type ForkLife,
  bringDown,
  creditBlocks,
  depositOnEthereum,
  positionsOf,
  recallForNeed,
  serveNeed,
  startForkLife,
} from "./support/forkLife";
import { forkTitle, forkWorld } from "./support/forkWorld";

/** A position on its way out, as LockManager numbers it. */
const exiting = 2n;

describe(`The protocol's life on ${forkTitle()}`, function () {
  this.bail(true);
  let life: ForkLife;
  let least: bigint;
  let [ada, ben, lou, keeper, stranger]: Actor[] = [];
  const tickets: bigint[] = [];

  before(async () => {
    life = await startForkLife(await forkWorld());
    least = await life.protocol.l1.lockingInfo.minLock();
    [ada, ben] = [...life.actors.users];
    ({ l1User: lou, keeper, stranger } = life.actors);
  });

  afterEach(async () => {
    expect((await readConservation(life)).residual, "METIS from nowhere or gone").to.equal(0n);
  });

  it("METIS comes down through the bridge, to the wei", async () => {
    const { node } = life.protocol.l2;
    for (const user of [ada!, ben!]) {
      const before = await node.getBalance(user.address);
      await bringDown(life, user, 4n * least + 7n);
      expect((await node.getBalance(user.address)) - before).to.equal(4n * least + 7n);
    }
  });

  it("users deposit on both chains, and a message carries the one on Ethereum to Metis", async () => {
    const { l1, l2 } = life.protocol;
    await depositAndStake(life, ada!, 3n * least + 5n);
    await deposit(life, ben!, 2n * least + 3n);
    await depositOnEthereum(life, lou!, (3n * least) / 2n + 1n);
    await l1.lockManager.connect(keeper!.l1).allocate();
    await deliverAll(life, keeper!);
    expect(await l2.seMetis.balanceOf(lou!.address)).to.be.greaterThan(0n);
  });

  it("METIS goes up through the bridge and is received", async () => {
    const { l1, l2 } = life.protocol;
    await rebalance(life, keeper!);
    const { sentToL1 } = await l2.stakingPool.solvency();
    expect(sentToL1).to.be.greaterThan(4n * least);
    await waitForBridgeUp(life);
    await l1.lockManager.connect(keeper!.l1).sync();
    const [received] = await l1.lockManager.counters();
    expect(received).to.equal(sentToL1);
  });

  it("both vaults lock", async () => {
    await life.protocol.l1.lockManager.connect(keeper!.l1).allocate();
    const amounts = (await positionsOf(life)).map(({ amount }) => amount);
    expect(amounts.every((amount) => amount >= least)).to.equal(true);
    await report(life, keeper!);
  });

  it("rewards are credited, harvested, reported and minted", async () => {
    const { l1, l2 } = life.protocol;
    for (const blocks of [11_001n, 10_503n]) {
      await advance(life, 3.3 * day);
      await creditBlocks(life, [blocks, blocks + 17n]);
    }
    const [first] = await positionsOf(life);
    expect(first!.reward).to.equal((11_001n + 10_503n) * (await l1.lockingPool.rewardPerBlock()));
    const supply = await l2.eMetis.totalSupply();
    await l1.lockManager.connect(keeper!.l1).harvest({ value: generousEth });
    await deliverAll(life, keeper!);
    await l2.l2Gateway.connect(keeper!.l2).forwardArrivals();
    await report(life, keeper!);
    expect((await positionsOf(life)).map(({ reward }) => reward)).to.deep.equal([0n, 0n]);
    expect(await l2.eMetis.totalSupply()).to.be.greaterThan(supply);
  });

  it("a user is paid at once from the buffer", async () => {
    await advance(life, 3 * day);
    const { node, stakingPool } = life.protocol.l2;
    const held = await node.getBalance(stakingPool);
    const paid = await redeemInstant(life, ben!, parseEther("100"));
    expect(paid).to.be.within(parseEther("99"), parseEther("100"));
    expect(held - (await node.getBalance(stakingPool))).to.equal(paid);
  });

  it("the keeper recalls METIS for the queue", async () => {
    const { lockManager } = life.protocol.l1;
    const id = await requestRedeem(life, ben!, least);
    await advance(life, 1.1 * day);
    await life.fork.metis.openBatch();
    const [, before] = await lockManager.counters();
    await lockManager.connect(keeper!.l1).recall(parseEther("500"), { value: generousEth });
    const [, after] = await lockManager.counters();
    expect(after - before).to.equal(parseEther("500"));
    await reportAndFinalise(life, keeper!);
    expect(await claim(life, stranger!, id)).to.be.greaterThan(0n);
    tickets.push(id);
  });

  it("the need of the queue goes up as a message, and a stranger has the rest of the ticket paid", async () => {
    const { redemptionQueue } = life.protocol.l2;
    await serveNeed(life);
    await reportAndFinalise(life, stranger!);
    const [id] = tickets;
    await claim(life, stranger!, id!);
    expect(await redemptionQueue.pending()).to.equal(0n);
  });

  it("everybody asks for everything, and strangers begin the exits", async () => {
    const { l1, l2, sequencers } = life.protocol;
    await advance(life, 10 * day);
    for (const user of [ada!, ben!, lou!]) {
      const shares = await l2.seMetis.balanceOf(user.address);
      if (shares > 0n) tickets.push(await requestRedeemStaked(life, user, shares));
      const assets = await l2.eMetis.balanceOf(user.address);
      if (assets > 0n) tickets.push(await requestRedeem(life, user, assets));
    }
    await serveNeed(life);
    await reportAndFinalise(life, stranger!);
    await advance(life, 7 * day + 60);
    await creditBlocks(life, [1_003n, 4_001n]);
    await recallForNeed(life);
    await life.fork.metis.fillPool(0, sequencers.length);
    for (const { index } of sequencers)
      await l1.lockManager.connect(stranger!.l1).beginExitForNeed(index, { value: generousEth });
    const phases = await Promise.all(sequencers.map(async ({ index }) => (await l1.lockManager.vaultAt(index)).phase));
    expect(phases).to.deep.equal([exiting, exiting]);
  });

  it("the exits end after Metis's delay with late rewards, and everybody is paid", async () => {
    const { l1, l2, sequencers } = life.protocol;
    await advance(life, 3 * day);
    await creditBlocks(life, [0n, 1_501n]);
    await advance(life, Number(await l1.lockingPool.exitDelayPeriod()));
    for (const { index } of sequencers)
      await l1.lockManager.connect(stranger!.l1).finishExit(index, { value: generousEth });
    expect(await positionsOf(life)).to.deep.equal([
      { amount: 0n, reward: 0n },
      { amount: 0n, reward: 0n },
    ]);
    await recallForNeed(life);
    await reportAndFinalise(life, stranger!);
    for (const id of tickets.slice(1)) await claim(life, stranger!, id);
    expect(await l2.redemptionQueue.pending()).to.equal(0n);
  });

  it("nobody got less than was put in, and every wei is accounted for", async () => {
    const { deposits, paidToUsers, residual } = await readConservation(life);
    expect(residual).to.equal(0n);
    expect(paidToUsers).to.be.greaterThan(deposits);
  });
});
