import { expect } from "chai";

import { emptyTally, runL2 } from "../../../helpers/differential/l2Campaign";
import { l2ActionTypes } from "../../../helpers/differential/l2Player";

/** Set `EMETIS_SEED` and `EMETIS_STEPS` for another campaign, or a longer one. */
const firstSeed = Number(process.env.EMETIS_SEED ?? 1);
const steps = Number(process.env.EMETIS_STEPS ?? 5_000);
/** A world lives no longer than this, so that it stays quick. */
const longest = 500;
const seeds = Array.from({ length: Math.ceil(steps / longest) }, (_, index) => firstSeed + index);

/** What a campaign of any seed must have come to. */
const requiredErrors = [
  ...["AccessManagedUnauthorized", "InsufficientFunds", "Panic", "SafeCastOverflowedUintDowncast"],
  ...["ERC20InsufficientAllowance", "ERC20InsufficientBalance", "ERC20InvalidReceiver", "ERC20InvalidSpender"],
  ...["ERC4626ExceededMaxDeposit", "ERC4626ExceededMaxMint", "ERC4626ExceededMaxRedeem"],
  ...["ERC4626ExceededMaxWithdraw", "SEMetis__NoShares"],
  ...["L2Gateway__BelowPar", "L2Gateway__FeeTooLow", "L2Gateway__NoNeed", "L2Gateway__RefundFailed"],
  ...["L2Gateway__UnknownMessage", "L2Gateway__UsedMessage"],
  ...["NotOwnerNorApproved", "TokenDoesNotExist", "TransferFromIncorrectOwner", "TransferToZeroAddress"],
  ...["PauseClock__TooSoon", "RedemptionQueue__BelowMinimum", "RedemptionQueue__EmptyBatch"],
  ...["RedemptionQueue__NotApproved", "RedemptionQueue__NotFinalised", "RedemptionQueue__PaymentFailed"],
  ...["RedemptionQueue__UnknownTicket", "RedemptionQueue__ZeroAddress"],
  ...["StakingPool__BelowMinimum", "StakingPool__BufferTooSmall", "StakingPool__CounterFell"],
  ...["StakingPool__L1DepositLimited", "StakingPool__LossUnconfirmed", "StakingPool__NotTighter"],
  ...["StakingPool__OutOfBounds", "StakingPool__Paused", "StakingPool__PaymentFailed"],
  ...["StakingPool__ReportFromTheFuture", "StakingPool__ReportTooOld", "StakingPool__TooFewShares"],
  ...["StakingPool__TooLittleOut", "StakingPool__UnbackedL1Mints", "StakingPool__Undercollateralised"],
  ...["StakingPool__ZeroAddress"],
];
const requiredEvents = [
  ...["Approval", "ApprovalForAll", "ArrivalBooked", "ArrivalsAttributed", "ArrivalsForwarded", "ClaimSkipped"],
  ...["ClosedUntilSet", "Deposit", "Deposited", "L1DepositMinted", "LossAbsorbed", "LossBooked", "LossConfirmed"],
  ...["MessageArrived", "MessageDelivered", "MessagePartlyDelivered", "NeedSignalled", "ParametersSet"],
  ...["PausedUntilSet", "QueueFunded", "RedeemedInstantly", "RedemptionClaimed", "RedemptionRequested"],
  ...["RedemptionsFinalised", "ReportApplied", "ReportIgnored", "RewardAdded", "RewardsMinted", "SentToL1"],
  ...["StreamUpdated", "SurplusBooked", "SurplusSkimmed", "Transfer", "TreasurySet", "UnvestedBurned", "Withdraw"],
];

describe("the simulator of Metis's side", () => {
  const tally = emptyTally();

  for (const [index, seed] of seeds.entries()) {
    it(`agrees with the contracts after every step, seed ${seed}`, async () => {
      await runL2(seed, Math.min(longest, steps - index * longest), tally);
    }).timeout(0);
  }

  it("took every action, every revert and every event of the lists in these campaigns", () => {
    const { done, errors, events } = tally;
    const missing = [
      ...l2ActionTypes.filter((type) => !done.has(type)),
      ...requiredErrors.filter((name) => !errors.has(name)),
      ...requiredEvents.filter((name) => !events.has(name)),
    ];
    expect(missing, `missing in ${tally.steps} steps, ${tally.reverts} of which reverted`).to.deep.equal([]);
  });
});
