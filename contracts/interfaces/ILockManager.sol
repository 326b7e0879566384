// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title ILockManager
/// @notice The protocol on Ethereum: holds METIS, spreads it over the vaults, recalls, harvests, books operators'
/// commission, takes deposits made on Ethereum, and reports to Metis.
/// @dev Every crank first reads all vaults from LockingPool, by status and amounts, not by flags of ours. A vault that
/// cannot be read counts with its last known amounts; a vault whose call fails is skipped with an event. Bridge fees in ETH
/// come from the caller, are spent to the wei, and the surplus returns.
interface ILockManager {
    /// @notice Where a vault stands.
    enum Phase {
        /// No position; one can be opened.
        Waiting,
        /// Locked and earning.
        Active,
        /// Unlocked by us or by Metis; principal waits for the exit delay.
        Exiting
    }

    /// @notice A vault's configuration.
    struct VaultConfig {
        /// Who runs the sequencer and earns the commission.
        address operator;
        /// Share of this sequencer's rewards for the operator, in basis points; at most 1,500.
        uint16 commissionBps;
        /// Our own ceiling for the position, wei of METIS.
        uint96 cap;
        /// The sequencer's public key, 64 bytes without the leading 0x04.
        bytes pubkey;
    }

    /// @notice A vault as LockManager last saw it.
    struct Vault {
        address vault;
        address operator;
        Phase phase;
        uint256 sequencerId;
        /// Wei of METIS locked, or waiting in an exit.
        uint256 principal;
        /// Wei of METIS of reward not yet harvested.
        uint256 reward;
        /// Wei of METIS owed to the operator for harvested rewards.
        uint256 owed;
        uint256 cap;
        uint256 commissionBps;
        /// The commission from the next harvest on.
        uint256 nextCommissionBps;
        bytes pubkey;
    }

    /// @notice What governance can move, within the bounds of {setParameters}.
    struct Parameters {
        /// The keeper's recall, in basis points of L1 assets a day; at most 1,000.
        uint16 recallLimitBps;
    }

    /// @notice Payload `number` was sent down; show it to L2Gateway's `deliver`.
    event MessageSent(uint256 indexed number, bytes payload);

    /// @notice `caller` deposited `assets` wei of METIS for `receiver` on Metis. State after it.
    event Deposited(
        address indexed caller,
        address indexed receiver,
        uint256 indexed number,
        uint256 assets,
        bool isStaked,
        uint256 l1Deposits,
        uint256 idle
    );

    /// @notice METIS that came from Metis (or a donor), `assets` wei, was booked.
    event ArrivalBooked(uint256 assets, uint256 receivedFromL2, uint256 idle);

    /// @notice METIS that reached a vault by no path of the protocol, `assets` wei, was booked as profit.
    event SurplusBooked(uint256 indexed index, uint256 assets, uint256 idle);

    /// @notice Vault `index` as just read or changed.
    event VaultUpdated(uint256 indexed index, Phase phase, uint256 principal, uint256 reward, uint256 owed);

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

    /// @notice `assets` wei of commission were paid to `operator`.
    event CommissionPaid(uint256 indexed index, address indexed operator, uint256 assets, uint256 idle);

    /// @notice Need `number` holds: `sentToL2` should reach `target` wei.
    event NeedRaised(uint64 indexed number, uint256 target);

    /// @notice Recalling could not reach the need; exits by anyone are open 7 days after `since`. 0: it is reached.
    event NeedUnreachedSinceSet(uint256 since);

    /// @notice Vault `index` now exists at `vault`.
    event VaultAdded(uint256 indexed index, address indexed vault);

    /// @notice Vault `index` is now configured so.
    event VaultConfigured(uint256 indexed index, VaultConfig config);

    /// @notice The parameters are now these.
    event ParametersSet(Parameters parameters);

    /// @notice Deposits and allocation are paused until `pausedUntil`; 0 means open.
    event PausedUntilSet(uint256 pausedUntil);

    /// @notice `assets` wei are below the minimum deposit or zero.
    error LockManager__BelowMinimum(uint256 assets, uint256 minimum);

    /// @notice The address given is zero.
    error LockManager__ZeroAddress();

    /// @notice `caller` may not call this.
    error LockManager__Unauthorized(address caller);

    /// @notice The bridge asks `required` wei of ETH in all, `sent` came along.
    error LockManager__FeeTooLow(uint256 sent, uint256 required);

    /// @notice The surplus of `value` wei of ETH could not be returned to `receiver`.
    error LockManager__RefundFailed(address receiver, uint256 value);

    /// @notice A loss was seen on Ethereum less than 3 days ago: no deposit until `openAt`.
    error LockManager__LossSeen(uint256 openAt);

    /// @notice Paused until then, Unix seconds.
    error LockManager__Paused(uint256 pausedUntil);

    /// @notice No message has this number.
    error LockManager__UnknownMessage(uint256 number);

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

    /// @notice A public key has `length` bytes instead of 64.
    error LockManager__MalformedPubkey(uint256 length);

    /// @notice The operator of vault `index` is owed nothing, or there is no METIS to pay with yet.
    error LockManager__NothingOwed(uint256 index);

    /// @notice There are `maximum` vaults already.
    error LockManager__TooManyVaults(uint256 maximum);

    /// @notice `value` of parameter `name` is outside [`minimum`, `maximum`].
    error LockManager__OutOfBounds(bytes32 name, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice Parameter `name` would loosen a bound: that takes the longer delay.
    error LockManager__NotTighter(bytes32 name, uint256 current, uint256 value);

    /// @notice Takes `assets` wei of METIS (allowance needed); `receiver` gets eMetis, or seMetis if `isStaked`, on Metis once
    /// the message is delivered there. Exactly the bridge's message fee is spent of the value; the surplus returns.
    /// @return number The message to deliver.
    function deposit(uint256 assets, address receiver, bool isStaked) external payable returns (uint256 number);

    /// @notice Books arrivals and reads every vault. Anyone.
    function sync() external;

    /// @notice Locks idle METIS beyond what operators are owed: first brings every started vault above minLock, then the
    /// emptiest first, within Metis's maxLock and our caps; a new position only when minLock is there. Nothing while the need
    /// is not reached. Anyone; nothing to do is no error.
    function allocate() external;

    /// @notice Compounds each vault's reward where it fits and the need is reached, else sends it to Metis. Anyone, who pays
    /// the bridge's fee for each reward sent; vaults that the value does not cover wait.
    function harvest() external payable;

    /// @notice Reads all vaults and sends a report down. Anyone, who pays the bridge's fee.
    /// @return number The message to deliver.
    function report() external payable returns (uint256 number);

    /// @notice Sends the hash of message `number` down again, for a delivery that the bridge reported as failed. Anyone.
    function resend(uint256 number) external payable;

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

    /// @notice Takes a need that came up. Only L1Gateway; an older number is ignored.
    function raiseNeed(uint64 number, uint96 target) external;

    /// @notice Adds a vault at the address that {vaultAddress} foretold. Governance.
    function addVault(VaultConfig calldata config) external returns (uint256 index);

    /// @notice Reconfigures vault `index`: operator and key only while it waits and owes nothing; the commission holds from
    /// the next harvest on. Governance.
    function configureVault(uint256 index, VaultConfig calldata config) external;

    /// @notice As {configureVault}, for a lower cap or commission only. Governance, with the shorter delay.
    function tightenVault(uint256 index, uint16 commissionBps, uint96 cap) external;

    /// @notice Sets every parameter, within its bound. Governance, with the delay for what loosens.
    function setParameters(Parameters calldata parameters) external;

    /// @notice As {setParameters}, for changes that only tighten. Governance, with the shorter delay.
    function tightenParameters(Parameters calldata parameters) external;

    /// @notice Pauses deposits and allocation for 7 days; not again within 30. Guardian.
    function pause() external;

    /// @notice Keeps the pause until a scheduled upgrade of this contract can be executed, at most 49 days. Guardian.
    function extendPause(address caller, bytes calldata data) external;

    /// @notice Ends a pause early. Governance.
    function unpause() external;

    /// @notice Locked + unclaimed rewards + idle − owed to operators, as last read; wei of METIS.
    function l1Assets() external view returns (uint256 assets);

    /// @notice What could be sent down at once, read from LockingPool now: idle beyond what is owed, and of each vault what
    /// Metis lets go today. Recalling it never reverts.
    function withdrawableNow() external view returns (uint256 assets);

    /// @notice Wei of METIS held here beyond positions.
    function idle() external view returns (uint256 assets);

    /// @notice Wei of METIS owed to all operators for harvested rewards.
    function owed() external view returns (uint256 assets);

    /// @notice Counters that only grow, wei: METIS come from Metis, sent to Metis, deposited on Ethereum.
    function counters() external view returns (uint256 receivedFromL2, uint256 sentToL2, uint256 l1Deposits);

    /// @notice The need that holds, and since when it could not be reached (0: it is reached, or not tried).
    function need() external view returns (uint64 number, uint256 target, uint256 unreachedSince);

    /// @notice Hash of payload `number`; 0 when there is none.
    function payloadHash(uint256 number) external view returns (bytes32 hash);

    /// @notice Number of the last message.
    function lastMessage() external view returns (uint256 number);

    /// @notice How many vaults there are.
    function vaultCount() external view returns (uint256 count);

    /// @notice Vault `index` as last read.
    function vaultAt(uint256 index) external view returns (Vault memory);

    /// @notice The address that vault `index` has or will have, so that Metis can whitelist it beforehand.
    function vaultAddress(uint256 index) external view returns (address vault);

    /// @notice When a loss was last seen, Unix seconds.
    function lossSeenAt() external view returns (uint256 timestamp);

    /// @notice The parameters in force.
    function parameters() external view returns (Parameters memory);

    /// @notice Until when deposits and allocation are paused; 0 or the past means open.
    function pausedUntil() external view returns (uint256 timestamp);

    /// @notice The least that can be deposited: 0.01 METIS.
    function MIN_DEPOSIT() external view returns (uint256 assets);
}
