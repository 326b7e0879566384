// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {LocalLockingPool} from "./LocalLockingPool.sol";

/// @title LocalLockingPoolMainnet
/// @notice Local only. LockingPool as mainnet runs it since 2024-06-29, at 0xD8f38c831E5032d23065Eaaee8c0620e17c04D60.
/// @dev Keeps the two differences from Sepolia: a voluntary exit must leave two thirds of the sequencers active, and a new owner is not checked.
contract LocalLockingPoolMainnet is LocalLockingPool {
    function _checkVoluntaryExit() internal view override {
        uint256 active = seqStatuses[Status.Active];
        uint256 inactive = seqStatuses[Status.Inactive];
        require(3 * (inactive + 1) <= active + inactive, "BFT restriction");
    }

    /// @dev Whatever position the new owner had is forgotten by `seqOwners`.
    function _checkNewOwner(address) internal view override {}
}
