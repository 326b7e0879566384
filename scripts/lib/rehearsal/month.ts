/** A month of the protocol's life in a few minutes: people come and go, Metis pays rewards, and nobody but the keeper turns a crank. */
import { parseEther } from "ethers";

import {
  claim,
  deposit,
  depositAndStake,
  depositOnL1,
  requestRedeem,
  requestRedeemStaked,
  rewardBatch,
} from "../demo/actions";
import { readConservation } from "../demo/ledger";
import { type Actor, type World, advance } from "../demo/world";
import { day, hour } from "../localClock";
import type { Random } from "../random";
import type { KeeperProcess } from "./keeperProcess";

/** What a month showed. */
export interface MonthResult {
  readonly days: number;
  readonly deposits: number;
  readonly tickets: number;
  /** Tickets that were paid whole. */
  readonly paid: number;
  /** From the request to the payment, in seconds of the chain. */
  readonly longestWait: number;
  /** The greatest age of the applied report at the end of a step, in seconds. */
  readonly oldestReport: number;
  readonly rewards: bigint;
  readonly keeperKills: number;
}

interface OpenTicket {
  readonly id: bigint;
  readonly owner: Actor;
  readonly askedAt: number;
}

interface Life {
  readonly world: World;
  readonly random: Random;
  readonly keeper: KeeperProcess;
  open: readonly OpenTicket[];
  deposits: number;
  tickets: number;
  paid: number;
  longestWait: number;
  oldestReport: number;
}

/** How far the clocks go in one step, in seconds. */
const step = day;
/** What people do in one step. */
const visitsOfStep = 2;
/** Blocks that Ethereum has on top of what the keeper may act upon. */
const depth = 6;
/** Steps between two batches of rewards: one settles about every 3.3 days. */
const stepsBetweenBatches = 3;
/** L2 blocks of one batch for each of our sequencers: three days of blocks of 17.5 s, shared by nine sequencers. */
const blocksOfBatch = 1_650n;
/** In the last days nobody asks for redemption, so that every ticket can be paid. */
const quietDays = 9;
/** When somebody asks for more than the buffer has, so that the keeper must recall: the step, and eMetis at the least. */
const greatStep = 10;
const greatRedemption = parseEther("9000");
const active = 2n;

/**
 * Lives so many days.
 *
 * @throws Error when METIS is not conserved to the wei, when a ticket is left unpaid, or when the keeper does not answer.
 */
export async function liveMonth(
  world: World,
  keeper: KeeperProcess,
  { days, random, onDay }: { readonly days: number; readonly random: Random; readonly onDay: (day: number) => void },
): Promise<MonthResult> {
  const life: Life = {
    ...{ world, random, keeper, open: [] },
    ...{ deposits: 0, tickets: 0, paid: 0, longestWait: 0, oldestReport: 0 },
  };
  await begin(life);
  const steps = (days * day) / step;
  for (let count = 0; count < steps; count++) {
    const isQuiet = count >= steps - (quietDays * day) / step;
    if (count === greatStep) await leave(life);
    for (let visits = 0; !isQuiet && visits < visitsOfStep; visits++) await act(life);
    await advance(world, step);
    if (count % stepsBetweenBatches === stepsBetweenBatches - 1) await reward(world);
    await turnCranks(life);
    await claimAll(life);
    await check(life, count >= 2);
    if ((count * step) % day === 0) onDay((count * step) / day);
  }
  if (life.open.length > 0) throw new Error(`${life.open.length} tickets are not paid after ${days} days`);
  const { deposits, tickets, paid, longestWait, oldestReport } = life;
  const rewards = world.rewardsCredited;
  return { days, deposits, tickets, paid, longestWait, oldestReport, rewards, keeperKills: keeper.kills() };
}

/** Enough for both sequencers, from Ethereum: it can be locked in the same hour. */
async function begin({ world, random }: Life): Promise<void> {
  await depositOnL1(world, world.actors.l1User, parseEther("44000") + random.below(10n ** 18n));
  const [first] = world.actors.users;
  if (first !== undefined) await depositAndStake(world, first, parseEther("3000") + random.below(10n ** 18n));
}

async function act(life: Life): Promise<void> {
  const { world, random } = life;
  const user = random.pick(world.actors.users);
  const choice = random.below(4n);
  if (choice === 0n) await deposit(world, user, someAssets(random));
  if (choice === 1n) await depositAndStake(world, user, someAssets(random));
  if (choice === 2n && random.below(4n) === 0n) await depositOnL1(world, world.actors.l1User, someAssets(random));
  if (choice < 3n) {
    life.deposits += 1;
    return;
  }
  const balance = await world.protocol.l2.eMetis.balanceOf(user.address);
  const assets = (balance * random.between(10n, 90n)) / 100n;
  if (assets < parseEther("0.01")) return;
  await open(life, user, await requestRedeem(world, user, assets));
}

/** The greatest holder redeems so much that Metis's side alone cannot pay it. */
async function leave(life: Life): Promise<void> {
  const { world } = life;
  const { l1User } = world.actors;
  const shares = await world.protocol.l2.seMetis.convertToShares(greatRedemption);
  await open(life, l1User, await requestRedeemStaked(world, l1User, shares));
}

async function open(life: Life, owner: Actor, id: bigint): Promise<void> {
  const askedAt = (await life.world.protocol.l2.node.getBlock("latest"))?.timestamp ?? 0;
  life.open = [...life.open, { id, owner, askedAt }];
  life.tickets += 1;
}

function someAssets(random: Random): bigint {
  return parseEther("50") + random.below(parseEther("1500"));
}

/** Bridge and keeper in turn, until what began in this step has crossed both ways. */
async function turnCranks({ world, keeper, random }: Life): Promise<void> {
  const { relayer, l1 } = world.protocol;
  for (let round = 0; round < 2; round++) {
    await relayer.relayAll();
    await l1.node.send("hardhat_mine", [`0x${depth.toString(16)}`, "0x0"]);
    if (round === 0 && random.below(12n) === 0n) await keeper.killAndStart(random);
    await keeper.passCycle();
  }
  await relayer.relayAll();
}

async function claimAll(life: Life): Promise<void> {
  const { world, open } = life;
  const { redemptionQueue, node } = world.protocol.l2;
  const left: OpenTicket[] = [];
  for (const ticket of open) {
    const { claimable, end, claimedUntil } = await redemptionQueue.ticket(ticket.id);
    if (claimable > 0n) await claim(world, world.actors.stranger, ticket.id);
    const isWhole = claimedUntil + claimable >= end;
    if (!isWhole) left.push(ticket);
    if (!isWhole) continue;
    const now = (await node.getBlock("latest"))?.timestamp ?? 0;
    life.paid += 1;
    life.longestWait = Math.max(life.longestWait, now - ticket.askedAt);
  }
  life.open = left;
}

async function reward(world: World): Promise<void> {
  const { l1, sequencers } = world.protocol;
  const blocks = await Promise.all(
    sequencers.map(async ({ key }) => {
      const { status } = await l1.lockingPool.sequencers(await l1.lockingPool.seqSigners(key.signer));
      return status === active ? blocksOfBatch : 0n;
    }),
  );
  if (blocks.some((count) => count > 0n)) await rewardBatch(world, blocks);
}

async function check(life: Life, isSettled: boolean): Promise<void> {
  const { residual } = await readConservation(life.world);
  if (residual !== 0n) throw new Error(`conservation fails by ${residual} wei`);
  const { reportTakenAt } = await life.world.protocol.l2.stakingPool.solvency();
  const now = (await life.world.protocol.l2.node.getBlock("latest"))?.timestamp ?? 0;
  if (!isSettled) return;
  if (reportTakenAt === 0n) throw new Error("no report has been applied after a day");
  life.oldestReport = Math.max(life.oldestReport, now - Number(reportTakenAt));
  if (life.oldestReport > 3 * day) throw new Error(`the applied report is ${life.oldestReport / hour} hours old`);
}
