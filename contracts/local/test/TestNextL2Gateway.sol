// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IStakingPool} from "../../interfaces/IStakingPool.sol";
import {L2Gateway} from "../../l2/L2Gateway.sol";

/// @title TestNextL2Gateway
/// @notice The next version of L2Gateway in the rehearsal of upgrades: it does what the first one does and says which it is.
contract TestNextL2Gateway is L2Gateway {
    constructor(IStakingPool stakingPool, uint256 l1ChainId) L2Gateway(stakingPool, l1ChainId) {}

    /// @notice Which version this is.
    function generation() external pure returns (uint256) {
        return 2;
    }
}
