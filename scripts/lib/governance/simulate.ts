/** Plays a proposal on a fork that is thrown away, as the Safe would: announced, waited for, carried out. */
import { type TransactionReceipt, getAddress } from "ethers";

import { AccessManager__factory } from "../artifacts";
import { type LocalNode, sendAs } from "../localNode";
import { explainRevert, reasonOf } from "./authority";
import { SimulationError } from "./errors";
import type { Proposal, ScheduledProposal } from "./proposal";
import type { SafeTransaction } from "./safeBatch";
import { type Emitted, type Target, describeLog } from "./targets";

/** What a proposal did on the fork. */
export interface Simulation {
  /** The logs of the act itself. */
  readonly events: readonly Emitted[];
  /** Where it waits: from when and until before when it can be carried out, if it were announced now. Unix seconds. */
  readonly window?: { readonly readyAt: number; readonly expiresAt: number };
}

/** A fork, and the contracts whose logs are told. */
export interface SimulationGround {
  readonly node: LocalNode;
  readonly targets: readonly Target[];
}

/**
 * Plays the proposal. The fork is not what it was afterwards: its clock is past the delay.
 *
 * @throws {@link SimulationError} with the contract's own error when a step reverts, or when it could be carried out too early.
 */
export async function simulate(ground: SimulationGround, proposal: Proposal): Promise<Simulation> {
  const { wanted } = proposal;
  if (proposal.type === "direct") {
    return { events: tell(ground, await play(ground, "call", { from: wanted.caller, call: proposal.call })) };
  }
  const window = await simulateSchedule(ground, proposal);
  await passTime(ground.node, window.readyAt);
  const receipt = await play(ground, "execute", { from: wanted.caller, call: proposal.execute });
  return { events: tell(ground, receipt), window };
}

/** Plays that an announced act is called off. @throws {@link SimulationError} */
export async function simulateCancel(
  ground: SimulationGround,
  from: string,
  call: SafeTransaction,
): Promise<Simulation> {
  return { events: tell(ground, await play(ground, "cancel", { from, call })) };
}

async function simulateSchedule(
  ground: SimulationGround,
  { wanted, schedule, execute, expiration, operation }: ScheduledProposal,
): Promise<{ readonly readyAt: number; readonly expiresAt: number }> {
  const { node } = ground;
  await play(ground, "schedule", { from: wanted.caller, call: schedule });
  const early = await reasonOf(node, { from: wanted.caller, to: execute.to, data: execute.data });
  if (early?.startsWith("AccessManagerNotReady(") !== true) {
    throw new SimulationError("execute", `before its delay it gave ${early ?? "no error"}, not AccessManagerNotReady`);
  }
  const manager = AccessManager__factory.connect(wanted.accessManager, node);
  const readyAt = Number(await manager.getSchedule(operation));
  return { readyAt, expiresAt: readyAt + expiration };
}

interface Step {
  readonly from: string;
  readonly call: SafeTransaction;
}

/** Asked before it is sent: only a call tells why it reverts. */
async function play(
  { node, targets }: SimulationGround,
  step: string,
  { from, call: { to, data, value } }: Step,
): Promise<TransactionReceipt> {
  try {
    await node.call({ from, to, data, value });
  } catch (error) {
    throw new SimulationError(
      step,
      explainRevert(
        error,
        targets.map(({ contract }) => contract),
      ),
      { cause: error },
    );
  }
  const execution = await sendAs(node, { from, to, data, value });
  if (execution.type === "executed") return execution.receipt;
  throw new SimulationError(step, execution.reason);
}

/** The AccessManager's own bookkeeping of an execution says nothing new. */
function tell({ targets }: SimulationGround, { logs }: TransactionReceipt): readonly Emitted[] {
  return logs.map((log) =>
    describeLog(targets, { address: getAddress(log.address), topics: log.topics, data: log.data }),
  );
}

async function passTime(node: LocalNode, timestamp: number): Promise<void> {
  await node.send("evm_setNextBlockTimestamp", [timestamp]);
  await node.send("evm_mine", []);
}
