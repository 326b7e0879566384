// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILockingInfo} from "../interfaces/metis/ILockingInfo.sol";
import {ILockingPool} from "../interfaces/metis/ILockingPool.sol";

/// @title SequencerPositions
/// @notice Reads Metis's LockingPool. Nothing here reverts, whatever that contract or an upgrade of it answers: what
/// cannot be read is said to be so.
library SequencerPositions {
    /// @notice A position as LockingPool tells it now. All zero when it is not readable.
    struct Position {
        /// False when the answer is missing, malformed or absurd.
        bool isReadable;
        ILockingPool.Status status;
        /// Wei of METIS locked.
        uint256 amount;
        /// Wei of METIS of reward not yet paid out.
        uint256 reward;
        /// The batch in which the position was last opened, withdrawn from, or given another signer.
        uint256 updatedBatch;
        /// When an exit can end, Unix seconds.
        uint256 claimableAt;
    }

    /// @notice What LockingPool allows now to every position. Zero and closed when it is paused, or does not tell.
    struct Limits {
        bool isOpen;
        /// Wei of METIS.
        uint256 minLock;
        /// Wei of METIS; only of {lockLimits}.
        uint256 maxLock;
        /// Only of {withdrawLimits}.
        uint256 currentBatch;
    }

    /// @dev Where the values stand in what `sequencers` returns; the public key is an offset there.
    uint256 private constant AMOUNT = 0;
    uint256 private constant REWARD = 1;
    uint256 private constant UPDATED_BATCH = 3;
    uint256 private constant UNLOCK_CLAIM_TIME = 6;
    uint256 private constant STATUS = 12;
    uint256 private constant VALUES = 13;

    /// @notice Position `sequencerId`. Amounts above uint88 (30 times all METIS) are absurd, and so is a position that never was.
    function position(ILockingPool lockingPool, uint256 sequencerId) internal view returns (Position memory read) {
        (bool isDone, bytes memory answer) = address(lockingPool).staticcall(
            abi.encodeCall(ILockingPool.sequencers, (sequencerId))
        );
        if (!isDone || answer.length < VALUES * 32) return read;

        uint256[VALUES] memory values = abi.decode(answer, (uint256[13]));
        uint256 status = values[STATUS];
        if (status == uint256(ILockingPool.Status.Unavailabe)) return read;
        if (status > uint256(ILockingPool.Status.Unlocked)) return read;
        if (values[AMOUNT] > type(uint88).max || values[REWARD] > type(uint88).max) return read;

        read.isReadable = true;
        read.status = ILockingPool.Status(status);
        read.amount = values[AMOUNT];
        read.reward = values[REWARD];
        read.updatedBatch = values[UPDATED_BATCH];
        read.claimableAt = values[UNLOCK_CLAIM_TIME];
    }

    /// @notice What every position is allowed when it is opened or grows.
    function lockLimits(ILockingPool lockingPool) internal view returns (Limits memory allowed) {
        (bool isOpen, uint256 minLock, address escrow) = _gate(lockingPool);
        (bool isRead, uint256 maxLock) = _word(escrow, abi.encodeCall(ILockingInfo.maxLock, ()));
        if (!isOpen || !isRead) return allowed;
        return Limits({isOpen: true, minLock: minLock, maxLock: maxLock, currentBatch: 0});
    }

    /// @notice What every position is allowed when it shrinks.
    function withdrawLimits(ILockingPool lockingPool) internal view returns (Limits memory allowed) {
        (bool isOpen, uint256 minLock, ) = _gate(lockingPool);
        (bool isRead, uint256 batch) = _word(address(lockingPool), abi.encodeCall(ILockingPool.currentBatch, ()));
        if (!isOpen || !isRead) return allowed;
        return Limits({isOpen: true, minLock: minLock, maxLock: 0, currentBatch: batch});
    }

    /// @notice Whether `owner` may work its position.
    function isWhitelisted(ILockingPool lockingPool, address owner) internal view returns (bool) {
        (, uint256 yes) = _word(address(lockingPool), abi.encodeCall(ILockingPool.whitelist, (owner)));
        return yes != 0;
    }

    /// @notice Wei of METIS that a whitelisted owner can take out of `self` now.
    function surplus(Position memory self, Limits memory allowed) internal pure returns (uint256 assets) {
        if (!allowed.isOpen || !isActive(self)) return 0;
        // Metis lets a position go down once a batch.
        if (allowed.currentBatch <= self.updatedBatch) return 0;
        return self.amount > allowed.minLock ? self.amount - allowed.minLock : 0;
    }

    /// @notice Whether `self` is readable and active.
    function isActive(Position memory self) internal pure returns (bool) {
        return self.status == ILockingPool.Status.Active;
    }

    /// @dev What both kinds of limits share.
    function _gate(ILockingPool lockingPool) private view returns (bool isOpen, uint256 minLock, address escrow) {
        (bool isPauseRead, uint256 paused) = _word(address(lockingPool), abi.encodeCall(ILockingPool.paused, ()));
        (bool isEscrowRead, uint256 word) = _word(address(lockingPool), abi.encodeCall(ILockingPool.escrow, ()));
        escrow = address(uint160(word));
        bool isMinLockRead;
        (isMinLockRead, minLock) = _word(escrow, abi.encodeCall(ILockingInfo.minLock, ()));
        isOpen = isPauseRead && paused == 0 && isEscrowRead && isMinLockRead;
    }

    /// @dev The first word that `target` answers to `data`; (false, 0) when it answers none.
    function _word(address target, bytes memory data) private view returns (bool isRead, uint256 word) {
        (bool isDone, bytes memory answer) = target.staticcall(data);
        if (!isDone || answer.length < 32) return (false, 0);
        return (true, abi.decode(answer, (uint256)));
    }
}
