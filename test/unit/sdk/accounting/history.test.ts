import { expect } from "chai";
import { parseEther } from "ethers";

import { applyEvent } from "../../../../sdk/src/accounting/applyEvent";
import { decodeEvents } from "../../../../sdk/src/accounting/decodeEvents";
import type { ProtocolEvent } from "../../../../sdk/src/accounting/events";
import { lineNames, sumOfLines } from "../../../../sdk/src/accounting/lines";
import { protocolTotals } from "../../../../sdk/src/accounting/protocolTotals";
import { readProtocol } from "../../../../sdk/src/accounting/readProtocol";
import { type RewardHistory, rewardHistory } from "../../../../sdk/src/accounting/rewardHistory";
import { residualOf } from "../../../../sdk/src/accounting/rows";
import { type ReplayState, emptyState, positionOf } from "../../../../sdk/src/accounting/state";
import { valueAt } from "../../../../sdk/src/accounting/valuation";
import type { Context } from "../../../../sdk/src/context";
import {
  EMetis__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../../../../sdk/src/generated/contracts";
import { readL2 } from "../../../../sdk/src/rpc/readPinned";
import type { Address, Side } from "../../../../sdk/src/types";
import { accountsOf, approveAll, protocolActions, userActions } from "../../../helpers/sdk/accountingHistory";
import { sdkContext } from "../../../helpers/sdk/context";
import { type ProtocolWorld, livingProtocol, report, slash } from "../../../helpers/protocol";
import { type Random, seededRandom } from "../../../helpers/random";

const seed = Number(process.env.EMETIS_SEED ?? 20261122);
const steps = Number(process.env.EMETIS_STEPS ?? 280);

/** What the contracts' views say of an account in a block of Metis. */
interface Holding {
  readonly eMetis: bigint;
  readonly staked: bigint;
  readonly pending: bigint;
  readonly claimable: bigint;
}

interface Moment {
  readonly time: bigint;
  readonly holdings: ReadonlyMap<Address, Holding>;
  /** What was minted for each deposit on Ethereum, in their order; of later ones there is nothing. */
  readonly minted: readonly bigint[];
}

/** Follows both chains block by block. */
interface Follower {
  readonly context: Context;
  readonly accounts: readonly Address[];
  readonly state: ReplayState;
  readonly deposits: { readonly number: bigint; readonly assets: bigint; readonly receiver: Address; time: bigint }[];
  readonly moments: Moment[];
  /** How many were compared. */
  blocks: number;
  readonly seen: { l1: number; l2: number };
}

describe("reward accounting over random histories", function () {
  this.timeout(Math.max(120_000, steps * 3_000));

  let world: ProtocolWorld;
  let follower: Follower;
  let histories: readonly RewardHistory[];
  const done = new Map<string, number>();

  before(async function () {
    world = await livingProtocol();
    const context = sdkContext(world);
    const accounts = accountsOf(world);
    const state = emptyState({ type: "everyone" });
    follower = { context, accounts, state, deposits: [], moments: [], blocks: 0, seen: { l1: -1, l2: -1 } };
    await approveAll(world);
    await follow(follower, world);
    const random = seededRandom(seed);
    // Ethereum takes no deposits for days after a loss, so the first are made before any.
    for (const name of ["depositOnL1", "depositOnL1Unstaked"]) {
      await userActions[name]!(world, random);
      done.set(name, 1);
    }
    for (let step = 0; step < steps; step++) {
      await act(world, random, step, done);
      await follow(follower, world);
    }
    // What Ethereum did last lies before the last block of Metis, and so in the window.
    await world.l2.increaseTo(Math.max(await world.l1.now(), await world.l2.now()) + 1);
    await follow(follower, world);
    const from = follower.moments[0]!.time;
    histories = await Promise.all(accounts.map((account) => rewardHistory(context, { account, from })));
  });

  it(`replays all blocks to what storage says: stream, supplies, queue, counters and every holding (seed ${seed})`, () => {
    // follow() has compared each block; here is that there was something to compare.
    expect(follower.blocks).to.be.greaterThan(steps);
    const missed = Object.keys({ ...userActions, ...protocolActions }).filter((name) => !done.has(name));
    expect(missed).to.deep.equal([]);
  });

  it("values every account in random windows as the views did, with residual 0 in every row", async function () {
    const random = seededRandom(seed + 1);
    const { moments, accounts, context } = follower;
    for (let window = 0; window < 24; window++) {
      const [first, last] = twoOf(random, moments);
      const account = random.pick(accounts);
      const history = await rewardHistory(context, { account, from: first.time, to: last.time });
      expect(history.closing).to.deep.equal(valueOf(follower, last, account));
      expect(history.opening.total).to.equal(valueOf(follower, first, account).total);
      expectExact(history);
    }
  });

  it("never makes a reward negative, and a loss, haircut or fee never positive", function () {
    for (const { byEvent } of histories) {
      for (const row of byEvent) {
        expect(row.rewards >= 0n, "rewards").to.equal(true);
        expect(row.losses <= 0n && row.haircuts <= 0n && row.instantFees <= 0n, "losses").to.equal(true);
        expect(row.deposits >= 0n && row.claims <= 0n && row.transfersIn >= 0n && row.transfersOut <= 0n).to.equal(
          true,
        );
      }
    }
  });

  it("keeps rounding below 3 wei for each stake and unstake", function () {
    for (const { byEvent } of histories) {
      for (const row of byEvent) expect(row.rounding <= 3n && row.rounding >= -3n, String(row.rounding)).to.equal(true);
    }
  });

  it("adds up over all users to the protocol's totals, to the wei", async function () {
    const { state, l2 } = await readProtocol(follower.context);
    const totals = protocolTotals(state, follower.context.deployment.l2, l2.timestamp);
    const { supply, reserved, l1Deposits, unvested, shareRemainder, givenToSEMetis, givenToQueue } = totals;
    const closings = histories.reduce((sum, { closing }) => sum + closing.total, 0n);
    expect(closings).to.equal(totals.accounts);
    expect(closings + unvested + shareRemainder + givenToSEMetis + givenToQueue).to.equal(
      supply + reserved + l1Deposits,
    );
    expect(supply).to.equal(await world.protocol.l2.eMetis.totalSupply());
    expect(reserved).to.equal(await world.protocol.l2.redemptionQueue.reserved());
    expect(unvested).to.equal(await world.protocol.l2.seMetis.unvestedAssets());
    expect(shareRemainder >= 0n && shareRemainder < 20n, String(shareRemainder)).to.equal(true);
    expect(givenToSEMetis >= 0n && givenToQueue >= 0n).to.equal(true);
  });

  it("books for all users together what the protocol took in, paid out and charged", async function () {
    const { stakingPool, redemptionQueue } = world.protocol.l2;
    const from = follower.moments[0]!.time;
    const after = (await blockAfter(follower.context, from)) + 1;
    const lines = sumOfLines(histories.map(({ total }) => total));
    const deposited = await stakingPool.queryFilter(stakingPool.filters.Deposited(), after);
    const claimed = await redemptionQueue.queryFilter(redemptionQueue.filters.RedemptionClaimed(), after);
    const instant = await stakingPool.queryFilter(stakingPool.filters.RedeemedInstantly(), after);
    const minted = await stakingPool.queryFilter(stakingPool.filters.RewardsMinted(), after);
    expect(lines.deposits).to.equal(deposited.reduce((sum, { args }) => sum + args.assets, 0n));
    const onEthereum = follower.deposits.filter(({ time }) => time > from);
    expect(lines.l1Deposits).to.equal(onEthereum.reduce((sum, { assets }) => sum + assets, 0n));
    expect(-lines.claims).to.equal(claimed.reduce((sum, { args }) => sum + args.paid, 0n));
    expect(-lines.instantRedemptions).to.equal(instant.reduce((sum, { args }) => sum + args.paid, 0n));
    expect(-lines.instantFees).to.equal(instant.reduce((sum, { args }) => sum + args.fee, 0n));
    expect(lines.feeIncome).to.equal(minted.reduce((sum, { args }) => sum + args.fee, 0n));
    const fees = histories.reduce((sum, { total }) => sum + total.protocolFee, 0n);
    const remainder = lines.feeIncome - fees;
    expect(remainder >= 0n && remainder <= BigInt(minted.length * histories.length), String(remainder)).to.equal(true);
  });

  it("goes on from a cursor to the same rows as a whole replay", async function () {
    const { context, accounts, moments } = follower;
    const random = seededRandom(seed + 2);
    const [account] = accounts;
    const { cursor } = await rewardHistory(context, { account: account! });
    const stored = JSON.parse(JSON.stringify(cursor)) as typeof cursor;
    expect(stored).to.deep.equal(cursor);
    const from = moments.at(-1)!.time;
    for (let step = 0; step < 6; step++) await act(world, random, step, new Map());
    const resumed = await rewardHistory(context, { account: account!, from, cursor: stored });
    const whole = await rewardHistory(context, { account: account!, from });
    expect({ ...resumed, cursor: undefined }).to.deep.equal({ ...whole, cursor: undefined });
  });
});

/** One step: mostly of users; a loss below par once, in the last third. */
async function act(world: ProtocolWorld, random: Random, step: number, done: Map<string, number>): Promise<void> {
  if (step === Math.floor((steps * 2) / 3)) await lossBelowPar(world);
  const isOfProtocol = random.below(5n) === 0n;
  const [name, action] = random.pick(Object.entries(isOfProtocol ? protocolActions : userActions));
  const isDone = await action(world, random).then(
    () => true,
    () => false,
  );
  done.set(name, (done.get(name) ?? 0) + Number(isDone));
  if (!isDone && done.get(name) === 0) done.delete(name);
}

async function lossBelowPar(world: ProtocolWorld): Promise<void> {
  const staked = await world.protocol.l2.seMetis.totalAssets();
  const unvested = await world.protocol.l2.seMetis.unvestedAssets();
  const { lockManager, lockingPool } = world.protocol.l1;
  const { sequencerId } = await lockManager.vaultAt(0n);
  const { amount } = await lockingPool.sequencers(sequencerId);
  const wanted = staked + unvested + parseEther("700");
  await slash(world, 0n, amount < wanted ? amount - 1n : wanted);
  await report(world);
  await world.protocol.l2.stakingPool.connect(world.people.governance.l2).confirmLoss();
}

/** Replays each new block, and compares it with the views in it. */
async function follow(follower: Follower, { l1, l2 }: ProtocolWorld): Promise<void> {
  const { context, state, seen } = follower;
  const heads = { l1: await l1.provider.getBlockNumber(), l2: await l2.provider.getBlockNumber() };
  for (const event of await eventsOf(context, "l1", seen.l1 + 1, heads.l1)) {
    applyEvent(state, event);
    if (event.type !== "l1Deposited") continue;
    const { timestamp } = (await l1.provider.getBlock(event.at.blockNumber))!;
    follower.deposits.push({ ...event, time: BigInt(timestamp) });
  }
  const events = await eventsOf(context, "l2", seen.l2 + 1, heads.l2);
  const isFirst = seen.l2 === -1;
  for (let block = seen.l2 + 1; block <= heads.l2; block++) {
    for (const event of events.filter(({ at }) => at.blockNumber === block)) applyEvent(state, event);
    if (!isFirst || block === heads.l2) await compare(follower, block);
  }
  Object.assign(seen, heads);
}

async function eventsOf(
  context: Context,
  side: Side,
  fromBlock: number,
  toBlock: number,
): Promise<readonly ProtocolEvent[]> {
  const { l1, l2 } = context.deployment;
  const address = side === "l1" ? [l1.lockManager] : [l2.eMetis, l2.seMetis, l2.stakingPool, l2.redemptionQueue];
  return decodeEvents(context.deployment, side, await context[side].getLogs({ address, fromBlock, toBlock }));
}

/** Fails unless the replayed state of a block is what its views say; remembers what they say of each account. */
async function compare(follower: Follower, blockNumber: number): Promise<void> {
  const { state, accounts, context } = follower;
  const { block, value } = await readL2(context, blockNumber, (runner) => {
    const { eMetis, seMetis, redemptionQueue, stakingPool } = context.deployment.l2;
    const token = EMetis__factory.connect(eMetis, runner);
    const vault = SEMetis__factory.connect(seMetis, runner);
    const queue = RedemptionQueue__factory.connect(redemptionQueue, runner);
    const pool = StakingPool__factory.connect(stakingPool, runner);
    return Promise.all([
      Promise.all([vault.stream(), vault.totalSupply(), vault.totalAssets(), token.totalSupply(), pool.solvency()]),
      Promise.all([queue.requestedUntil(), queue.finalisedUntil(), queue.reserved(), queue.pending()]),
      Promise.all(accounts.map((account) => Promise.all([token.balanceOf(account), vault.balanceOf(account)]))),
      Promise.all([...state.tickets.keys()].map(async (id) => ({ id, ...pick(await queue.ticket(id)) }))),
      Promise.all(follower.deposits.map(({ number }) => pool.l1DepositMinted(number))),
      Promise.all(accounts.map(async (account) => vault.convertToAssets(await vault.balanceOf(account)))),
    ]);
  });
  const [sums, line, balances, tickets, minted, staked] = value;
  const [stream, shares, totalAssets, supply, { buffer, receivedFromL1, sentToL1, mintedForL1 }] = sums;
  const [requestedUntil, finalisedUntil, reserved] = line;
  const { assets, unvested, vestedAt, endsAt } = stream;
  const totals = protocolTotals(state, context.deployment.l2, block.timestamp);
  expect(state).to.deep.include({
    stream: { assets, unvested, vestedAt, endsAt },
    shares,
    requestedUntil,
    finalisedUntil,
  });
  expect(state.sums).to.deep.equal({ supply, buffer, receivedFromL1, sentToL1, mintedForL1 });
  expect(totals.reserved).to.equal(reserved);
  expect(totals.unvested + totalAssets).to.equal(assets + unvested);
  const held = new Map<Address, Holding>();
  for (const [position, account] of accounts.entries()) {
    const [eMetis, ownShares] = balances[position]!;
    const own = positionOf(state, account);
    expect([own.eMetis, own.shares]).to.deep.equal([eMetis, ownShares]);
    const holding = holdingOf(account, { eMetis, staked: staked[position]! }, tickets, finalisedUntil);
    held.set(account, holding);
    // Whether a deposit on Ethereum is on its way at this second only its time tells: that is for histories.
    const { eMetis: assets, staked: stake, pending, claimable } = valueAt(state, account, block.timestamp);
    expect(holding).to.deep.include({ eMetis: assets, staked: stake, pending, claimable });
  }
  // Several blocks may have one second: a moment is after all of them.
  if (follower.moments.at(-1)?.time === block.timestamp) follower.moments.pop();
  follower.blocks++;
  follower.moments.push({ time: block.timestamp, holdings: held, minted });
}

interface ViewedTicket {
  readonly id: bigint;
  readonly owner: string;
  readonly end: bigint;
  readonly claimedUntil: bigint;
  readonly claimable: bigint;
}

function pick({ owner, end, claimedUntil, claimable }: Omit<ViewedTicket, "id">): Omit<ViewedTicket, "id"> {
  return { owner, end, claimedUntil, claimable };
}

/** What views say of an account, put together without the SDK's own valuation. */
function holdingOf(
  account: Address,
  { eMetis, staked }: { readonly eMetis: bigint; readonly staked: bigint },
  tickets: readonly ViewedTicket[],
  finalisedUntil: bigint,
): Holding {
  const own = tickets.filter(({ owner }) => owner === account);
  const waiting = ({ claimedUntil, end }: ViewedTicket) => {
    const from = claimedUntil > finalisedUntil ? claimedUntil : finalisedUntil;
    return end > from ? end - from : 0n;
  };
  const pending = own.reduce((sum, ticket) => sum + waiting(ticket), 0n);
  const claimable = own.reduce((sum, ticket) => sum + ticket.claimable, 0n);
  return { eMetis, staked, pending, claimable };
}

/**
 * The holding with what is on its way from Ethereum at its second. Only when all is over that can be told: a block of Ethereum that
 * was mined later may have the same second. A deposit before one that was minted counts too, whatever the clocks say.
 */
function valueOf({ deposits }: Follower, { time, holdings, minted }: Moment, account: Address) {
  const holding = holdings.get(account)!;
  const l1Deposits = deposits.reduce((sum, deposit, position) => {
    const isMinted = minted.slice(position).some((assets) => assets > 0n);
    const isKnown = deposit.receiver === account && (deposit.time <= time || isMinted);
    return isKnown ? sum + deposit.assets - (minted[position] ?? 0n) : sum;
  }, 0n);
  const { eMetis, staked, pending, claimable } = holding;
  return { ...holding, l1Deposits, total: eMetis + staked + pending + claimable + l1Deposits };
}

function twoOf(random: Random, moments: readonly Moment[]): readonly [first: Moment, last: Moment] {
  const [a, b] = [random.pick(moments), random.pick(moments)];
  return a.time <= b.time ? [a, b] : [b, a];
}

/** Fails unless each division of a window begins and ends with its values, without a gap, and each row is exact. */
function expectExact({ opening, closing, total, byEvent, byReport, byDay, from, to }: RewardHistory): void {
  for (const rows of [byEvent, byReport, byDay].filter(({ length }) => length > 0)) {
    expect(rows.map(residualOf)).to.deep.equal(rows.map(() => 0n));
    expect([rows[0]!.opening, rows.at(-1)!.closing]).to.deep.equal([opening.total, closing.total]);
    expect([rows[0]!.from, rows.at(-1)!.to]).to.deep.equal([from, to]);
    for (const [position, row] of rows.slice(1).entries()) {
      expect([row.from, row.opening]).to.deep.equal([rows[position]!.to, rows[position]!.closing]);
    }
    const sum = sumOfLines(rows);
    for (const name of lineNames) expect(sum[name], name).to.equal(total[name]);
  }
  expect(residualOf(total)).to.equal(0n);
}

/** The block of Metis at `time`. */
async function blockAfter({ l2 }: Context, time: bigint): Promise<number> {
  for (let number = await l2.getBlockNumber(); ; number--) {
    const { timestamp } = (await l2.getBlock(number))!;
    if (BigInt(timestamp) <= time) return number;
  }
}
