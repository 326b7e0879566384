// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {ReentrancyGuardUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/ReentrancyGuardUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IL1Gateway} from "../interfaces/IL1Gateway.sol";
import {ILockManager} from "../interfaces/ILockManager.sol";
import {IVaultOperations} from "../interfaces/IVaultOperations.sol";
import {ILockingPool} from "../interfaces/metis/ILockingPool.sol";
import {Messages} from "../libraries/Messages.sol";
import {SequencerPositions} from "../libraries/SequencerPositions.sol";
import {VaultBook} from "../libraries/VaultBook.sol";

import {VaultLedger} from "./VaultLedger.sol";
import {VaultOperations} from "./VaultOperations.sol";
import {VaultRegistry} from "./VaultRegistry.sol";

/// @title LockManager
/// @dev Two halves, because the code of one contract is limited: what is done with the vaults runs in {VaultOperations}, by
/// delegation and on the storage of this contract.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
/// @custom:oz-upgrades-unsafe-allow-reachable delegatecall constructor state-variable-immutable
contract LockManager is VaultLedger, VaultRegistry, ReentrancyGuardUpgradeable, UUPSUpgradeable {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using SequencerPositions for SequencerPositions.Position;
    using VaultBook for VaultBook.Book;

    uint256 private constant LOSS_DELAY = 3 days;

    /// @notice The half that works the vaults.
    address public immutable OPERATIONS;

    constructor(
        IERC20 metis,
        ILockingPool lockingPool,
        IL1Gateway l1Gateway,
        address vaultBeacon
    ) VaultLedger(metis, lockingPool, l1Gateway) VaultRegistry(vaultBeacon) {
        OPERATIONS = address(new VaultOperations(metis, lockingPool, l1Gateway));
        _disableInitializers();
    }

    /// @notice Sets the AccessManager and the parameters.
    function initialize(address authority, Parameters calldata initialParameters) external initializer {
        __AccessManaged_init(authority);
        __ReentrancyGuard_init();
        __UUPSUpgradeable_init();
        _storage().readAt = uint32(block.timestamp);
        _setParameters(initialParameters);
    }

    /// @inheritdoc ILockManager
    function deposit(
        uint256 assets,
        address receiver,
        bool isStaked
    ) external payable nonReentrant whenNotPaused returns (uint256 number) {
        require(assets >= MIN_DEPOSIT, LockManager__BelowMinimum(assets, MIN_DEPOSIT));
        require(receiver != address(0), LockManager__ZeroAddress());
        Layout storage $ = _storage();
        uint256 openAt = $.lossSeenAt == 0 ? 0 : $.lossSeenAt + LOSS_DELAY;
        require(block.timestamp >= openAt, LockManager__LossSeen(openAt));

        _bookArrivals();
        uint256 l1Deposits = $.l1Deposits + assets;
        $.l1Deposits = l1Deposits.toUint96();
        emit Deposited(msg.sender, receiver, $.lastMessage + 1, assets, isStaked, l1Deposits, _credit(assets));
        METIS.safeTransferFrom(msg.sender, address(this), assets);
        Messages.L1Deposit memory message = Messages.L1Deposit(receiver, assets, l1Deposits, isStaked);
        return _sendPayload(Messages.encode(message));
    }

    /// @inheritdoc ILockManager
    function sync() external nonReentrant {
        _sync();
    }

    /// @inheritdoc IVaultOperations
    function allocate() external whenNotPaused {
        _operate();
    }

    /// @inheritdoc IVaultOperations
    function harvest() external payable {
        _operate();
    }

    /// @inheritdoc ILockManager
    function report() external payable nonReentrant returns (uint256 number) {
        SequencerPositions.Position[] memory positions = _sync();
        Layout storage $ = _storage();
        uint256 withdrawable = $.idle + _sum(_surpluses(positions));
        Messages.Report memory message = Messages.Report({
            takenAt: block.timestamp,
            readAt: $.readAt,
            l1Assets: _netAssets(),
            receivedFromL2: $.receivedFromL2,
            sentToL2: $.sentToL2,
            l1Deposits: $.l1Deposits,
            withdrawable: Math.saturatingSub(withdrawable, $.owed)
        });
        return _sendPayload(Messages.encode(message));
    }

    /// @inheritdoc ILockManager
    function resend(uint256 number) external payable nonReentrant {
        bytes32 hash = _storage().payloadHashes[number];
        require(hash != 0, LockManager__UnknownMessage(number));
        _refund(_sendHash(number, hash));
    }

    /// @inheritdoc IVaultOperations
    function recall(uint256) external payable restricted returns (uint256 sent) {
        return _operateForAssets();
    }

    /// @inheritdoc IVaultOperations
    function recallForNeed() external payable returns (uint256 sent) {
        return _operateForAssets();
    }

    /// @inheritdoc IVaultOperations
    function beginExit(uint256) external payable restricted {
        _operate();
    }

    /// @inheritdoc IVaultOperations
    function beginExitForNeed(uint256) external payable {
        _operate();
    }

    /// @inheritdoc IVaultOperations
    function finishExit(uint256) external payable {
        _operate();
    }

    /// @inheritdoc IVaultOperations
    function expelDonation(uint256) external payable {
        _operate();
    }

    /// @inheritdoc IVaultOperations
    function sweepVault(uint256) external returns (uint256 assets) {
        return _operateForAssets();
    }

    /// @inheritdoc IVaultOperations
    function refreshRewardRecipient(uint256) external {
        _operate();
    }

    /// @inheritdoc IVaultOperations
    function payCommission(uint256) external returns (uint256 assets) {
        return _operateForAssets();
    }

    /// @inheritdoc ILockManager
    function raiseNeed(uint64 number, uint96 target) external {
        require(msg.sender == address(L1_GATEWAY), LockManager__Unauthorized(msg.sender));
        Layout storage $ = _storage();
        if (number <= $.needNumber) return;
        $.needNumber = number;
        $.needTarget = target;
        emit NeedRaised(number, target);
        if (_missing() == 0) _setUnreachedSince(0);
    }

    /// @inheritdoc ILockManager
    function l1Assets() external view returns (uint256 assets) {
        return _l1Assets();
    }

    /// @inheritdoc ILockManager
    function withdrawableNow() external view returns (uint256 assets) {
        SequencerPositions.Position[] memory positions = _positions();
        uint256 owedThen = _storage().owed;
        for (uint256 i = 0; i < positions.length; i++) {
            VaultBook.Book storage book = _bookAt(i);
            bool isForcedOut = book.phase == Phase.Active && positions[i].isReadable && !positions[i].isActive();
            if (isForcedOut) owedThen += book.commission();
        }
        uint256 held = METIS.balanceOf(address(this)) + _sum(_recallable(positions));
        return Math.saturatingSub(held, owedThen);
    }

    function _authorizeUpgrade(address) internal override restricted {}

    /// @dev Does this very call in {VaultOperations}: the same caller, value and storage.
    function _operate() private returns (bytes memory answer) {
        return Address.functionDelegateCall(OPERATIONS, msg.data);
    }

    function _operateForAssets() private returns (uint256 assets) {
        return abi.decode(_operate(), (uint256));
    }

    /// @dev Numbers, remembers and sends a payload; the surplus of the value returns.
    function _sendPayload(bytes memory payload) private returns (uint256 number) {
        Layout storage $ = _storage();
        number = ++$.lastMessage;
        bytes32 hash = keccak256(payload);
        $.payloadHashes[number] = hash;
        emit MessageSent(number, payload);
        _refund(_sendHash(number, hash));
    }

    function _sendHash(uint256 number, bytes32 hash) private returns (uint256 fee) {
        fee = L1_GATEWAY.messageFee();
        _requireValue(fee);
        L1_GATEWAY.sendMessage{value: fee}(number, hash);
    }
}
