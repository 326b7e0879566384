/** The parts of the health that Ethereum alone tells. */
import { Contract, type ContractRunner, FunctionFragment, Interface, dataSlice, getAddress } from "ethers";

import type { L1Context } from "../../../sdk/src/context";
import {
  IERC20__factory,
  ILockingInfo__factory,
  ILockingPool__factory,
  L1Gateway__factory,
  LockManager__factory,
} from "../../../sdk/src/generated/contracts";
import { ask } from "../../../sdk/src/rpc/ask";
import { readL1 } from "../../../sdk/src/rpc/readPinned";
import type { L1Fees, L1Stops, LockingPoolState, Need, RewardPayer } from "./health";

/** LockingPool's enumeration. */
const inactiveStatus = 1n;
const activeStatus = 2n;
/** EIP-1967: where a proxy keeps the address of its code. */
const implementationSlot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
/** What LockingPool of mainnet says when it refuses an exit. */
const refusal = BigInt(`0x${Buffer.from("BFT restriction").toString("hex")}`);

/** Reads pause and last loss of LockManager. */
export async function readL1Stops(context: L1Context): Promise<L1Stops> {
  const { value } = await readL1(context, undefined, (runner) => {
    const manager = LockManager__factory.connect(context.deployment.l1.lockManager, runner);
    return Promise.all([manager.pausedUntil(), manager.lossSeenAt()]);
  });
  return { pausedUntil: Number(value[0]), lossSeenAt: Number(value[1]) };
}

/** Reads the need that LockManager keeps. */
export async function readNeed(context: L1Context): Promise<Need> {
  const { value } = await readL1(context, undefined, (runner) => {
    const manager = LockManager__factory.connect(context.deployment.l1.lockManager, runner);
    return Promise.all([manager.need(), manager.counters()]);
  });
  const [{ number, target, unreachedSince }, { sentToL2 }] = value;
  const missing = target > sentToL2 ? target - sentToL2 : 0n;
  return { number, target, missing, unreachedSince: Number(unreachedSince) };
}

/** Reads what Metis's bridge asks for a message and for METIS. */
export async function readL1Fees(context: L1Context): Promise<L1Fees> {
  const { value } = await readL1(context, undefined, (runner) => {
    const gateway = L1Gateway__factory.connect(context.deployment.l1.l1Gateway, runner);
    return Promise.all([gateway.messageFee(), gateway.metisFee()]);
  });
  return { message: value[0], metis: value[1] };
}

/** Reads Metis's LockingPool: whether it is paused, and how many sequencers may leave it now. */
export async function readLockingPool(context: L1Context): Promise<LockingPoolState> {
  const { lockingPool } = context.deployment.l1;
  const isExitRestricted = await knowsExitRule(context);
  const { value } = await readL1(context, undefined, async (runner) => {
    const pool = ILockingPool__factory.connect(lockingPool, runner);
    const [isPaused, active, inactive, exitDelay, escrow] = await Promise.all([
      pool.paused(),
      pool.seqStatuses(activeStatus),
      pool.seqStatuses(inactiveStatus),
      pool.exitDelayPeriod(),
      pool.escrow(),
    ]);
    const info = ILockingInfo__factory.connect(escrow, runner);
    const [minLock, maxLock] = await Promise.all([info.minLock(), info.maxLock()]);
    return {
      isPaused,
      active: Number(active),
      inactive: Number(inactive),
      exitDelay: Number(exitDelay),
      minLock,
      maxLock,
    };
  });
  return { ...value, isExitRestricted, exitHeadroom: exitHeadroom({ ...value, isExitRestricted }) };
}

/**
 * How many voluntary exits may begin one after another: LockingPool of mainnet lets one through while
 * 3 × (inactive + 1) ≤ active + inactive, counted before it; without the rule every active sequencer may.
 */
export function exitHeadroom(pool: Pick<LockingPoolState, "active" | "inactive" | "isExitRestricted">): number {
  const { active, inactive, isExitRestricted } = pool;
  if (!isExitRestricted) return active;
  return Math.min(active, Math.max(0, Math.floor((active + inactive) / 3) - inactive));
}

/** Whether the code of LockingPool, or of what it delegates to, holds the words with which mainnet's refuses an exit. */
async function knowsExitRule(context: L1Context): Promise<boolean> {
  const { lockingPool } = context.deployment.l1;
  const slot = await ask("l1", "eth_getStorageAt", context, () =>
    context.l1.getStorage(lockingPool, implementationSlot),
  );
  const implementation = getAddress(dataSlice(slot, 12));
  const codes = await Promise.all(
    [lockingPool, implementation].map((address) =>
      ask("l1", "eth_getCode", context, () => context.l1.getCode(address)),
    ),
  );
  // Solidity's optimiser may push the text without its trailing zero bits and shift it back.
  const forms = [refusal, refusal >> 1n].map((form) => form.toString(16));
  return codes.some((code) => forms.some((form) => code.includes(form)));
}

const rewardPayer = new Interface(["function rewardPayer() view returns (address)"]);
const rewardPerBlock = new Interface(["function rewardPerBlock() view returns (uint256)"]);

/** Reads who pays sequencers' rewards, and how much of that LockingInfo may still take. */
export async function readRewardPayer(context: L1Context): Promise<RewardPayer> {
  const { lockingPool, metis } = context.deployment.l1;
  const { value } = await readL1(context, undefined, async (runner) => {
    const [escrow, reward] = await Promise.all([
      ILockingPool__factory.connect(lockingPool, runner).escrow(),
      viewOf(lockingPool, rewardPerBlock, runner),
    ]);
    const payer = getAddress(String(await viewOf(escrow, rewardPayer, runner)));
    const token = IERC20__factory.connect(metis, runner);
    const [balance, allowance] = await Promise.all([token.balanceOf(payer), token.allowance(payer, escrow)]);
    return { payer, balance, allowance, rewardPerBlock: BigInt(String(reward)) };
  });
  return value;
}

/** What the only view of an interface answers. */
async function viewOf(target: string, views: Interface, runner: ContractRunner): Promise<unknown> {
  const [name] = views.fragments.filter((fragment) => fragment instanceof FunctionFragment).map((view) => view.name);
  const answer: unknown = await new Contract(target, views, runner).getFunction(name ?? "").staticCall();
  return answer;
}
