// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Messages} from "../libraries/Messages.sol";

/// @title IStakingPool
/// @notice The protocol's heart on Metis: takes deposits, keeps the ledger across both chains, applies the reports that
/// the contracts on Ethereum send, mints rewards, funds the queue and sends METIS up to be locked.
/// @dev The ledger, in signed integers, floored at 0 only at the end:
/// totalAssets = buffer + (sentToL1 + attributedUp − r.receivedFromL2) + r.l1Assets
///             + (r.sentToL2 + attributedDown − receivedFromL1) + (mintedForL1 − r.l1Deposits)
/// where r is the last report. Each flow is a counter that only grows, so a move between buckets never changes the sum, in
/// whatever order the report, the METIS and the mint arrive.
interface IStakingPool {
    /// @notice What governance can move, within the bounds of {setParameters}.
    struct Parameters {
        /// Share of rewards for the treasury, in basis points; at most 2,000.
        uint16 protocolFeeBps;
        /// Reward recognised per year of L1 time, in basis points of supply; at most 10,000.
        uint16 maxRewardRateBps;
        /// A loss in one report above this many basis points of supply stops exits for up to 3 days; at most 10,000.
        uint16 lossThresholdBps;
        /// Buffer kept on Metis, in basis points of supply; at most 3,000.
        uint16 reserveBps;
        /// Instant fee at and above the reserve target, in basis points; at most maxInstantFeeBps.
        uint16 minInstantFeeBps;
        /// Instant fee at an empty buffer, in basis points; at most 500.
        uint16 maxInstantFeeBps;
        /// Seconds over which a reward vests; 1 to 30 days.
        uint32 streamPeriod;
        /// Wei of eMetis that deposits from Ethereum may mint at once, refilled in a day; at least 1,000 METIS.
        uint96 l1DepositLimit;
    }

    /// @notice Every line of the ledger, the liabilities, and how old the last report is.
    struct Solvency {
        uint256 buffer;
        uint256 sentToL1;
        uint256 attributedUp;
        uint256 receivedFromL1;
        uint256 attributedDown;
        uint256 mintedForL1;
        /// The last report's lines.
        int256 l1Assets;
        uint256 receivedFromL2;
        uint256 sentToL2;
        uint256 l1Deposits;
        /// The sum, and eMetis in existence; equal backing or more when `totalAssets >= totalSupply`.
        uint256 totalAssets;
        uint256 totalSupply;
        /// eMetis minted for deposits that Ethereum never reported nor announced; 0 unless there is a fault.
        uint256 unbackedL1Mints;
        /// The last report's number, L1 time, L1 time at which every vault could be read, and L2 time of application.
        uint256 reportNumber;
        uint256 reportTakenAt;
        uint256 reportReadAt;
        uint256 reportAppliedAt;
    }

    /// @notice `assets` wei of METIS came in from `caller`; `receiver` got as much eMetis. State after it.
    event Deposited(
        address indexed caller,
        address indexed receiver,
        address indexed referrer,
        uint256 assets,
        uint256 buffer,
        uint256 totalSupply
    );

    /// @notice `assets` wei of eMetis were minted to `receiver` for deposit `number` made on Ethereum; `remaining` wait for
    /// the rate limit. `isStaked` tells whether the receiver got seMetis.
    event L1DepositMinted(
        uint256 indexed number,
        address indexed receiver,
        uint256 assets,
        uint256 remaining,
        bool isStaked,
        uint256 mintedForL1,
        uint256 totalSupply
    );

    /// @notice METIS from Ethereum, `assets` wei, was booked as arrived.
    event ArrivalBooked(uint256 assets, uint256 receivedFromL1, uint256 buffer);

    /// @notice METIS that reached the pool by no path of the protocol, `assets` wei, was booked as profit.
    event SurplusBooked(uint256 assets, uint256 buffer);

    /// @notice Report `number` is now the one the ledger rests on. Sums are those before rewards are minted or losses burned.
    event ReportApplied(uint256 indexed number, Messages.Report report, uint256 totalAssets, uint256 totalSupply);

    /// @notice An older report than the one applied was delivered and ignored.
    event ReportIgnored(uint256 indexed number, uint256 appliedNumber);

    /// @notice METIS that came on a chain unannounced was counted: `attributedUp`, `attributedDown` are the totals after it.
    event ArrivalsAttributed(uint256 attributedUp, uint256 attributedDown);

    /// @notice Profit became eMetis: `fee` wei to the treasury, `reward` wei to the stream of seMetis; `deferred` wei are above
    /// the recognised rate and wait for the next report; `unrecoveredLoss` is what later profits repair free of fee.
    event RewardsMinted(uint256 fee, uint256 reward, uint256 deferred, uint256 unrecoveredLoss, uint256 totalSupply);

    /// @notice A report added `loss` wei to what lacks behind eMetis; seMetis covered `burned` of it, the rest lowers the
    /// redemption rate. Exits are stopped until `stoppedUntil`, by this loss or one before; 0 or the past means that they are not.
    event LossBooked(uint256 loss, uint256 burned, uint256 unrecoveredLoss, uint256 stoppedUntil, uint256 totalSupply);

    /// @notice Governance confirmed the loss: exits are open again.
    event LossConfirmed();

    /// @notice `payout` wei of METIS went to the queue for `assets` wei of eMetis.
    event QueueFunded(uint256 assets, uint256 payout, uint256 buffer, uint256 totalSupply);

    /// @notice `assets` wei of METIS left for Ethereum; the bridge took `fee` wei, of which the caller paid `paidByCaller`
    /// and seMetis's unvested rewards `burned`.
    event SentToL1(uint256 assets, uint256 fee, uint256 paidByCaller, uint256 burned, uint256 sentToL1, uint256 buffer);

    /// @notice `owner` gave `assets` wei of eMetis for `paid` wei of METIS at once; `fee` wei stay with the holders.
    event RedeemedInstantly(
        address indexed owner,
        address indexed receiver,
        uint256 assets,
        uint256 paid,
        uint256 fee,
        uint256 buffer,
        uint256 totalSupply
    );

    /// @notice The parameters are now these.
    event ParametersSet(Parameters parameters);

    /// @notice Fees on later rewards go to `treasury`.
    event TreasurySet(address indexed treasury);

    /// @notice Deposits, instant redemption, finalisation and sending up are paused until `pausedUntil`; 0 means open.
    event PausedUntilSet(uint256 pausedUntil);

    /// @notice `assets` wei are below the minimum deposit or zero.
    error StakingPool__BelowMinimum(uint256 assets, uint256 minimum);

    /// @notice A receiver, owner or treasury is the zero address.
    error StakingPool__ZeroAddress();

    /// @notice The stake gives `shares` wei of seMetis, fewer than `minShares`.
    error StakingPool__TooFewShares(uint256 shares, uint256 minShares);

    /// @notice The redemption pays `paid` wei of METIS, less than `minOut`.
    error StakingPool__TooLittleOut(uint256 paid, uint256 minOut);

    /// @notice Assets fall short of supply: no deposit is taken.
    error StakingPool__Undercollateralised(uint256 totalAssets, uint256 totalSupply);

    /// @notice eMetis was minted for deposits that Ethereum does not know: no deposit is taken until a report covers them.
    error StakingPool__UnbackedL1Mints(uint256 assets);

    /// @notice Paused until then, Unix seconds.
    error StakingPool__Paused(uint256 pausedUntil);

    /// @notice Exits are stopped by an unconfirmed loss until then, Unix seconds.
    error StakingPool__LossUnconfirmed(uint256 stoppedUntil);

    /// @notice `asked` wei of value were to be redeemed at once, the free buffer covers `available`.
    error StakingPool__BufferTooSmall(uint256 asked, uint256 available);

    /// @notice `caller` may not call this.
    error StakingPool__Unauthorized(address caller);

    /// @notice Report `number` was taken at `takenAt`, more than 3 days ahead of the clock here. It can be delivered later.
    error StakingPool__ReportFromTheFuture(uint256 number, uint256 takenAt, uint256 currentTime);

    /// @notice Report `number` has a higher number than the last but a lower L1 time.
    error StakingPool__ReportTooOld(uint256 number, uint256 takenAt, uint256 lastTakenAt);

    /// @notice Report `number` shows a counter that fell from `last` to `value`.
    error StakingPool__CounterFell(uint256 number, uint256 last, uint256 value);

    /// @notice Deposit `number` was minted in full already.
    error StakingPool__L1DepositMinted(uint256 number);

    /// @notice Nothing of deposit `number` fits under the rate limit now.
    error StakingPool__L1DepositLimited(uint256 number, uint256 remaining);

    /// @notice `receiver` refused the payment of `assets` wei of METIS.
    error StakingPool__PaymentFailed(address receiver, uint256 assets);

    /// @notice `value` of parameter `name` is outside [`minimum`, `maximum`].
    error StakingPool__OutOfBounds(bytes32 name, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice Parameter `name` would loosen a bound: that takes {setParameters} and its longer delay.
    error StakingPool__NotTighter(bytes32 name, uint256 current, uint256 value);

    /// @notice Takes METIS in and gives `receiver` as much eMetis. Anyone; no approval.
    /// @param referrer Tag for the event; any address, zero included.
    /// @return assets Wei of eMetis minted: exactly the METIS sent.
    function deposit(address receiver, address referrer) external payable returns (uint256 assets);

    /// @notice Takes METIS in and gives `receiver` the seMetis for it, at least `minShares`.
    /// @return shares Wei of seMetis, rounded down.
    function depositAndStake(
        address receiver,
        uint256 minShares,
        address referrer
    ) external payable returns (uint256 shares);

    /// @notice Pays METIS at once for `assets` wei of the caller's eMetis, from the buffer beyond what the queue waits for.
    /// @dev Value min(1, totalAssets/totalSupply), less a fee: the integral of a line from minInstantFee (free buffer at the
    /// reserve target or above) to maxInstantFee (free buffer empty), so that splitting gains nothing. Rounded down.
    /// @return paid Wei of METIS, at least `minOut`.
    function redeemInstant(uint256 assets, uint256 minOut, address receiver) external returns (uint256 paid);

    /// @notice Takes in arrivals, finalises what can be finalised of the queue, keeps the reserve and sends the rest up.
    /// Anyone; nothing to do is no error. METIS sent along may pay the bridge's fee; the surplus returns to the caller.
    function rebalance() external payable;

    /// @notice Only what {rebalance} does for the queue: finalises what can be finalised, whatever the bridge does. Anyone.
    function fundQueue() external;

    /// @notice Applies report `number`; an older one than the last is ignored. Only L2Gateway.
    function applyReport(uint256 number, Messages.Report calldata report) external;

    /// @notice Mints what the rate limit allows of deposit `number`. Only L2Gateway.
    /// @return remaining Wei still to mint.
    function mintL1Deposit(uint256 number, Messages.L1Deposit calldata l1Deposit) external returns (uint256 remaining);

    /// @notice Books the METIS sent along as arrived from Ethereum. Only L2Gateway.
    function bookArrival() external payable;

    /// @notice Opens exits after a loss before their 3 days have passed. Governance.
    function confirmLoss() external;

    /// @notice Sets every parameter, within its bound. Governance, with the delay for what loosens.
    function setParameters(Parameters calldata parameters) external;

    /// @notice As {setParameters}, for changes that only tighten. Governance, with the shorter delay.
    function tightenParameters(Parameters calldata parameters) external;

    /// @notice Sends fees on later rewards to `treasury`. Governance.
    function setTreasury(address treasury) external;

    /// @notice Pauses deposits, instant redemption, finalisation and sending up for 7 days; not again within 30. Guardian.
    function pause() external;

    /// @notice Keeps the pause until an upgrade of this contract that is already scheduled can be executed, at most 49 days.
    /// Guardian. `caller` and `data` name the scheduled operation.
    function extendPause(address caller, bytes calldata data) external;

    /// @notice Ends a pause early. Governance.
    function unpause() external;

    /// @notice Wei of METIS that back eMetis on both chains, as of the last report.
    function totalAssets() external view returns (uint256 assets);

    /// @notice What a redemption is worth: min(1, totalAssets/totalSupply), 1e18-scaled, rounded down.
    function redemptionRate() external view returns (uint256 rate);

    /// @notice Every line of the ledger with its liabilities.
    function solvency() external view returns (Solvency memory);

    /// @notice What {redeemInstant} would pay for `assets` wei now. Reverts as it would.
    function previewRedeemInstant(uint256 assets) external view returns (uint256 paid);

    /// @notice The most wei of eMetis that {redeemInstant} takes now; 0 when it is closed.
    function maxRedeemInstant() external view returns (uint256 assets);

    /// @notice Wei that `sentToL2` must reach on Ethereum to fill the queue: receivedFromL1 − attributedDown + pending − buffer.
    /// 0 when what is here and on the way suffices.
    function neededFromL1() external view returns (uint256 target);

    /// @notice Wei of eMetis minted so far for the deposit from Ethereum with this message number.
    function l1DepositMinted(uint256 number) external view returns (uint256 assets);

    /// @notice Free METIS in the pool, wei.
    function buffer() external view returns (uint256 assets);

    /// @notice Reported METIS on the way down, wei.
    function inboundAssets() external view returns (uint256 assets);

    /// @notice METIS that Ethereum could withdraw at once, per the last report; wei, rounded down to whole METIS.
    function withdrawableOnL1() external view returns (uint256 assets);

    /// @notice Tickets asked for at or before this Unix second can be finalised.
    function finalisationCutoff() external view returns (uint256 timestamp);

    /// @notice The parameters in force.
    function parameters() external view returns (Parameters memory);

    /// @notice Where fees go.
    function treasury() external view returns (address);

    /// @notice Wei of losses that later profits repair before a fee is taken.
    function unrecoveredLoss() external view returns (uint256 assets);

    /// @notice Until when the pool is paused; 0 or the past means open.
    function pausedUntil() external view returns (uint256 timestamp);

    /// @notice Until when exits are stopped by an unconfirmed loss; 0 or the past means open.
    function stoppedUntil() external view returns (uint256 timestamp);

    /// @notice The least that can be deposited: 0.01 METIS.
    function MIN_DEPOSIT() external view returns (uint256 assets);
}
