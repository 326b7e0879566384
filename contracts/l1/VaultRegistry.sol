// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {LibClone} from "solady/src/utils/LibClone.sol";

import {ILockManager} from "../interfaces/ILockManager.sol";
import {ISequencerVault} from "../interfaces/ISequencerVault.sol";
import {PauseClock} from "../libraries/PauseClock.sol";
import {VaultBook} from "../libraries/VaultBook.sol";

import {LockManagerStorage} from "./LockManagerStorage.sol";

/// @title VaultRegistry
/// @notice What governance and guardian do to LockManager, and what can be read of it.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
abstract contract VaultRegistry is ILockManager, LockManagerStorage, AccessManagedUpgradeable {
    /// @inheritdoc ILockManager
    uint256 public constant MIN_DEPOSIT = 0.01 ether;

    uint256 private constant MAX_VAULTS = 20;
    uint256 private constant MAX_COMMISSION_BPS = 1_500;
    uint256 private constant MAX_RECALL_LIMIT_BPS = 1_000;

    /// @notice Where the vaults' implementation is told.
    address public immutable VAULT_BEACON;

    modifier whenNotPaused() {
        uint256 until = _storage().pausedUntil;
        require(block.timestamp >= until, LockManager__Paused(until));
        _;
    }

    constructor(address vaultBeacon) {
        VAULT_BEACON = vaultBeacon;
    }

    /// @inheritdoc ILockManager
    function addVault(VaultConfig calldata config) external restricted returns (uint256 index) {
        Layout storage $ = _storage();
        index = $.vaultCount++;
        require(index < MAX_VAULTS, LockManager__TooManyVaults(MAX_VAULTS));
        address vault = LibClone.deployDeterministicERC1967BeaconProxy(VAULT_BEACON, bytes32(index));
        $.books[index].vault = ISequencerVault(vault);
        emit VaultAdded(index, vault);
        _configure(index, config);
    }

    /// @inheritdoc ILockManager
    function configureVault(uint256 index, VaultConfig calldata config) external restricted {
        VaultBook.Book storage book = _book(index);
        bool isSameKey = config.pubkeyX == book.pubkeyX && config.pubkeyY == book.pubkeyY;
        if (config.operator != book.operator || !isSameKey) {
            require(book.phase == Phase.Waiting, LockManager__WrongPhase(index, book.phase));
            require(book.owed == 0, LockManager__StillOwed(index, book.owed));
        }
        _configure(index, config);
    }

    /// @inheritdoc ILockManager
    function tightenVault(uint256 index, uint16 commissionBps, uint96 cap) external restricted {
        VaultBook.Book storage book = _book(index);
        _requireTighter("commissionBps", book.nextCommissionBps, commissionBps);
        _requireTighter("cap", book.cap, cap);
        _setCommission(book, commissionBps);
        book.cap = cap;
        emit VaultConfigured(index, VaultConfig(book.operator, commissionBps, cap, book.pubkeyX, book.pubkeyY));
    }

    /// @inheritdoc ILockManager
    function setParameters(Parameters calldata newParameters) external restricted {
        _setParameters(newParameters);
    }

    /// @inheritdoc ILockManager
    function tightenParameters(Parameters calldata newParameters) external restricted {
        _requireTighter("recallLimitBps", _storage().parameters.recallLimitBps, newParameters.recallLimitBps);
        _setParameters(newParameters);
    }

    /// @inheritdoc ILockManager
    function pause() external restricted {
        Layout storage $ = _storage();
        $.pausedAt = uint32(block.timestamp);
        _setPausedUntil(PauseClock.begin($.pausedUntil, block.timestamp));
    }

    /// @inheritdoc ILockManager
    function extendPause(address caller, bytes calldata data) external restricted {
        Layout storage $ = _storage();
        _setPausedUntil(PauseClock.extend($.pausedAt, $.pausedUntil, authority(), caller, data));
    }

    /// @inheritdoc ILockManager
    function unpause() external restricted {
        require(block.timestamp < _storage().pausedUntil, PauseClock.PauseClock__NotPaused());
        // Not 0: from here the 30 days count before the next pause.
        _setPausedUntil(block.timestamp);
    }

    /// @inheritdoc ILockManager
    function idle() external view returns (uint256 assets) {
        return _storage().idle;
    }

    /// @inheritdoc ILockManager
    function owed() external view returns (uint256 assets) {
        return _storage().owed;
    }

    /// @inheritdoc ILockManager
    function counters() external view returns (uint256 receivedFromL2, uint256 sentToL2, uint256 l1Deposits) {
        Layout storage $ = _storage();
        return ($.receivedFromL2, $.sentToL2, $.l1Deposits);
    }

    /// @inheritdoc ILockManager
    function need() external view returns (uint64 number, uint256 target, uint256 unreachedSince) {
        Layout storage $ = _storage();
        return ($.needNumber, $.needTarget, $.unreachedSince);
    }

    /// @inheritdoc ILockManager
    function payloadHash(uint256 number) external view returns (bytes32 hash) {
        return _storage().payloadHashes[number];
    }

    /// @inheritdoc ILockManager
    function lastMessage() external view returns (uint256 number) {
        return _storage().lastMessage;
    }

    /// @inheritdoc ILockManager
    function vaultCount() external view returns (uint256 count) {
        return _storage().vaultCount;
    }

    /// @inheritdoc ILockManager
    function vaultAt(uint256 index) external view returns (Vault memory) {
        VaultBook.Book storage book = _book(index);
        return
            Vault({
                vault: address(book.vault),
                operator: book.operator,
                phase: book.phase,
                sequencerId: book.sequencerId,
                principal: book.principal,
                reward: book.reward,
                owed: book.owed,
                cap: book.cap,
                commissionBps: book.commissionBps,
                nextCommissionBps: book.nextCommissionBps,
                pubkeyX: book.pubkeyX,
                pubkeyY: book.pubkeyY
            });
    }

    /// @inheritdoc ILockManager
    function vaultAddress(uint256 index) external view returns (address vault) {
        vault = address(_storage().books[index].vault);
        if (vault != address(0)) return vault;
        bytes32 salt = bytes32(index);
        return LibClone.predictDeterministicAddressERC1967BeaconProxy(VAULT_BEACON, salt, address(this));
    }

    /// @inheritdoc ILockManager
    function lossSeenAt() external view returns (uint256 timestamp) {
        return _storage().lossSeenAt;
    }

    /// @inheritdoc ILockManager
    function parameters() external view returns (Parameters memory) {
        return _storage().parameters;
    }

    /// @inheritdoc ILockManager
    function pausedUntil() external view returns (uint256 timestamp) {
        return _storage().pausedUntil;
    }

    function _setParameters(Parameters calldata newParameters) internal {
        _requireAtMost("recallLimitBps", newParameters.recallLimitBps, MAX_RECALL_LIMIT_BPS);
        _storage().parameters = newParameters;
        emit ParametersSet(newParameters);
    }

    function _configure(uint256 index, VaultConfig calldata config) private {
        require(config.operator != address(0), LockManager__ZeroAddress());
        require(config.pubkeyX != 0, LockManager__ZeroPubkey());
        _requireAtMost("commissionBps", config.commissionBps, MAX_COMMISSION_BPS);
        VaultBook.Book storage book = _storage().books[index];
        book.operator = config.operator;
        book.cap = config.cap;
        book.pubkeyX = config.pubkeyX;
        book.pubkeyY = config.pubkeyY;
        _setCommission(book, config.commissionBps);
        emit VaultConfigured(index, config);
    }

    /// @dev What a position has earned so far is the operator's at the rate it was earned at.
    function _setCommission(VaultBook.Book storage book, uint16 commissionBps) private {
        book.nextCommissionBps = commissionBps;
        if (book.phase == Phase.Waiting) book.commissionBps = commissionBps;
    }

    function _setPausedUntil(uint256 timestamp) private {
        _storage().pausedUntil = uint32(timestamp);
        emit PausedUntilSet(timestamp);
    }

    function _requireTighter(bytes32 name, uint256 current, uint256 value) private pure {
        require(value <= current, LockManager__NotTighter(name, current, value));
    }

    function _requireAtMost(bytes32 name, uint256 value, uint256 maximum) private pure {
        require(value <= maximum, LockManager__OutOfBounds(name, value, 0, maximum));
    }
}
