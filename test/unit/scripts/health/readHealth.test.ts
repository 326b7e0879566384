import { expect } from "chai";
import { AbiCoder, type Filter, type Provider, parseEther } from "ethers";

import { depositOnL1, rebalance, requestRedeem } from "../../../../scripts/lib/demo/actions";
import { advance } from "../../../../scripts/lib/demo/world";
import { alarms } from "../../../../scripts/lib/health/alarms";
import type { Health } from "../../../../scripts/lib/health/health";
import { type HealthOptions, readHealth } from "../../../../scripts/lib/health/readHealth";
import { exitHeadroom } from "../../../../scripts/lib/health/readL1";
import { type Reading, known, redact } from "../../../../scripts/lib/health/reading";
import { unknownParts } from "../../../../scripts/lib/health/samplesOf";
import { hour } from "../../../../scripts/lib/localClock";
import { createLogMemory } from "../../../../scripts/lib/health/logMemory";
import {
  type ProtocolWorld,
  arriveDown,
  bridgeUp,
  deliver,
  hidePosition,
  livingProtocol,
  report,
  slash,
  takeReport,
} from "../../../helpers/protocol";
import { sdkDeployment } from "../../../helpers/sdk/context";
import { type Fault, failing, faulty } from "../../../helpers/sdk/faultyProvider";

const day = 24 * hour;

describe("readHealth", function () {
  it("reads every part of a living protocol, and finds nothing wrong with them", async function () {
    const world = await livingProtocol();
    await report(world);
    const health = await healthOf(world, { keeper: world.people.keeper.address });
    expect(unknownParts(health)).to.deep.equal([]);
    // The local Metis gives its payer what a batch takes, and no more.
    expect(namesOf(health)).to.deep.equal(["RewardPayerLow"]);
  });

  it("tells the part of Metis while no node of Ethereum answers, and why the rest is unknown", async function () {
    const world = await livingProtocol();
    const health = await healthOf(world, { l1: faulty<Provider>(world.l1.provider, failing()) });
    expect(unknownParts(health)).to.have.members([
      ...["l1Head", "l1Stops", "need", "vaults", "lockingPool", "rewardPayer", "l1Fees", "l1GasPrice", "l1Operations"],
      ...["messages", "transitDown", "transitUp", "reserves"],
    ]);
    expect(health.vaults).to.deep.include({ type: "unknown" });
    expect(reason(health.vaults)).to.match(/^The node of l1 failed at eth_call: 502 Bad Gateway/);
    expect(valueIn(health.solvency).totalSupply).to.equal(await world.protocol.l2.eMetis.totalSupply());
  });

  it("tells the part of Ethereum while no node of Metis answers", async function () {
    const world = await livingProtocol();
    const health = await healthOf(world, { l2: faulty<Provider>(world.l2.provider, failing()) });
    expect(unknownParts(health)).to.include.members(["l2Head", "solvency", "queue", "l2Stops"]);
    expect(valueIn(health.vaults).vaults).to.have.length(2);
    expect(valueIn(health.lockingPool).active).to.equal(9);
  });

  it("sees what Metis did: the pool paused, a vault off the whitelist, the reward payer without METIS", async function () {
    const world = await livingProtocol();
    const { lockingPool, lockingInfo, metis } = world.protocol.l1;
    await lockingPool.setPause(true);
    await lockingPool.setWhitelist(world.protocol.sequencers[1]!.vault, false);
    await lockingInfo.setRewardPayer(world.people.stranger.address);
    const health = await healthOf(world);
    expect(namesOf(health)).to.include.members(["LockingPoolPaused", "VaultNotWhitelisted", "RewardPayerLow"]);
    expect(valueIn(health.vaults).vaults.map(({ isWhitelisted }) => isWhitelisted)).to.deep.equal([true, false]);
    expect(valueIn(health.rewardPayer)).to.deep.equal({
      payer: world.people.stranger.address,
      balance: await metis.balanceOf(world.people.stranger.address),
      allowance: 0n,
      rewardPerBlock: await lockingPool.rewardPerBlock(),
    });
  });

  it("sees a position that cannot be read, and one that lost principal", async function () {
    const world = await livingProtocol();
    await hidePosition(world, 0n);
    await slash(world, 1n, parseEther("500"));
    const health = await healthOf(world);
    expect(namesOf(health)).to.include.members(["VaultUnreadable", "ReservesFaulty"]);
    expect(valueIn(health.reserves).faults.map(({ type }) => type)).to.include("principalMissing");
  });

  it("sees a loss that stops exits, and the deposits that LockManager refuses for it", async function () {
    const world = await livingProtocol();
    await slash(world, 0n, parseEther("2000"));
    await report(world);
    const health = await healthOf(world);
    expect(namesOf(health)).to.include.members(["LossStop", "LossSeenOnL1"]);
    const now = valueIn(health.l2Head).timestamp;
    expect(valueIn(health.l2Stops).stoppedUntil - now).to.be.within(3 * day - 60, 3 * day);
  });

  it("sees the pauses of a guardian on both chains", async function () {
    const world = await livingProtocol();
    const { guardian } = world.people;
    await world.protocol.l2.stakingPool.connect(guardian.l2).pause();
    await world.protocol.l1.lockManager.connect(guardian.l1).pause();
    const health = await healthOf(world);
    expect(health.l2Stops).to.deep.equal(known({ pausedUntil: (await world.l2.now()) + 7 * day, stoppedUntil: 0 }));
    expect(valueIn(health.l1Stops).pausedUntil).to.equal((await world.l1.now()) + 7 * day);
  });

  it("sees a report that nobody renews", async function () {
    const world = await livingProtocol();
    await advance(world, 4 * day);
    expect(alarms(await healthOf(world)).map(({ name, severity }) => `${severity} ${name}`)).to.include(
      "critical ReportStale",
    );
  });

  it("finds the hour of the oldest ticket, however many came after it", async function () {
    const world = await livingProtocol();
    const { bob } = world.people;
    await requestRedeem(world, bob, parseEther("7001"));
    const askedAt = await world.l2.now();
    await advance(world, 50 * hour);
    await requestRedeem(world, bob, parseEther("11"));
    const askedBefore = (Math.floor(askedAt / hour) + 1) * hour;
    const { oldestTicket } = await healthOf(world);
    expect(oldestTicket).to.deep.equal(known({ type: "waiting", askedBefore, isAtLeast: false }));
  });

  it("says that the oldest ticket is older than the queue remembers", async function () {
    const world = await livingProtocol();
    const { bob } = world.people;
    await requestRedeem(world, bob, parseEther("7001"));
    const askedAt = await world.l2.now();
    await advance(world, 300 * hour);
    await requestRedeem(world, bob, parseEther("11"));
    const { oldestTicket } = await healthOf(world);
    const oldest = valueIn(oldestTicket);
    expect(oldest).to.deep.include({ type: "waiting", isAtLeast: true });
    expect(oldest.type === "waiting" && oldest.askedBefore > askedAt).to.equal(true);
  });

  it("finds no ticket where none waits", async function () {
    const { oldestTicket } = await healthOf(await livingProtocol());
    expect(oldestTicket).to.deep.equal(known({ type: "none" }));
  });

  it("follows a report from the bridge to its delivery", async function () {
    const world = await livingProtocol();
    const number = await takeReport(world);
    const sentAt = await world.l1.now();
    expect(valueIn((await healthOf(world)).messages).reports).to.deep.equal([{ number, sentAt, state: "inBridge" }]);
    await arriveDown(world);
    expect(valueIn((await healthOf(world)).messages).reports).to.deep.equal([{ number, sentAt, state: "deliverable" }]);
    await deliver(world, number);
    const { reports, newestReport } = valueIn((await healthOf(world)).messages);
    expect([reports, newestReport]).to.deep.equal([[], { number, takenAt: sentAt }]);
  });

  it("counts a deposit from Ethereum until it is minted, also when a later report is applied", async function () {
    const world = await livingProtocol();
    const assets = parseEther("101.000000000000000003");
    await depositOnL1(world, world.people.dave, assets);
    const sentAt = await world.l1.now();
    const number = await world.protocol.l1.lockManager.lastMessage();
    await report(world);
    const { deposits, depositAssets } = valueIn((await healthOf(world)).messages);
    expect([deposits, depositAssets]).to.deep.equal([[{ number, sentAt, state: "deliverable" }], assets]);
    await deliver(world, number);
    const after = valueIn((await healthOf(world)).messages);
    expect([after.deposits, after.depositAssets]).to.deep.equal([[], 0n]);
  });

  it("tells what is on the way up, and since when", async function () {
    const world = await livingProtocol();
    const { alice, stranger } = world.people;
    await world.protocol.l2.stakingPool
      .connect(alice.l2)
      .deposit(alice.address, stranger.address, { value: parseEther("9000") });
    await advance(world, day);
    const sent = await world.protocol.l2.stakingPool.solvency();
    await rebalance(world, stranger);
    const since = await world.l2.now();
    const { sentToL1 } = await world.protocol.l2.stakingPool.solvency();
    await advance(world, day);
    expect((await healthOf(world)).transitUp).to.deep.equal(known({ assets: sentToL1 - sent.sentToL1, since }));
    await bridgeUp(world);
    await world.protocol.l1.lockManager.connect(stranger.l1).sync();
    expect((await healthOf(world)).transitUp).to.deep.equal(known({ assets: 0n, since: undefined }));
  });

  it("tells what is on the way down, and since when", async function () {
    const world = await livingProtocol();
    const { keeper } = world.people;
    const assets = parseEther("1000.000000000000000001");
    await world.protocol.l1.lockManager.connect(keeper.l1).recall(assets, { value: parseEther("0.1") });
    const since = await world.l1.now();
    await advance(world, hour);
    expect((await healthOf(world)).transitDown).to.deep.equal(known({ assets, since }));
  });

  it("counts what governance scheduled and has not carried out, with the time of the first", async function () {
    const world = await livingProtocol();
    const { governance } = world.people;
    const { stakingPool } = world.protocol.l2;
    const manager = await world.l2.attach("AccessManager", world.protocol.deployment.l2.accessManager, governance.l2);
    const call = stakingPool.interface.encodeFunctionData("setTreasury", [world.people.bob.address]);
    expect((await healthOf(world)).l2Operations).to.deep.equal(known({ count: 0, nextAt: undefined }));
    await manager.schedule(stakingPool, call, 0);
    const nextAt = (await world.l2.now()) + 42 * day;
    expect((await healthOf(world)).l2Operations).to.deep.equal(known({ count: 1, nextAt }));
    await manager.cancel(governance.address, stakingPool, call);
    expect((await healthOf(world)).l2Operations).to.deep.equal(known({ count: 0, nextAt: undefined }));
  });

  it("tells from its code whether LockingPool restricts exits", async function () {
    const world = await livingProtocol();
    const { active, inactive, isExitRestricted, exitHeadroom: headroom } = valueIn((await healthOf(world)).lockingPool);
    expect([active, inactive, isExitRestricted, headroom]).to.deep.equal([9, 0, true, 3]);
    const sepolia = await world.l1.deploy("LocalLockingPool", []);
    const implementation = AbiCoder.defaultAbiCoder().encode(["address"], [await sepolia.getAddress()]);
    const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
    await world.l1.provider.send("hardhat_setStorageAt", [world.protocol.metis.lockingPool, slot, implementation]);
    const after = valueIn((await healthOf(world)).lockingPool);
    expect([after.isExitRestricted, after.exitHeadroom]).to.deep.equal([false, 9]);
  });

  it("asks again only for the last blocks of logs that it knows, and misses nothing new", async function () {
    const world = await livingProtocol();
    const starts: number[] = [];
    const listening: Fault = async ({ method, parameters }, proceed) => {
      if (method === "getLogs") starts.push(Number((parameters[0] as Filter).fromBlock));
      return proceed();
    };
    const options = { l1: faulty<Provider>(world.l1.provider, listening), logs: createLogMemory(5) };
    await healthOf(world, options);
    const head = await world.l1.provider.getBlockNumber();
    starts.length = 0;
    const number = await takeReport(world);
    const { messages } = await healthOf(world, options);
    expect(valueIn(messages).newestReport?.number).to.equal(number);
    expect(starts).to.deep.equal(starts.map(() => head - 4));
  });
});

describe("exitHeadroom", () => {
  it("is how often LockingPool's rule lets an exit begin, one after another", () => {
    for (let active = 0; active <= 12; active++) {
      for (let inactive = 0; inactive <= 6; inactive++) {
        expect(exitHeadroom({ active, inactive, isExitRestricted: true }), `${active}, ${inactive}`).to.equal(
          exitsOneByOne(active, inactive),
        );
      }
    }
  });

  it("is every active sequencer without the rule", () => {
    expect(exitHeadroom({ active: 4, inactive: 3, isExitRestricted: false })).to.equal(4);
  });
});

describe("redact", () => {
  it("leaves of an address no path, no query and no password", () => {
    const text = 'request to "https://user:pass@rpc.example/v3/KEY?x=KEY" failed (wss://node.example:8546/KEY), again';
    expect(redact(text)).to.equal('request to "https://rpc.example" failed (wss://node.example:8546), again');
  });
});

async function healthOf(world: ProtocolWorld, options: Partial<HealthOptions> = {}): Promise<Health> {
  return readHealth({
    ...{ l1: world.l1.provider, l2: world.l2.provider, deployment: sdkDeployment(world.protocol) },
    now: Math.max(await world.l1.now(), await world.l2.now()),
    ...options,
  });
}

function exitsOneByOne(active: number, inactive: number): number {
  if (active === 0 || 3 * (inactive + 1) > active + inactive) return 0;
  return 1 + exitsOneByOne(active - 1, inactive + 1);
}

function namesOf(health: Health): readonly string[] {
  return alarms(health).map(({ name }) => name);
}

function valueIn<T>(reading: Reading<T>): T {
  if (reading.type === "unknown") throw new Error(`unknown: ${reading.reason}`);
  return reading.value;
}

function reason(reading: Reading<unknown>): string {
  return reading.type === "unknown" ? reading.reason : "";
}
