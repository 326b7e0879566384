// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title RateLimit
/// @notice A bucket that empties with use and refills evenly within a day.
library RateLimit {
    /// @notice What a bucket remembers; empty storage is a full bucket.
    struct Bucket {
        /// Wei used and not refilled at `usedAt`.
        uint96 used;
        /// Unix seconds.
        uint32 usedAt;
    }

    uint256 private constant REFILL_PERIOD = 1 days;

    /// @notice Wei that the bucket gives at `currentTime`; refilled rounding down. A clock that goes back refills nothing.
    function available(
        Bucket memory bucket,
        uint256 limit,
        uint256 currentTime
    ) internal pure returns (uint256 assets) {
        uint256 elapsed = currentTime > bucket.usedAt ? currentTime - bucket.usedAt : 0;
        uint256 refilled = elapsed >= REFILL_PERIOD ? bucket.used : (limit * elapsed) / REFILL_PERIOD;
        uint256 used = bucket.used > refilled ? bucket.used - refilled : 0;
        return limit > used ? limit - used : 0;
    }

    /// @notice The bucket after `assets` wei, at most {available}, were taken from it.
    function take(
        Bucket memory bucket,
        uint256 limit,
        uint256 assets,
        uint256 currentTime
    ) internal pure returns (Bucket memory) {
        uint256 used = limit - available(bucket, limit, currentTime) + assets;
        uint256 usedAt = currentTime > bucket.usedAt ? currentTime : bucket.usedAt;
        // Both fit: a limit is a uint96 or a share of METIS in existence, and time fits until 2106.
        return Bucket({used: uint96(used), usedAt: uint32(usedAt)});
    }
}
