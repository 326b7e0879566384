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

    /// @notice A request of `assets` wei is below the minimum ticket.
    error RedemptionQueue__BelowMinimum(uint256 assets, uint256 minimum);

    /// @notice The owner of a ticket, or the receiver of a payment, is the zero address.
    error RedemptionQueue__ZeroAddress();

    /// @notice There is no ticket `id`, or it has been paid in full.
    error RedemptionQueue__UnknownTicket(uint256 id);

    /// @notice Nothing of ticket `id` can be claimed yet: the queue is finalised until `finalisedUntil`.
    error RedemptionQueue__NotFinalised(uint256 id, uint256 finalisedUntil);

    /// @notice `caller` neither owns ticket `id` nor is approved for it.
    error RedemptionQueue__NotApproved(uint256 id, address caller);

    /// @notice `receiver` refused the payment of `assets` wei of METIS.
    error RedemptionQueue__PaymentFailed(address receiver, uint256 assets);

    /// @notice `caller` may not call this.
    error RedemptionQueue__Unauthorized(address caller);

    /// @notice The batch is empty.
    error RedemptionQueue__EmptyBatch();

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

    /// @notice Pays what is finalised of ticket `id` to its owner, in native METIS. Anyone may call.
    /// @return paid Wei of METIS.
    function claim(uint256 id) external returns (uint256 paid);

    /// @notice {claim} for each of `ids`. Tickets of one owner in a row are paid in one payment; where the batch holds several
    /// owners, a payment that fails skips that owner's tickets and nothing else.
    /// @return paid Wei of METIS over all tickets.
    function claimBatch(uint256[] calldata ids) external returns (uint256 paid);

    /// @notice Pays what is finalised of `ids` to `receiver`. Only the owner of each or who is approved for it.
    /// @return paid Wei of METIS over all tickets.
    function claimTo(uint256[] calldata ids, address receiver) external returns (uint256 paid);

    /// @notice Moves the finalised part of the line to `until` at `rate`, backed by the METIS sent along, and burns the
    /// eMetis it took.
    /// @dev Only StakingPool, and only with exactly what {finalisable} answered.
    /// @return supply Wei of eMetis in existence afterwards.
    function finalise(uint256 until, uint256 rate) external payable returns (uint256 supply);

    /// @notice How far `assets` wei of METIS at `rate` finalise the tickets asked for at or before `cutoff` (Unix seconds).
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

    /// @notice Wei of METIS paid for the whole line up to `position`, which must be finalised.
    function payoutAt(uint256 position) external view returns (uint256 assets);

    /// @notice Ticket `id`. Reverts with UnknownTicket when there is none.
    function ticket(uint256 id) external view returns (Ticket memory);

    /// @notice When ticket `id` should be claimable in full, Unix seconds; the present when it is.
    /// @dev An estimate from the buffer, METIS on the way, and what Ethereum can withdraw at once. Not a promise.
    function estimateClaimTime(uint256 id) external view returns (uint256 timestamp);

    /// @notice The least that a ticket may be for: 0.01 METIS.
    function MIN_TICKET() external view returns (uint256 assets);
}
