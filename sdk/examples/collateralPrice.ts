/** What a lender may count seMetis for: its price in METIS, and when not to lend on it. */
import { type L2Context, parseAmount, readCollateralPrice } from "@emetis/sdk";
import type { EMetisKit } from "@emetis/sdk/testing";

/** What may be borrowed on some seMetis, wei of METIS. */
type BorrowLimit =
  | { readonly type: "open"; readonly assets: bigint }
  /** Nobody reported for too long: there may be a loss that the price does not know. */
  | { readonly type: "stale"; readonly reportAge: bigint }
  /** Nobody can redeem until that second, after a loss or in a pause. */
  | { readonly type: "stopped"; readonly until: bigint };

/** Lent on 1 METIS of collateral, in basis points. */
const loanToValueBps = 7_000n;
/** Reports are daily, in seconds. */
const maxReportAge = 2n * 86_400n;

async function readBorrowLimit(context: L2Context, shares: bigint): Promise<BorrowLimit> {
  const { metis, reportAge, stoppedUntil } = await readCollateralPrice(context);
  if (stoppedUntil !== 0n) return { type: "stopped", until: stoppedUntil };
  if (reportAge > maxReportAge) return { type: "stale", reportAge };
  const value = (shares * metis) / 10n ** 18n;
  return { type: "open", assets: (value * loanToValueBps) / 10_000n };
}

/** Against the test kit: days after a report, right after one, and after a loss. */
export async function run(kit: EMetisKit) {
  const shares = parseAmount("100");
  const late = await readBorrowLimit(kit.context, shares);
  await kit.deliverReport();
  const fresh = await readBorrowLimit(kit.context, shares);
  await kit.lose(parseAmount("5000"));
  await kit.deliverReport();
  const lost = await readBorrowLimit(kit.context, shares);
  return { shares, late, fresh, lost };
}
