// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {RateCheckpoints} from "../../libraries/RateCheckpoints.sol";

/// @title TestRateCheckpoints
/// @notice A line that is paid as the test tells.
contract TestRateCheckpoints {
    using RateCheckpoints for RateCheckpoints.Trace;

    RateCheckpoints.Trace private _trace;

    /// @notice `payout` was paid for the last extension.
    event Extended(uint256 payout);

    /// @notice See {RateCheckpoints-extend}.
    function extend(uint256 until, uint256 rate) external returns (uint256 payout) {
        payout = _trace.extend(until, rate);
        emit Extended(payout);
    }

    /// @notice See {RateCheckpoints-furthest}.
    function furthest(
        uint256 limit,
        uint256 rate,
        uint256 assets
    ) external view returns (uint256 until, uint256 payout) {
        return _trace.furthest(limit, rate, assets);
    }

    /// @notice See {RateCheckpoints-payoutAt}.
    function payoutAt(uint256 position) external view returns (uint256 payout) {
        return _trace.payoutAt(position);
    }

    /// @notice See {RateCheckpoints-payoutBetween}.
    function payoutBetween(uint256 from, uint256 until) external view returns (uint256 payout) {
        return _trace.payoutBetween(from, until);
    }

    /// @notice How many checkpoints there are.
    function count() external view returns (uint256) {
        return _trace.count;
    }
}
