/**
 * Every function of the SDK that asks a node, for the tests of faults. A new function is one more line: give it a name, what it asks, and
 * a call that has one right answer in {@link faultyWorld}.
 */
import { parseEther } from "ethers";

import { claim, depositOnL1, requestRedeem } from "../../../scripts/lib/demo/actions";
import * as sdk from "../../../sdk/src/index";
import {
  type ProtocolWorld,
  arriveDown,
  deliver,
  finaliseQueue,
  livingProtocol,
  protocolAfter,
  takeReport,
} from "../protocol";
import { addressOf } from "./previews";

/** What the calls are about. */
export interface FaultyWorld extends ProtocolWorld {
  readonly numbers: {
    /** A deposit whose hash is on Metis. */
    readonly deposit: bigint;
    /** The last report, applied. */
    readonly report: bigint;
    /** A ticket that was paid, and one that waits. */
    readonly paidTicket: bigint;
    readonly waitingTicket: bigint;
    /** A ticket that can be claimed. */
    readonly finalisedTicket: bigint;
  };
}

/** One function that asks nodes. */
export interface FaultCase {
  /** Begins with the function's name. */
  readonly name: string;
  /** The chains that it asks. */
  readonly sides: readonly sdk.Side[];
  /** The chains whose logs it reads. */
  readonly logs: readonly sdk.Side[];
  /** It reads nothing but logs, so it can tell neither the chain nor what is left out: for its callers to check. */
  readonly isBlind?: boolean;
  /** Nothing on chain counts the logs that it reads, so it cannot see that some are left out; its TSDoc says so. */
  readonly isUncounted?: boolean;
  /** Its answer names the hashes of the blocks it is of: on a fork it may be the fork's. */
  readonly namesBlocks?: boolean;
  readonly run: (context: sdk.Context, world: FaultyWorld) => Promise<unknown>;
}

/** A world in which every case has an answer, its logs some blocks back. */
export const faultyWorld: () => Promise<FaultyWorld> = protocolAfter(livingProtocol, async (world) => {
  const { bob, dave } = world.people;
  const paidTicket = await requestRedeem(world, bob, parseEther("10"));
  const finalisedTicket = await requestRedeem(world, bob, parseEther("11"));
  await finaliseQueue(world);
  await claim(world, bob, paidTicket);
  const waitingTicket = await requestRedeem(world, bob, parseEther("20"));
  await depositOnL1(world, dave, parseEther("30"));
  const deposit = await world.protocol.l1.lockManager.lastMessage();
  const report = await takeReport(world);
  await arriveDown(world);
  await deliver(world, report);
  return { numbers: { deposit, report, paidTicket, waitingTicket, finalisedTicket } };
});

const day = 86_400n;
const both = ["l1", "l2"] as const;
const l1 = ["l1"] as const;
const l2 = ["l2"] as const;

/** A case of Metis alone, without logs. */
function ofMetis(name: string, run: FaultCase["run"]): FaultCase {
  return { name, sides: l2, logs: [], run };
}

const lowest: readonly FaultCase[] = [
  {
    ...{ name: "readL1", sides: l1, logs: [] },
    run: (context) => sdk.readL1(context, undefined, (runner) => runner.balance(context.deployment.l1.lockManager)),
  },
  ofMetis("readL2", (context) =>
    sdk.readL2(context, undefined, (runner) => {
      const pool = sdk.StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
      return Promise.all([pool.buffer(), pool.solvency(), runner.balance(context.deployment.l2.stakingPool)]);
    }),
  ),
  {
    ...{ name: "readLogs", sides: l1, logs: l1, isBlind: true },
    run: async (context, { protocol }) => {
      const { lockManager, node } = protocol.l1;
      const [address, toBlock] = [context.deployment.l1.lockManager, await node.getBlockNumber()];
      const topics = [lockManager.interface.getEvent("MessageSent").topicHash];
      const range = { side: "l1", provider: context.l1, fromBlock: 0, toBlock } as const;
      const logs = await sdk.readLogs({ ...context, ...range, address, topics });
      return logs.map(({ blockNumber, data }) => [blockNumber, data]);
    },
  },
];

const reads: readonly FaultCase[] = [
  {
    ...{ name: "readAccount", sides: both, logs: [] },
    run: (context, { people, numbers }) =>
      sdk.readAccount(context, {
        account: people.bob.address,
        tickets: [numbers.waitingTicket],
        l1Deposits: [numbers.deposit],
      }),
  },
  {
    ...{ name: "readTickets", sides: l2, logs: l2 },
    run: (context, { people }) => sdk.readTickets(context, { account: people.bob.address }),
  },
  {
    ...{ name: "readDeposits", sides: both, logs: l1, isUncounted: true },
    run: (context, { people }) => sdk.readDeposits(context, { account: people.dave.address }),
  },
  ofMetis("readRates", (context) => sdk.readRates(context)),
  ofMetis("readApr", (context) => sdk.readApr(context, { window: day })),
  {
    ...{ name: "readAprFromLogs", sides: l2, logs: l2 },
    run: (context) => sdk.readAprFromLogs(context, { window: day }),
  },
  { ...{ name: "readProfit", sides: l2, logs: l2 }, run: (context) => sdk.readProfit(context, { window: 5n * day }) },
  ofMetis("readFees", (context) => sdk.readFees(context, { assets: parseEther("3") })),
  ofMetis("readQueue", (context, { numbers }) => sdk.readQueue(context, { tickets: [numbers.waitingTicket] })),
  { ...{ name: "readLimits", sides: both, logs: [] }, run: (context) => sdk.readLimits(context) },
  ofMetis("readSolvency", (context) => sdk.readSolvency(context)),
  { ...{ name: "readVaults", sides: l1, logs: [] }, run: (context) => sdk.readVaults(context) },
  ofMetis("readCollateralPrice", (context) => sdk.readCollateralPrice(context)),
  { ...{ name: "readBridgeFees", sides: both, logs: [] }, run: (context) => sdk.readBridgeFees(context) },
  { ...{ name: "verifyReserves", sides: both, logs: [] }, run: (context) => sdk.verifyReserves(context) },
  { ...{ name: "verifyDeployment", sides: both, logs: [] }, run: (context) => sdk.verifyDeployment(context) },
  { ...{ name: "recordCode", sides: both, logs: [] }, run: (context) => sdk.recordCode(context) },
];

const histories: readonly FaultCase[] = [
  {
    ...{ name: "rewardHistory", sides: both, logs: both, namesBlocks: true },
    run: (context, { people }) => sdk.rewardHistory(context, { account: addressOf(people.bob) }),
  },
  {
    ...{ name: "readProtocol", sides: both, logs: both, namesBlocks: true },
    run: (context) => sdk.readProtocol(context),
  },
];

const assets = parseEther("1.000000000000000001");

const previews: readonly FaultCase[] = [
  ofMetis("previewClaim", (context, { numbers }) => sdk.previewClaim(context, { id: numbers.finalisedTicket })),
  ofMetis("previewDeposit", (context, { people }) =>
    sdk.previewDeposit(context, { assets, receiver: addressOf(people.bob) }),
  ),
  ofMetis("previewDepositAndStake", (context, { people }) =>
    sdk.previewDepositAndStake(context, { assets, receiver: addressOf(people.bob) }),
  ),
  ofMetis("previewMintShares", (context, { people }) =>
    sdk.previewMintShares(context, { shares: assets, receiver: addressOf(people.bob) }),
  ),
  ofMetis("previewRedeemInstant", (context, { people }) =>
    sdk.previewRedeemInstant(context, { assets, receiver: addressOf(people.bob) }),
  ),
  ofMetis("previewRequestRedeemStaked", (context, { people }) => {
    const owner = addressOf(people.alice);
    return sdk.previewRequestRedeemStaked(context, { shares: assets, owner, caller: owner });
  }),
  ofMetis("previewStake", (context, { people }) =>
    sdk.previewStake(context, { assets, receiver: addressOf(people.bob) }),
  ),
  ofMetis("previewUnstake", (context, { people }) => {
    const owner = addressOf(people.alice);
    return sdk.previewUnstake(context, { shares: assets, owner, receiver: owner });
  }),
  ofMetis("previewWithdrawStaked", (context, { people }) => {
    const owner = addressOf(people.alice);
    return sdk.previewWithdrawStaked(context, { assets, owner, receiver: owner });
  }),
];

const writes: readonly FaultCase[] = [
  ofMetis("requirementsOf a stake", (context, { people }) => {
    const from = addressOf(people.bob);
    return sdk.requirementsOf(context, { call: sdk.stake(context.deployment, { assets, receiver: from }), from });
  }),
  {
    ...{ name: "requirementsOf a deposit on Ethereum", sides: l1, logs: [] },
    run: (context, { people }) => {
      const from = addressOf(people.dave);
      const parameters = { assets, receiver: from, isStaked: false, fee: 1n };
      return sdk.requirementsOf(context, { call: sdk.depositOnL1(context.deployment, parameters), from });
    },
  },
  ofMetis("permitTypedData", (context, { people }) => {
    const [owner, spender] = [addressOf(people.bob), context.deployment.l2.redemptionQueue];
    return sdk.permitTypedData(context, { token: "eMetis", owner, spender, value: assets, deadline: 2n ** 40n });
  }),
];

/** A wait that gives up at the first failure. */
const impatient = { patience: 0, interval: 0 } as const;

const progress: readonly FaultCase[] = [
  {
    ...{ name: "readMessage", sides: l1, logs: l1 },
    run: (context, { numbers }) => sdk.readMessage(context, { number: numbers.deposit }),
  },
  {
    ...{ name: "l1DepositStatus", sides: both, logs: l1 },
    run: (context, { numbers }) => sdk.l1DepositStatus(context, { number: numbers.deposit }),
  },
  {
    ...{ name: "reportStatus", sides: both, logs: l1 },
    run: (context, { numbers }) => sdk.reportStatus(context, { number: numbers.report }),
  },
  ofMetis("redemptionStatus of a waiting ticket", (context, { numbers }) =>
    sdk.redemptionStatus(context, { id: numbers.waitingTicket }),
  ),
  {
    ...{ name: "redemptionStatus of a paid ticket", sides: l2, logs: l2 },
    run: (context, { numbers }) => sdk.redemptionStatus(context, { id: numbers.paidTicket }),
  },
  {
    ...{ name: "waitForL1Deposit", sides: both, logs: l1 },
    run: (context, { numbers }) =>
      sdk.waitForL1Deposit(context, { number: numbers.deposit }, { ...impatient, until: ["deliverable"] }),
  },
  {
    ...{ name: "waitForReport", sides: both, logs: l1 },
    run: (context, { numbers }) => sdk.waitForReport(context, { number: numbers.report }, impatient),
  },
  {
    ...{ name: "waitForRedemption", sides: l2, logs: l2 },
    run: (context, { numbers }) => sdk.waitForRedemption(context, { id: numbers.paidTicket }, impatient),
  },
];

/** All of them. */
export const faultCases = [...lowest, ...reads, ...histories, ...previews, ...writes, ...progress] as const;

/** Exported functions that ask somebody and are not among the cases, and why. */
export const otherwiseTested: Readonly<Record<string, string>> = {
  send: "has a signer: test/unit/sdk/send/send.test.ts",
  confirm: "waits for what was sent: test/unit/sdk/send/confirm.test.ts",
  prepare: "is send's first half: test/unit/sdk/send/send.test.ts",
  signPermit: "asks a wallet and no node: test/unit/sdk/actions/permits.test.ts",
  waitUntil: "asks what it is given: test/unit/sdk/progress/waitUntil.test.ts",
};
