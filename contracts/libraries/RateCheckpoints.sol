// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title RateCheckpoints
/// @notice What was paid for a line up to each of its positions, where the rate changes from stretch to stretch.
/// @dev A checkpoint begins a stretch of one rate, and inside it what is paid is rounded down once, from the stretch's
/// beginning. So payouts between positions add up to the wei, however the line is cut. Storage grows with changes of the rate
/// only; a lookup is one read in the last stretch, else a binary search.
library RateCheckpoints {
    /// @notice From `position` on, each wei of the line is worth `rate` (1e18 = one for one); `payout` was paid before it.
    struct Checkpoint {
        uint96 position;
        uint64 rate;
        uint96 payout;
    }

    /// @notice The paid part of a line.
    struct Trace {
        /// Where it ends.
        uint96 end;
        /// What was handed out of all payouts; it shares the word with what is read to hand out.
        uint96 handedOut;
        /// How many checkpoints there are.
        uint32 count;
        /// The checkpoints by number, from 0; the first is at position 0.
        mapping(uint256 number => Checkpoint) checkpoints;
    }

    /// @notice The rate of one for one, the highest there is.
    uint256 internal constant ONE = 1e18;

    /// @notice Pays the line from its end to `until`, a later position, at `rate`, between 1 and {ONE}.
    /// @return payout What that takes: rounded down, from where the rate began.
    function extend(Trace storage self, uint256 until, uint256 rate) internal returns (uint256 payout) {
        (uint256 end, uint256 count) = (self.end, self.count);
        (Checkpoint memory stretch, bool isNew) = _stretch(self, end, count, rate);
        if (isNew) {
            self.checkpoints[count] = stretch;
            self.count = uint32(count + 1);
        }
        // Positions are 96 bits wide, and no payout exceeds its position.
        self.end = uint96(until);
        return _payoutAt(stretch, until) - _payoutAt(stretch, end);
    }

    /// @notice Books that `assets` of the payouts were handed out.
    function handOut(Trace storage self, uint256 assets) internal {
        // Fits: it is part of what was paid for positions.
        self.handedOut += uint96(assets);
    }

    /// @notice How far, at most to `limit`, {extend} gets at `rate` with `assets`, exactly; and what that takes. `limit` is beyond
    /// the end, which is the answer where `assets` pay for nothing and some of the way would be left.
    function furthest(
        Trace storage self,
        uint256 limit,
        uint256 rate,
        uint256 assets
    ) internal view returns (uint256 until, uint256 payout) {
        uint256 end = self.end;
        (Checkpoint memory stretch, ) = _stretch(self, end, self.count, rate);
        uint256 before = _payoutAt(stretch, end);
        // No part is worth more than it is long, which also keeps the product small.
        uint256 affordable = before + Math.min(assets, limit - end) - stretch.payout;
        // The last position that is worth less than the next wei.
        until = Math.min(limit, stretch.position + ((affordable + 1) * ONE - 1) / rate);
        payout = _payoutAt(stretch, until) - before;
        if (payout == 0 && until < limit) until = end;
    }

    /// @notice What was paid for the line up to `position`, which is not beyond its end; rounded down.
    function payoutAt(Trace storage self, uint256 position) internal view returns (uint256 payout) {
        uint256 count = self.count;
        return count == 0 ? 0 : _payoutAt(_find(self, count, position), position);
    }

    /// @notice What was paid for the line from `from` to `until`, which is after it and not beyond its end.
    function payoutBetween(Trace storage self, uint256 from, uint256 until) internal view returns (uint256 payout) {
        uint256 count = self.count;
        Checkpoint memory stretch = _find(self, count, until);
        payout = _payoutAt(stretch, until);
        if (from < stretch.position) stretch = _find(self, count, from);
        payout -= _payoutAt(stretch, from);
    }

    /// @dev The stretch in which the line goes on from `end` at `rate`: the last one, else a new one.
    function _stretch(
        Trace storage self,
        uint256 end,
        uint256 count,
        uint256 rate
    ) private view returns (Checkpoint memory stretch, bool isNew) {
        if (count != 0) stretch = self.checkpoints[count - 1];
        if (stretch.rate == rate) return (stretch, false);
        uint256 payout = _payoutAt(stretch, end);
        return (Checkpoint({position: uint96(end), rate: uint64(rate), payout: uint96(payout)}), true);
    }

    /// @dev The last of `count` checkpoints that is not after `position`.
    function _find(Trace storage self, uint256 count, uint256 position) private view returns (Checkpoint memory found) {
        uint256 low = 0;
        uint256 high = count - 1;
        found = self.checkpoints[high];
        if (found.position <= position) return found;
        while (low + 1 < high) {
            uint256 middle = (low + high) / 2;
            if (self.checkpoints[middle].position <= position) low = middle;
            else high = middle;
        }
        return self.checkpoints[low];
    }

    function _payoutAt(Checkpoint memory stretch, uint256 position) private pure returns (uint256 payout) {
        return stretch.payout + ((position - stretch.position) * stretch.rate) / ONE;
    }
}
