// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IL1Gateway} from "../interfaces/IL1Gateway.sol";
import {ISequencerVault} from "../interfaces/ISequencerVault.sol";
import {ILockingPool} from "../interfaces/metis/ILockingPool.sol";
import {BridgeGas} from "../libraries/BridgeGas.sol";
import {SequencerPositions} from "../libraries/SequencerPositions.sol";
import {VaultBook} from "../libraries/VaultBook.sol";

import {LockManagerStorage} from "./LockManagerStorage.sol";

/// @title VaultLedger
/// @notice How LockManager keeps its books and speaks to its vaults.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
abstract contract VaultLedger is LockManagerStorage {
    using Address for address;
    using SafeCast for uint256;
    using SequencerPositions for ILockingPool;
    using SequencerPositions for SequencerPositions.Position;
    using VaultBook for VaultBook.Book;

    /// @dev More than any call on a vault takes. Without it a caller could choose the gas so that the call fails and the rest goes on.
    uint256 private constant VAULT_GAS = 800_000;

    /// @notice METIS on Ethereum.
    IERC20 public immutable METIS;
    /// @notice Metis's LockingPool.
    ILockingPool public immutable LOCKING_POOL;
    /// @notice The end of the bridge on Ethereum.
    IL1Gateway public immutable L1_GATEWAY;

    constructor(IERC20 metis, ILockingPool lockingPool, IL1Gateway l1Gateway) {
        METIS = metis;
        LOCKING_POOL = lockingPool;
        L1_GATEWAY = l1Gateway;
    }

    /// @dev Books arrivals and every vault as LockingPool tells it. Comes first in each crank.
    function _sync() internal returns (SequencerPositions.Position[] memory positions) {
        _bookArrivals();
        Layout storage $ = _storage();
        positions = new SequencerPositions.Position[]($.vaultCount);
        bool isRead = true;
        for (uint256 i = 0; i < positions.length; i++) {
            VaultBook.Book storage book = _bookAt(i);
            if (book.sequencerId == 0) continue;
            positions[i] = LOCKING_POOL.position(book.sequencerId);
            if (positions[i].isReadable) {
                _observe(i, book, positions[i]);
            } else {
                isRead = false;
                emit VaultUnreadable(i);
            }
        }
        // A report vouches for no vault later than it was read.
        if (isRead) $.readAt = uint32(block.timestamp);
    }

    /// @dev The bridge gives no notice: what is held beyond the books has come from Metis, or from a donor.
    function _bookArrivals() internal {
        Layout storage $ = _storage();
        uint256 arrived = Math.saturatingSub(METIS.balanceOf(address(this)), $.idle);
        if (arrived == 0) return;
        $.receivedFromL2 = ($.receivedFromL2 + arrived).toUint96();
        emit ArrivalBooked(arrived, $.receivedFromL2, _credit(arrived));
    }

    function _bookSurplus(uint256 index, uint256 assets) internal {
        emit SurplusBooked(index, assets, _credit(assets));
    }

    function _bookLoss(uint256 index, uint256 assets) internal {
        _storage().lossSeenAt = uint32(block.timestamp);
        emit LossSeen(index, assets);
    }

    function _bookSent(uint256 assets) internal returns (uint256 sentToL2) {
        Layout storage $ = _storage();
        sentToL2 = $.sentToL2 + assets;
        $.sentToL2 = sentToL2.toUint96();
        if (sentToL2 >= $.needTarget) _setUnreachedSince(0);
    }

    function _release(uint256 index) internal returns (uint256 reward, uint256 commission) {
        VaultBook.Book storage book = _bookAt(index);
        (reward, commission) = book.release();
        _storage().owed = (_storage().owed + commission).toUint88();
        emit CommissionBooked(index, commission, book.owed);
    }

    function _credit(uint256 assets) internal returns (uint256 idleAfter) {
        idleAfter = _storage().idle + assets;
        _storage().idle = idleAfter.toUint88();
    }

    function _debit(uint256 assets) internal returns (uint256 idleAfter) {
        idleAfter = _storage().idle - assets;
        _storage().idle = uint88(idleAfter);
    }

    function _refund(uint256 spent) internal {
        uint256 surplus = msg.value - spent;
        if (surplus == 0) return;
        (bool isPaid, ) = msg.sender.call{value: surplus}("");
        require(isPaid, LockManager__RefundFailed(msg.sender, surplus));
    }

    function _setUnreachedSince(uint256 timestamp) internal {
        if (_storage().unreachedSince == timestamp) return;
        _storage().unreachedSince = uint32(timestamp);
        emit NeedUnreachedSinceSet(timestamp);
    }

    function _emitVault(uint256 index) internal {
        VaultBook.Book storage book = _bookAt(index);
        emit VaultUpdated(index, book.phase, book.principal, book.reward);
    }

    /// @dev A call on one of several vaults: when it fails the others go on.
    function _tryVault(
        uint256 index,
        uint256 value,
        bytes memory call
    ) internal returns (bool isDone, bytes memory answer) {
        require(gasleft() >= VAULT_GAS, LockManager__GasTooLow(gasleft(), VAULT_GAS));
        (isDone, answer) = address(_bookAt(index).vault).call{value: value}(call);
        if (!isDone) emit VaultSkipped(index, bytes4(call), answer);
    }

    /// @dev A call on the one vault that the caller named: its failure is the caller's.
    function _callVault(uint256 index, uint256 value, bytes memory call) internal returns (bytes memory answer) {
        return address(_bookAt(index).vault).functionCallWithValue(call, value);
    }

    function _unlock(uint256 index, uint256 sequencerId, uint256 fee) internal {
        _callVault(index, fee, abi.encodeCall(ISequencerVault.unlock, (sequencerId, BridgeGas.METIS)));
    }

    /// @dev Ends an exit; what comes back is held here, and still to be booked.
    function _claim(uint256 index, uint256 sequencerId, uint256 fee) internal returns (uint256 assets) {
        bytes memory call = abi.encodeCall(ISequencerVault.unlockClaim, (sequencerId, BridgeGas.METIS));
        return abi.decode(_callVault(index, fee, call), (uint256));
    }

    function _pointRewards(uint256 index, uint256 sequencerId) internal {
        _callVault(index, 0, abi.encodeCall(ISequencerVault.setRewardRecipient, (sequencerId, _l2Gateway())));
    }

    /// @dev What of each position could be recalled if its vault is whitelisted.
    function _surpluses(
        SequencerPositions.Position[] memory positions
    ) internal view returns (uint256[] memory surpluses) {
        SequencerPositions.Limits memory limits = LOCKING_POOL.withdrawLimits();
        surpluses = new uint256[](positions.length);
        for (uint256 i = 0; i < positions.length; i++) surpluses[i] = positions[i].surplus(limits);
    }

    /// @dev What of each position can be recalled.
    function _recallable(
        SequencerPositions.Position[] memory positions
    ) internal view returns (uint256[] memory surpluses) {
        surpluses = _surpluses(positions);
        for (uint256 i = 0; i < positions.length; i++) {
            bool isStuck = surpluses[i] != 0 && !LOCKING_POOL.isWhitelisted(address(_bookAt(i).vault));
            if (isStuck) surpluses[i] = 0;
        }
    }

    /// @dev What LockingPool tells of every vault; not readable where a vault has no position.
    function _positions() internal view returns (SequencerPositions.Position[] memory positions) {
        positions = new SequencerPositions.Position[](_storage().vaultCount);
        for (uint256 i = 0; i < positions.length; i++) {
            uint256 sequencerId = _bookAt(i).sequencerId;
            if (sequencerId != 0) positions[i] = LOCKING_POOL.position(sequencerId);
        }
    }

    function _l2Gateway() internal view returns (address) {
        return L1_GATEWAY.l2Gateway();
    }

    function _metisFee() internal view returns (uint256 fee) {
        return L1_GATEWAY.metisFee();
    }

    /// @dev What backs eMetis here, as last read. Negative when operators are owed more than is left here.
    function _netAssets() internal view returns (int256 assets) {
        Layout storage $ = _storage();
        uint256 count = $.vaultCount;
        uint256 held = $.idle;
        for (uint256 i = 0; i < count; i++) held += _bookAt(i).backing();
        // Both are far below 2^255.
        return int256(held) - int256(uint256($.owed));
    }

    /// @dev As {_netAssets}, but never below 0.
    function _l1Assets() internal view returns (uint256 assets) {
        int256 net = _netAssets();
        return net > 0 ? uint256(net) : 0;
    }

    /// @dev Wei of METIS that exits under way will bring.
    function _exiting() internal view returns (uint256 assets) {
        uint256 count = _storage().vaultCount;
        for (uint256 i = 0; i < count; i++) {
            VaultBook.Book storage book = _bookAt(i);
            // Metis lets nobody finish an exit who is not whitelisted.
            bool isComing = book.phase == Phase.Exiting && LOCKING_POOL.isWhitelisted(address(book.vault));
            if (isComing) assets += book.principal;
        }
    }

    /// @dev Metis keeps what comes with a reward of 0, so then nothing does.
    function _rewardFee(uint256 reward, uint256 alreadySpent) internal view returns (uint256 fee) {
        fee = reward == 0 ? 0 : _metisFee();
        _requireValue(alreadySpent + fee);
    }

    function _requireValue(uint256 required) internal view {
        require(msg.value >= required, LockManager__FeeTooLow(msg.value, required));
    }

    /// @dev Wei of METIS that may be locked or sent.
    function _free() internal view returns (uint256 assets) {
        return Math.saturatingSub(_storage().idle, _storage().owed);
    }

    /// @dev Wei of METIS that lack to the need.
    function _missing() internal view returns (uint256 assets) {
        return Math.saturatingSub(_storage().needTarget, _storage().sentToL2);
    }

    /// @dev The index of the largest of `values`; their number when all are 0.
    function _largest(uint256[] memory values) internal pure returns (uint256 index) {
        index = values.length;
        uint256 largest = 0;
        for (uint256 i = 0; i < values.length; i++) {
            if (values[i] <= largest) continue;
            largest = values[i];
            index = i;
        }
    }

    function _sum(uint256[] memory values) internal pure returns (uint256 total) {
        for (uint256 i = 0; i < values.length; i++) total += values[i];
    }

    /// @dev Takes over what LockingPool tells of a vault that has a position.
    function _observe(uint256 index, VaultBook.Book storage book, SequencerPositions.Position memory position) private {
        Phase phase = _phaseOf(position);
        (Phase lastPhase, uint256 principal, uint256 reward) = (book.phase, book.principal, book.reward);
        if (phase == lastPhase && position.amount == principal && position.reward == reward) return;

        if (position.amount < principal) _bookLoss(index, principal - position.amount);
        if (lastPhase == Phase.Active && phase != Phase.Active) _bookForcedExit(index);
        // Both amounts were checked to fit when they were read.
        if (position.amount != principal) book.principal = uint88(position.amount);
        book.reward = uint88(position.reward);
        if (phase != lastPhase) book.phase = phase;
        if (phase == Phase.Waiting) book.close();
        emit VaultUpdated(index, phase, position.amount, position.reward);
    }

    /// @dev Metis paid the reward to L2Gateway without a word. What came after the last look is an unannounced arrival there.
    function _bookForcedExit(uint256 index) private {
        (uint256 reward, ) = _release(index);
        emit ExitBegun(index, reward, true, _bookSent(reward));
    }

    /// @dev An exit that Metis ended without us has paid the vault, if anybody: {sweepVault} finds it.
    function _phaseOf(SequencerPositions.Position memory position) private pure returns (Phase phase) {
        if (position.isActive()) return Phase.Active;
        return position.status == ILockingPool.Status.Inactive ? Phase.Exiting : Phase.Waiting;
    }
}
