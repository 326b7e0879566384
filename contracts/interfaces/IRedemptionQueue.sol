// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IRedemptionQueue
/// @notice The way from eMetis back to native METIS: first in, first out, at constant cost for one ticket or a million.
/// @dev The queue is a line measured in wei of eMetis. A ticket (ERC-721) covers `[id, id + assets)` of that line: **its id
/// is its place**. Finalising moves one number, `finalisedUntil`, along the line and leaves the METIS for it here. What of
/// a ticket lies below that number can be claimed, by anyone, for its owner. `payoutAt(x)` is the METIS paid for the line
/// up to x, so a part `[a, b)` is worth `payoutAt(b) − payoutAt(a)` and all parts add up to the wei.
interface IRedemptionQueue {
    /// @notice What `ticket(id)` tells.
    struct Ticket {
        /// Who holds the ticket.
        address owner;
        /// Where on the line it ends: id + wei of eMetis asked for.
        uint256 end;
        /// Up to where it has been claimed; `id` before the first claim.
        uint256 claimedUntil;
        /// Wei of METIS that a claim would pay now.
        uint256 claimable;
    }

    /// @notice `owner` asked for `assets` wei of METIS; the ticket covers `[id, id + assets)`. The line now ends at
    /// `requestedUntil`.
    event RedemptionRequested(
        uint256 indexed id,
        address indexed owner,
        address indexed caller,
        uint256 assets,
        uint256 requestedUntil
    );

    /// @notice The line was finalised from `from` to `until` at `rate` (1e18 = one for one), backed by `paid` wei of METIS
    /// that have just arrived here.
    event RedemptionsFinalised(uint256 from, uint256 until, uint256 rate, uint256 paid);

    /// @notice `[from, until)` of ticket `id` was paid to `receiver`: `paid` wei of METIS. The ticket is burned when
    /// `until` is its end.
    event RedemptionClaimed(
        uint256 indexed id,
        address indexed owner,
        address indexed receiver,
        uint256 from,
        uint256 until,
        uint256 paid
    );

    /// @notice In a batch over several owners, the claim for `owner` failed with `reason` and left its tickets as they were.
    event ClaimSkipped(address indexed owner, bytes reason);

    /// @notice METIS that came here unannounced, `assets` wei, went to StakingPool; of eMetis that did, `burned` wei were burned.
    event SurplusSkimmed(uint256 assets, uint256 burned);

    /// @notice A request of `assets` wei is below the minimum ticket.
    error RedemptionQueue__BelowMinimum(uint256 assets, uint256 minimum);

    /// @notice The owner of a ticket, or the receiver of a payment, is the zero address.
    error RedemptionQueue__ZeroAddress();

    /// @notice There is no ticket `id`, or it has been paid in full.
    error RedemptionQueue__UnknownTicket(uint256 id);

    /// @notice From `position` on (of a new ticket: its id) nothing is finalised yet; the line is until `finalisedUntil`.
    error RedemptionQueue__NotFinalised(uint256 position, uint256 finalisedUntil);

    /// @notice `caller` neither owns ticket `id` nor is approved for it.
    error RedemptionQueue__NotApproved(uint256 id, address caller);

    /// @notice `receiver` refused the payment of `assets` wei of METIS.
    error RedemptionQueue__PaymentFailed(address receiver, uint256 assets);

    /// @notice `caller` may not call this.
    error RedemptionQueue__Unauthorized(address caller);

    /// @notice The batch is empty.
    error RedemptionQueue__EmptyBatch();

    /// @notice The tickets of one owner in a batch would be claimed with `available` gas, of which they might need `needed`.
    error RedemptionQueue__TooLittleGas(uint256 available, uint256 needed);

    /// @notice METIS was sent along with a call that does not take any.
    error RedemptionQueue__ValueNotTaken(uint256 value);

    /// @notice Nothing can be finalised at `rate`: it is 0, or above 1e18.
    error RedemptionQueue__RateOutOfBounds(uint256 rate);

    /// @notice The pool asked to finalise until `until` with `sent` wei of METIS, where the queue needs `expected`.
    error RedemptionQueue__WrongFinalisation(uint256 until, uint256 sent, uint256 expected);

    /// @notice Takes `assets` wei of eMetis from the caller and gives `owner` a ticket for them.
    /// @dev At least the minimum ticket; needs allowance. The ticket is minted without a callback.
    /// @return id The ticket, which is also its place on the line.
    function requestRedeem(uint256 assets, address owner) external returns (uint256 id);

    /// @notice As {requestRedeem}, with the caller's permit for eMetis. A permit used by somebody else meanwhile does no harm.
    /// @dev `signature` is 65 bytes of an account's key, or whatever the caller's ERC-1271 contract takes.
    function requestRedeemWithPermit(
        uint256 assets,
        address owner,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 id);

    /// @notice One ticket for each of `assets`, in that order, with one transfer of eMetis.
    function requestRedeemBatch(uint256[] calldata assets, address owner) external returns (uint256[] memory ids);

    /// @notice Unstakes `shares` wei of the caller's seMetis straight into a ticket for `owner`. Needs allowance of seMetis.
    function requestRedeemStaked(uint256 shares, address owner) external returns (uint256 id);

    /// @notice As {requestRedeemStaked}, with the caller's permit for seMetis.
    function requestRedeemStakedWithPermit(
        uint256 shares,
        address owner,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 id);

    /// @notice Pays what is finalised of ticket `id` to its owner, in native METIS. Anyone may call; never paused.
    /// @dev Reverts with UnknownTicket or NotFinalised when there is nothing to pay, with PaymentFailed when the owner refuses.
    /// @return paid Wei of METIS.
    function claim(uint256 id) external returns (uint256 paid);

    /// @notice {claim} for each of `ids`, where a ticket with nothing to pay, one already paid or named twice is passed over.
    /// Tickets of one owner in a row are paid in one payment.
    /// @dev In a batch of one owner a payment that fails reverts. In a batch of several it skips that owner's tickets and
    /// nothing else: each owner's get their share of the gas, and TooLittleGas is a caller's mistake, never an owner's.
    /// @return paid Wei of METIS over all tickets.
    function claimBatch(uint256[] calldata ids) external returns (uint256 paid);

    /// @notice Pays what is finalised of `ids` to `receiver`, in one payment. Only the owner of each or who is approved for it.
    /// A ticket with nothing to pay, one already paid or named twice is passed over.
    /// @return paid Wei of METIS over all tickets.
    function claimTo(uint256[] calldata ids, address receiver) external returns (uint256 paid);

    /// @notice Moves the finalised part of the line to `until` at `rate`, backed by the METIS sent along, and burns the
    /// eMetis it took.
    /// @dev Only StakingPool, and only with exactly the METIS that the part is worth. StakingPool stays within {finalisable}.
    /// @return supply Wei of eMetis in existence afterwards.
    function finalise(uint256 until, uint256 rate) external payable returns (uint256 supply);

    /// @notice Sends METIS that came here by no path of the protocol to StakingPool, and burns eMetis that did: both end as
    /// backing. Anyone; nothing to do is no error.
    /// @dev What waits for claims, and eMetis that waits to be finalised, are never part of it.
    /// @return assets Wei of METIS sent.
    /// @return burned Wei of eMetis burned.
    function skim() external returns (uint256 assets, uint256 burned);

    /// @notice How far `assets` wei of METIS at `rate` finalise the tickets asked for at or before `cutoff` (Unix seconds).
    /// @dev Exact: one wei further would cost more than `assets`. A ticket counts as asked for at the end of its hour. At a
    /// rate of 0 nothing is finalised, nor is a part of what waits for a payout of 0. A cutoff 256 hours or more before the
    /// last request finalises nothing: StakingPool's is at most 7 days old, or a newer report can be brought.
    /// @return until Where the line would be finalised; `finalisedUntil()` when nothing can be.
    /// @return payout Wei of METIS that takes, at most `assets`.
    function finalisable(
        uint256 assets,
        uint256 rate,
        uint256 cutoff
    ) external view returns (uint256 until, uint256 payout);

    /// @notice Where the line ends: wei of eMetis ever asked for.
    function requestedUntil() external view returns (uint256 position);

    /// @notice Up to where the line is finalised.
    function finalisedUntil() external view returns (uint256 position);

    /// @notice Wei of eMetis that wait: `requestedUntil − finalisedUntil`.
    function pending() external view returns (uint256 assets);

    /// @notice Wei of METIS held for finalised tickets that are not claimed yet.
    function reserved() external view returns (uint256 assets);

    /// @notice Wei of METIS paid, or held to be paid, for the whole line up to `position`; rounded down. Reverts with
    /// NotFinalised beyond `finalisedUntil`.
    function payoutAt(uint256 position) external view returns (uint256 assets);

    /// @notice Ticket `id`. Reverts with UnknownTicket when there is none.
    function ticket(uint256 id) external view returns (Ticket memory);

    /// @notice When ticket `id` should be claimable in full, Unix seconds; the present when it is.
    /// @dev An estimate, not a promise: from the METIS that is here, on the way and withdrawable on Ethereum, and from how long
    /// each way takes when keepers and reports come daily. Ahead of the ticket the line is counted one for one. Reverts with
    /// UnknownTicket only.
    function estimateClaimTime(uint256 id) external view returns (uint256 timestamp);

    /// @notice The least that a ticket may be for: 0.01 METIS.
    function MIN_TICKET() external view returns (uint256 assets);
}
