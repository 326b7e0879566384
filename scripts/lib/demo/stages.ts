/** The stages of the protocol's life, in order. Each throws when what it shows did not come true. */
import { parseEther } from "ethers";

import { sendSurelyAs } from "../localNode";
import { day } from "../localClock";
import {
  claim,
  deliverAll,
  deposit,
  depositAndStake,
  depositOnL1,
  openBatch,
  rebalance,
  redeemInstant,
  report,
  reportAndFinalise,
  requestRedeem,
  requestRedeemStaked,
  rewardBatch,
  stake,
  waitForBridgeUp,
} from "./actions";
import { type Actor, type World, advance, generousEth, transact, withdrawalFee } from "./world";

/** One stage. */
export interface Stage {
  readonly name: string;
  /** @returns What happened, a sentence each. */
  readonly run: (world: World) => Promise<readonly string[]>;
}

/** Active, in LockingPool's enumeration. */
const active = 2n;
/** Gas with which the delivery of a message fails. */
const tooLittleGas = 60_000n;
const l2GasOfExit = 250_000n;

/** The life of the protocol. */
export const stages: readonly Stage[] = [
  { name: "Many deposit on Metis, one on Ethereum", run: depositEverywhere },
  { name: "METIS goes up through the challenge window", run: sendUp },
  { name: "The vaults lock; one reaches maxLock", run: lock },
  { name: "Metis credits reward batches", run: earn },
  { name: "Harvest: one compounds, one bridges", run: harvest },
  { name: "A report crosses and rewards are minted", run: reportRewards },
  { name: "The stream vests", run: vest },
  { name: "Redemption through the queue, served by new deposits", run: redeemByNetting },
  { name: "Instant redemption from the buffer", run: redeemAtOnce },
  { name: "Redemption through the queue, served by the keeper's recall", run: redeemByRecall },
  { name: "The keeper falls silent: the need is signalled, a stranger recalls", run: redeemByNeed },
  { name: "Metis forces a sequencer out with a reward nobody reported", run: surviveForcedExit },
  { name: "The delivery of a message fails and it is sent again", run: resendMessage },
  { name: "Everyone asks for everything; a stranger begins the exit", run: leave },
  { name: "The exit ends after 21 days with a late reward; the queue empties", run: finishExit },
];

async function depositEverywhere(world: World): Promise<readonly string[]> {
  const { users, l1User, keeper } = world.actors;
  const amounts = [
    "31337.25",
    "22500.5",
    "18000.125",
    "15000",
    "14444.4444",
    "12000.75",
    "9000.01",
    "7777.777777777777777777",
  ];
  for (const [index, user] of users.entries()) {
    const assets = parseEther(amounts[index] ?? "0");
    if (index % 2 === 0) await depositAndStake(world, user, assets);
    else await deposit(world, user, assets);
  }
  await stake(world, userAt(world, 1), parseEther("20000"));
  await depositOnL1(world, l1User, parseEther("30000"));
  await transact(world, "L1 allocate", world.protocol.l1.lockManager.connect(keeper.l1).allocate());
  await deliverAll(world, keeper);
  const shares = await world.protocol.l2.seMetis.balanceOf(l1User.address);
  must(shares > 0n, "the deposit on Ethereum was staked on Metis");
  return [`${users.length} users deposited on Metis, ${l1User.name} on Ethereum; his METIS was locked within the hour`];
}

async function sendUp(world: World): Promise<readonly string[]> {
  const { keeper } = world.actors;
  const { l1, l2 } = world.protocol;
  await rebalance(world, keeper);
  const sent = (await l2.stakingPool.solvency()).sentToL1;
  must(sent > 0n, "METIS left for Ethereum");
  await waitForBridgeUp(world);
  await transact(world, "L1 sync", l1.lockManager.connect(keeper.l1).sync());
  const [received] = await l1.lockManager.counters();
  must(received === sent, "all METIS sent up arrived");
  return ["the reserve stayed on Metis, the rest crossed after 7 days"];
}

async function lock(world: World): Promise<readonly string[]> {
  const { keeper } = world.actors;
  const { l1, sequencers } = world.protocol;
  await transact(world, "L1 allocate", l1.lockManager.connect(keeper.l1).allocate());
  const { principal } = await l1.lockManager.vaultAt(0n);
  must(principal === (await l1.lockingInfo.maxLock()), "the first vault is at maxLock");
  // Metis's council takes its time with the second vault; nothing else waits for it.
  for (const { vault } of sequencers) await (await l1.lockingPool.setWhitelist(vault, true)).wait();
  await transact(world, "L1 allocate", l1.lockManager.connect(keeper.l1).allocate());
  must(
    (await principalsOf(world)).every((locked) => locked > 0n),
    "both sequencers run",
  );
  // The first report only sets the clock that rewards are measured by.
  await report(world, keeper);
  return ["one sequencer at maxLock, the second locked as soon as Metis whitelisted it; a first report set the clock"];
}

async function earn(world: World): Promise<readonly string[]> {
  await advance(world, 3.3 * day);
  await rewardBatch(world, [11_000n, 19_000n]);
  await advance(world, 3.3 * day);
  await rewardBatch(world, [10_500n, 21_000n]);
  return ["two batches credited rewards to both sequencers"];
}

async function harvest(world: World): Promise<readonly string[]> {
  const { keeper } = world.actors;
  const { l1, l2 } = world.protocol;
  const before = await principalsOf(world);
  await transact(world, "L1 harvest", l1.lockManager.connect(keeper.l1).harvest({ value: generousEth }));
  const after = await principalsOf(world);
  must(after.filter((principal, index) => principal > (before[index] ?? 0n)).length === 1, "one vault compounded");
  const [, sentToL2] = await l1.lockManager.counters();
  must(sentToL2 > 0n, "the reward that did not fit went down");
  await deliverAll(world, keeper);
  await transact(world, "L2 forward arrivals", l2.l2Gateway.connect(keeper.l2).forwardArrivals());
  must((await l2.stakingPool.solvency()).receivedFromL1 === sentToL2, "it arrived");
  return ["the reward at maxLock went to Metis, the other was locked without the bridge"];
}

async function reportRewards(world: World): Promise<readonly string[]> {
  const { keeper } = world.actors;
  const { l2, actors } = world.protocol;
  const supply = await l2.eMetis.totalSupply();
  await report(world, keeper);
  const minted = (await l2.eMetis.totalSupply()) - supply;
  const fee = await l2.eMetis.balanceOf(actors.treasury);
  const unvested = await l2.seMetis.unvestedAssets();
  must(minted > 0n && fee > 0n && unvested > 0n, "rewards were minted to treasury and stream");
  return ["fee to the treasury, the rest into the stream"];
}

async function vest(world: World): Promise<readonly string[]> {
  const { seMetis } = world.protocol.l2;
  const one = parseEther("1");
  const before = await seMetis.convertToAssets(one);
  await advance(world, 3.5 * day);
  const half = await seMetis.convertToAssets(one);
  await advance(world, 5 * day);
  const after = await seMetis.convertToAssets(one);
  must(before < half && half < after, "the price of seMetis grew second by second");
  return [`one seMetis went from ${before} to ${half} to ${after} wei of eMetis`];
}

async function redeemByNetting(world: World): Promise<readonly string[]> {
  const { keeper, stranger } = world.actors;
  const [ben, dov] = [userAt(world, 1), userAt(world, 3)];
  const id = await requestRedeem(world, dov, parseEther("9000"));
  await deposit(world, ben, parseEther("4000"));
  await reportAndFinalise(world, keeper);
  const paid = await claim(world, stranger, id);
  must(paid === parseEther("9000"), "the ticket was paid in full from the buffer and a new deposit");
  return ["paid one for one, by a stranger's call, without any METIS coming from Ethereum"];
}

async function redeemAtOnce(world: World): Promise<readonly string[]> {
  const finn = userAt(world, 5);
  const assets = parseEther("1000");
  const paid = await redeemInstant(world, finn, assets);
  must(paid < assets && paid > (assets * 99n) / 100n, "the fee is between 0.1 % and 1 %");
  return [`1,000 eMetis paid ${paid} wei at once; the rest stays with the holders`];
}

async function redeemByRecall(world: World): Promise<readonly string[]> {
  const { keeper } = world.actors;
  const { l1, l2 } = world.protocol;
  const ben = userAt(world, 1);
  const id = await requestRedeem(world, ben, parseEther("6000"));
  await reportAndFinalise(world, keeper);
  const first = await claim(world, keeper, id);
  must(first > 0n && first < parseEther("6000"), "a part of the ticket was there already");
  for (let recalled = 0n; recalled < parseEther("6000") - first;) {
    await advance(world, 1.1 * day);
    await openBatch(world);
    const before = await sentToL2Of(world);
    const assets = parseEther("2500");
    await transact(world, "L1 recall", l1.lockManager.connect(keeper.l1).recall(assets, { value: generousEth }));
    recalled += (await sentToL2Of(world)) - before;
  }
  await reportAndFinalise(world, keeper);
  const rest = await claim(world, keeper, id);
  must(first + rest === parseEther("6000"), "the ticket was paid in full, in two parts");
  must((await l2.redemptionQueue.pending()) === 0n, "nothing waits");
  return ["a partial claim, then the rest after the keeper's recalls within its daily limit"];
}

async function redeemByNeed(world: World): Promise<readonly string[]> {
  const { stranger, keeper } = world.actors;
  const { l2 } = world.protocol;
  const eva = userAt(world, 4);
  const shares = (await l2.seMetis.balanceOf(eva.address)) / 2n;
  const id = await requestRedeemStaked(world, eva, shares);
  await signalNeed(world, stranger);
  await openBatch(world);
  await recallForNeed(world, stranger);
  await reportAndFinalise(world, stranger);
  const { end, claimable } = await l2.redemptionQueue.ticket(id);
  must(claimable === end - id, "all of the ticket is claimable");
  await claim(world, keeper, id);
  return ["nobody with a role did anything: the need went up, METIS came down, the queue was paid"];
}

async function surviveForcedExit(world: World): Promise<readonly string[]> {
  const { stranger } = world.actors;
  const { l1, metis } = world.protocol;
  await rewardBatch(world, [5_000n, 5_000n]);
  await report(world, stranger);
  await rewardBatch(world, [2_500n, 2_500n]);
  const { sequencerId } = await l1.lockManager.vaultAt(0n);
  await sendSurelyAs(l1.node, {
    from: await l1.lockingPool.owner(),
    to: metis.lockingPool,
    data: l1.lockingPool.interface.encodeFunctionData("forceUnlock", [sequencerId, l2GasOfExit]),
    value: await l1.l1Gateway.metisFee(),
  });
  await report(world, stranger);
  must((await l1.lockManager.vaultAt(0n)).phase === 2n, "the exit was recognised from LockingPool's status");
  await rewardBatch(world, [1_000n, 3_000n]);
  await advance(world, 22 * day);
  const finishing = l1.lockManager.connect(stranger.l1).finishExit(0n, { value: generousEth });
  await transact(world, "L1 finish exit", finishing);
  await deliverAll(world, stranger);
  await rebalance(world, stranger);
  await report(world, stranger);
  await advance(world, 4 * day);
  await report(world, stranger);
  const { attributedDown } = await world.protocol.l2.stakingPool.solvency();
  must(attributedDown > 0n, "the reward that nobody had reported was attributed");
  return [`principal back after 21 days; ${attributedDown} wei that arrived unannounced became yield`];
}

async function resendMessage(world: World): Promise<readonly string[]> {
  const { stranger } = world.actors;
  const { l1, l2, relayer } = world.protocol;
  const lockManager = l1.lockManager.connect(stranger.l1);
  await transact(world, "L1 report", lockManager.report({ value: generousEth }));
  const outcomes = await relayer.deliverDown(() => true, { gasLimit: tooLittleGas });
  must(
    outcomes.every(({ type }) => type !== "relayed"),
    "the bridge could not deliver the hash",
  );
  const number = await l1.lockManager.lastMessage();
  await transact(world, "L1 resend", lockManager.resend(number, { value: generousEth }));
  await deliverAll(world, stranger);
  must((await l2.stakingPool.solvency()).reportNumber === number, "the report was applied after it was sent again");
  return ["nothing was lost: anyone can send a numbered message again"];
}

async function leave(world: World): Promise<readonly string[]> {
  const { users, l1User, stranger } = world.actors;
  const { l1, l2 } = world.protocol;
  await advance(world, 10 * day);
  for (const user of [...users, l1User]) {
    const shares = await l2.seMetis.balanceOf(user.address);
    if (shares > 0n) await requestRedeemStaked(world, user, shares);
    const assets = await l2.eMetis.balanceOf(user.address);
    if (assets > 0n) await requestRedeem(world, user, assets);
  }
  await signalNeed(world, stranger);
  await openBatch(world);
  await recallForNeed(world, stranger);
  await reportAndFinalise(world, stranger);
  await claimEverything(world);
  await advance(world, 7 * day + 60);
  await rewardBatch(world, [0n, 4_000n]);
  await recallForNeed(world, stranger);
  const beginning = l1.lockManager.connect(stranger.l1).beginExitForNeed(1n, { value: generousEth });
  await transact(world, "L1 begin exit", beginning);
  return ["recalling left minLock in the vault; after 7 days a stranger began its exit"];
}

async function finishExit(world: World): Promise<readonly string[]> {
  const { stranger, operators } = world.actors;
  const { l1, l2 } = world.protocol;
  await advance(world, 3 * day);
  await rewardBatch(world, [0n, 1_500n]);
  await advance(world, 21 * day);
  await transact(world, "L1 finish exit", l1.lockManager.connect(stranger.l1).finishExit(1n, { value: generousEth }));
  await recallForNeed(world, stranger);
  await reportAndFinalise(world, stranger);
  await claimEverything(world);
  must((await l2.redemptionQueue.pending()) === 0n, "the queue is empty");
  for (const index of operators.keys()) {
    const { owed } = await l1.lockManager.vaultAt(index);
    if (owed > 0n) await transact(world, "L1 pay commission", l1.lockManager.connect(stranger.l1).payCommission(index));
  }
  await advance(world, 4 * day);
  await report(world, stranger);
  await advance(world, 4 * day);
  await report(world, stranger);
  return ["every user redeemed everything; the operators were paid their commission on Ethereum"];
}

async function claimEverything(world: World): Promise<void> {
  const { redemptionQueue } = world.protocol.l2;
  const until = await redemptionQueue.finalisedUntil();
  const requested = await redemptionQueue.queryFilter(redemptionQueue.filters.RedemptionRequested(), 0);
  const claimed = await redemptionQueue.queryFilter(redemptionQueue.filters.RedemptionClaimed(), 0);
  const claimedUntil = new Map(claimed.map(({ args }) => [args.id, args.until]));
  for (const { args } of requested) {
    const from = claimedUntil.get(args.id) ?? args.id;
    if (from < args.id + args.assets && from < until) await claim(world, world.actors.stranger, args.id);
  }
}

async function signalNeed(world: World, caller: Actor): Promise<void> {
  const { l1, l2 } = world.protocol;
  const gateway = l2.l2Gateway.connect(caller.l2);
  await transact(world, "L2 signal need", gateway.signalNeed({ value: withdrawalFee }));
  await waitForBridgeUp(world);
  const { target } = await l1.lockManager.need();
  must(target > (await sentToL2Of(world)), "the need is known on Ethereum");
}

async function recallForNeed(world: World, caller: Actor): Promise<void> {
  const { lockManager } = world.protocol.l1;
  await transact(world, "L1 recall for need", lockManager.connect(caller.l1).recallForNeed({ value: generousEth }));
}

async function principalsOf(world: World): Promise<readonly bigint[]> {
  const { lockingPool, lockManager } = world.protocol.l1;
  const principals: bigint[] = [];
  for (const { index } of world.protocol.sequencers) {
    const { sequencerId } = await lockManager.vaultAt(index);
    const { amount, status } = await lockingPool.sequencers(sequencerId);
    must(status === active, `sequencer ${sequencerId} is active`);
    principals.push(amount);
  }
  return principals;
}

async function sentToL2Of({ protocol }: World): Promise<bigint> {
  const [, sentToL2] = await protocol.l1.lockManager.counters();
  return sentToL2;
}

function userAt({ actors }: World, index: number): Actor {
  const user = actors.users[index];
  if (user === undefined) throw new Error(`there is no user ${index}`);
  return user;
}

function must(isTrue: boolean, claimed: string): void {
  if (!isTrue) throw new Error(`not so: ${claimed}`);
}
