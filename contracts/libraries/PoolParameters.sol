// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IStakingPool} from "../interfaces/IStakingPool.sol";

/// @title PoolParameters
/// @notice The bounds of what governance can move in StakingPool, and which way is tighter.
library PoolParameters {
    uint256 private constant BPS = 10_000;

    /// @notice Reverts with the first parameter that is outside its bounds.
    function requireWithinBounds(IStakingPool.Parameters calldata next) internal pure {
        _requireWithin("protocolFeeBps", next.protocolFeeBps, 0, 2_000);
        _requireWithin("maxRewardRateBps", next.maxRewardRateBps, 0, BPS);
        _requireWithin("lossThresholdBps", next.lossThresholdBps, 0, BPS);
        _requireWithin("reserveBps", next.reserveBps, 0, 3_000);
        _requireWithin("maxInstantFeeBps", next.maxInstantFeeBps, 0, 500);
        _requireWithin("minInstantFeeBps", next.minInstantFeeBps, 0, next.maxInstantFeeBps);
        _requireWithin("streamPeriod", next.streamPeriod, 1 days, 30 days);
        // Never 0: a deposit that was made on Ethereum must be minted some day.
        _requireWithin("l1DepositLimit", next.l1DepositLimit, 1_000 ether, type(uint96).max);
    }

    /// @notice Reverts with the first parameter that `next` loosens: fees and recognised rewards may fall, the reserve and the
    /// stream's period grow, the loss that stops exits and the limit of deposits from Ethereum fall.
    function requireTighter(
        IStakingPool.Parameters memory current,
        IStakingPool.Parameters calldata next
    ) internal pure {
        _requireAtMost("protocolFeeBps", current.protocolFeeBps, next.protocolFeeBps);
        _requireAtMost("maxRewardRateBps", current.maxRewardRateBps, next.maxRewardRateBps);
        _requireAtMost("lossThresholdBps", current.lossThresholdBps, next.lossThresholdBps);
        _requireAtMost("minInstantFeeBps", current.minInstantFeeBps, next.minInstantFeeBps);
        _requireAtMost("maxInstantFeeBps", current.maxInstantFeeBps, next.maxInstantFeeBps);
        _requireAtMost("l1DepositLimit", current.l1DepositLimit, next.l1DepositLimit);
        _requireAtLeast("reserveBps", current.reserveBps, next.reserveBps);
        _requireAtLeast("streamPeriod", current.streamPeriod, next.streamPeriod);
    }

    function _requireWithin(bytes32 name, uint256 value, uint256 minimum, uint256 maximum) private pure {
        require(
            value >= minimum && value <= maximum,
            IStakingPool.StakingPool__OutOfBounds(name, value, minimum, maximum)
        );
    }

    function _requireAtMost(bytes32 name, uint256 current, uint256 value) private pure {
        require(value <= current, IStakingPool.StakingPool__NotTighter(name, current, value));
    }

    function _requireAtLeast(bytes32 name, uint256 current, uint256 value) private pure {
        require(value >= current, IStakingPool.StakingPool__NotTighter(name, current, value));
    }
}
