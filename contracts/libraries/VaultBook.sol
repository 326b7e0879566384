// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ISequencerVault} from "../interfaces/ISequencerVault.sol";
import {IVaultOperations} from "../interfaces/IVaultOperations.sol";

/// @title VaultBook
/// @notice What LockManager remembers of one vault.
library VaultBook {
    /// @notice The first slot is all that a report touches.
    struct Book {
        /// Wei of METIS locked, or waiting in an exit.
        uint88 principal;
        /// Wei of METIS of reward as last seen.
        uint88 reward;
        /// The position in LockingPool; 0 while there is none.
        uint32 sequencerId;
        /// The operator's share of `reward`.
        uint16 commissionBps;
        /// The operator's share of what comes after `reward`.
        uint16 nextCommissionBps;
        IVaultOperations.Phase phase;
        /// Who is paid the commission.
        address operator;
        /// Wei of METIS owed to the operator for rewards that left the position.
        uint96 owed;
        ISequencerVault vault;
        /// Our ceiling for the position, wei of METIS.
        uint96 cap;
        /// The sequencer's public key; zero once its signer was used.
        bytes32 pubkeyX;
        bytes32 pubkeyY;
    }

    uint256 private constant BPS = 10_000;

    /// @notice Takes the reward off the position: the operator's commission becomes owed, the new rate holds from now on.
    function release(Book storage self) internal returns (uint256 reward, uint256 commissioned) {
        reward = self.reward;
        commissioned = commission(self);
        self.owed += uint96(commissioned);
        self.reward = 0;
        self.commissionBps = self.nextCommissionBps;
    }

    /// @notice Leaves the book ready for a new position. Metis never takes the same signer twice, so the key goes too.
    function close(Book storage self) internal {
        self.principal = 0;
        self.reward = 0;
        self.sequencerId = 0;
        self.phase = IVaultOperations.Phase.Waiting;
        self.pubkeyX = 0;
        self.pubkeyY = 0;
    }

    /// @notice Wei of METIS of the reward that will be the operator's; rounded down.
    function commission(Book storage self) internal view returns (uint256 assets) {
        return (uint256(self.reward) * self.commissionBps) / BPS;
    }

    /// @notice Wei of METIS that back eMetis here: principal and reward without the commission.
    function backing(Book storage self) internal view returns (uint256 assets) {
        return uint256(self.principal) + self.reward - commission(self);
    }
}
