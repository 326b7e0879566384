import type { Report } from "../math/ledger";
import {
  type Fault,
  type Finding,
  compare,
  donation,
  fault,
  faultOf,
  inTransitDown,
  inTransitUp,
  notYetReported,
} from "./line";
import type { L1Reserves } from "./readL1Reserves";
import type { L2Reserves } from "./readL2Reserves";

/**
 * Compares what one chain sent with what the other received, and the report that Metis works with with what Ethereum would report now.
 *
 * @param now - What Ethereum would report, by {@link foreseeReport}.
 * @param isL1Faulty - Whether a fault on Ethereum explains that METIS is gone.
 * @example
 * const findings = compareChains(l1, l2, now, false);
 */
export function compareChains(
  l1: L1Reserves,
  { counters, report }: L2Reserves,
  now: Report,
  isL1Faulty: boolean,
): readonly Finding[] {
  const { sentToL1, attributedUp, receivedFromL1, attributedDown, mintedForL1 } = counters;
  const reported = compareReport(report, now);
  const isExplained = isL1Faulty || reported.some(({ fault: named }) => named !== undefined);
  return [
    compare({
      ...{ name: "sentUp", chain: "both", found: now.receivedFromL2, booked: sentToL1 + attributedUp },
      ...{ more: donation, less: inTransitUp },
    }),
    compare({
      ...{ name: "sentDown", chain: "both", found: receivedFromL1, booked: now.sentToL2 + attributedDown },
      ...{ more: donation, less: inTransitDown },
    }),
    compare({
      ...{ name: "l1DepositsMinted", chain: "both", found: mintedForL1, booked: now.l1Deposits },
      ...{ more: fault("unbackedL1Mints"), less: inTransitDown },
    }),
    ...reported,
    compareEarnings(report, now, isExplained || l1.lossSeenAt >= report.takenAt),
  ];
}

/**
 * What cannot be and is no difference of two numbers that should be equal.
 *
 * @example
 * const faults = impossibilities(l1, l2);
 */
export function impossibilities(l1: L1Reserves, l2: L2Reserves): readonly Fault[] {
  const { attributedUp, attributedDown, receivedFromL1, mintedForL1 } = l2.counters;
  const upBeyond = attributedUp - l2.report.receivedFromL2;
  const downBeyond = attributedDown - receivedFromL1;
  const isNamedAlready = mintedForL1 > l1.l1Deposits;
  return [
    ...(upBeyond > 0n ? [faultOf("attributedTooMuch", upBeyond)] : []),
    ...(downBeyond > 0n ? [faultOf("attributedTooMuch", downBeyond)] : []),
    ...(l2.reportNumber > l1.lastMessage ? [faultOf("unknownReport", l2.reportNumber)] : []),
    ...(l2.unbackedL1Mints > 0n && !isNamedAlready ? [faultOf("unbackedL1Mints", l2.unbackedL1Mints)] : []),
  ];
}

/** Counters only grow, so no report counts more than there is now. */
function compareReport(report: Report, now: Report): readonly Finding[] {
  const meanings = { chain: "both", more: notYetReported, less: fault("reportAhead") } as const;
  return [
    compare({
      ...{ ...meanings, name: "reportedReceivedFromL2" },
      ...{ found: now.receivedFromL2, booked: report.receivedFromL2 },
    }),
    compare({ ...meanings, name: "reportedSentToL2", found: now.sentToL2, booked: report.sentToL2 }),
    compare({ ...meanings, name: "reportedL1Deposits", found: now.l1Deposits, booked: report.l1Deposits }),
  ];
}

/** What l1Assets grew by since the report and no counter explains is reward; it falls by a loss only, and LockManager sees that. */
function compareEarnings(report: Report, now: Report, isLossKnown: boolean): Finding {
  const moved =
    now.receivedFromL2 -
    report.receivedFromL2 +
    (now.l1Deposits - report.l1Deposits) -
    (now.sentToL2 - report.sentToL2);
  return compare({
    ...{ name: "earnedOnL1", chain: "both", found: now.l1Assets, booked: report.l1Assets + moved },
    more: notYetReported,
    less: isLossKnown ? notYetReported : fault("reportMisstated"),
  });
}
