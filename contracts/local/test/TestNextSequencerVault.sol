// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ILockingPool} from "../../interfaces/metis/ILockingPool.sol";
import {SequencerVault} from "../../l1/SequencerVault.sol";

/// @title TestNextSequencerVault
/// @notice The next version of SequencerVault in the rehearsal of upgrades: it does what the first one does and says which it is.
contract TestNextSequencerVault is SequencerVault {
    constructor(
        IERC20 metis,
        ILockingPool lockingPool,
        address lockManager
    ) SequencerVault(metis, lockingPool, lockManager) {}

    /// @notice Which version this is.
    function generation() external pure returns (uint256) {
        return 2;
    }
}
