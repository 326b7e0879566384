// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title ISequencerVault
/// @notice Owner of one position in Metis's LockingPool. It knows no policy: it does what LockManager says, and nothing
/// else can call it. All METIS that reaches it can only go to LockManager or into its position.
/// @dev METIS to be locked is pulled from LockManager in the same call, so a refusal by LockingPool moves nothing. Functions
/// that bridge take exactly the fee, or nothing when there is no reward: LockingPool keeps what it is sent for nothing.
interface ISequencerVault {
    /// @notice `caller` is not LockManager.
    error SequencerVault__OnlyLockManager(address caller);

    /// @notice LockingPool gave no usable id for the position just opened, but `sequencerId`.
    error SequencerVault__NoPosition(uint256 sequencerId);

    /// @notice The address given is zero.
    error SequencerVault__ZeroAddress();

    /// @notice Opens a position for the sequencer behind the public key (`pubkeyX`, `pubkeyY`) with `assets` wei; rewards go to
    /// `rewardRecipient` on Metis.
    /// @return sequencerId The position's id in LockingPool, read by its signer.
    function lock(
        bytes32 pubkeyX,
        bytes32 pubkeyY,
        address rewardRecipient,
        uint256 assets
    ) external returns (uint256 sequencerId);

    /// @notice Adds `assets` wei to the position.
    function relock(uint256 sequencerId, uint256 assets) external;

    /// @notice Adds the position's reward to what is locked, without the bridge.
    function compound(uint256 sequencerId) external;

    /// @notice Takes `assets` wei out of the position and sends them to LockManager.
    function withdraw(uint256 sequencerId, uint256 assets) external;

    /// @notice Sends the position's reward to its recipient on Metis; takes the bridge's fee as value.
    function withdrawRewards(uint256 sequencerId, uint32 l2Gas) external payable;

    /// @notice Begins the exit; sends the reward so far to Metis. The bridge's fee as value, or none when there is no reward.
    function unlock(uint256 sequencerId, uint32 l2Gas) external payable;

    /// @notice Ends the exit: the principal goes to LockManager, a late reward to Metis. Value as for {unlock}.
    /// @return assets Wei of METIS sent to LockManager.
    function unlockClaim(uint256 sequencerId, uint32 l2Gas) external payable returns (uint256 assets);

    /// @notice Sends later rewards of the position to `rewardRecipient` on Metis.
    function setRewardRecipient(uint256 sequencerId, address rewardRecipient) external;

    /// @notice Sends all METIS held here to LockManager.
    /// @return assets Wei of METIS.
    function sweep() external returns (uint256 assets);
}
