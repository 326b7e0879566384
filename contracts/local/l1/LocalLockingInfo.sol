// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IL1StandardBridge} from "../../interfaces/metis/IL1StandardBridge.sol";
import {ILockingInfo} from "../../interfaces/metis/ILockingInfo.sol";

import {LocalOwnable} from "./LocalOwnable.sol";
import {LocalSequencer} from "./LocalSequencer.sol";

/// @title LocalLockingInfo
/// @notice Local only. LockingInfo: the escrow of LockingPool. Holds the METIS, knows the bounds, bridges the rewards, emits the events.
/// @dev Keeps: every rule of the real one. ETH that comes with a reward of 0 stays here for ever. Leaves out: nothing that we call.
contract LocalLockingInfo is ILockingInfo, LocalOwnable {
    using SafeERC20 for IERC20;

    address public bridge;
    address public l1Token;
    address public l2Token;
    uint256 public l2ChainId;
    uint256 public minLock;
    uint256 public maxLock;
    uint256 public totalLocked;
    uint256 public totalRewardsLiquidated;
    address public manager;
    address public rewardPayer;

    event BatchSubmitReward(uint256 _newBatchId);
    event ClaimRewards(
        uint256 indexed sequencerId,
        address recipient,
        uint256 indexed amount,
        uint256 indexed totalAmount
    );
    event LockUpdate(uint256 indexed sequencerId, uint256 indexed nonce, uint256 indexed newAmount);
    event Locked(
        address indexed signer,
        uint256 indexed sequencerId,
        uint256 nonce,
        uint256 indexed activationBatch,
        uint256 amount,
        uint256 total,
        bytes signerPubkey
    );
    event Relocked(uint256 indexed sequencerId, uint256 amount, uint256 total);
    event SetMaxLock(uint256 _newMaxLock);
    event SetMinLock(uint256 _newMinLock);
    event SetRewardPayer(address _payer);
    event SignerChange(
        uint256 indexed sequencerId,
        uint256 nonce,
        address indexed oldSigner,
        address indexed newSigner,
        bytes signerPubkey
    );
    /// @dev `user` is the signer and `amount` the reward, as Metis has it.
    event UnlockInit(
        address indexed user,
        uint256 indexed sequencerId,
        uint256 nonce,
        uint256 deactivationBatch,
        uint256 deactivationTime,
        uint256 unlockClaimTime,
        uint256 indexed amount
    );
    event Unlocked(address indexed user, uint256 indexed sequencerId, uint256 amount, uint256 total);
    event Withdraw(uint256 indexed sequencerId, uint256 amount);

    modifier onlyManager() {
        require(msg.sender == manager, "Not manager");
        _;
    }

    function initialize(address bridge_, address l1Token_, address l2Token_, uint256 l2ChainId_) external initializer {
        bridge = bridge_;
        l1Token = l1Token_;
        l2Token = l2Token_;
        l2ChainId = l2ChainId_;
        minLock = 20_000 ether;
        maxLock = 100_000 ether;
    }

    function initManager(address manager_) external onlyOwner {
        require(manager == address(0), "manager has been initialized");
        manager = manager_;
    }

    function setMinLock(uint256 newMinLock) external onlyOwner {
        require(newMinLock > 0, "_minLock=0");
        minLock = newMinLock;
        emit SetMinLock(newMinLock);
    }

    function setMaxLock(uint256 newMaxLock) external onlyOwner {
        require(newMaxLock >= minLock, "maxLock<minLock");
        maxLock = newMaxLock;
        emit SetMaxLock(newMaxLock);
    }

    function setRewardPayer(address payer) external onlyOwner {
        rewardPayer = payer;
        emit SetRewardPayer(payer);
    }

    function newSequencer(
        uint256 id,
        address sequencerOwner,
        address signer,
        uint256 amount,
        uint256 batchId,
        bytes calldata signerPubkey
    ) external onlyManager {
        require(amount >= minLock && amount <= maxLock, "invalid amount");
        totalLocked += amount;
        IERC20(l1Token).safeTransferFrom(sequencerOwner, address(this), amount);
        emit Locked(signer, id, 1, batchId, amount, totalLocked, signerPubkey);
    }

    function increaseLocked(
        uint256 seqId,
        uint256 nonce,
        address sequencerOwner,
        uint256 locked,
        uint256 incoming,
        uint256 fromReward
    ) external onlyManager {
        require(locked <= maxLock, "locked>maxLock");
        uint256 increased = incoming + fromReward;
        require(increased > 0, "No new locked added");
        IERC20(l1Token).safeTransferFrom(sequencerOwner, address(this), incoming);
        totalLocked += increased;
        emit Relocked(seqId, increased, totalLocked);
        emit LockUpdate(seqId, nonce, locked);
    }

    function withdrawLocking(
        uint256 seqId,
        address sequencerOwner,
        uint256 nonce,
        uint256 amount,
        uint256 locked
    ) external onlyManager {
        require(amount > 0 && locked >= minLock, "invalid amount");
        totalLocked -= amount;
        IERC20(l1Token).safeTransfer(sequencerOwner, amount);
        emit Withdraw(seqId, amount);
        emit LockUpdate(seqId, nonce, locked);
    }

    function initializeUnlock(
        uint256 seqId,
        uint256 reward,
        uint32 l2gas,
        LocalSequencer calldata seq
    ) external payable onlyManager {
        _liquidateReward(seqId, reward, seq.rewardRecipient, l2gas);
        emit UnlockInit(
            seq.signer,
            seqId,
            seq.nonce,
            seq.deactivationBatch,
            seq.deactivationTime,
            seq.unlockClaimTime,
            reward
        );
    }

    function finalizeUnlock(
        address operator,
        uint256 seqId,
        uint256 amount,
        uint256 reward,
        address recipient,
        uint32 l2gas
    ) external payable onlyManager {
        totalLocked -= amount;
        IERC20(l1Token).safeTransfer(operator, amount);
        if (reward > 0) _liquidateReward(seqId, reward, recipient, l2gas);
        emit Unlocked(operator, seqId, amount, totalLocked);
    }

    function liquidateReward(
        uint256 seqId,
        uint256 amount,
        address recipient,
        uint32 l2gas
    ) external payable onlyManager {
        _liquidateReward(seqId, amount, recipient, l2gas);
    }

    function distributeReward(uint256 batchId, uint256 totalReward) external onlyManager {
        IERC20(l1Token).safeTransferFrom(rewardPayer, address(this), totalReward);
        emit BatchSubmitReward(batchId);
    }

    function logSignerChange(
        uint256 sequencerId,
        address oldSigner,
        address newSigner,
        uint256 nonce,
        bytes calldata signerPubkey
    ) external onlyManager {
        emit SignerChange(sequencerId, nonce, oldSigner, newSigner, signerPubkey);
    }

    /// @dev With a reward of 0 nothing is bridged, `msg.value` stays, and the event is emitted all the same.
    function _liquidateReward(uint256 seqId, uint256 amount, address recipient, uint32 l2gas) private {
        if (amount > 0) {
            IERC20(l1Token).safeIncreaseAllowance(bridge, amount);
            IL1StandardBridge(bridge).depositERC20ToByChainId{value: msg.value}(
                l2ChainId,
                l1Token,
                l2Token,
                recipient,
                amount,
                l2gas,
                ""
            );
        }
        totalRewardsLiquidated += amount;
        emit ClaimRewards(seqId, recipient, amount, totalRewardsLiquidated);
    }
}
