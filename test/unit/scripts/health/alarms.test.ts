import { expect } from "chai";
import { parseEther } from "ethers";

import { alarms } from "../../../../scripts/lib/health/alarms";
import type { Health } from "../../../../scripts/lib/health/health";
import { known } from "../../../../scripts/lib/health/reading";
import { rules } from "../../../../scripts/lib/health/rules";
import { calm, changed, now, withPosition, withVault } from "./calm";

const hour = 3_600;
const day = 86_400;
const unknown = { type: "unknown", reason: "it did not answer" } as const;
const l1Now = now - 15;
const l2Now = now - 20;
const report = (age: number) =>
  changed(calm.solvency, { report: { number: 41n, takenAt: BigInt(l1Now - age), readAt: 0n, appliedAt: 0n, age: 0n } });
const waiting = (state: "inBridge" | "deliverable", age: number) =>
  changed(calm.messages, { reports: [{ number: 42n, sentAt: l1Now - age, state }] });
const waitingDeposit = (age: number) =>
  changed(calm.messages, { deposits: [{ number: 40n, sentAt: l1Now - age, state: "deliverable" }] });
/** Wei of METIS that pay rewards for so many seconds: 0.0125 METIS each 17.5. */
const rewardsFor = (seconds: number) =>
  (BigInt(Math.round((seconds / 17.5) * 1e6)) * parseEther("0.0125")) / 1_000_000n;

/** An alarm, the change that calls it, what it says, and the last change that does not. */
type Case = readonly [alarm: string, called: Partial<Health>, message: string, quiet: Partial<Health>];

const cases: readonly Case[] = [
  ["critical NodeDown", { l1Head: unknown }, "no node of Ethereum answers", {}],
  ["warning ReadFailed", { need: unknown, limits: unknown }, "limits could not be read; need could not be read", {}],
  [
    "warning NodeStale",
    { l1Head: known({ blockNumber: 1, timestamp: now - 601 }) },
    "the latest block of Ethereum is 10 min old",
    { l1Head: known({ blockNumber: 1, timestamp: now - 600 }) },
  ],
  [
    "warning NodeStale",
    { l2Head: known({ blockNumber: 1, timestamp: now - hour - 1 }) },
    "the latest block of Metis is 1 h old",
    { l2Head: known({ blockNumber: 1, timestamp: now - hour }) },
  ],
  [
    "warning ClockBehind",
    { readAt: l1Now - 121, l2Head: known({ blockNumber: 1, timestamp: l1Now - 300 }) },
    "this machine's clock is 2 min behind the latest block of Ethereum",
    { readAt: l1Now - 120, l2Head: known({ blockNumber: 1, timestamp: l1Now - 300 }) },
  ],
  [
    "warning L2ClockLags",
    { l2Head: known({ blockNumber: 1, timestamp: l1Now - 3 * hour - 1 }) },
    "the clock of Metis is 3 h behind that of Ethereum; 6 h are assumed at most",
    { l2Head: known({ blockNumber: 1, timestamp: l1Now - 3 * hour }) },
  ],
  [
    "critical L2ClockLags",
    { l2Head: known({ blockNumber: 1, timestamp: l1Now - 6 * hour - 1 }) },
    "the clock of Metis is 6 h behind that of Ethereum: above the 6 h that finalisation assumes",
    { l2Head: known({ blockNumber: 1, timestamp: l1Now - 6 * hour }) },
  ],
  [
    "critical Undercollateralised",
    { solvency: changed(calm.solvency, { margin: -1n }) },
    "0.000000000000000001 METIS lack behind eMetis; deposits on Metis revert",
    { solvency: changed(calm.solvency, { margin: 0n }) },
  ],
  [
    "critical UnbackedMints",
    { solvency: changed(calm.solvency, { unbackedL1Mints: 1n }) },
    "0.000000000000000001 eMetis were minted for deposits that Ethereum does not know",
    { solvency: changed(calm.solvency, { unbackedL1Mints: 0n }) },
  ],
  [
    "critical ReservesFaulty",
    { reserves: changed(calm.reserves, { type: "faulty", faults: [{ type: "poolShort", amount: 1n, message: "" }] }) },
    "1 numbers of the two chains contradict each other",
    { reserves: changed(calm.reserves, { faults: [] }) },
  ],
  [
    "critical LossAhead",
    { reserves: changed(calm.reserves, { type: "underbacked", margin: -parseEther("7.5") }) },
    "recomputed from both chains, 7.5 METIS lack: the next report will book it",
    { reserves: changed(calm.reserves, { margin: 0n }) },
  ],
  [
    "critical LossStop",
    { l2Stops: known({ pausedUntil: 0, stoppedUntil: l2Now + 2 * day }) },
    "a loss stops deposits and exits for 2 d more, unless governance confirms it",
    { l2Stops: known({ pausedUntil: 0, stoppedUntil: l2Now }) },
  ],
  [
    "critical LossSeenOnL1",
    { l1Stops: known({ pausedUntil: 0, lossSeenAt: l1Now - 2 * day }) },
    "LockManager saw a loss and takes no deposits for 1 d more",
    { l1Stops: known({ pausedUntil: 0, lossSeenAt: l1Now - 3 * day }) },
  ],
  [
    "critical Paused",
    {
      l2Stops: known({ pausedUntil: l2Now + day, stoppedUntil: 0 }),
      l1Stops: known({ pausedUntil: l1Now + 60, lossSeenAt: 0 }),
    },
    "StakingPool is paused for 1 d more; LockManager is paused for 1 min more",
    {
      l2Stops: known({ pausedUntil: l2Now, stoppedUntil: 0 }),
      l1Stops: known({ pausedUntil: l1Now, lossSeenAt: 0 }),
    },
  ],
  [
    "info GovernanceScheduled",
    { l2Operations: known({ count: 2, nextAt: l2Now + day }) },
    "2 acts of governance are scheduled on Metis",
    { l2Operations: known({ count: 0, nextAt: undefined }) },
  ],
  [
    "warning ReportStale",
    { solvency: report(36 * hour + 1) },
    "the report that Metis works with is 1 d 12 h old",
    { solvency: report(36 * hour) },
  ],
  [
    "critical ReportStale",
    { solvency: report(4 * day + 1) },
    "the report that Metis works with is 4 d old",
    { solvency: report(4 * day) },
  ],
  [
    "warning MessageStuck",
    { messages: waiting("inBridge", 4 * hour + 1) },
    "a report left Ethereum 4 h ago and its hash is not on Metis",
    { messages: waiting("inBridge", 4 * hour) },
  ],
  [
    "critical MessageStuck",
    { messages: waiting("inBridge", day + 1) },
    "a report left Ethereum 1 d ago and its hash is not on Metis",
    { messages: waiting("inBridge", day) },
  ],
  [
    "warning MessageUndelivered",
    { messages: waiting("deliverable", 2 * hour + 1) },
    "a report sent 2 h ago can be delivered and is not",
    { messages: waiting("deliverable", 2 * hour) },
  ],
  [
    "warning MessageUndelivered",
    { messages: waitingDeposit(30 * hour + 1) },
    "a deposit from Ethereum sent 1 d 6 h ago can be delivered and is not",
    { messages: waitingDeposit(30 * hour) },
  ],
  [
    "warning TransitDownStuck",
    { transitDown: known({ assets: 5n, since: l1Now - 30 * hour - 1 }) },
    "METIS left Ethereum 1 d 6 h ago and is not booked on Metis",
    { transitDown: known({ assets: 5n, since: l1Now - 30 * hour }) },
  ],
  [
    "critical TransitDownStuck",
    { transitDown: known({ assets: 5n, since: l1Now - 3 * day - 1 }) },
    "METIS left Ethereum 3 d ago and is not booked on Metis",
    { transitDown: known({ assets: 5n, since: l1Now - 3 * day }) },
  ],
  [
    "warning TransitUpStuck",
    { transitUp: known({ assets: 5n, since: l2Now - 9 * day - 1 }) },
    "METIS left Metis 9 d ago and is not booked on Ethereum",
    { transitUp: known({ assets: 5n, since: l2Now - 9 * day }) },
  ],
  [
    "warning QueueOld",
    { oldestTicket: known({ type: "waiting", askedBefore: l2Now - 5 * day - 1, isAtLeast: false }) },
    "the oldest ticket has waited for 5 d",
    { oldestTicket: known({ type: "waiting", askedBefore: l2Now - 5 * day, isAtLeast: false }) },
  ],
  [
    "critical QueueOld",
    { oldestTicket: known({ type: "waiting", askedBefore: l2Now - 14 * day - 1, isAtLeast: true }) },
    "the oldest ticket has waited for 14 d",
    { oldestTicket: known({ type: "waiting", askedBefore: l2Now - 14 * day, isAtLeast: true }) },
  ],
  [
    "warning NeedUnreached",
    { need: changed(calm.need, { unreachedSince: l1Now - 60 }) },
    "recalling has not reached the need for 1 min; after 7 d anyone may begin exits",
    { need: changed(calm.need, { unreachedSince: 0 }) },
  ],
  [
    "critical NeedUnreached",
    { need: changed(calm.need, { unreachedSince: l1Now - 7 * day - 1 }) },
    "recalling has not reached the need for 7 d: anyone may begin exits",
    { need: changed(calm.need, { unreachedSince: l1Now - 7 * day }) },
  ],
  [
    "info L1DepositsLimited",
    { limits: changed(calm.limits, { l1DepositsAvailable: parseEther("999.5") }) },
    "deposits from Ethereum may mint only 999.5 eMetis now",
    { limits: changed(calm.limits, { l1DepositsAvailable: parseEther("1000") }) },
  ],
  [
    "critical VaultNotWhitelisted",
    withVault({ isWhitelisted: false }),
    "Metis does not whitelist vault 0: what is locked there stays locked",
    withVault({ isWhitelisted: true }),
  ],
  [
    "critical VaultUnreadable",
    withVault({ live: { type: "unreadable" } }),
    "LockingPool does not tell the position of vault 0; its last amounts count",
    withVault({ live: { type: "none" }, phase: "waiting" }),
  ],
  [
    "critical VaultForcedOut",
    withPosition({ phase: "exiting", exitClaimableAt: BigInt(now + day) }),
    "Metis began or ended the exit of vault 0",
    withPosition({ phase: "active" }),
  ],
  [
    "warning ExitOverdue",
    exitingSince(6 * hour + 1),
    "the exit of vault 0 could have been finished 6 h ago",
    exitingSince(6 * hour),
  ],
  [
    "critical LockingPoolPaused",
    { lockingPool: changed(calm.lockingPool, { isPaused: true }) },
    "Metis paused LockingPool: nothing is locked, recalled or harvested",
    { lockingPool: changed(calm.lockingPool, { isPaused: false }) },
  ],
  [
    "warning NoExitHeadroom",
    { lockingPool: changed(calm.lockingPool, { exitHeadroom: 0 }) },
    "LockingPool lets no voluntary exit begin",
    { lockingPool: changed(calm.lockingPool, { exitHeadroom: 1 }) },
  ],
  [
    "info RewardPayerLow",
    { rewardPayer: changed(calm.rewardPayer, { balance: rewardsFor(14 * day - 100) }) },
    "rewards can be paid for 13 d 23 h more",
    { rewardPayer: changed(calm.rewardPayer, { balance: rewardsFor(14 * day + 100) }) },
  ],
  [
    "warning RewardPayerLow",
    { rewardPayer: changed(calm.rewardPayer, { allowance: 0n }) },
    "rewards can be paid for 0 s more",
    { rewardPayer: changed(calm.rewardPayer, { allowance: rewardsFor(3 * day + 100) }) },
  ],
  [
    "warning L2FeeHigh",
    // The least send is 0.5 % of 141,000 eMetis: 705; a thousandth of it is 0.705.
    { l2Fee: known(parseEther("1.41")) },
    "the bridge's fee up is 2 times what the pool pays by itself: nothing goes up unless the caller pays",
    { l2Fee: known(parseEther("0.705")) },
  ],
  [
    "warning L1FeeHigh",
    { l1Fees: known({ message: parseEther("0.0201"), metis: 0n }) },
    "Metis's bridge asks 0.0201 ETH for a message",
    { l1Fees: known({ message: parseEther("0.02"), metis: 0n }) },
  ],
  [
    "warning KeeperPoor",
    // A day is reckoned with 2,000,000 gas at 7 gwei and one fee of 0.5 METIS: 0.514 METIS.
    { keeper: { ...keeper(), l2: known(parseEther("3.597")) } },
    "the keeper's balance on Metis lasts for 6 d 23 h at present prices",
    { keeper: { ...keeper(), l2: known(parseEther("3.598")) } },
  ],
  [
    "critical KeeperPoor",
    { keeper: { ...keeper(), l1: known(0n) } },
    "the keeper's balance on Ethereum lasts for 0 s at present prices",
    // 1,500,000 gas at 2 gwei, two messages of 0.0004 and two ways of METIS of 0.00025 ETH: 0.0043.
    { keeper: { ...keeper(), l1: known(parseEther("0.0043")) } },
  ],
];

describe("alarms", () => {
  it("finds nothing wrong with a calm protocol", () => {
    expect(alarms(calm)).to.deep.equal([]);
  });

  for (const [alarm, called, message, quiet] of cases) {
    it(`calls "${alarm}" (${message})`, () => {
      expect(said({ ...calm, ...called }).get(alarm)).to.equal(message);
    });

    it(`does not call "${alarm}" a step before (${message})`, () => {
      expect([...said({ ...calm, ...quiet }).keys()]).to.not.include(alarm);
    });
  }

  it("has a case for every rule", () => {
    const known = new Set(cases.map(([alarm]) => alarm));
    expect([...known]).to.have.members([...new Set(rules.map(({ severity, name }) => `${severity} ${name}`))]);
  });

  it("names the most urgent first, and each alarm once", () => {
    const health = {
      ...calm,
      solvency: report(5 * day),
      l2Operations: known({ count: 1, nextAt: now }),
      lockingPool: changed(calm.lockingPool, { exitHeadroom: 0 }),
    };
    expect(alarms(health).map(({ severity, name }) => `${severity} ${name}`)).to.deep.equal([
      "critical ReportStale",
      "warning NoExitHeadroom",
      "info GovernanceScheduled",
    ]);
  });

  it("points to the section of the operations book", () => {
    const [alarm] = alarms({ ...calm, l1Head: unknown });
    expect(alarm?.runbook).to.equal("docs/operations.md#nodedown");
  });
});

function said(health: Health): ReadonlyMap<string, string> {
  return new Map(alarms(health).map(({ severity, name, message }) => [`${severity} ${name}`, message]));
}

function keeper(): NonNullable<Health["keeper"]> {
  if (calm.keeper === undefined) throw new Error("the calm protocol has a keeper");
  return calm.keeper;
}

function exitingSince(seconds: number): Health {
  const { vaults } = withPosition({ phase: "exiting", exitClaimableAt: BigInt(l1Now - seconds) });
  if (vaults.type === "unknown") throw new Error("the calm protocol has vaults");
  const { value } = vaults;
  return {
    ...calm,
    vaults: known({ ...value, vaults: value.vaults.map((vault) => ({ ...vault, phase: "exiting" as const })) }),
  };
}
