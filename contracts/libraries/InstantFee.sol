// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title InstantFee
/// @notice The price of METIS at once. Each wei paid out costs a fee that lies on a line: `minBps` while the free buffer is at
/// `target` or above, rising to `maxBps` as it empties.
/// @dev The cost of going from one free buffer to another is the integral of that line over what is paid *out*, so it does not
/// depend on the steps taken: splitting a redemption gains nothing. With a = 10,000 + maxBps, d = maxBps − minBps and the
/// target T, a free buffer F ≤ T is worth Φ(F) = (a·F − d·F²/2T)/10,000; beyond T each wei is worth (10,000 + minBps)/10,000.
library InstantFee {
    /// @notice The line.
    struct Line {
        /// Free buffer from which on the fee is `minBps`, wei; below 2^96.
        uint256 target;
        uint256 minBps;
        uint256 maxBps;
    }

    uint256 private constant BPS = 10_000;

    /// @notice Free buffer left when `value` wei are redeemed from `free` wei. Rounded up: the redeemer gets less.
    /// @return isEnough False when the free buffer is worth less than `value`; then `left` is 0.
    function leftAfter(
        Line memory line,
        uint256 free,
        uint256 value
    ) internal pure returns (bool isEnough, uint256 left) {
        if (value > worth(line, free)) return (false, 0);
        uint256 flat = BPS + line.minBps;
        uint256 above = free > line.target ? free - line.target : 0;
        uint256 scaled = value * BPS;
        if (scaled <= above * flat) return (true, free - scaled / flat);

        // Some of the value is below the target here, so the target is not 0; and that much is there.
        uint256 taken = 2 * line.target * (scaled - above * flat);
        return (true, _inverse(line, _worth(line, free - above) - taken));
    }

    /// @notice Wei of value that redeem `free` wei of free buffer to the end. Rounded down.
    function worth(Line memory line, uint256 free) internal pure returns (uint256 value) {
        uint256 above = free > line.target ? free - line.target : 0;
        uint256 sloped = line.target == 0 ? 0 : _worth(line, free - above) / (2 * line.target);
        return (above * (BPS + line.minBps) + sloped) / BPS;
    }

    /// @dev 2·T·10,000·Φ(free) for `free` up to the target.
    function _worth(Line memory line, uint256 free) private pure returns (uint256 scaledWorth) {
        return 2 * line.target * (BPS + line.maxBps) * free - (line.maxBps - line.minBps) * free * free;
    }

    /// @dev The least `free` with `_worth(free) >= scaledWorth`, or one wei more. The root is rounded down, so `free` up.
    function _inverse(Line memory line, uint256 scaledWorth) private pure returns (uint256 free) {
        uint256 half = line.target * (BPS + line.maxBps);
        uint256 slope = line.maxBps - line.minBps;
        if (slope == 0) return Math.ceilDiv(scaledWorth, 2 * half);
        return Math.ceilDiv(half - Math.sqrt(half * half - slope * scaledWorth), slope);
    }
}
