// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

/// @title HourlyLine
/// @notice A line that only grows, and where it ended after each of the last 256 hours in which it grew.
/// @dev While an hour lasts nothing is kept of it: it is stored when the line first grows in a later one. Ends stand in a ring,
/// so that storage is used again, and a bit tells for each of the last 256 hours whether it has one, so that any is found in
/// two reads. The clock may go back; hours do not.
library HourlyLine {
    using SafeCast for uint256;

    /// @notice What growth within an hour moves: one word.
    struct Head {
        /// Where the line ends.
        uint96 end;
        /// The last hour with growth, counted from 1970.
        uint32 hour;
        /// Where the ring goes on.
        uint8 next;
    }

    /// @notice The line with its past.
    struct Line {
        Head head;
        /// Bit `i` tells whether the line grew in the hour `i + 1` hours before the head's.
        uint256 activity;
        /// Where the line ended after each hour with growth, the newest before `next`.
        uint128[256] ends;
    }

    uint256 private constant HOUR = 1 hours;
    uint256 private constant SIZE = 256;
    /// Set in all of the ring, so that no word of it is ever 0. Above all positions, which have 96 bits.
    uint128 private constant WARM = 1 << 127;

    /// @notice Begins the line at 0, and fills the ring's words so that nobody pays for its first round.
    function begin(Line storage self) internal {
        self.head.hour = (block.timestamp / HOUR).toUint32();
        self.activity = 1;
        // Two ends share a word.
        for (uint256 i = 0; i < SIZE; i += 2) self.ends[i] = WARM;
    }

    /// @notice The line now ends at `end`, further than before.
    function growTo(Line storage self, uint256 end) internal {
        Head memory head = self.head;
        uint256 hour = block.timestamp / HOUR;
        if (hour > head.hour) {
            uint256 elapsed = hour - head.hour;
            // Shifts by 256 or more leave 0: hours that far back need no bit.
            self.activity = (self.activity << elapsed) | (1 << (elapsed - 1));
            self.ends[head.next] = WARM | head.end;
            head.next = uint8((uint256(head.next) + 1) % SIZE);
            head.hour = hour.toUint32();
        }
        head.end = end.toUint96();
        self.head = head;
    }

    /// @notice Where the line ended at `timestamp`, Unix seconds: what grew in an hour counts from its end. 0 if that is 256 hours
    /// or more before the last growth.
    function endAt(Line storage self, uint256 timestamp) internal view returns (uint256 end) {
        Head memory head = self.head;
        uint256 endedHours = timestamp / HOUR;
        if (endedHours > head.hour) return head.end;
        // Hours from endedHours to the one before the head's are younger; the head's own is not stored.
        uint256 youngerHours = head.hour - endedHours;
        if (youngerHours >= SIZE) return 0;
        uint256 younger = LibBit.popCount(self.activity & ((1 << youngerHours) - 1));
        // The newest is at next - 1, which is next + 255 on the ring.
        return uint96(self.ends[(uint256(head.next) + SIZE - 1 - younger) % SIZE]);
    }
}
