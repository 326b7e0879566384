// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title RateCheckpoints
/// @notice What was paid for a line up to each of its positions, where the rate changes from stretch to stretch.
/// @dev A checkpoint begins a stretch with one rate; inside it `payoutAt` rounds down once, from the stretch's beginning. So
/// payouts between positions add up to the wei, however the line is cut. Storage grows with changes of the rate only, and
/// a lookup is one read in the last stretch, else a binary search.
library RateCheckpoints {
    /// @notice From `position` on, each wei of the line is worth `rate` (1e18 = one for one); `payout` was paid before it.
    struct Checkpoint {
        uint96 position;
        uint64 rate;
        uint96 payout;
    }

    /// @notice The checkpoints by number, from 0. How many there are is kept by the user, beside what it reads anyway.
    struct Trace {
        mapping(uint256 number => Checkpoint) checkpoints;
    }

    /// @notice The rate of one for one.
    uint256 internal constant ONE = 1e18;

    /// @notice What was paid for the line up to `position`, given the `count` checkpoints of `self`; rounded down.
    function payoutAt(Trace storage self, uint256 count, uint256 position) internal view returns (uint256 payout) {
        return count == 0 ? 0 : payoutAt(_find(self, count, position), position);
    }

    /// @notice The stretch in which the line, paid up to `position`, goes on at `rate`, a positive one of at most {ONE}: the
    /// last one, else a new one to be stored as number `count`.
    function next(
        Trace storage self,
        uint256 count,
        uint256 position,
        uint256 rate
    ) internal view returns (Checkpoint memory checkpoint, bool isNew) {
        if (count != 0) checkpoint = self.checkpoints[count - 1];
        if (checkpoint.rate == rate) return (checkpoint, false);
        uint256 payout = payoutAt(checkpoint, position);
        // All fit: the rate is at most ONE, positions are 96 bits wide and no payout exceeds its position.
        return (Checkpoint({position: uint96(position), rate: uint64(rate), payout: uint96(payout)}), true);
    }

    /// @notice What is paid for the line up to `position`, which is not before the checkpoint; rounded down.
    function payoutAt(Checkpoint memory self, uint256 position) internal pure returns (uint256 payout) {
        return self.payout + ((position - self.position) * self.rate) / ONE;
    }

    /// @notice The furthest position that `payout` pays for, at least the checkpoint's own: exactly the greatest whose
    /// `payoutAt` is not above `payout`. The rate is positive, `payout` not below the checkpoint's.
    function furthest(Checkpoint memory self, uint256 payout) internal pure returns (uint256 position) {
        return self.position + ((payout - self.payout + 1) * ONE - 1) / self.rate;
    }

    /// @dev The last checkpoint that is not after `position`, else the first.
    function _find(Trace storage self, uint256 count, uint256 position) private view returns (Checkpoint memory) {
        uint256 low = 0;
        uint256 high = count - 1;
        Checkpoint memory last = self.checkpoints[high];
        if (last.position <= position) return last;
        while (low + 1 < high) {
            uint256 middle = (low + high) / 2;
            if (self.checkpoints[middle].position <= position) low = middle;
            else high = middle;
        }
        return self.checkpoints[low];
    }
}
