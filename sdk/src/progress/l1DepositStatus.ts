import { deliver } from "../actions/deliver";
import type { Context } from "../context";
import { DeploymentError, ParameterError } from "../errors";
import { L2Gateway__factory, StakingPool__factory } from "../generated/contracts";
import { WAD, max, min } from "../math/integers";
import { available } from "../math/rateLimit";
import { readPoolStorage } from "../reads/poolStorage";
import { readL2 } from "../rpc/readPinned";
import type { Address, Call, Hex } from "../types";
import { type MessageParameters, type SentMessage, readMessage } from "./readMessage";

/** Which deposit. */
export interface L1DepositStatusParameters extends MessageParameters {
  /** Blocks of Ethereum after which a deposit counts as final. @defaultValue 64, two epochs */
  readonly confirmations?: number;
}

/** What is known of a deposit from Ethereum. */
export interface L1DepositFacts {
  readonly number: bigint;
  readonly receiver: Address;
  /** Wei of METIS deposited, of eMetis to mint. */
  readonly assets: bigint;
  /** Wei of eMetis minted so far. */
  readonly minted: bigint;
  /** Whether the eMetis is to be staked for the receiver. */
  readonly isStaked: boolean;
  /** The deposit on Ethereum. */
  readonly transactionHash: Hex;
}

/** Where a deposit from Ethereum stands. */
export type L1DepositStatus =
  /** LockManager has sent no such message. */
  | { readonly type: "unknown"; readonly number: bigint }
  /** In a block of Ethereum that a reorganisation may still remove. */
  | (L1DepositFacts & { readonly type: "sent"; readonly confirmations: number })
  /** The bridge has not brought its hash to Metis. */
  | (L1DepositFacts & { readonly type: "waitingForBridge" })
  /** `call`, by anyone, mints all of it. */
  | (L1DepositFacts & { readonly type: "deliverable"; readonly call: Call })
  /** Nothing is minted yet and the limit lets `mintable` wei through now, less than all; `call`, by anyone, mints that. */
  | (L1DepositFacts & { readonly type: "limited"; readonly mintable: bigint; readonly call: Call | undefined })
  /** A part is minted, and `mintable` wei of the rest can be now, by `call`. */
  | (L1DepositFacts & { readonly type: "partlyMinted"; readonly mintable: bigint; readonly call: Call | undefined })
  /** eMetis is worth `rate` / 1e18 METIS, so only the receiver may send `call`; it mints `mintable` wei. */
  | (L1DepositFacts & {
      readonly type: "belowPar";
      readonly rate: bigint;
      readonly mintable: bigint;
      readonly call: Call | undefined;
    })
  /** The pool takes no deposits until that second; 0: until a fault that `solvency` names is mended. */
  | (L1DepositFacts & { readonly type: "stopped"; readonly until: bigint })
  | (L1DepositFacts & { readonly type: "minted" });

/**
 * Where a deposit made on Ethereum stands, from LockManager's logs and the state of Metis. 2 round trips on Ethereum, then up to 2 on Metis.
 *
 * @param parameters - `number` as `LockManager.deposit` returned it and `Deposited` carries it.
 * @throws {@link AmountError} when `number` is below 1, {@link ParameterError} when the message is a report,
 * {@link DeploymentError} when the gateway on Metis listens to another one, and as {@link readMessage} and {@link readL2}.
 * @example
 * const status = await l1DepositStatus(context, { number: 7n });
 * if (status.type === "deliverable") await signer.sendTransaction(status.call);
 */
export async function l1DepositStatus(
  context: Context,
  parameters: L1DepositStatusParameters,
): Promise<L1DepositStatus> {
  const { number, confirmations = 64 } = parameters;
  const message = await readMessage(context, parameters);
  if (message === undefined) return { type: "unknown", number };
  const { content, transactionHash } = message;
  if (content.type !== "l1Deposit") {
    throw new ParameterError(
      "number",
      number,
      "that message is a report; ask reportStatus, or give a deposit's number",
    );
  }
  const { blockNumber, timestamp, ...state } = await readState(context, message);
  const { receiver, assets, isStaked } = content;
  const facts = { number, receiver, assets, minted: state.minted, isStaked, transactionHash };
  if (state.hashState === 2n) return { ...facts, type: "minted" };
  if (state.hashState === 0n) {
    const isFinal = message.confirmations >= confirmations;
    return isFinal
      ? { ...facts, type: "waitingForBridge" }
      : { ...facts, type: "sent", confirmations: message.confirmations };
  }
  const until = max(state.pausedUntil, state.stoppedUntil);
  if (until > timestamp) return { ...facts, type: "stopped", until };
  if (state.unbackedL1Mints > 0n) return { ...facts, type: "stopped", until: 0n };
  const { l1DepositBucket } = await readPoolStorage(context, blockNumber);
  const room = available(l1DepositBucket, state.limit, timestamp);
  return openStatus(context, message, { ...facts, rate: state.rate, room });
}

/** Of a deposit whose hash is here, while the pool is open. */
function openStatus(
  { deployment }: Context,
  { payload }: SentMessage,
  { rate, room, ...facts }: L1DepositFacts & { readonly rate: bigint; readonly room: bigint },
): L1DepositStatus {
  const { number, assets, minted } = facts;
  const mintable = min(assets - minted, room);
  const delivery = deliver(deployment, { number, payload });
  const call = mintable > 0n ? delivery : undefined;
  if (rate < WAD) return { ...facts, type: "belowPar", rate, mintable, call };
  if (minted > 0n) return { ...facts, type: "partlyMinted", mintable, call };
  return mintable < assets
    ? { ...facts, type: "limited", mintable, call }
    : { ...facts, type: "deliverable", call: delivery };
}

async function readState(context: Context, { number, envelopeHash }: SentMessage) {
  const { l1, l2 } = context.deployment;
  const { block, value } = await readL2(context, undefined, (runner) => {
    const pool = StakingPool__factory.connect(l2.stakingPool, runner);
    const gateway = L2Gateway__factory.connect(l2.l2Gateway, runner);
    return Promise.all([
      gateway.hashState(envelopeHash),
      gateway.l1Token(),
      pool.l1DepositMinted(number),
      pool.redemptionRate(),
      pool.pausedUntil(),
      pool.stoppedUntil(),
      pool.solvency(),
      pool.parameters(),
    ]);
  });
  const [hashState, l1Gateway, minted, rate, pausedUntil, stoppedUntil, { unbackedL1Mints }, { l1DepositLimit }] =
    value;
  if (l1Gateway !== l1.l1Gateway) {
    throw new DeploymentError("l1.l1Gateway", l1.l1Gateway, `${l1Gateway}, which the gateway on Metis listens to`);
  }
  return { ...block, hashState, minted, rate, pausedUntil, stoppedUntil, unbackedL1Mints, limit: l1DepositLimit };
}
