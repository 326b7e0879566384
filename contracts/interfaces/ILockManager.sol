// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IVaultOperations} from "./IVaultOperations.sol";

/// @title ILockManager
/// @notice The protocol on Ethereum: holds METIS, spreads it over the vaults, recalls, harvests, books operators'
/// commission, takes deposits made on Ethereum, and reports to Metis.
/// @dev Bridge fees in ETH come from the caller, are spent to the wei, and the surplus returns.
interface ILockManager is IVaultOperations {
    /// @notice A vault's configuration.
    struct VaultConfig {
        /// Who runs the sequencer and earns the commission.
        address operator;
        /// Share of this sequencer's rewards for the operator, in basis points; at most 1,500.
        uint16 commissionBps;
        /// Our own ceiling for the position, wei of METIS.
        uint96 cap;
        /// The sequencer's public key, 64 bytes without the leading 0x04: the first 32.
        bytes32 pubkeyX;
        /// And the last 32.
        bytes32 pubkeyY;
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
        /// The public key that opens the next position, or opened this one. Zero after an exit: Metis takes no signer twice.
        bytes32 pubkeyX;
        bytes32 pubkeyY;
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

    /// @notice Need `number` holds: `sentToL2` should reach `target` wei.
    event NeedRaised(uint64 indexed number, uint256 target);

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

    /// @notice A loss was seen on Ethereum less than 3 days ago: no deposit until `openAt`.
    error LockManager__LossSeen(uint256 openAt);

    /// @notice Paused until then, Unix seconds.
    error LockManager__Paused(uint256 pausedUntil);

    /// @notice No message has this number.
    error LockManager__UnknownMessage(uint256 number);

    /// @notice The operator of vault `index` is owed `owed` wei: that is paid before operator or key change.
    error LockManager__StillOwed(uint256 index, uint256 owed);

    /// @notice A public key is missing.
    error LockManager__ZeroPubkey();

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

    /// @notice Reads all vaults and sends a report down. Anyone, who pays the bridge's fee.
    /// @return number The message to deliver.
    function report() external payable returns (uint256 number);

    /// @notice Sends the hash of message `number` down again, for a delivery that the bridge reported as failed. Anyone.
    function resend(uint256 number) external payable;

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
