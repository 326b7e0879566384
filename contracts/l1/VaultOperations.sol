// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ReentrancyGuardUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/ReentrancyGuardUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IL1Gateway} from "../interfaces/IL1Gateway.sol";
import {ISequencerVault} from "../interfaces/ISequencerVault.sol";
import {IVaultOperations} from "../interfaces/IVaultOperations.sol";
import {ILockingPool} from "../interfaces/metis/ILockingPool.sol";
import {BridgeGas} from "../libraries/BridgeGas.sol";
import {RateLimit} from "../libraries/RateLimit.sol";
import {SequencerPositions} from "../libraries/SequencerPositions.sol";
import {VaultBook} from "../libraries/VaultBook.sol";
import {WaterFill} from "../libraries/WaterFill.sol";

import {VaultLedger} from "./VaultLedger.sol";

/// @title VaultOperations
/// @notice What LockManager does with its vaults. It is the second half of LockManager's code, which would not fit into one
/// contract: LockManager deploys it and delegates these calls to it. By itself it has no vaults and no METIS.
/// @dev Books what a call moves, never what a balance became: Metis's bridge hands ETH to Metis's sequencer in the middle of
/// a call, while METIS is between a vault and here. Hence also the guard.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable missing-initializer missing-initializer-call
/// @custom:oz-upgrades-unsafe-allow-reachable delegatecall constructor state-variable-immutable
contract VaultOperations is VaultLedger, ReentrancyGuardUpgradeable {
    using RateLimit for RateLimit.Bucket;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using SequencerPositions for ILockingPool;
    using SequencerPositions for SequencerPositions.Position;
    using VaultBook for VaultBook.Book;

    uint256 private constant EXIT_PATIENCE = 7 days;
    uint256 private constant BPS = 10_000;

    constructor(
        IERC20 metis,
        ILockingPool lockingPool,
        IL1Gateway l1Gateway
    ) VaultLedger(metis, lockingPool, l1Gateway) {}

    /// @inheritdoc IVaultOperations
    function allocate() external nonReentrant {
        SequencerPositions.Position[] memory positions = _sync();
        SequencerPositions.Limits memory limits = LOCKING_POOL.lockLimits();
        if (_missing() != 0 || !limits.isOpen) return;
        bool[] memory isExcluded = new bool[](positions.length);
        // A vault that fails gets nothing in the next round, so there are at most as many rounds as vaults, and one.
        while (!_allocateRound(positions, limits, isExcluded)) {}
    }

    /// @inheritdoc IVaultOperations
    function harvest() external payable nonReentrant {
        SequencerPositions.Position[] memory positions = _sync();
        SequencerPositions.Limits memory limits = LOCKING_POOL.lockLimits();
        uint256 fee = _metisFee();
        uint256 spent = 0;
        for (uint256 i = 0; i < positions.length; i++) {
            VaultBook.Book storage book = _bookAt(i);
            if (!positions[i].isActive() || book.reward == 0) continue;
            bool isFitting = uint256(book.principal) + book.reward <= Math.min(limits.maxLock, book.cap);
            if (isFitting && _missing() == 0) _compound(i);
            else if (msg.value - spent >= fee) spent += _harvestDown(i, fee);
        }
        _refund(spent);
    }

    /// @inheritdoc IVaultOperations
    function recall(uint256 assets) external payable nonReentrant returns (uint256 sent) {
        SequencerPositions.Position[] memory positions = _sync();
        Layout storage $ = _storage();
        uint256 limit = (_l1Assets() * $.parameters.recallLimitBps) / BPS;
        uint256 available = $.recalled.available(limit, block.timestamp);
        require(assets <= available, LockManager__RecallLimited(assets, available));

        sent = _collect(positions, assets);
        require(sent != 0, LockManager__NothingToRecall());
        $.recalled = $.recalled.take(limit, sent, block.timestamp);
        _refund(_sendDown(sent));
    }

    /// @inheritdoc IVaultOperations
    function recallForNeed() external payable nonReentrant returns (uint256 sent) {
        uint256 spent;
        (sent, spent) = _recallForNeed(_sync());
        _refund(spent);
    }

    /// @inheritdoc IVaultOperations
    function beginExit(uint256 index) external payable nonReentrant {
        _sync();
        _refund(_beginExit(index, 0));
    }

    /// @inheritdoc IVaultOperations
    function beginExitForNeed(uint256 index) external payable nonReentrant {
        // What can be had without an exit goes first, so nothing that Metis lets go today counts as missing.
        (, uint256 spent) = _recallForNeed(_sync());
        uint256 since = _storage().unreachedSince;
        uint256 missing = Math.saturatingSub(_missing(), _exiting());
        bool isDue = since != 0 && block.timestamp >= since + EXIT_PATIENCE;
        require(isDue && missing != 0, LockManager__ExitNotNeeded(since, missing));
        _refund(_beginExit(index, spent));
    }

    /// @inheritdoc IVaultOperations
    function finishExit(uint256 index) external payable nonReentrant {
        VaultBook.Book storage book = _book(index);
        uint256 claimableAt = _sync()[index].claimableAt;
        require(book.phase == Phase.Exiting, LockManager__WrongPhase(index, book.phase));
        require(block.timestamp >= claimableAt, LockManager__ExitNotOver(index, claimableAt));

        uint256 principal = book.principal;
        uint256 sequencerId = book.sequencerId;
        (uint256 reward, ) = _release(index);
        uint256 fee = _rewardFee(reward, 0);
        uint256 sentToL2 = _bookSent(reward);
        book.close();
        uint256 assets = _claim(index, sequencerId, fee);
        emit ExitFinished(index, assets, reward, sentToL2, _credit(assets));
        _emitVault(index);
        if (assets < principal) _bookLoss(index, principal - assets);
        _refund(fee);
    }

    /// @inheritdoc IVaultOperations
    function expelDonation(uint256 index) external payable nonReentrant {
        VaultBook.Book storage book = _book(index);
        _sync();
        uint256 sequencerId = LOCKING_POOL.seqOwners(address(book.vault));
        bool isDonated = sequencerId != 0 && sequencerId != book.sequencerId;
        require(isDonated, LockManager__NoDonation(index));
        SequencerPositions.Position memory position = LOCKING_POOL.position(sequencerId);
        uint256 fee = _rewardFee(position.reward, 0);
        emit DonationExpelled(index, sequencerId, !position.isActive());
        if (position.isActive()) {
            // The donor may have left none, and then Metis would refuse to unlock.
            _pointRewards(index, sequencerId);
            _unlock(index, sequencerId, fee);
        } else {
            require(block.timestamp >= position.claimableAt, LockManager__ExitNotOver(index, position.claimableAt));
            _bookSurplus(index, _claim(index, sequencerId, fee));
        }
        _refund(fee);
    }

    /// @inheritdoc IVaultOperations
    function sweepVault(uint256 index) external nonReentrant returns (uint256 assets) {
        _book(index);
        _bookArrivals();
        assets = abi.decode(_callVault(index, 0, abi.encodeCall(ISequencerVault.sweep, ())), (uint256));
        if (assets != 0) _bookSurplus(index, assets);
    }

    /// @inheritdoc IVaultOperations
    function refreshRewardRecipient(uint256 index) external nonReentrant {
        _pointRewards(index, _book(index).sequencerId);
    }

    /// @inheritdoc IVaultOperations
    function payCommission(uint256 index) external nonReentrant returns (uint256 assets) {
        VaultBook.Book storage book = _book(index);
        _bookArrivals();
        Layout storage $ = _storage();
        assets = Math.min(book.owed, $.idle);
        require(assets != 0, LockManager__NothingOwed(index));
        // Both are at least `assets`, so no cast cuts.
        book.owed -= uint96(assets);
        $.owed -= uint88(assets);
        emit CommissionPaid(index, book.operator, assets, book.owed, _debit(assets));
        METIS.safeTransfer(book.operator, assets);
    }

    /// @dev One round of {allocate}: plans, then locks. False when a vault failed and the others should share anew.
    function _allocateRound(
        SequencerPositions.Position[] memory positions,
        SequencerPositions.Limits memory limits,
        bool[] memory isExcluded
    ) private returns (bool isDone) {
        uint256[] memory levels = new uint256[](positions.length);
        uint256[] memory ceilings = new uint256[](positions.length);
        for (uint256 i = 0; i < positions.length; i++) {
            VaultBook.Book storage book = _bookAt(i);
            bool canOpen = book.phase == Phase.Waiting && book.pubkeyX != 0;
            if (isExcluded[i] || !(canOpen || positions[i].isActive())) continue;
            levels[i] = book.principal;
            ceilings[i] = Math.min(limits.maxLock, book.cap);
        }
        uint256[] memory shares = WaterFill.plan(levels, ceilings, limits.minLock, _free());
        isDone = true;
        for (uint256 i = 0; i < shares.length; i++) {
            if (shares[i] == 0 || _lock(i, shares[i])) continue;
            isExcluded[i] = true;
            isDone = false;
        }
    }

    function _lock(uint256 index, uint256 assets) private returns (bool isLocked) {
        VaultBook.Book storage book = _bookAt(index);
        METIS.forceApprove(address(book.vault), assets);
        bytes memory call =
            book.phase == Phase.Active
                ? abi.encodeCall(ISequencerVault.relock, (book.sequencerId, assets))
                : abi.encodeCall(ISequencerVault.lock, (book.pubkeyX, book.pubkeyY, _l2Gateway(), assets));
        (bool isDone, bytes memory answer) = _tryVault(index, 0, call);
        if (!isDone) return false;
        if (book.phase == Phase.Waiting) {
            // The vault refuses an id that does not fit.
            book.sequencerId = uint32(abi.decode(answer, (uint256)));
            book.phase = Phase.Active;
        }
        book.principal = (book.principal + assets).toUint88();
        emit Locked(index, book.sequencerId, assets, _debit(assets));
        _emitVault(index);
        return true;
    }

    /// @dev The reward becomes principal, without the bridge.
    function _compound(uint256 index) private {
        VaultBook.Book storage book = _bookAt(index);
        (bool isDone, ) = _tryVault(index, 0, abi.encodeCall(ISequencerVault.compound, (book.sequencerId)));
        if (!isDone) return;
        (uint256 reward, uint256 commission) = _release(index);
        book.principal = (book.principal + reward).toUint88();
        emit Harvested(index, reward, commission, true, _storage().sentToL2);
        _emitVault(index);
    }

    /// @dev The reward goes to Metis, all of it: the commission is owed out of what is idle here.
    function _harvestDown(uint256 index, uint256 fee) private returns (uint256 spent) {
        VaultBook.Book storage book = _bookAt(index);
        bytes memory call = abi.encodeCall(ISequencerVault.withdrawRewards, (book.sequencerId, BridgeGas.METIS));
        (bool isDone, ) = _tryVault(index, fee, call);
        if (!isDone) return 0;
        (uint256 reward, uint256 commission) = _release(index);
        emit Harvested(index, reward, commission, false, _bookSent(reward));
        _emitVault(index);
        return fee;
    }

    /// @dev Brings what is idle to what is owed and `wanted`, as far as it goes; the fullest vault first.
    function _collect(
        SequencerPositions.Position[] memory positions,
        uint256 wanted
    ) private returns (uint256 available) {
        Layout storage $ = _storage();
        uint256 goal = $.owed + wanted;
        uint256[] memory surpluses = _recallable(positions);
        while ($.idle < goal) {
            uint256 index = _largest(surpluses);
            if (index == surpluses.length) break;
            uint256 assets = Math.min(surpluses[index], goal - $.idle);
            surpluses[index] = 0;
            _withdraw(index, assets);
        }
        return Math.min(wanted, _free());
    }

    function _withdraw(uint256 index, uint256 assets) private {
        VaultBook.Book storage book = _bookAt(index);
        (bool isDone, ) = _tryVault(index, 0, abi.encodeCall(ISequencerVault.withdraw, (book.sequencerId, assets)));
        if (!isDone) return;
        // A vault lets go no more than it was read to have.
        book.principal -= uint88(assets);
        emit Withdrawn(index, assets, _credit(assets));
        _emitVault(index);
    }

    function _recallForNeed(
        SequencerPositions.Position[] memory positions
    ) private returns (uint256 sent, uint256 spent) {
        uint256 missing = _missing();
        if (missing == 0) return (0, 0);
        sent = _collect(positions, missing);
        if (sent != 0) spent = _sendDown(sent);
        bool isNewlyUnreached = _missing() != 0 && _storage().unreachedSince == 0;
        if (isNewlyUnreached) _setUnreachedSince(block.timestamp);
    }

    function _sendDown(uint256 assets) private returns (uint256 fee) {
        fee = _metisFee();
        _requireValue(fee);
        emit SentToL2(assets, _bookSent(assets), _debit(assets));
        METIS.forceApprove(address(L1_GATEWAY), assets);
        L1_GATEWAY.sendMetis{value: fee}(assets);
    }

    function _beginExit(uint256 index, uint256 alreadySpent) private returns (uint256 spent) {
        VaultBook.Book storage book = _book(index);
        require(book.phase == Phase.Active, LockManager__WrongPhase(index, book.phase));
        (uint256 reward, ) = _release(index);
        uint256 fee = _rewardFee(reward, alreadySpent);
        book.phase = Phase.Exiting;
        emit ExitBegun(index, reward, false, _bookSent(reward));
        _emitVault(index);
        _unlock(index, book.sequencerId, fee);
        return alreadySpent + fee;
    }
}
