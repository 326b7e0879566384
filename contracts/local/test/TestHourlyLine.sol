// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {HourlyLine} from "../../libraries/HourlyLine.sol";

/// @title TestHourlyLine
/// @notice A line that grows as the test tells.
contract TestHourlyLine {
    using HourlyLine for HourlyLine.Line;

    HourlyLine.Line private _line;

    constructor() {
        _line.begin();
    }

    /// @notice See {HourlyLine-growTo}.
    function growTo(uint256 end) external {
        _line.growTo(end);
    }

    /// @notice Puts the last growth `elapsed` hours ahead, as a clock that then went back would have done.
    function advance(uint32 elapsed) external {
        _line.head.hour += elapsed;
    }

    /// @notice See {HourlyLine-endAt}.
    function endAt(uint256 timestamp) external view returns (uint256 end) {
        return _line.endAt(timestamp);
    }
}
