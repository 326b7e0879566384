/**
 * Every function of the SDK that asks a node, for the tests of faults. A new function is one more line: give it a name, what it asks, and
 * a call that has one right answer in {@link faultyWorld}.
 */
import { parseEther } from "ethers";

import { claim, depositOnL1, requestRedeem } from "../../../scripts/lib/demo/actions";
import type { Context } from "../../../sdk/src/context";
import { StakingPool__factory } from "../../../sdk/src/generated/contracts";
import { l1DepositStatus } from "../../../sdk/src/progress/l1DepositStatus";
import { redemptionStatus } from "../../../sdk/src/progress/redemptionStatus";
import { reportStatus } from "../../../sdk/src/progress/reportStatus";
import { recordCode } from "../../../sdk/src/reserves/recordCode";
import { verifyDeployment } from "../../../sdk/src/reserves/verifyDeployment";
import { verifyReserves } from "../../../sdk/src/reserves/verifyReserves";
import { readLogs } from "../../../sdk/src/rpc/readLogs";
import { readL1, readL2 } from "../../../sdk/src/rpc/readPinned";
import type { Side } from "../../../sdk/src/types";
import {
  type ProtocolWorld,
  arriveDown,
  deliver,
  finaliseQueue,
  livingProtocol,
  protocolAfter,
  takeReport,
} from "../protocol";

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
  };
}

/** One function that asks nodes. */
export interface FaultCase {
  readonly name: string;
  /** The chains that it asks. */
  readonly sides: readonly Side[];
  /** The chains whose logs it reads. */
  readonly logs: readonly Side[];
  /** It reads nothing but logs, so it can tell neither the chain nor what is left out: for its callers to check. */
  readonly isBlind?: boolean;
  readonly run: (context: Context, world: FaultyWorld) => Promise<unknown>;
}

/** A world in which every case has an answer, its logs some blocks back. */
export const faultyWorld: () => Promise<FaultyWorld> = protocolAfter(livingProtocol, async (world) => {
  const { bob, dave } = world.people;
  const paidTicket = await requestRedeem(world, bob, parseEther("10"));
  await finaliseQueue(world);
  await claim(world, bob, paidTicket);
  const waitingTicket = await requestRedeem(world, bob, parseEther("20"));
  await depositOnL1(world, dave, parseEther("30"));
  const deposit = await world.protocol.l1.lockManager.lastMessage();
  const report = await takeReport(world);
  await arriveDown(world);
  await deliver(world, report);
  return { numbers: { deposit, report, paidTicket, waitingTicket } };
});

/** All of them. */
export const faultCases: readonly FaultCase[] = [
  {
    ...{ name: "readL1", sides: ["l1"], logs: [] },
    run: (context) => readL1(context, undefined, (runner) => runner.balance(context.deployment.l1.lockManager)),
  },
  {
    ...{ name: "readL2", sides: ["l2"], logs: [] },
    run: (context) =>
      readL2(context, undefined, (runner) => {
        const pool = StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
        return Promise.all([pool.buffer(), pool.solvency(), runner.balance(context.deployment.l2.stakingPool)]);
      }),
  },
  {
    ...{ name: "readLogs", sides: ["l1"], logs: ["l1"], isBlind: true },
    run: async (context, { protocol }) => {
      const { lockManager, node } = protocol.l1;
      const [address, toBlock] = [context.deployment.l1.lockManager, await node.getBlockNumber()];
      const topics = [lockManager.interface.getEvent("MessageSent").topicHash];
      const logs = await readLogs({
        ...context,
        side: "l1",
        provider: context.l1,
        address,
        topics,
        fromBlock: 0,
        toBlock,
      });
      return logs.map(({ blockNumber, data }) => [blockNumber, data]);
    },
  },
  { ...{ name: "verifyReserves", sides: ["l1", "l2"], logs: [] }, run: (context) => verifyReserves(context) },
  { ...{ name: "verifyDeployment", sides: ["l1", "l2"], logs: [] }, run: (context) => verifyDeployment(context) },
  { ...{ name: "recordCode", sides: ["l1", "l2"], logs: [] }, run: (context) => recordCode(context) },
  {
    ...{ name: "l1DepositStatus", sides: ["l1", "l2"], logs: ["l1"] },
    run: (context, { numbers }) => l1DepositStatus(context, { number: numbers.deposit }),
  },
  {
    ...{ name: "reportStatus", sides: ["l1", "l2"], logs: ["l1"] },
    run: (context, { numbers }) => reportStatus(context, { number: numbers.report }),
  },
  {
    ...{ name: "redemptionStatus of a waiting ticket", sides: ["l2"], logs: [] },
    run: (context, { numbers }) => redemptionStatus(context, { id: numbers.waitingTicket }),
  },
  {
    ...{ name: "redemptionStatus of a paid ticket", sides: ["l2"], logs: ["l2"] },
    run: (context, { numbers }) => redemptionStatus(context, { id: numbers.paidTicket }),
  },
];
