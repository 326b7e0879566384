import { zeroPadValue } from "ethers";

import type { Deployment } from "../deployments";
import type { LogFilter } from "../rpc/readLogs";
import type { Address } from "../types";
import { type Decoder, decodersOf } from "./decoders";

/**
 * The logs of Metis that the value of one account depends on: all that moves the stream of seMetis, its shares and the line of the
 * queue, whoever does it, and what names the account.
 *
 * @example
 * const logs = await readLogsOf(range, filtersOfAccount(deployment, account));
 */
export function filtersOfAccount(deployment: Deployment, account: Address): readonly LogFilter[] {
  const { eMetis, seMetis, redemptionQueue, stakingPool } = decodersOf(deployment);
  const { Transfer: sharesMoved, ...stream } = seMetis;
  const { Transfer: ticketMoved, ...line } = redemptionQueue;
  const { ReportApplied, RewardsMinted, LossBooked, TreasurySet } = stakingPool;
  const { Deposited, L1DepositMinted, RedeemedInstantly } = stakingPool;
  const transfers = [eMetis.Transfer, sharesMoved, ticketMoved];
  const topic = zeroPadValue(account, 32);
  const everyones = [...Object.values(stream), ...Object.values(line)];
  return [
    filterOf([...everyones, ReportApplied, RewardsMinted, LossBooked, TreasurySet]),
    filterOf([...transfers, RedeemedInstantly], topic),
    filterOf([...transfers, Deposited, L1DepositMinted], null, topic),
  ];
}

/**
 * All logs of Metis that values depend on.
 *
 * @example
 * const logs = await readLogsOf(range, filtersOfEveryone(deployment));
 */
export function filtersOfEveryone(deployment: Deployment): readonly LogFilter[] {
  const { eMetis, seMetis, redemptionQueue, stakingPool } = decodersOf(deployment);
  return [filterOf([eMetis, seMetis, redemptionQueue, stakingPool].flatMap((decoders) => Object.values(decoders)))];
}

/**
 * All deposits on Ethereum: each names the sum of all before it.
 *
 * @example
 * const logs = await readLogsOf(range, filtersOfL1(deployment));
 */
export function filtersOfL1(deployment: Deployment): readonly LogFilter[] {
  return [filterOf(Object.values(decodersOf(deployment).lockManager))];
}

function filterOf(decoders: readonly Decoder[], ...topics: readonly (string | null)[]): LogFilter {
  const unique = <T>(values: readonly T[]) => [...new Set(values)];
  return {
    address: unique(decoders.map(({ address }) => address)),
    topics: [unique(decoders.map(({ topic }) => topic)), ...topics],
  };
}
