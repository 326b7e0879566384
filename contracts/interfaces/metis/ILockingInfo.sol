// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title ILockingInfo
/// @notice What we read of Metis's LockingInfo on Ethereum, the escrow of LockingPool.
/// @dev Source: MetisProtocol/metis-sequencer-contract at bf427d0. The allowance for a lock is given to this contract.
interface ILockingInfo {
    /// @notice The least that a position may hold, in wei of METIS. Metis can change it at any time.
    function minLock() external view returns (uint256);

    /// @notice The most that a lock or relock may bring a position to, in wei of METIS. Metis can change it at any time.
    function maxLock() external view returns (uint256);

    /// @notice The principal of all positions, in wei of METIS. Falls at `withdraw` and `unlockClaim`, not at `unlock`.
    function totalLocked() external view returns (uint256);

    /// @notice The rewards ever bridged to Metis, in wei of METIS.
    function totalRewardsLiquidated() external view returns (uint256);

    /// @notice METIS on Ethereum.
    function l1Token() external view returns (address);

    /// @notice METIS on Metis.
    function l2Token() external view returns (address);

    /// @notice The chain id of Metis that rewards are bridged to.
    function l2ChainId() external view returns (uint256);

    /// @notice L1StandardBridge, over which rewards go.
    function bridge() external view returns (address);

    /// @notice LockingPool, the only caller of what changes the escrow.
    function manager() external view returns (address);
}
