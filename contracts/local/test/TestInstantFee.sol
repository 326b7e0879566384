// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {InstantFee} from "../../libraries/InstantFee.sol";

/// @title TestInstantFee
/// @notice The functions of {InstantFee} with lines of the test's choice.
contract TestInstantFee {
    using InstantFee for InstantFee.Line;

    function leftAfter(
        InstantFee.Line memory line,
        uint256 free,
        uint256 value
    ) external pure returns (bool isEnough, uint256 left) {
        return line.leftAfter(free, value);
    }

    function worth(InstantFee.Line memory line, uint256 free) external pure returns (uint256 value) {
        return line.worth(free);
    }
}
