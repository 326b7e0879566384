// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {PauseClock} from "../../libraries/PauseClock.sol";

/// @title TestPauseClock
/// @notice The functions of {PauseClock} with times of the test's choice.
contract TestPauseClock {
    function begin(uint256 pausedUntil, uint256 currentTime) external pure returns (uint256 until) {
        return PauseClock.begin(pausedUntil, currentTime);
    }

    function extend(
        uint256 pausedAt,
        uint256 pausedUntil,
        address authority,
        address caller,
        bytes calldata data
    ) external view returns (uint256 until) {
        return PauseClock.extend(pausedAt, pausedUntil, authority, caller, data);
    }
}
