import { isError } from "ethers";

import { checkAnyAddress, nobody } from "../check";
import type { Context } from "../context";
import { RevertError, UnknownRevertError } from "../errors";
import {
  EMetis__factory,
  L1Gateway__factory,
  L2Gateway__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../generated/contracts";
import { type PinnedRunner, readL1, readL2 } from "../rpc/readPinned";
import type { Address } from "../types";

/** What a contract says of another, or of a chain, beside what the deployment says. */
export interface Wire {
  /** As in the contracts: `StakingPool.EMETIS`. */
  readonly view: string;
  readonly expected: Address | number;
  /** The zero address, or 0, where the contract has no such view. */
  readonly actual: Address | number;
}

type Asked = readonly [view: string, answer: Promise<string | bigint>, expected: Address | number];

/**
 * Reads whom the contracts on Ethereum know. 1 round trip.
 *
 * @throws as {@link readL1}.
 * @example
 * const wires = await readL1Wiring(context);
 */
export async function readL1Wiring(context: Context): Promise<readonly Wire[]> {
  const { l1, l2 } = context.deployment;
  const { value } = await readL1(context, undefined, (runner: PinnedRunner) => {
    const manager = LockManager__factory.connect(l1.lockManager, runner);
    const gateway = L1Gateway__factory.connect(l1.l1Gateway, runner);
    return settleAll([
      ["LockManager.METIS", manager.METIS(), l1.metis],
      ["LockManager.LOCKING_POOL", manager.LOCKING_POOL(), l1.lockingPool],
      ["LockManager.L1_GATEWAY", manager.L1_GATEWAY(), l1.l1Gateway],
      ["LockManager.VAULT_BEACON", manager.VAULT_BEACON(), l1.vaultBeacon],
      ["LockManager.authority", manager.authority(), l1.accessManager],
      ["L1Gateway.LOCK_MANAGER", gateway.LOCK_MANAGER(), l1.lockManager],
      ["L1Gateway.METIS", gateway.METIS(), l1.metis],
      ["L1Gateway.BRIDGE", gateway.BRIDGE(), l1.bridge],
      ["L1Gateway.L2_CHAIN_ID", gateway.L2_CHAIN_ID(), l2.chainId],
      ["L1Gateway.l2Gateway", gateway.l2Gateway(), l2.l2Gateway],
      ["L1Gateway.authority", gateway.authority(), l1.accessManager],
    ]);
  });
  return value;
}

/**
 * Reads whom the contracts on Metis know. 1 round trip.
 *
 * @throws as {@link readL2}.
 * @example
 * const wires = await readL2Wiring(context);
 */
export async function readL2Wiring(context: Context): Promise<readonly Wire[]> {
  const { l1, l2 } = context.deployment;
  const { value } = await readL2(context, undefined, (runner: PinnedRunner) => {
    const pool = StakingPool__factory.connect(l2.stakingPool, runner);
    const gateway = L2Gateway__factory.connect(l2.l2Gateway, runner);
    return settleAll([
      ["StakingPool.EMETIS", pool.EMETIS(), l2.eMetis],
      ["StakingPool.SEMETIS", pool.SEMETIS(), l2.seMetis],
      ["StakingPool.QUEUE", pool.QUEUE(), l2.redemptionQueue],
      ["StakingPool.GATEWAY", pool.GATEWAY(), l2.l2Gateway],
      ["StakingPool.L1_LOCK_MANAGER", pool.L1_LOCK_MANAGER(), l1.lockManager],
      ["StakingPool.authority", pool.authority(), l2.accessManager],
      ["L2Gateway.STAKING_POOL", gateway.STAKING_POOL(), l2.stakingPool],
      ["L2Gateway.L1_CHAIN_ID", gateway.L1_CHAIN_ID(), l1.chainId],
      ["L2Gateway.l1Token", gateway.l1Token(), l1.l1Gateway],
      ["L2Gateway.authority", gateway.authority(), l2.accessManager],
      ...tokensAsked(context, runner),
    ]);
  });
  return value;
}

function tokensAsked({ deployment }: Context, runner: PinnedRunner): readonly Asked[] {
  const { eMetis, seMetis, stakingPool, redemptionQueue, accessManager } = deployment.l2;
  const token = EMetis__factory.connect(eMetis, runner);
  const vault = SEMetis__factory.connect(seMetis, runner);
  const queue = RedemptionQueue__factory.connect(redemptionQueue, runner);
  return [
    ["EMetis.STAKING_POOL", token.STAKING_POOL(), stakingPool],
    ["EMetis.SE_METIS", token.SE_METIS(), seMetis],
    ["EMetis.REDEMPTION_QUEUE", token.REDEMPTION_QUEUE(), redemptionQueue],
    ["SEMetis.asset", vault.asset(), eMetis],
    ["SEMetis.STAKING_POOL", vault.STAKING_POOL(), stakingPool],
    ["RedemptionQueue.EMETIS", queue.EMETIS(), eMetis],
    ["RedemptionQueue.SEMETIS", queue.SEMETIS(), seMetis],
    ["RedemptionQueue.STAKING_POOL", queue.STAKING_POOL(), stakingPool],
    ["RedemptionQueue.authority", queue.authority(), accessManager],
  ];
}

function settleAll(asked: readonly Asked[]): Promise<readonly Wire[]> {
  return Promise.all(
    asked.map(async ([view, answer, expected]): Promise<Wire> => {
      const found = await answerOrNothing(answer);
      if (typeof expected === "number") return { view, expected, actual: Number(found ?? 0) };
      return { view, expected, actual: checkAnyAddress(view, String(found ?? nobody)) };
    }),
  );
}

/** `undefined` where the contract is another and has no such view. */
async function answerOrNothing(answer: Promise<string | bigint>): Promise<string | bigint | undefined> {
  try {
    return await answer;
  } catch (error) {
    const isRefused = error instanceof RevertError || error instanceof UnknownRevertError;
    if (isRefused || isError(error, "BAD_DATA")) return undefined;
    throw error;
  }
}
