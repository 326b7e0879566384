// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {RateLimit} from "../../libraries/RateLimit.sol";

/// @title TestRateLimit
/// @notice The functions of {RateLimit} with buckets and times of the test's choice.
contract TestRateLimit {
    using RateLimit for RateLimit.Bucket;

    function available(
        RateLimit.Bucket memory bucket,
        uint256 limit,
        uint256 currentTime
    ) external pure returns (uint256 assets) {
        return bucket.available(limit, currentTime);
    }

    function take(
        RateLimit.Bucket memory bucket,
        uint256 limit,
        uint256 assets,
        uint256 currentTime
    ) external pure returns (RateLimit.Bucket memory) {
        return bucket.take(limit, assets, currentTime);
    }
}
