import type { Signer } from "ethers";

import { rewardHistory } from "./accounting/rewardHistory";
import { allocate } from "./actions/allocate";
import { approve } from "./actions/approve";
import { beginExitForNeed } from "./actions/beginExitForNeed";
import { claim } from "./actions/claim";
import { claimBatch } from "./actions/claimBatch";
import { claimTo } from "./actions/claimTo";
import { deliver } from "./actions/deliver";
import { deposit } from "./actions/deposit";
import { depositAndStake } from "./actions/depositAndStake";
import { depositOnL1 } from "./actions/depositOnL1";
import { expelDonation } from "./actions/expelDonation";
import { finishExit } from "./actions/finishExit";
import { forwardArrivals } from "./actions/forwardArrivals";
import { fundQueue } from "./actions/fundQueue";
import { harvest } from "./actions/harvest";
import { mintShares } from "./actions/mintShares";
import { payCommission } from "./actions/payCommission";
import { permit } from "./actions/permit";
import { permitTypedData } from "./actions/permitTypedData";
import { readBridgeFees } from "./actions/readBridgeFees";
import { rebalance } from "./actions/rebalance";
import { recallForNeed } from "./actions/recallForNeed";
import { redeemInstant } from "./actions/redeemInstant";
import { refreshRewardRecipient } from "./actions/refreshRewardRecipient";
import { report } from "./actions/report";
import { requestRedeem } from "./actions/requestRedeem";
import { requestRedeemBatch } from "./actions/requestRedeemBatch";
import { requestRedeemStaked } from "./actions/requestRedeemStaked";
import { requestRedeemStakedWithPermit } from "./actions/requestRedeemStakedWithPermit";
import { requestRedeemWithPermit } from "./actions/requestRedeemWithPermit";
import { resend } from "./actions/resend";
import { signalNeed } from "./actions/signalNeed";
import { skim } from "./actions/skim";
import { stake } from "./actions/stake";
import { sweepVault } from "./actions/sweepVault";
import { sync } from "./actions/sync";
import { unstake } from "./actions/unstake";
import { withdrawStaked } from "./actions/withdrawStaked";
import type { Context } from "./context";
import type { Deployment } from "./deployments";
import { previewClaim } from "./previews/previewClaim";
import { previewDeposit } from "./previews/previewDeposit";
import { previewDepositAndStake } from "./previews/previewDepositAndStake";
import { previewMintShares } from "./previews/previewMintShares";
import { previewRedeemInstant } from "./previews/previewRedeemInstant";
import { previewRequestRedeemStaked } from "./previews/previewRequestRedeemStaked";
import { previewStake } from "./previews/previewStake";
import { previewUnstake } from "./previews/previewUnstake";
import { previewWithdrawStaked } from "./previews/previewWithdrawStaked";
import { l1DepositStatus } from "./progress/l1DepositStatus";
import { redemptionStatus } from "./progress/redemptionStatus";
import { reportStatus } from "./progress/reportStatus";
import { waitForL1Deposit } from "./progress/waitForL1Deposit";
import { waitForRedemption } from "./progress/waitForRedemption";
import { waitForReport } from "./progress/waitForReport";
import { type Account, type AccountParameters, readAccount } from "./reads/readAccount";
import { readApr } from "./reads/readApr";
import { readAprFromLogs } from "./reads/readAprFromLogs";
import { readCollateralPrice } from "./reads/readCollateralPrice";
import { readDeposits } from "./reads/readDeposits";
import { type Fees, type InstantQuote, readFees } from "./reads/readFees";
import { type Limits, type LimitsParameters, readLimits } from "./reads/readLimits";
import { readProfit } from "./reads/readProfit";
import { readQueue } from "./reads/readQueue";
import { readRates } from "./reads/readRates";
import { readSolvency } from "./reads/readSolvency";
import { readTickets } from "./reads/readTickets";
import { readVaults } from "./reads/readVaults";
import { requirementsOf } from "./requirements/requirementsOf";
import { verifyDeployment } from "./reserves/verifyDeployment";
import { verifyReserves } from "./reserves/verifyReserves";
import { type SendOptions, send } from "./send";
import type { Call } from "./types";

/** Everything of the package that needs a deployment or a provider, bound to one context. */
export type EMetisClient = ReturnType<typeof createEMetis>;

/**
 * Binds builders, previews, reads, progress, accounting and reserves to one context. It keeps nothing but the context; each function
 * is the one of the same name without its first argument. Importing it imports everything: a dApp that wants little takes the
 * functions alone.
 *
 * @example
 * const eMetis = createEMetis(context);
 * const receipt = await eMetis.send(signer, eMetis.deposit({ assets: parseAmount("5"), receiver }));
 */
export function createEMetis(context: Context) {
  const build = binder<Deployment>(context.deployment);
  const read = binder<Context>(context);
  return {
    context,
    send: (signer: Signer, call: Call, options?: SendOptions) =>
      send(signer, call, { ...waitingOf(context), ...options }),
    requirementsOf: read(requirementsOf),
    permitTypedData: read(permitTypedData),
    rewardHistory: read(rewardHistory),
    verifyDeployment: read(verifyDeployment),
    verifyReserves: read(verifyReserves),
    readAccount: (parameters: AccountParameters): Promise<Account> => readAccount(context, parameters),
    readBridgeFees: read(readBridgeFees),
    readFees: bindFees(context),
    readLimits: (parameters?: LimitsParameters): Promise<Limits> => readLimits(context, parameters),
    ...reads(read),
    ...previews(read),
    ...progress(read),
    ...usersCalls(build),
    ...cranks(build),
  };
}

/** How long the context lets a node take, and what ends it. */
function waitingOf({ timeout, signal }: Context): SendOptions {
  return { ...(timeout === undefined ? {} : { timeout }), ...(signal === undefined ? {} : { signal }) };
}

type Binder<A> = ReturnType<typeof binder<A>>;

function binder<A>(first: A) {
  return <P extends readonly unknown[], R>(bound: (first: A, ...rest: P) => R) =>
    (...rest: P): R =>
      bound(first, ...rest);
}

/** By itself: binding would lose that there is a quote where assets are given. */
function bindFees(context: Context) {
  function bound(parameters: QuoteParameters): Promise<Fees & { readonly quote: InstantQuote }>;
  function bound(parameters?: Omit<QuoteParameters, "assets">): Promise<Fees>;
  function bound({ assets, ...rest }: Partial<QuoteParameters> = {}): Promise<Fees> {
    return assets === undefined ? readFees(context, rest) : readFees(context, { ...rest, assets });
  }
  return bound;
}

/** What the bound `readFees` quotes the instant fee for: wei of eMetis. */
export interface QuoteParameters {
  readonly assets: bigint;
  readonly l2Block?: number;
}

function reads(read: Binder<Context>) {
  return {
    readApr: read(readApr),
    readAprFromLogs: read(readAprFromLogs),
    readCollateralPrice: read(readCollateralPrice),
    readDeposits: read(readDeposits),
    readProfit: read(readProfit),
    readQueue: read(readQueue),
    readRates: read(readRates),
    readSolvency: read(readSolvency),
    readTickets: read(readTickets),
    readVaults: read(readVaults),
  };
}

function previews(read: Binder<Context>) {
  return {
    previewClaim: read(previewClaim),
    previewDeposit: read(previewDeposit),
    previewDepositAndStake: read(previewDepositAndStake),
    previewMintShares: read(previewMintShares),
    previewRedeemInstant: read(previewRedeemInstant),
    previewRequestRedeemStaked: read(previewRequestRedeemStaked),
    previewStake: read(previewStake),
    previewUnstake: read(previewUnstake),
    previewWithdrawStaked: read(previewWithdrawStaked),
  };
}

function progress(read: Binder<Context>) {
  return {
    l1DepositStatus: read(l1DepositStatus),
    redemptionStatus: read(redemptionStatus),
    reportStatus: read(reportStatus),
    waitForL1Deposit: read(waitForL1Deposit),
    waitForRedemption: read(waitForRedemption),
    waitForReport: read(waitForReport),
  };
}

function usersCalls(build: Binder<Deployment>) {
  return {
    approve: build(approve),
    claim: build(claim),
    claimBatch: build(claimBatch),
    claimTo: build(claimTo),
    deposit: build(deposit),
    depositAndStake: build(depositAndStake),
    depositOnL1: build(depositOnL1),
    mintShares: build(mintShares),
    permit: build(permit),
    redeemInstant: build(redeemInstant),
    requestRedeem: build(requestRedeem),
    requestRedeemBatch: build(requestRedeemBatch),
    requestRedeemStaked: build(requestRedeemStaked),
    requestRedeemStakedWithPermit: build(requestRedeemStakedWithPermit),
    requestRedeemWithPermit: build(requestRedeemWithPermit),
    stake: build(stake),
    unstake: build(unstake),
    withdrawStaked: build(withdrawStaked),
  };
}

function cranks(build: Binder<Deployment>) {
  return {
    allocate: build(allocate),
    beginExitForNeed: build(beginExitForNeed),
    deliver: build(deliver),
    expelDonation: build(expelDonation),
    finishExit: build(finishExit),
    forwardArrivals: build(forwardArrivals),
    fundQueue: build(fundQueue),
    harvest: build(harvest),
    payCommission: build(payCommission),
    rebalance: build(rebalance),
    recallForNeed: build(recallForNeed),
    refreshRewardRecipient: build(refreshRewardRecipient),
    report: build(report),
    resend: build(resend),
    signalNeed: build(signalNeed),
    skim: build(skim),
    sweepVault: build(sweepVault),
    sync: build(sync),
  };
}
