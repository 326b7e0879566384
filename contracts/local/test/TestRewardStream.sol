// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {RewardStream} from "../../libraries/RewardStream.sol";

/// @title TestRewardStream
/// @notice The functions of {RewardStream} with streams and times of the test's choice.
contract TestRewardStream {
    using RewardStream for RewardStream.Stream;

    function vested(RewardStream.Stream memory stream, uint256 currentTime) external pure returns (uint256 assets) {
        return stream.vested(currentTime);
    }

    function checkpoint(
        RewardStream.Stream memory stream,
        uint256 currentTime
    ) external pure returns (RewardStream.Stream memory) {
        stream.checkpoint(currentTime);
        return stream;
    }

    function postpone(
        RewardStream.Stream memory stream,
        uint256 currentTime
    ) external pure returns (RewardStream.Stream memory) {
        stream.postpone(currentTime);
        return stream;
    }

    function add(
        RewardStream.Stream memory stream,
        uint256 reward,
        uint256 duration
    ) external pure returns (RewardStream.Stream memory) {
        stream.add(reward, duration);
        return stream;
    }

    function absorb(
        RewardStream.Stream memory stream,
        uint256 loss
    ) external pure returns (RewardStream.Stream memory, uint256 fromUnvested, uint256 fromAssets) {
        (fromUnvested, fromAssets) = stream.absorb(loss);
        return (stream, fromUnvested, fromAssets);
    }

    function book(
        RewardStream.Stream memory stream,
        uint256 assets,
        uint256 limit
    ) external pure returns (RewardStream.Stream memory) {
        stream.book(assets, limit);
        return stream;
    }

    function assetsAtSamePrice(
        uint256 assets,
        uint256 shares,
        uint256 newShares
    ) external pure returns (uint256 newAssets) {
        return RewardStream.assetsAtSamePrice(assets, shares, newShares);
    }
}
