import type { Queue } from "../../../sdk/src/reads/readQueue";
import type { Solvency } from "../../../sdk/src/reads/readSolvency";
import type { Head, Health, OldestTicket } from "./health";
import { type Sample, amount, elapsed, from, fromBoth, sample } from "./samples";

const par = 10n ** 18n;
const bps = 10_000n;
/** What a send up carries at least: 500 METIS, or 0.5 % of supply. */
const leastSend = { assets: 500n * par, share: 200n } as const;
/** StakingPool pays the bridge when it takes at most a thousandth of what is sent. */
const feeShare = 1_000;

/** What Metis tells, as samples. */
export function samplesOfL2(health: Health): readonly Sample[] {
  const { solvency, queue, oldestTicket, limits, l2Stops, l2Head, l2Fee, l2GasPrice, l2BlockTime } = health;
  return [
    ...from(solvency, ofLedger),
    ...fromBoth(solvency, l2Head, (ledger, head) => [
      sample("emetis_report_applied_age_seconds", elapsed(head.timestamp, Number(ledger.report.appliedAt))),
    ]),
    ...from(queue, ofQueue),
    ...fromBoth(oldestTicket, l2Head, ofOldest),
    ...from(limits, ({ l1DepositLimit, l1DepositsAvailable }) => [
      amount("emetis_l1_deposit_bucket_limit_metis", l1DepositLimit),
      amount("emetis_l1_deposit_bucket_available_metis", l1DepositsAvailable),
    ]),
    ...fromBoth(l2Stops, l2Head, ({ pausedUntil, stoppedUntil }, { timestamp }) => [
      sample("emetis_pause_remaining_seconds", elapsed(pausedUntil, timestamp), { contract: "StakingPool" }),
      sample("emetis_loss_stop_remaining_seconds", elapsed(stoppedUntil, timestamp)),
    ]),
    ...from(l2Fee, (fee) => [amount("emetis_l2_withdrawal_fee_metis", fee)]),
    ...fromBoth(l2Fee, solvency, (fee, { totalSupply }) => [
      sample("emetis_l2_withdrawal_fee_ratio", feeRatio(fee, totalSupply)),
    ]),
    ...from(l2GasPrice, (price) => [amount("emetis_l2_gas_price_metis", price)]),
    ...from(l2BlockTime, (seconds) => [sample("emetis_l2_block_time_seconds", seconds)]),
  ];
}

/** The bridge's fee for the least send, against the most that StakingPool pays by itself: above 1 nothing goes up unless the caller pays. */
export function feeRatio(fee: bigint, totalSupply: bigint): number {
  const share = totalSupply / leastSend.share;
  const least = share > leastSend.assets ? share : leastSend.assets;
  return (Number((fee * par) / least) / Number(par)) * feeShare;
}

function ofLedger({ lines, margin, totalAssets, totalSupply, unbackedL1Mints, unrecoveredLoss, report }: Solvency) {
  return [
    amount("emetis_total_assets_metis", totalAssets),
    amount("emetis_total_supply_metis", totalSupply),
    amount("emetis_solvency_margin_metis", margin),
    // Rounded down, so that a lack of less than a basis point is seen too.
    ...(totalSupply === 0n ? [] : [sample("emetis_solvency_margin_bps", floorDiv(margin * bps, totalSupply))]),
    amount("emetis_unbacked_l1_mints_metis", unbackedL1Mints),
    amount("emetis_unrecovered_loss_metis", unrecoveredLoss),
    ...Object.entries<bigint>({ ...lines }).map(([line, assets]) =>
      amount("emetis_ledger_line_metis", assets, { line }),
    ),
    sample("emetis_report_number", report.number),
  ];
}

function floorDiv(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

function ofQueue({ pending, reserved, neededFromL1, redemptionRate, buffer }: Queue) {
  return [
    amount("emetis_queue_pending_metis", pending),
    amount("emetis_queue_reserved_metis", reserved),
    amount("emetis_queue_needed_from_l1_metis", neededFromL1),
    amount("emetis_free_buffer_metis", buffer > pending ? buffer - pending : 0n),
    amount("emetis_redemption_rate", redemptionRate),
  ];
}

function ofOldest(oldest: OldestTicket, { timestamp }: Head) {
  const age = oldest.type === "none" ? 0 : elapsed(timestamp, oldest.askedBefore);
  return [sample("emetis_queue_oldest_age_seconds", age)];
}
