// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ISequencerVault} from "../interfaces/ISequencerVault.sol";
import {ILockingPool} from "../interfaces/metis/ILockingPool.sol";

/// @title SequencerVault
/// @dev Behind a beacon. It has no storage, so there is nothing to initialise.
contract SequencerVault is ISequencerVault {
    using SafeERC20 for IERC20;

    /// @notice METIS on Ethereum.
    IERC20 public immutable METIS;
    /// @notice Metis's LockingPool.
    ILockingPool public immutable LOCKING_POOL;
    /// @notice The only caller, and the only receiver of METIS.
    address public immutable LOCK_MANAGER;

    modifier onlyLockManager() {
        require(msg.sender == LOCK_MANAGER, SequencerVault__OnlyLockManager(msg.sender));
        _;
    }

    constructor(IERC20 metis, ILockingPool lockingPool, address lockManager) {
        METIS = metis;
        LOCKING_POOL = lockingPool;
        LOCK_MANAGER = lockManager;
    }

    /// @inheritdoc ISequencerVault
    function lock(
        bytes32 pubkeyX,
        bytes32 pubkeyY,
        address rewardRecipient,
        uint256 assets
    ) external onlyLockManager returns (uint256 sequencerId) {
        // Metis would take it, and then refuse to pay rewards and to unlock.
        require(rewardRecipient != address(0), SequencerVault__ZeroAddress());
        bytes memory pubkey = bytes.concat(pubkeyX, pubkeyY);
        address signer = address(uint160(uint256(keccak256(pubkey))));
        _pull(assets);
        LOCKING_POOL.lockWithRewardRecipient(signer, rewardRecipient, assets, pubkey);
        sequencerId = LOCKING_POOL.seqSigners(signer);
        require(sequencerId != 0 && sequencerId <= type(uint32).max, SequencerVault__NoPosition(sequencerId));
    }

    /// @inheritdoc ISequencerVault
    function relock(uint256 sequencerId, uint256 assets) external onlyLockManager {
        _pull(assets);
        LOCKING_POOL.relock(sequencerId, assets, false);
    }

    /// @inheritdoc ISequencerVault
    function compound(uint256 sequencerId) external onlyLockManager {
        LOCKING_POOL.relock(sequencerId, 0, true);
    }

    /// @inheritdoc ISequencerVault
    function withdraw(uint256 sequencerId, uint256 assets) external onlyLockManager {
        LOCKING_POOL.withdraw(sequencerId, assets);
        METIS.safeTransfer(LOCK_MANAGER, assets);
    }

    /// @inheritdoc ISequencerVault
    function withdrawRewards(uint256 sequencerId, uint32 l2Gas) external payable onlyLockManager {
        LOCKING_POOL.withdrawRewards{value: msg.value}(sequencerId, l2Gas);
    }

    /// @inheritdoc ISequencerVault
    function unlock(uint256 sequencerId, uint32 l2Gas) external payable onlyLockManager {
        LOCKING_POOL.unlock{value: msg.value}(sequencerId, l2Gas);
    }

    /// @inheritdoc ISequencerVault
    function unlockClaim(uint256 sequencerId, uint32 l2Gas) external payable onlyLockManager returns (uint256 assets) {
        uint256 before = METIS.balanceOf(address(this));
        LOCKING_POOL.unlockClaim{value: msg.value}(sequencerId, l2Gas);
        assets = METIS.balanceOf(address(this)) - before;
        METIS.safeTransfer(LOCK_MANAGER, assets);
    }

    /// @inheritdoc ISequencerVault
    function setRewardRecipient(uint256 sequencerId, address rewardRecipient) external onlyLockManager {
        LOCKING_POOL.setSequencerRewardRecipient(sequencerId, rewardRecipient);
    }

    /// @inheritdoc ISequencerVault
    function sweep() external onlyLockManager returns (uint256 assets) {
        assets = METIS.balanceOf(address(this));
        METIS.safeTransfer(LOCK_MANAGER, assets);
    }

    /// @dev LockingPool's escrow takes the METIS, so the allowance is for it.
    function _pull(uint256 assets) private {
        METIS.safeTransferFrom(LOCK_MANAGER, address(this), assets);
        METIS.forceApprove(LOCKING_POOL.escrow(), assets);
    }
}
