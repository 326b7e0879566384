import { expect } from "chai";
import { ZeroAddress, getAddress, parseEther } from "ethers";

import { poolParameters } from "../../../../scripts/config/parameters";
import { AddressError, AmountError } from "../../../../sdk/src/errors";
import type { L1State } from "../../../../sdk/src/simulator/l1";
import { metisOf } from "../../../../sdk/src/simulator/l2/metis";
import { startL2 } from "../../../../sdk/src/simulator/l2/state";
import { type SimulatorState, simulate, simulateAll, startSimulator } from "../../../../sdk/src/simulator/protocol";

const [alice, lockManager, l1Gateway, bridge] = [1, 2, 3, 4].map(addressOf) as [string, string, string, string];
const [eMetis, seMetis, stakingPool, redemptionQueue, l2Gateway] = [5, 6, 7, 8, 9].map(addressOf) as [
  ...[string, string, string, string, string],
];
const time = 1_800_000_000n;
const chains = { l1ChainId: 1n, l2ChainId: 2n };
const messageFee = 400_000n;

describe("simulate", () => {
  it("carries a report from Ethereum to Metis only once the bridge has brought its hash", () => {
    const start = startState();
    const { state, outcomes } = simulateAll(start, [
      { type: "l1", action: { type: "report", caller: alice, value: messageFee } },
      { type: "arriveDown" },
    ]);
    expect(outcomes.map(({ type }) => type)).to.deep.equal(["done", "done"]);
    expect(state.bridge.down).to.deep.equal([]);
    expect(Object.values(state.l2.gateway.states)).to.deep.equal(["known"]);
  });

  it("brings METIS that the pool sent up to LockManager", () => {
    const sent = simulateAll(startState(), [
      { type: "l2", action: { type: "deposit", caller: alice, value: parseEther("1000"), receiver: alice } },
      { type: "l2", action: { type: "rebalance", caller: alice, value: parseEther("1") } },
    ]).state;
    expect(sent.bridge.up).to.deep.equal([{ type: "metis", to: lockManager, assets: parseEther("950") }]);
    const arrived = simulate(sent, { type: "arriveUp" });
    expect(arrived.type === "done" && arrived.state.l1.metis.balances[lockManager]).to.equal(parseEther("950"));
  });

  it("leaves the state to the next action where one reverts, and names the error", () => {
    const start = startState();
    const { state, outcomes, events } = simulateAll(start, [
      { type: "l2", action: { type: "deposit", caller: alice, value: 1n, receiver: alice } },
    ]);
    expect([state, events]).to.deep.equal([start, []]);
    const error = { name: "StakingPool__BelowMinimum", args: [1n, 10n ** 16n] };
    expect(outcomes).to.deep.equal([{ type: "reverted", error }]);
  });

  it("says that a caller cannot pay what it wants to send", () => {
    const value = parseEther("5001");
    const action = { type: "deposit", caller: alice, value, receiver: alice } as const;
    expect(simulate(startState(), { type: "l2", action })).to.deep.equal({
      type: "reverted",
      error: { name: "InsufficientFunds", args: [alice, parseEther("5000"), value] },
    });
  });

  it("changes nothing of the state that it was given", () => {
    const start = startState();
    simulateAll(start, [
      { type: "l2", action: { type: "deposit", caller: alice, value: parseEther("1"), receiver: alice } },
      { type: "elapse", l1: 60n, l2: 50n },
    ]);
    expect(start).to.deep.equal(startState());
  });

  it("lets time go on for each chain by itself", () => {
    const { state } = simulateAll(startState(), [
      { type: "elapse", l1: 60n },
      { type: "elapse", l1: 1n, l2: 50n },
    ]);
    expect([state.l1.time, state.l2.time]).to.deep.equal([time + 61n, time + 50n]);
  });

  it("loses what the bridge is to lose", () => {
    const { state } = simulateAll(startState(), [
      { type: "l1", action: { type: "report", caller: alice, value: messageFee } },
      { type: "loseDown" },
    ]);
    expect([state.bridge.down, state.l2.gateway.states]).to.deep.equal([[], {}]);
  });

  it("refuses an index at which the bridge carries nothing", () => {
    expect(() => simulate(startState(), { type: "arriveUp", index: 3 })).to.throw(
      RangeError,
      "The bridge carries 0 things up, none at 3: give a lower index.",
    );
  });

  it("refuses time that goes back", () => {
    expect(() => simulate(startState(), { type: "elapse", l2: -1n })).to.throw(
      RangeError,
      `Time ${time - 1n} is before ${time}: give the present or a later moment.`,
    );
  });

  it("refuses what no call can carry", () => {
    const transfer = { type: "transfer", caller: alice, token: "eMetis", to: alice, value: 1n } as const;
    const send = (change: Partial<typeof transfer> | { readonly value: bigint } | { readonly to: string }) =>
      simulate(startState(), { type: "l2", action: { ...transfer, ...change } });
    expect(() => send({ value: -1n })).to.throw(AmountError);
    expect(() => send({ value: 2n ** 256n })).to.throw(AmountError);
    expect(() => send({ to: "0x12" })).to.throw(AddressError);
  });

  it("takes METIS out of the caller's hands", () => {
    const action = { type: "deposit", caller: alice, value: parseEther("2"), receiver: alice } as const;
    const outcome = simulate(startState(), { type: "l2", action });
    expect(outcome.type === "done" && metisOf(outcome.state.l2, alice)).to.equal(parseEther("4998"));
  });
});

function startState(): SimulatorState {
  const network = { ...chains, eMetis, seMetis, stakingPool, redemptionQueue, l2Gateway, lockManager };
  const l2 = startL2({
    time,
    initialisedAt: time,
    network,
    powers: { governance: [], tightener: [], lossConfirmer: [], guardian: [] },
    parameters: poolParameters,
    treasury: alice,
    l1Gateway,
    bridgeFee: parseEther("0.5"),
    metis: { [alice]: parseEther("5000") },
  });
  return startSimulator({ l1: startL1(), l2 });
}

function startL1(): L1State {
  return {
    time,
    network: { ...chains, lockManager, l1Gateway, l2Gateway, lockingInfo: ZeroAddress, bridge },
    powers: { governance: [], tightener: [], guardian: [], keeper: [] },
    metis: { balances: { [bridge]: parseEther("100000") }, allowances: {} },
    manager: {
      ...{ idle: 0n, owed: 0n, lossSeenAt: 0n, unreachedSince: 0n, receivedFromL2: 0n, sentToL2: 0n, lastMessage: 0n },
      ...{ readAt: 0n, l1Deposits: 0n, needTarget: 0n, needNumber: 0n, pausedAt: 0n, pausedUntil: 0n },
      parameters: { recallLimitBps: 200n },
      recalled: { used: 0n, usedAt: 0n },
      payloadHashes: [],
      books: [],
    },
    pool: {
      variant: "sepolia",
      ...{ isPaused: false, minLock: 1n, maxLock: 2n, currentBatch: 1n, rewardPerBlock: 0n, exitDelayPeriod: 0n },
      ...{ rewardPayer: ZeroAddress, totalLocked: 0n, whitelist: {}, positions: [], owners: {}, signers: {} },
    },
    bridge: { discount: 1n, minL2Gas: 0n, crossings: [] },
  };
}

function addressOf(number: number): string {
  return getAddress(`0x${number.toString(16).padStart(40, "0")}`);
}
