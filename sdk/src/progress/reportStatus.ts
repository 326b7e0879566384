import { deliver } from "../actions/deliver";
import type { Context } from "../context";
import { DeploymentError, ParameterError } from "../errors";
import { L2Gateway__factory, StakingPool__factory } from "../generated/contracts";
import { type Report, type ReportRefusal, reportRefusal } from "../math/ledger";
import { readL2 } from "../rpc/readPinned";
import type { Call, Hex } from "../types";
import { type MessageParameters, type SentMessage, readMessage } from "./readMessage";

/** Which report. */
export interface ReportStatusParameters extends MessageParameters {
  /** Blocks of Ethereum after which a report counts as final. @defaultValue 64, two epochs */
  readonly confirmations?: number;
}

/** What is known of a report. */
export interface ReportFacts {
  readonly number: bigint;
  /** What it says, wei of METIS. */
  readonly report: Report;
  /** `LockManager.report` on Ethereum. */
  readonly transactionHash: Hex;
}

/** Where a report stands. */
export type ReportStatus =
  /** LockManager has sent no such message. */
  | { readonly type: "unknown"; readonly number: bigint }
  /** In a block of Ethereum that a reorganisation may still remove. */
  | (ReportFacts & { readonly type: "sent"; readonly confirmations: number })
  /** The bridge has not brought its hash to Metis. */
  | (ReportFacts & { readonly type: "waitingForBridge" })
  /** `call`, by anyone, applies it. */
  | (ReportFacts & { readonly type: "deliverable"; readonly call: Call })
  /** Its hash is on Metis, and it would be refused: `fromTheFuture` until the clock of Metis catches up, else for good. */
  | (ReportFacts & { readonly type: "refused"; readonly reason: ReportRefusal })
  /** It is the one that Metis works with. */
  | (ReportFacts & { readonly type: "applied" })
  /** A later one, number `by`, is applied: whether or not this one was, it moves nothing any more. */
  | (ReportFacts & { readonly type: "superseded"; readonly by: bigint });

/**
 * Where a report stands, from LockManager's logs and the state of Metis. 2 round trips on Ethereum, then 1 on Metis.
 *
 * @throws {@link AmountError} when `number` is below 1, {@link ParameterError} when the message is a deposit,
 * {@link DeploymentError} when the gateway on Metis listens to another one, and as {@link readMessage} and {@link readL2}.
 * @example
 * const status = await reportStatus(context, { number: 7n });
 * if (status.type === "deliverable") await signer.sendTransaction(status.call);
 */
export async function reportStatus(context: Context, parameters: ReportStatusParameters): Promise<ReportStatus> {
  const { number, confirmations = 64 } = parameters;
  const message = await readMessage(context, parameters);
  if (message === undefined) return { type: "unknown", number };
  const { content, transactionHash } = message;
  if (content.type !== "report") {
    throw new ParameterError(
      "number",
      number,
      "that message is a deposit; ask l1DepositStatus, or give a report's number",
    );
  }
  const facts = { number, report: content.report, transactionHash };
  const { hashState, applied, last, timestamp } = await readState(context, message);
  if (applied === number) return { ...facts, type: "applied" };
  if (applied > number) return { ...facts, type: "superseded", by: applied };
  if (hashState === 0n) {
    const isFinal = message.confirmations >= confirmations;
    return isFinal
      ? { ...facts, type: "waitingForBridge" }
      : { ...facts, type: "sent", confirmations: message.confirmations };
  }
  const reason = reportRefusal(last, content.report, timestamp);
  if (reason !== undefined) return { ...facts, type: "refused", reason };
  return { ...facts, type: "deliverable", call: deliver(context.deployment, { number, payload: message.payload }) };
}

async function readState(context: Context, { envelopeHash }: SentMessage) {
  const { l1, l2 } = context.deployment;
  const { block, value } = await readL2(context, undefined, (runner) => {
    const gateway = L2Gateway__factory.connect(l2.l2Gateway, runner);
    const pool = StakingPool__factory.connect(l2.stakingPool, runner);
    return Promise.all([gateway.hashState(envelopeHash), gateway.l1Token(), pool.solvency()]);
  });
  const [hashState, l1Gateway, solvency] = value;
  if (l1Gateway !== l1.l1Gateway) {
    throw new DeploymentError("l1.l1Gateway", l1.l1Gateway, `${l1Gateway}, which the gateway on Metis listens to`);
  }
  const { reportTakenAt: takenAt, l1Assets, receivedFromL2, sentToL2, l1Deposits } = solvency;
  const last = { takenAt, l1Assets, receivedFromL2, sentToL2, l1Deposits };
  return { timestamp: block.timestamp, hashState, applied: solvency.reportNumber, last };
}
