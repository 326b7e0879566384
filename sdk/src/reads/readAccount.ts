import { checkAddress, checkAmount } from "../check";
import type { Context, L1Context, L2Context } from "../context";
import {
  EMetis__factory,
  IERC20__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../generated/contracts";
import { convertToAssets } from "../math/shares";
import type { BlockStamp } from "../rpc/readBatch";
import { type PinnedRunner, readL1, readL2 } from "../rpc/readPinned";
import type { Address } from "../types";
import { type Ticket, ticketStates } from "./ticketState";

/** What to read of whom. */
export interface AccountParameters {
  readonly account: string;
  /** Tickets to look at, by id; `readTickets` finds them. */
  readonly tickets?: readonly bigint[];
  /** Deposits on Ethereum to look at, by message number; `readDeposits` finds them. */
  readonly l1Deposits?: readonly bigint[];
  /** The block of Metis to read. @defaultValue the latest */
  readonly l2Block?: number;
  /** The block of Ethereum to read. @defaultValue the latest */
  readonly l1Block?: number;
}

/** What an account may do at once, in wei. */
export interface AccountLimits {
  /** eMetis that seMetis takes: 0 when it is closed, else 2²⁵⁶ − 1. */
  readonly maxDeposit: bigint;
  /** eMetis that the account's seMetis can be withdrawn for; 0 when it is closed. */
  readonly maxWithdraw: bigint;
  /** seMetis of the account that can be redeemed; 0 when it is closed. */
  readonly maxRedeem: bigint;
  /** eMetis that anyone together can redeem for METIS at once; the account's balance limits it too. */
  readonly maxRedeemInstant: bigint;
}

/** What an account has on Metis; amounts in wei. */
export interface AccountOnL2 {
  readonly block: BlockStamp;
  /** METIS, the coin of the chain. */
  readonly metis: bigint;
  readonly eMetis: bigint;
  /** Shares. */
  readonly seMetis: bigint;
  /** eMetis that those shares are worth in this block, rounded down. */
  readonly staked: bigint;
  readonly allowances: {
    /** eMetis that seMetis may take. */
    readonly eMetisForSeMetis: bigint;
    /** eMetis that the queue may take. */
    readonly eMetisForQueue: bigint;
    /** seMetis that the queue may take. */
    readonly seMetisForQueue: bigint;
  };
  readonly limits: AccountLimits;
  /** In the order of the ids given, each once. */
  readonly tickets: readonly Ticket[];
  /** eMetis minted so far for deposits made on Ethereum, in the order of the numbers given, each once. */
  readonly l1Deposits: readonly { readonly number: bigint; readonly minted: bigint }[];
}

/** What an account has on Ethereum; amounts in wei. */
export interface AccountOnL1 {
  readonly block: BlockStamp;
  readonly eth: bigint;
  readonly metis: bigint;
  /** METIS that LockManager may take for a deposit. */
  readonly metisForLockManager: bigint;
}

/** What an account has on both chains. */
export interface Account {
  readonly l2: AccountOnL2;
  readonly l1: AccountOnL1;
}

/**
 * Reads all that a screen shows of an account. One request to each chain, both at once: 1 round trip, with up to 7 tickets and 3
 * deposits (2 views a ticket, 1 a deposit). Each 30 further views are a request more, all of those at once: 2 round trips at most.
 *
 * With a context of Metis alone the part of Ethereum is left out, in the type too.
 *
 * @throws {@link AddressError}, {@link AmountError}, and what `readL2` and `readL1` throw.
 * @example
 * const { l2, l1 } = await readAccount(context, { account, tickets: [0n] });
 */
export async function readAccount(context: Context, parameters: AccountParameters): Promise<Account>;
/** As above, of Metis alone. */
export async function readAccount(
  context: L2Context,
  parameters: Omit<AccountParameters, "l1Block">,
): Promise<Pick<Account, "l2">>;
export async function readAccount(
  context: Context | L2Context,
  parameters: AccountParameters,
): Promise<Account | Pick<Account, "l2">> {
  const account = checkAddress("account", parameters.account);
  const numbers = [...new Set(parameters.l1Deposits ?? [])];
  for (const number of numbers) checkAmount("l1Deposit", number);
  const onL2 = readOnL2(context, account, numbers, parameters);
  if (!("l1" in context)) return { l2: await onL2 };
  const [l2, l1] = await Promise.all([onL2, readOnL1(context, account, parameters.l1Block)]);
  return { l2, l1 };
}

async function readOnL2(
  context: L2Context,
  account: Address,
  numbers: readonly bigint[],
  { tickets: ids = [], l2Block }: AccountParameters,
): Promise<AccountOnL2> {
  const { deployment } = context;
  const { block, value } = await readL2(context, l2Block, (runner) => {
    const pool = StakingPool__factory.connect(deployment.l2.stakingPool, runner);
    const queue = RedemptionQueue__factory.connect(deployment.l2.redemptionQueue, runner);
    return Promise.all([
      runner.balance(account),
      readTokens(context, runner, account),
      readAccountLimits(context, runner, account),
      ticketStates(queue, ids),
      Promise.all(numbers.map(async (number) => ({ number, minted: await pool.l1DepositMinted(number) }))),
    ]);
  });
  const [metis, tokens, limits, tickets, l1Deposits] = value;
  return { block, metis, ...tokens, limits, tickets, l1Deposits };
}

async function readTokens({ deployment: { l2 } }: L2Context, runner: PinnedRunner, account: Address) {
  const eMetis = EMetis__factory.connect(l2.eMetis, runner);
  const seMetis = SEMetis__factory.connect(l2.seMetis, runner);
  const [balance, shares, totalAssets, totalSupply, eMetisForSeMetis, eMetisForQueue, seMetisForQueue] =
    await Promise.all([
      eMetis.balanceOf(account),
      seMetis.balanceOf(account),
      seMetis.totalAssets(),
      seMetis.totalSupply(),
      eMetis.allowance(account, l2.seMetis),
      eMetis.allowance(account, l2.redemptionQueue),
      seMetis.allowance(account, l2.redemptionQueue),
    ]);
  const staked = convertToAssets(shares, { totalAssets, totalSupply });
  const allowances = { eMetisForSeMetis, eMetisForQueue, seMetisForQueue };
  return { eMetis: balance, seMetis: shares, staked, allowances };
}

async function readAccountLimits(
  { deployment: { l2 } }: L2Context,
  runner: PinnedRunner,
  account: Address,
): Promise<AccountLimits> {
  const seMetis = SEMetis__factory.connect(l2.seMetis, runner);
  const pool = StakingPool__factory.connect(l2.stakingPool, runner);
  const [maxDeposit, maxWithdraw, maxRedeem, maxRedeemInstant] = await Promise.all([
    seMetis.maxDeposit(account),
    seMetis.maxWithdraw(account),
    seMetis.maxRedeem(account),
    pool.maxRedeemInstant(),
  ]);
  return { maxDeposit, maxWithdraw, maxRedeem, maxRedeemInstant };
}

async function readOnL1(context: L1Context, account: Address, l1Block: number | undefined): Promise<AccountOnL1> {
  const { l1 } = context.deployment;
  const { block, value } = await readL1(context, l1Block, (runner) => {
    const token = IERC20__factory.connect(l1.metis, runner);
    return Promise.all([runner.balance(account), token.balanceOf(account), token.allowance(account, l1.lockManager)]);
  });
  const [eth, metis, metisForLockManager] = value;
  return { block, eth, metis, metisForLockManager };
}
