// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {WaterFill} from "../../libraries/WaterFill.sol";

/// @title TestWaterFill
/// @notice For tests only: the library's function, to be called from outside.
contract TestWaterFill {
    function plan(
        uint256[] memory levels,
        uint256[] memory ceilings,
        uint256 minLock,
        uint256 assets
    ) external pure returns (uint256[] memory shares) {
        return WaterFill.plan(levels, ceilings, minLock, assets);
    }
}
