// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {LibBit} from "solady/src/utils/LibBit.sol";

/// @title HourTrace
/// @notice Where a line that only grows ended after each of the last 256 hours in which it grew.
/// @dev Nothing is written while an hour lasts: an hour is stored when the line first grows in a later one. A ring, so that
/// storage is used again; a bit for each of the last 256 hours, so that any of them is found in two reads.
library HourTrace {
    /// @notice The stored hours. The current hour and `next`, where the ring goes on, are kept by the user, beside what it
    /// reads anyway.
    struct Trace {
        /// Bit `i` tells whether the line grew in the hour `i + 1` hours before the current one.
        uint256 activity;
        /// Where the line ended after each hour with growth, in order, the newest before `next`.
        uint128[256] ends;
    }

    /// @notice Seconds in an hour.
    uint256 internal constant HOUR = 1 hours;

    uint256 private constant SIZE = 256;
    /// Above all positions, which have 96 bits.
    uint128 private constant WARM = 1 << 127;

    /// @notice Makes all later writes to the ring cheap: nobody pays for the first round.
    function warm(Trace storage self) internal {
        self.activity = 1;
        // Two ends share a word.
        for (uint256 i = 0; i < SIZE; i += 2) self.ends[i] = WARM;
    }

    /// @notice Stores that the line ended at `end` after the current hour; `elapsed` hours later, at least 1, is the new one.
    /// @return Where the ring goes on.
    function push(Trace storage self, uint8 next, uint256 elapsed, uint96 end) internal returns (uint8) {
        // Shifts by 256 or more leave 0: hours that far back need no bit.
        self.activity = (self.activity << elapsed) | (1 << (elapsed - 1));
        self.ends[next] = end;
        return uint8((uint256(next) + 1) % SIZE);
    }

    /// @notice Where the line ended `age` hours before the current hour, at least 1; 0 if that is more than 256 hours back.
    function endBefore(Trace storage self, uint8 next, uint256 age) internal view returns (uint256 end) {
        if (age > SIZE) return 0;
        uint256 younger = LibBit.popCount(self.activity & ((1 << (age - 1)) - 1));
        // At most 255 are younger; the newest is at next - 1, which is next + 255 on the ring.
        return uint96(self.ends[(uint256(next) + SIZE - 1 - younger) % SIZE]);
    }
}
