// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

/// @title ISEMetis
/// @notice seMetis: staked eMetis. A strict synchronous ERC-4626 whose price grows with the sequencers' rewards, second
/// by second, and which takes losses before any holder of eMetis does.
/// @dev Only booked eMetis counts: what is transferred to the vault unasked joins the stream at the next reward, so no
/// donation moves the price. Rewards vest only while at least {MIN_VESTING_SHARES} exist, and while fewer exist what
/// rounding takes from a caller joins the stream too: that keeps the value of one wei of shares at a few wei for ever.
/// Rounding is against the caller everywhere. A vault with at least that many shares and no assets takes no deposits
/// until a reward vests.
interface ISEMetis is IERC4626 {
    /// @notice `reward` wei of eMetis (with `donated` wei found unbooked) joined the stream.
    /// @dev State after it: booked and vested `assets`, `unvested` wei that vest linearly from `vestedAt` to `endsAt`.
    event RewardAdded(
        uint256 reward,
        uint256 donated,
        uint256 assets,
        uint256 unvested,
        uint256 vestedAt,
        uint256 endsAt
    );

    /// @notice `fromUnvested` and `fromAssets` wei of eMetis were written off and burned. State after it as in
    /// {RewardAdded}.
    event LossAbsorbed(
        uint256 fromUnvested,
        uint256 fromAssets,
        uint256 assets,
        uint256 unvested,
        uint256 vestedAt,
        uint256 endsAt
    );

    /// @notice `burned` wei of what had not vested were burned to pay a bridge fee. State after it as in {RewardAdded}.
    event UnvestedBurned(uint256 burned, uint256 assets, uint256 unvested, uint256 vestedAt, uint256 endsAt);

    /// @notice A deposit or withdrawal brought the stream up to date; state after that flow as in {RewardAdded}.
    event StreamUpdated(uint256 assets, uint256 unvested, uint256 vestedAt, uint256 endsAt);

    /// @notice Deposits and withdrawals are refused until `closedUntil`, Unix seconds; 0 or the past means open.
    event ClosedUntilSet(uint256 closedUntil);

    /// @notice `caller` is not StakingPool.
    error SEMetis__OnlyStakingPool(address caller);

    /// @notice A deposit of `assets` wei would give no shares.
    error SEMetis__NoShares(uint256 assets);

    /// @notice The vault holds `balance` wei of eMetis where what is booked and the reward make `expected`.
    error SEMetis__RewardMissing(uint256 balance, uint256 expected);

    /// @notice Stakes for `receiver` `assets` wei of eMetis that StakingPool mints to this vault in this transaction.
    /// @dev Only StakingPool, for its `depositAndStake` and for deposits from Ethereum. Rounded down, like `deposit`.
    /// @return shares Wei of seMetis minted.
    function depositMinted(uint256 assets, address receiver) external returns (uint256 shares);

    /// @notice Adds `reward` wei of eMetis, just minted to this vault, to the stream; they vest over `duration`
    /// seconds, and what was still unvested moves to the average of both ends weighted by amounts.
    /// @dev Only StakingPool.
    function addReward(uint256 reward, uint256 duration) external;

    /// @notice Burns up to `loss` wei of eMetis: first what has not vested, then the stakers' assets.
    /// @dev Only StakingPool. `closedUntil` above 0 closes deposits and withdrawals until then.
    /// @return burned Wei of eMetis burned, at most `loss`.
    function absorbLoss(uint256 loss, uint256 closedUntil) external returns (uint256 burned);

    /// @notice Burns `assets` wei of what has not vested, all of it or nothing: it pays a bridge fee.
    /// @dev Only StakingPool.
    /// @return isBurned Whether that much had not vested.
    function burnUnvested(uint256 assets) external returns (bool isBurned);

    /// @notice Opens the vault again before `closedUntil`. Only StakingPool, when governance confirmed the loss.
    function reopen() external;

    /// @notice Booked and vested assets, what has not vested, since when, and the end of the stream, as stored.
    function stream() external view returns (uint256 assets, uint256 unvested, uint256 vestedAt, uint256 endsAt);

    /// @notice Wei of eMetis that have not vested at this second.
    function unvestedAssets() external view returns (uint256 assets);

    /// @notice Unix second until which deposits and withdrawals are refused; 0 or the past means open.
    function closedUntil() external view returns (uint256 timestamp);

    /// @notice Shares below which nothing vests: 1e18.
    function MIN_VESTING_SHARES() external view returns (uint256 shares);
}
