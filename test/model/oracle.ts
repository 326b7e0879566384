import { BPS, max } from "../../sdk/src/math/integers";
import {
  assetsOf,
  backing,
  deliver,
  knownLosses,
  ledgerOf,
  metisEverywhere,
  parameters,
  pending,
  unpaid,
  type Protocol,
} from "./protocol";

/** Each promise that is broken in `protocol` now, in words; none when all hold. */
export function brokenPromises(protocol: Protocol): readonly string[] {
  const { truth, l2, rules } = protocol;
  const { stakers, queue } = l2;
  const lostUnknown = truth.lost - knownLosses(protocol, l2.reportNumber);
  const owned =
    truth.deposited + truth.donated + truth.rewarded - truth.lost - truth.bridgeFees - truth.commissions - queue.paid;
  const promises: readonly (readonly [boolean, string])[] = [
    [metisEverywhere(protocol) === owned, "METIS came from nowhere or went nowhere"],
    [
      l2.totalSupply === l2.free + pending(protocol) + stakers.assets + stakers.unvested,
      "eMetis came from nowhere or went nowhere",
    ],
    [ledgerOf(protocol) <= backing(protocol) + lostUnknown, "the ledger counts METIS that is not there"],
    [truth.lost > 0n || assetsOf(protocol) >= l2.totalSupply, "assets fall short though nothing was lost"],
    [
      truth.protocolFees * BPS <= parameters.protocolFeeBps * truth.highestNetProfit,
      "fees exceed their share of net profit",
    ],
    [!rules.reservesFinalised || queue.held === unpaid(protocol), "the queue holds other than what it owes"],
    [queue.finalisedUntil <= queue.requestedUntil, "the queue is finalised beyond its end"],
    [l2.mintedForL1 <= max(l2.report.l1Deposits, l2.announced), "a deposit on Ethereum was minted twice"],
  ];
  return [...truth.violations, ...promises.filter(([holds]) => !holds).map(([, name]) => name)];
}

/**
 * C1: delivers report `number`, the newest, and tells whether the ledger then equals the one to which every report was
 * delivered in order at the same moment. Rewards may be minted in other portions, and in-order delivery may have attributed
 * more of what had arrived unannounced, never less.
 */
export function deliverAndCompare(protocol: Protocol, number: number): readonly string[] {
  const shadow = structuredClone(protocol);
  for (let earlier = 1; earlier < number; earlier++) {
    if (shadow.l1.messages[earlier - 1]?.type !== "report") continue;
    if (shadow.l2.hashes.get(earlier)?.state === "used") continue;
    shadow.l2.hashes.set(earlier, { state: "known", arrivedAt: 0n, requestedUntil: 0n });
    deliver(shadow, earlier);
  }
  deliver(shadow, number);
  if (!deliver(protocol, number)) return [];
  const late = shadow.l2.attributedDown - protocol.l2.attributedDown;
  const isSame = ledgerLines(shadow) === ledgerLines(protocol);
  return isSame && late >= 0n ? [] : ["the newest report gives another ledger than all reports in order"];
}

function ledgerLines({ l2 }: Protocol): string {
  const { report } = l2;
  return [
    l2.buffer,
    l2.sentToL1,
    l2.attributedUp,
    l2.receivedFromL1,
    l2.mintedForL1,
    report.takenAt,
    report.l1Assets,
    report.receivedFromL2,
    report.sentToL2,
    report.l1Deposits,
  ].join();
}
