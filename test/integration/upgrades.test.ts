/** The rehearsal: every contract upgraded at once, by the calls that governance would sign, while everything is on its way. */
import { expect } from "chai";
import { Contract, parseEther } from "ethers";

import {
  claim,
  deposit,
  depositOnL1,
  openBatch,
  rebalance,
  requestRedeem,
  requestRedeemStaked,
  rewardBatch,
} from "../../scripts/lib/demo/actions";
import { readLedger } from "../../scripts/lib/demo/ledger";
import { advance, generousEth, withdrawalFee } from "../../scripts/lib/demo/world";
import { layerOf } from "../../scripts/lib/governance/upgrade";
import { day, hour } from "../../scripts/lib/localClock";
import {
  type ProtocolWorld,
  arriveDown,
  bridgeUp,
  deliver,
  expectConserved,
  expectTrueLedger,
  finaliseQueue,
  livingProtocol,
  protocolAfter,
  report,
  takeReport,
} from "../helpers/protocol";
import {
  type PreparedUpgrade,
  deployNext,
  prepareAll,
  prepareUpgrade,
  readEverything,
  sendCall,
} from "../helpers/upgrades";

const exiting = 2n;
const delay = 42 * day;

/** Sends up that METIS is needed on Metis, and waits until it is known there. */
const signalNeed = async (world: ProtocolWorld) => {
  await world.protocol.l2.l2Gateway.connect(world.people.stranger.l2).signalNeed({ value: withdrawalFee });
  await bridgeUp(world);
};

const recallForNeed = async (world: ProtocolWorld) => {
  await openBatch(world);
  await world.protocol.l1.lockManager.recallForNeed({ value: generousEth });
};

/** Announced on the first day; when the delay is over, everything that can be under way is under way. */
const inFlight = protocolAfter(livingProtocol, async (world) => {
  const { alice, bob, carol, dave, keeper, stranger } = world.people;
  const { lockManager } = world.protocol.l1;
  const { seMetis, eMetis } = world.protocol.l2;
  const upgrades = await prepareAll(world);
  for (const upgrade of upgrades) await sendCall(world, upgrade, upgrade.proposal.schedule);
  const announcedAt = Math.max(await world.l1.now(), await world.l2.now());

  // More is asked for than vaults can give back without an exit: one begins, and is under way for 21 days.
  const first = await requestRedeemStaked(world, alice, await seMetis.balanceOf(alice.address));
  const second = await requestRedeem(world, bob, await eMetis.balanceOf(bob.address));
  const third = await requestRedeemStaked(world, dave, await seMetis.balanceOf(dave.address));
  await advance(world, 8 * day);
  await signalNeed(world);
  await recallForNeed(world);
  await finaliseQueue(world);
  await claim(world, stranger, first);
  await claim(world, stranger, second);
  await claim(world, stranger, third);
  await advance(world, 9 * day);
  await recallForNeed(world);
  await lockManager.beginExitForNeed(0n, { value: generousEth });
  await advance(world, announcedAt + 41 * day - (await world.l1.now()));

  // METIS for the queue and for the way up, a deposit from Ethereum above a day's limit, rewards that stream.
  await deposit(world, carol, parseEther("52000.000000000000000011"));
  await depositOnL1(world, dave, parseEther("60000.000000000000000013"));
  const partlyMinted = await lockManager.lastMessage();
  await arriveDown(world);
  await deliver(world, partlyMinted);
  await rewardBatch(world, [0n, 3_001n]);
  await advance(world, 8 * hour);
  await report(world);
  await rebalance(world, stranger);
  await world.protocol.relayer.commitUp();

  // What is only asked for or only sent.
  const open = await requestRedeem(world, carol, parseEther("5000.000000000000000017"));
  await depositOnL1(world, dave, parseEther("600.000000000000000006"));
  const undelivered = await lockManager.lastMessage();
  await rewardBatch(world, [0n, 2_003n]);
  await lockManager.connect(keeper.l1).harvest({ value: generousEth });
  await openBatch(world);
  await lockManager.connect(keeper.l1).recall(parseEther("310.1"), { value: generousEth });
  const reported = await takeReport(world);
  const now = Math.max(await world.l1.now(), await world.l2.now());
  const readyAt = Math.max(announcedAt + delay, now) + 60;
  return { upgrades, tickets: [first, second, third, open], open, partlyMinted, undelivered, reported, readyAt };
});

type Rehearsal = Awaited<ReturnType<typeof inFlight>>;

/** All of it in one second of both chains, so that nothing differs by the time that went by. */
const executeAll = async (world: Rehearsal) => {
  for (const upgrade of world.upgrades) {
    await world[layerOf(upgrade.contract)].setNextBlockTimestamp(world.readyAt);
    await sendCall(world, upgrade, upgrade.proposal.execute);
  }
};

const waitUntilReady = async ({ l1, l2, readyAt }: Rehearsal) => {
  await l1.increaseTo(readyAt);
  await l2.increaseTo(readyAt);
};

describe("The rehearsal of upgrading everything (G4)", () => {
  let world: Rehearsal;

  beforeEach(async () => {
    world = await inFlight();
  });

  const upgradeOf = (contract: PreparedUpgrade["contract"]) =>
    world.upgrades.find((upgrade) => upgrade.contract === contract)!;

  it("takes place while everything is under way", async () => {
    await waitUntilReady(world);
    const { l1, l2 } = world.protocol;
    const { holdings } = await readLedger(world);
    expect(holdings.onTheWayUp, "METIS on the way up").to.be.greaterThan(0n);
    expect(holdings.onTheWayDown, "METIS on the way down").to.be.greaterThan(0n);
    expect(await l2.seMetis.unvestedAssets(), "rewards that stream").to.be.greaterThan(0n);
    expect(await l1.lockManager.owed(), "commission owed").to.be.greaterThan(0n);
    expect((await l1.lockManager.vaultAt(0n)).phase, "a vault that exits").to.equal(exiting);
    const [, target] = await l1.lockManager.need();
    const [, sentToL2] = await l1.lockManager.counters();
    expect(target, "a need not met").to.be.greaterThan(sentToL2);
    expect(await l2.stakingPool.l1DepositMinted(world.partlyMinted), "partly minted").to.be.within(
      1n,
      parseEther("60000"),
    );
    expect(await l2.stakingPool.l1DepositMinted(world.undelivered), "undelivered").to.equal(0n);
    expect((await l2.stakingPool.solvency()).reportNumber, "reports").to.be.lessThan(world.reported);
    const third = await l2.redemptionQueue.ticket(world.tickets[2]!);
    expect(third.claimedUntil, "partly claimed").to.be.within(world.tickets[2]! + 1n, third.end - 1n);
    expect(await l2.redemptionQueue.finalisedUntil(), "an open ticket").to.be.at.most(world.open);
  });

  it("changes no view but that of LockManager's second half, which is new code at a new address", async () => {
    await waitUntilReady(world);
    const { "lockManager.OPERATIONS()": operations, ...before } = await readEverything(world, world.tickets);
    await executeAll(world);
    const { "lockManager.OPERATIONS()": newOperations, ...after } = await readEverything(world, world.tickets);
    expect(Object.keys(before)).to.have.lengthOf.above(150);
    expect(after).to.deep.equal(before);
    expect(newOperations).not.to.equal(operations);
  });

  it("puts the new code in place, behind the proxies and behind every vault", async () => {
    const { l2Gateway } = world.protocol.deployment.l2;
    const places = [
      { address: l2Gateway, provider: world.l2.provider },
      ...world.protocol.sequencers.map(({ vault }) => ({ address: vault, provider: world.l1.provider })),
    ];
    const ask = async () => {
      const answers = places.map(async ({ address, provider }): Promise<unknown> => {
        const contract = new Contract(address, ["function generation() view returns (uint256)"], provider);
        return contract.getFunction("generation").staticCall();
      });
      return Promise.allSettled(answers);
    };
    expect((await ask()).map(({ status }) => status)).to.deep.equal(["rejected", "rejected", "rejected"]);
    await waitUntilReady(world);
    await executeAll(world);
    const fulfilled = { status: "fulfilled", value: 2n };
    expect(await ask()).to.deep.equal([fulfilled, fulfilled, fulfilled]);
  });

  /** Everything that was under way gets where it goes. */
  const arrive = async () => {
    const { l1, l2 } = world.protocol;
    await bridgeUp(world);
    await arriveDown(world);
    await l2.l2Gateway.forwardArrivals();
    await deliver(world, world.undelivered);
    await deliver(world, world.partlyMinted);
    await deliver(world, world.reported);
    await l1.lockManager.sync();
    await finaliseQueue(world);
  };

  it("lets everything that was under way arrive, to the wei", async () => {
    await waitUntilReady(world);
    await executeAll(world);
    await expectConserved(world);
    await arrive();
    const { stakingPool, redemptionQueue } = world.protocol.l2;
    expect(await stakingPool.l1DepositMinted(world.partlyMinted)).to.equal(parseEther("60000.000000000000000013"));
    expect(await stakingPool.l1DepositMinted(world.undelivered)).to.equal(parseEther("600.000000000000000006"));
    expect(await claim(world, world.people.stranger, world.open)).to.equal(parseEther("5000.000000000000000017"));
    expect(await redemptionQueue.pending()).to.equal(0n);
    await expectTrueLedger(world);
  });

  it("lets everybody out afterwards: every ticket is paid, and every vault is empty", async () => {
    await waitUntilReady(world);
    await executeAll(world);
    await arrive();
    const { carol, dave, treasury, alice, bob, stranger } = world.people;
    const { eMetis, seMetis, redemptionQueue } = world.protocol.l2;
    const { lockManager } = world.protocol.l1;
    await advance(world, 21 * day);
    await lockManager.finishExit(0n, { value: generousEth });
    const last: bigint[] = [];
    for (const user of [carol, dave, treasury]) {
      const shares = await seMetis.balanceOf(user.address);
      if (shares > 0n) last.push(await requestRedeemStaked(world, user, shares));
      const assets = await eMetis.balanceOf(user.address);
      if (assets >= parseEther("0.01")) last.push(await requestRedeem(world, user, assets));
    }
    await signalNeed(world);
    await recallForNeed(world);
    await finaliseQueue(world);
    await advance(world, 8 * day);
    await lockManager.beginExitForNeed(1n, { value: generousEth });
    await advance(world, 21 * day);
    await lockManager.finishExit(1n, { value: generousEth });
    await recallForNeed(world);
    await finaliseQueue(world);
    // A ticket that is paid in full is gone.
    for (const id of [world.tickets[2]!, world.open, ...last]) await claim(world, stranger, id);
    expect([await redemptionQueue.pending(), await redemptionQueue.reserved()]).to.deep.equal([0n, 0n]);
    for (const { address, name } of [alice, bob, carol, dave]) {
      expect(await redemptionQueue.balanceOf(address), `tickets of ${name}`).to.equal(0n);
      expect(await seMetis.balanceOf(address), `seMetis of ${name}`).to.equal(0n);
      expect(await eMetis.balanceOf(address), `eMetis of ${name}`).to.be.lessThan(parseEther("0.01"));
    }
    for (const { index } of world.protocol.sequencers) {
      expect((await lockManager.vaultAt(index)).principal, `vault ${index}`).to.equal(0n);
    }
    await expectTrueLedger(world);
  });

  it("is not possible before its 42 days, for any of the contracts", async () => {
    for (const { contract, proposal } of world.upgrades) {
      const chain = world[layerOf(contract)];
      const manager = await chain.attach("AccessManager", proposal.wanted.accessManager);
      const readyAt = Number(await manager.getSchedule(proposal.operation));
      const snapshot = await chain.snapshot();
      await chain.setNextBlockTimestamp(readyAt - 1);
      await expect(world.people.governance[layerOf(contract)].sendTransaction(proposal.execute), contract)
        .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
        .withArgs(proposal.operation);
      await snapshot.restore();
    }
  });

  it("is governance's alone to carry out, for any of the contracts", async () => {
    await waitUntilReady(world);
    for (const { contract, proposal } of world.upgrades) {
      const layer = layerOf(contract);
      const manager = await world[layer].attach("AccessManager", proposal.wanted.accessManager);
      for (const name of ["deployer", "guardian", "keeper", "stranger"] as const) {
        const { address, [layer]: signer } = world.people[name];
        await expect(signer.sendTransaction(proposal.execute), `${contract} by ${name}`)
          .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall")
          .withArgs(address, proposal.wanted.target.address, proposal.wanted.data.slice(0, 10));
      }
    }
  });

  it("can be called off while it waits, and is then not possible", async () => {
    const upgrade = upgradeOf("StakingPool");
    await sendCall(world, upgrade, upgrade.proposal.cancel);
    await waitUntilReady(world);
    const manager = await world.l2.attach("AccessManager", upgrade.proposal.wanted.accessManager);
    await expect(world.people.governance.l2.sendTransaction(upgrade.proposal.execute))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(upgrade.proposal.operation);
  });

  it("keeps to one announcement for each implementation: another one has to wait by itself", async () => {
    await waitUntilReady(world);
    const other = await prepareUpgrade(world, "L1Gateway", await deployNext(world, "L1Gateway"));
    const manager = await world.l1.attach("AccessManager", other.proposal.wanted.accessManager);
    await expect(world.people.governance.l1.sendTransaction(other.proposal.execute))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(other.proposal.operation);
  });
});
