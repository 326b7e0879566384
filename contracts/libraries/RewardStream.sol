// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title RewardStream
/// @notice What a vault holds, split into what counts already and what counts second by second until the stream ends.
/// @dev Every function changes the stream in memory. `assets + unvested` always fits 88 bits: {add} and {book} refuse
/// what does not, so nothing that vests or is lost can ever overflow. Time saturates: a clock that goes back vests
/// nothing, and one past 2106 reads as the last second of 32 bits.
library RewardStream {
    /// @notice One storage slot.
    struct Stream {
        /// Wei that count.
        uint88 assets;
        /// Wei that did not count yet at `vestedAt`.
        uint88 unvested;
        /// Unix second up to which `assets` is exact.
        uint32 vestedAt;
        /// Unix second from which all of `unvested` counts.
        uint32 endsAt;
        /// The vault's own flag, here for the sake of the slot.
        bool isClosed;
    }

    /// @notice Wei of `unvested` that count at `currentTime`, rounded down.
    function vested(Stream memory stream, uint256 currentTime) internal pure returns (uint256 assets) {
        uint256 vestedAt = stream.vestedAt;
        uint256 endsAt = stream.endsAt;
        if (currentTime <= vestedAt) return 0;
        if (currentTime >= endsAt) return stream.unvested;
        // vestedAt < currentTime < endsAt, and 88 by 32 bits.
        unchecked {
            return (stream.unvested * (currentTime - vestedAt)) / (endsAt - vestedAt);
        }
    }

    /// @notice Brings the stream to `currentTime`: what has vested counts.
    function checkpoint(Stream memory stream, uint256 currentTime) internal pure {
        // At most `unvested`, and `assets + unvested` fits.
        uint88 assets = uint88(vested(stream, currentTime));
        unchecked {
            stream.assets += assets;
            stream.unvested -= assets;
        }
        stream.vestedAt = _latest(stream, currentTime);
    }

    /// @notice Brings the stream to `currentTime` with nothing vested: it is put off by the time that passed.
    function postpone(Stream memory stream, uint256 currentTime) internal pure {
        uint32 time = _latest(stream, currentTime);
        uint256 remaining = stream.endsAt > stream.vestedAt ? stream.endsAt - stream.vestedAt : 0;
        stream.endsAt = _toTime(time + remaining);
        stream.vestedAt = time;
    }

    /// @notice Adds `reward` wei that vest over `duration` seconds. The end of the stream becomes the average of both
    /// ends weighted by their amounts, rounded up.
    /// @dev The stream must have been brought to the present.
    function add(Stream memory stream, uint256 reward, uint256 duration) internal pure {
        uint256 unvested = stream.unvested + reward;
        if (unvested == 0) return;
        SafeCast.toUint88(stream.assets + unvested);
        uint256 end = _toTime(Math.min(duration, type(uint32).max) + stream.vestedAt);
        uint256 oldEnd = Math.max(stream.endsAt, stream.vestedAt);
        stream.endsAt = _toTime(Math.ceilDiv(stream.unvested * oldEnd + reward * end, unvested));
        // Fits: `assets + unvested` does.
        stream.unvested = uint88(unvested);
    }

    /// @notice Takes up to `loss` wei out: first of what has not vested, then of what counts.
    /// @dev The stream must have been brought to the present. Its end stays.
    function absorb(
        Stream memory stream,
        uint256 loss
    ) internal pure returns (uint256 fromUnvested, uint256 fromAssets) {
        fromUnvested = Math.min(loss, stream.unvested);
        fromAssets = Math.min(loss - fromUnvested, stream.assets);
        // Both fit: each is at most the field it is taken from.
        stream.unvested -= uint88(fromUnvested);
        stream.assets -= uint88(fromAssets);
    }

    /// @notice Sets what counts to `assets` wei but to no more than `limit`; the rest joins what has not vested.
    /// @dev The stream must have been brought to the present.
    function book(Stream memory stream, uint256 assets, uint256 limit) internal pure {
        SafeCast.toUint88(assets + stream.unvested);
        if (assets > limit) {
            // Fits: the sum does.
            stream.unvested += uint88(assets - limit);
            assets = limit;
        }
        stream.assets = uint88(assets);
    }

    /// @notice The most wei that can stand behind `newShares` without one being worth more than each of `shares` was
    /// when `assets` stood behind them, as ERC-4626 with one virtual share and asset counts it; rounded up.
    function assetsAtSamePrice(
        uint256 assets,
        uint256 shares,
        uint256 newShares
    ) internal pure returns (uint256 newAssets) {
        return Math.mulDiv(assets + 1, newShares + 1, shares + 1, Math.Rounding.Ceil) - 1;
    }

    function _latest(Stream memory stream, uint256 currentTime) private pure returns (uint32 time) {
        return currentTime > stream.vestedAt ? _toTime(currentTime) : stream.vestedAt;
    }

    function _toTime(uint256 timestamp) private pure returns (uint32 time) {
        // Fits: saturated on this line.
        return timestamp < type(uint32).max ? uint32(timestamp) : type(uint32).max;
    }
}
