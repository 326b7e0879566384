import type { Address } from "../types";
import { streamAt } from "./applyStream";
import type { Converters } from "./classify";
import { type ReplayState, positionOf } from "./state";
import { reservedOf, valueAt } from "./valuation";

/** All that was promised to somebody at one second, and who has it; wei of METIS, eMetis one for one. */
export interface ProtocolTotals {
  /** eMetis in existence. */
  readonly supply: bigint;
  /** METIS in the queue for claims. */
  readonly reserved: bigint;
  /** METIS deposited on Ethereum that nothing was minted for yet. */
  readonly l1Deposits: bigint;
  /** The value of all accounts. With the four lines below it is `supply + reserved + l1Deposits`. */
  readonly accounts: bigint;
  /** eMetis of seMetis that has not vested. */
  readonly unvested: bigint;
  /** eMetis of seMetis that belongs to no whole wei of any account's: of the virtual share, and of rounding. */
  readonly shareRemainder: bigint;
  /** eMetis given to seMetis that the next reward takes along. */
  readonly givenToSEMetis: bigint;
  /** eMetis given to the queue that `skim` burns. */
  readonly givenToQueue: bigint;
}

/**
 * The totals of the protocol at second `time`, of a replay of everyone: they equal the sum over all accounts and the named remainders
 * to the wei.
 *
 * @param time - Unix seconds of Metis.
 * @throws RangeError when `state` is the replay of one account.
 * @example
 * const { state, l2 } = await readProtocol(context);
 * const totals = protocolTotals(state, deployment.l2, l2.timestamp);
 */
export function protocolTotals(state: ReplayState, converters: Converters, time: bigint): ProtocolTotals {
  if (state.scope.type !== "everyone") throw new RangeError("Totals need the replay of everyone.");
  const { seMetis, redemptionQueue } = converters;
  const backing = positionOf(state, seMetis).eMetis;
  const waiting = positionOf(state, redemptionQueue).eMetis;
  const { assets, unvested } = streamAt(state, time);
  const { accounts, staked, l1Deposits } = sumOver(state, time);
  return {
    supply: state.sums.supply,
    reserved: reservedOf(state),
    l1Deposits,
    accounts: accounts - backing - waiting,
    unvested,
    shareRemainder: assets - staked,
    givenToSEMetis: backing - assets - unvested,
    givenToQueue: waiting - (state.requestedUntil - state.finalisedUntil),
  };
}

/**
 * Every address that holds something, or ever did.
 *
 * @example
 * const { state, l2 } = await readProtocol(context);
 * for (const account of accountsOf(state)) console.log(account, valueAt(state, account, l2.timestamp).total);
 */
export function accountsOf(state: ReplayState): readonly Address[] {
  return [...state.positions.keys()];
}

function sumOver(state: ReplayState, time: bigint) {
  const sum = { accounts: 0n, staked: 0n, l1Deposits: 0n };
  for (const account of accountsOf(state)) {
    const { total, staked, l1Deposits } = valueAt(state, account, time);
    sum.accounts += total;
    sum.staked += staked;
    sum.l1Deposits += l1Deposits;
  }
  return sum;
}
