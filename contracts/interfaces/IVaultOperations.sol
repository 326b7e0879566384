// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IVaultOperations
/// @notice What LockManager does with its vaults, and the types and events in which it keeps their books.
/// @dev Every crank first reads all vaults from LockingPool, by status and amounts, not by flags of ours. A vault that
/// cannot be read counts with its last known amounts; a vault whose call fails is skipped with an event. Bridge fees in ETH
/// come from the caller, are spent to the wei, and the surplus returns.
interface IVaultOperations {
    /// @notice Where a vault stands.
    enum Phase {
        /// No position; one can be opened.
        Waiting,
        /// Locked and earning.
        Active,
        /// Unlocked by us or by Metis; principal waits for the exit delay.
        Exiting
    }

    /// @notice What governance can move, within the bounds of {setParameters}.
    struct Parameters {
        /// The keeper's recall, in basis points of L1 assets a day; at most 1,000.
        uint16 recallLimitBps;
    }

    /// @notice METIS that came from Metis (or a donor), `assets` wei, was booked.
    event ArrivalBooked(uint256 assets, uint256 receivedFromL2, uint256 idle);

    /// @notice METIS that reached a vault by no path of the protocol, `assets` wei, was booked as profit.
    event SurplusBooked(uint256 indexed index, uint256 assets, uint256 idle);

    /// @notice Vault `index` as just read or changed.
    event VaultUpdated(uint256 indexed index, Phase phase, uint256 principal, uint256 reward);

    /// @notice The operator of vault `index` earned `assets` wei of a reward that left the position, and is owed `owed` in all.
    event CommissionBooked(uint256 indexed index, uint256 assets, uint256 owed);

    /// @notice Vault `index` could not be read; its last known amounts count.
    event VaultUnreadable(uint256 indexed index);

    /// @notice A call on vault `index` failed with `reason`; the others went on.
    event VaultSkipped(uint256 indexed index, bytes4 operation, bytes reason);

    /// @notice The principal of vault `index` fell by `assets` wei that we did not take out: a loss.
    event LossSeen(uint256 indexed index, uint256 assets);

    /// @notice `assets` wei were locked for vault `index`.
    event Locked(uint256 indexed index, uint256 indexed sequencerId, uint256 assets, uint256 idle);

    /// @notice The reward of vault `index`, `reward` wei, was locked (`isCompounded`) or sent to Metis; `commission` wei of it
    /// are now owed to the operator.
    event Harvested(uint256 indexed index, uint256 reward, uint256 commission, bool isCompounded, uint256 sentToL2);

    /// @notice `assets` wei came back from vault `index`.
    event Withdrawn(uint256 indexed index, uint256 assets, uint256 idle);

    /// @notice `assets` wei of METIS were sent down. State after it.
    event SentToL2(uint256 assets, uint256 sentToL2, uint256 idle);

    /// @notice The exit of vault `index` began; `reward` wei went to Metis. `isForced` when Metis began it.
    event ExitBegun(uint256 indexed index, uint256 reward, bool isForced, uint256 sentToL2);

    /// @notice The exit of vault `index` ended: `assets` wei came back, a late `reward` went to Metis.
    event ExitFinished(uint256 indexed index, uint256 assets, uint256 reward, uint256 sentToL2, uint256 idle);

    /// @notice A position that somebody gave to vault `index` is being unlocked, or was, and its principal booked as profit.
    event DonationExpelled(uint256 indexed index, uint256 indexed sequencerId, bool isFinished);

    /// @notice `assets` wei of commission were paid to `operator`, who is owed `owed` still.
    event CommissionPaid(uint256 indexed index, address indexed operator, uint256 assets, uint256 owed, uint256 idle);

    /// @notice Recalling could not reach the need; exits by anyone are open 7 days after `since`. 0: it is reached.
    event NeedUnreachedSinceSet(uint256 since);

    /// @notice The bridge asks `required` wei of ETH in all, `sent` came along.
    error LockManager__FeeTooLow(uint256 sent, uint256 required);

    /// @notice The surplus of `value` wei of ETH could not be returned to `receiver`.
    error LockManager__RefundFailed(address receiver, uint256 value);

    /// @notice There is no vault `index`.
    error LockManager__UnknownVault(uint256 index);

    /// @notice Vault `index` is in `phase`, which this call does not take.
    error LockManager__WrongPhase(uint256 index, Phase phase);

    /// @notice The exit of vault `index` cannot end before `claimableAt`.
    error LockManager__ExitNotOver(uint256 index, uint256 claimableAt);

    /// @notice The keeper may recall `available` wei now.
    error LockManager__RecallLimited(uint256 assets, uint256 available);

    /// @notice Nothing can be sent down now.
    error LockManager__NothingToRecall();

    /// @notice The signalled need does not call for an exit: it was unreachable only since `since` (0: it is not), and
    /// `missing` wei lack beyond what exits under way will bring.
    error LockManager__ExitNotNeeded(uint256 since, uint256 missing);

    /// @notice Vault `index` holds no position that was given to it.
    error LockManager__NoDonation(uint256 index);

    /// @notice `left` units of gas are left where a call on a vault may need `required`: it must not fail for want of gas.
    error LockManager__GasTooLow(uint256 left, uint256 required);

    /// @notice The operator of vault `index` is owed nothing, or there is no METIS to pay with yet.
    error LockManager__NothingOwed(uint256 index);

    /// @notice Locks idle METIS beyond what operators are owed: first brings every started vault above minLock, then the
    /// emptiest first, within Metis's maxLock and our caps; a new position only when minLock is there. Nothing while the need
    /// is not reached. Anyone; nothing to do is no error.
    function allocate() external;

    /// @notice Compounds each vault's reward where it fits and the need is reached, else sends it to Metis. Anyone, who pays
    /// the bridge's fee for each reward sent; vaults that the value does not cover wait.
    function harvest() external payable;

    /// @notice Takes up to `assets` wei back (idle first, then vaults down to minLock) and sends them down. Keeper, within its
    /// daily limit.
    /// @return sent Wei of METIS sent.
    function recall(uint256 assets) external payable returns (uint256 sent);

    /// @notice As {recall}, by anyone, without limit, for what lacks to the need. When it cannot be reached the 7 days begin
    /// after which anyone may begin exits. Sending nothing is no error.
    /// @return sent Wei of METIS sent.
    function recallForNeed() external payable returns (uint256 sent);

    /// @notice Begins the exit of vault `index`. Governance.
    function beginExit(uint256 index) external payable;

    /// @notice Begins the exit of vault `index` when the need could not be reached for 7 days and exits under way do not
    /// cover it. Anyone.
    function beginExitForNeed(uint256 index) external payable;

    /// @notice Ends the exit of vault `index` after Metis's delay, forced exits included. Anyone.
    function finishExit(uint256 index) external payable;

    /// @notice Unlocks, then claims, a position that somebody gave to a vault and that would block it. Anyone; the principal
    /// ends as profit.
    function expelDonation(uint256 index) external payable;

    /// @notice Books METIS that was sent to vault `index` as profit. Anyone.
    function sweepVault(uint256 index) external returns (uint256 assets);

    /// @notice Points the rewards of vault `index` at the gateway on Metis in force. Anyone.
    function refreshRewardRecipient(uint256 index) external;

    /// @notice Pays the operator of vault `index` what is owed, as far as idle METIS goes. Anyone.
    function payCommission(uint256 index) external returns (uint256 assets);
}
