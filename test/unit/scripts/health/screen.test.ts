import { expect } from "chai";
import { parseEther } from "ethers";

import { alarms } from "../../../../scripts/lib/health/alarms";
import type { Health } from "../../../../scripts/lib/health/health";
import { known } from "../../../../scripts/lib/health/reading";
import { exitCodeOf, renderScreen } from "../../../../scripts/lib/health/screen";
import { watchOf } from "../../../../scripts/lib/health/status";
import { amountOf, durationOf } from "../../../../scripts/lib/health/words";
import { calm, changed, now, withVault } from "./calm";

const unknown = { type: "unknown", reason: "it did not answer" } as const;
/** Nothing at all could be read. */
const dark: Health = {
  ...{ network: "test", readAt: now, l1Head: unknown, l2Head: unknown, solvency: unknown, queue: unknown },
  ...{ oldestTicket: unknown, limits: unknown, l2Stops: unknown, l1Stops: unknown, need: unknown, vaults: unknown },
  ...{ lockingPool: unknown, rewardPayer: unknown, l2BlockTime: unknown, l1Fees: unknown, l2Fee: unknown },
  ...{ l1GasPrice: unknown, l2GasPrice: unknown, keeper: undefined, l1Operations: unknown, l2Operations: unknown },
  ...{ messages: unknown, transitDown: unknown, transitUp: unknown, reserves: unknown },
};

describe("renderScreen", () => {
  it("says that nothing is wrong, and how things stand", () => {
    const lines = renderScreen(calm).split("\n");
    expect(lines.slice(0, 3)).to.deep.equal(["eMetis on test, read at 2027-01-15 08:00 UTC", "", "Nothing is wrong."]);
    expect(lines).to.include.members([
      "Backing     141,002.25 METIS behind 141,000 eMetis, margin 2.25",
      "Report      number 41, taken 1 h 6 min ago, applied 49 min ago",
      "Queue       500 eMetis wait, 12.5 METIS unclaimed, needs nothing from Ethereum",
      "vault 1     active, 67,500 locked, reward 1.75, whitelisted",
      "LockingPool open, 9 active, 0 leaving, 3 may leave now",
      "Rewards     the payer holds 20,000, may pay 30,000 METIS, enough for 324 d 1 h",
    ]);
  });

  it("says first what is wrong, and where to read what to do", () => {
    const lines = renderScreen({ ...calm, l2Stops: known({ pausedUntil: now + 60, stoppedUntil: 0 }) }).split("\n");
    expect(lines.slice(2, 4)).to.deep.equal([
      "CRITICAL Paused: StakingPool is paused for 1 min more",
      "         → docs/operations.md#paused",
    ]);
  });

  for (const [name, health] of [
    ["all is well", calm],
    ["nothing could be read", dark],
    ["everything is wrong", ruined()],
  ] as const) {
    it(`fits 45 lines of 100 columns when ${name}`, () => {
      const lines = renderScreen(health).split("\n");
      expect(lines.length).to.be.at.most(45);
      expect(lines.filter((line) => line.length > 100)).to.deep.equal([]);
    });
  }

  it("calls unknown what is unknown, and no number 0 for it", () => {
    const lines = renderScreen(dark).split("\n");
    expect(lines).to.include.members(["Backing     unknown", "Queue       unknown", "Vaults      unknown"]);
    expect(lines.slice(1).filter((line) => /\b0\b/.test(line))).to.deep.equal([]);
  });

  it("cuts a long list of vaults", () => {
    const { vaults } = withVault({});
    if (vaults.type === "unknown") throw new Error("the calm protocol has vaults");
    const [first] = vaults.value.vaults;
    const many = Array.from({ length: 20 }, (_, index) => ({ ...first!, index }));
    const lines = renderScreen({ ...calm, vaults: changed(vaults, { vaults: many }) }).split("\n");
    expect(lines).to.include("            and 12 more: --json shows all");
  });
});

describe("exitCodeOf", () => {
  it("is 0 for nothing and for what is only to be known", () => {
    const scheduled = { ...calm, l1Operations: known({ count: 1, nextAt: now + 60 }) };
    expect([exitCodeOf(alarms(calm)), exitCodeOf(alarms(scheduled))]).to.deep.equal([0, 0]);
  });

  it("is 1 for a warning and 2 for what is critical", () => {
    const warned = { ...calm, need: unknown };
    expect([exitCodeOf(alarms(warned)), exitCodeOf(alarms(dark))]).to.deep.equal([1, 2]);
  });
});

describe("watchOf", () => {
  it("takes whole seconds of a day and nothing else", () => {
    expect([watchOf(undefined), watchOf("30")]).to.deep.equal([undefined, 30]);
    for (const value of ["0", "-1", "1.5", "soon", "", "86401"]) {
      expect(() => watchOf(value)).to.throw(`--watch is "${value}": give whole seconds from 1 to 86400`);
    }
  });
});

describe("words", () => {
  it("writes amounts with thousands apart, cut and never rounded up to what is not there", () => {
    const amounts = [0n, 1n, -1n, parseEther("1234567.899"), parseEther("-12.5"), parseEther("0.01")];
    expect(amounts.map((wei) => amountOf(wei))).to.deep.equal([
      "0",
      "<0.01",
      ">-0.01",
      "1,234,567.89",
      "-12.5",
      "0.01",
    ]);
  });

  it("writes durations in their two greatest units", () => {
    expect([0, 59, 60, 3_661, 90_000, 86_400, -120].map(durationOf)).to.deep.equal([
      ...["0 s", "59 s", "1 min", "1 h 1 min", "1 d 1 h", "1 d", "-2 min"],
    ]);
  });
});

/** As much as can be wrong at once. */
function ruined(): Health {
  const { vaults } = withVault({ isWhitelisted: false, live: { type: "unreadable" } });
  return {
    ...{ ...calm, vaults, readAt: now + 90_000, need: changed(calm.need, { unreachedSince: 1 }) },
    l2Stops: known({ pausedUntil: now + 60, stoppedUntil: now + 60 }),
    l1Stops: known({ pausedUntil: now + 60, lossSeenAt: now }),
    solvency: changed(calm.solvency, { margin: -1n, unbackedL1Mints: 1n }),
    reserves: changed(calm.reserves, {
      ...{ type: "faulty", margin: -1n },
      faults: Array.from({ length: 9 }, () => ({ type: "poolShort", amount: 1n, message: "x".repeat(90) }) as const),
    }),
    lockingPool: changed(calm.lockingPool, { isPaused: true, exitHeadroom: 0 }),
    rewardPayer: changed(calm.rewardPayer, { balance: 0n }),
    l2Fee: known(parseEther("9")),
    l1Fees: known({ message: parseEther("1"), metis: parseEther("1") }),
    l2Operations: known({ count: 3, nextAt: now }),
    transitDown: known({ assets: 1n, since: 1 }),
    transitUp: known({ assets: 1n, since: 1 }),
    oldestTicket: known({ type: "waiting", askedBefore: 1, isAtLeast: true }),
    limits: changed(calm.limits, { l1DepositsAvailable: 0n }),
    l1GasPrice: unknown,
  };
}
