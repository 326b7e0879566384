// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title ILockingPool
/// @notice What we call of Metis's LockingPool on Ethereum, which keeps the sequencers' positions.
/// @dev Source: MetisProtocol/metis-sequencer-contract at bf427d0. Mainnet runs an older implementation with the same functions.
/// Its own errors are not declared here: `NotWhitelisted`, `NotSeqOwner`, `SeqNotActive`, `NoRewardRecipient`, `OwnedSequencer`,
/// `SignerExisted`, `NoSuchSeq`, `NullAddress`, `NotSeqSigner`.
interface ILockingPool {
    /// @notice Where a position stands. The first name is misspelt by Metis.
    enum Status {
        Unavailabe,
        Inactive,
        Active,
        Unlocked
    }

    /// @notice Locks `amount` wei of METIS of the caller, who becomes the owner of a new position. Caller must be whitelisted.
    /// @dev The allowance goes to {escrow}. Returns nothing: the position is `seqSigners(signer)`, in the same transaction.
    /// @param signer The address of `pubkey`, never used before.
    /// @param rewardRecipient Who gets the rewards on Metis.
    /// @param amount Between the escrow's `minLock` and `maxLock`.
    /// @param pubkey 64 bytes: the uncompressed public key without its leading 0x04.
    function lockWithRewardRecipient(
        address signer,
        address rewardRecipient,
        uint256 amount,
        bytes calldata pubkey
    ) external;

    /// @notice Adds `amount` wei of the owner's METIS and, if asked, the whole unclaimed reward. Reverts above `maxLock`.
    function relock(uint256 seqId, uint256 amount, bool lockReward) external;

    /// @notice Pays `amount` wei of the principal to the owner, at once. Once a batch, and `minLock` has to stay.
    function withdraw(uint256 seqId, uint256 amount) external;

    /// @notice Bridges the unclaimed reward to the reward recipient on Metis.
    /// @dev `msg.value` is the bridge fee, and is lost when the reward is 0.
    function withdrawRewards(uint256 seqId, uint32 l2Gas) external payable;

    /// @notice Starts the exit and bridges the unclaimed reward. Irreversible.
    /// @dev `msg.value` is the bridge fee, and is lost when the reward is 0.
    function unlock(uint256 seqId, uint32 l2Gas) external payable;

    /// @notice Ends the exit: pays the principal to the owner on Ethereum and bridges what was rewarded since `unlock`.
    /// @dev `msg.value` is the bridge fee, and is lost when the reward is 0.
    function unlockClaim(uint256 seqId, uint32 l2Gas) external payable;

    /// @notice Names who gets the rewards on Metis. Only the owner of an active position. Works while paused.
    function setSequencerRewardRecipient(uint256 seqId, address recipient) external;

    /// @notice Gives the whole position away. Only the owner of an active position. Works while paused.
    function setSequencerOwner(uint256 seqId, address owner) external;

    /// @notice LockingInfo, which holds the METIS.
    function escrow() external view returns (address);

    /// @notice The batch being worked on. The first is 1.
    function currentBatch() external view returns (uint256);

    /// @notice Seconds from `unlock` to `unlockClaim`.
    function exitDelayPeriod() external view returns (uint256);

    /// @notice Whether all but changes of recipient, of owner, and forced exits are stopped.
    function paused() external view returns (bool);

    /// @notice Whether `owner` may own and work a position.
    function whitelist(address owner) external view returns (bool yes);

    /// @notice The position of `owner`, 0 for none.
    function seqOwners(address owner) external view returns (uint256 seqId);

    /// @notice The position of `signer`, 0 for none, `type(uint256).max` if the signer is used up.
    function seqSigners(address signer) external view returns (uint256 seqId);

    /// @notice How many positions are in `status`.
    function seqStatuses(Status status) external view returns (uint256 count);

    /// @notice One position. Amounts in wei of METIS, times in Unix seconds.
    function sequencers(
        uint256 seqId
    )
        external
        view
        returns (
            uint256 amount,
            uint256 reward,
            uint256 activationBatch,
            uint256 updatedBatch,
            uint256 deactivationBatch,
            uint256 deactivationTime,
            uint256 unlockClaimTime,
            uint256 nonce,
            address owner,
            address signer,
            bytes memory pubkey,
            address rewardRecipient,
            Status status
        );
}
