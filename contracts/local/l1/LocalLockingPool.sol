// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILockingPool} from "../../interfaces/metis/ILockingPool.sol";

import {LocalLockingInfo} from "./LocalLockingInfo.sol";
import {LocalOwnable} from "./LocalOwnable.sol";
import {LocalSequencer} from "./LocalSequencer.sol";

/// @title LocalLockingPool
/// @notice Local only. LockingPool as Sepolia runs it: the sequencers' positions, their rewards and exits.
/// @dev Keeps: every rule, name, revert string and misspelling of the real one, and the cost of reading a position.
/// Leaves out: nothing that we call. {LocalLockingPoolMainnet} is the older variant.
contract LocalLockingPool is ILockingPool, LocalOwnable {
    struct BatchState {
        uint256 id;
        uint256 number;
        uint256 startEpoch;
        uint256 endEpoch;
    }

    address public escrow;
    uint256 public exitDelayPeriod;
    uint256 public rewardPerBlock;
    address public mpcAddress;
    BatchState public curBatchState;
    uint256 public signerUpdateThrottle;
    uint256 public totalSequencers;
    mapping(address owner => bool yes) public whitelist;
    mapping(uint256 seqId => LocalSequencer) public sequencers;
    mapping(address owner => uint256 seqId) public seqOwners;
    mapping(address signer => uint256 seqId) public seqSigners;
    mapping(Status status => uint256 count) public seqStatuses;

    event DistributeReward(uint256 indexed batchId, uint256 startEpoch, uint256 endEpoch, uint256 amount, uint256 rpb);
    event RewardUpdate(uint256 newReward, uint256 oldReward);
    event SequencerOwnerChanged(uint256 _seqId, address _owner);
    event SequencerRewardRecipientChanged(uint256 _seqId, address _recipient);
    event SetSignerUpdateThrottle(uint256 _n);
    event SetWhitelist(address _user, bool _yes);
    event UpdateMpc(address _newMpc);
    event WithrawDelayTimeChange(uint256 _cur, uint256 _prev);

    error NoRewardRecipient();
    error NoSuchSeq();
    error NotSeqOwner();
    error NotSeqSigner();
    error NotWhitelisted();
    error NullAddress();
    error OwnedSequencer();
    error SeqNotActive();
    error SignerExisted();

    modifier whitelistRequired() {
        if (!whitelist[msg.sender]) revert NotWhitelisted();
        _;
    }

    function initialize(address escrow_) external initializer {
        escrow = escrow_;
        exitDelayPeriod = 21 days;
        rewardPerBlock = 761_000 gwei;
        curBatchState = BatchState({id: 1, number: block.number, startEpoch: 0, endEpoch: 0});
        signerUpdateThrottle = 1;
    }

    function updateMpc(address newMpc) external onlyOwner {
        mpcAddress = newMpc;
        emit UpdateMpc(newMpc);
    }

    function setPause(bool yes) external onlyOwner {
        _setPaused(yes);
    }

    function updateWithdrawDelayTimeValue(uint256 time) external onlyOwner {
        require(time > 0, "dalayTime==0");
        emit WithrawDelayTimeChange(time, exitDelayPeriod);
        exitDelayPeriod = time;
    }

    function updateBlockReward(uint256 newReward) external onlyOwner {
        require(newReward != 0, "invalid newReward");
        emit RewardUpdate(newReward, rewardPerBlock);
        rewardPerBlock = newReward;
    }

    function setSignerUpdateThrottle(uint256 n) external onlyOwner {
        signerUpdateThrottle = n;
        emit SetSignerUpdateThrottle(n);
    }

    function setWhitelist(address user, bool yes) external onlyOwner {
        whitelist[user] = yes;
        emit SetWhitelist(user, yes);
    }

    function lockFor(address signer, uint256 amount, bytes calldata pubkey) external whenNotPaused whitelistRequired {
        _lock(signer, address(0), amount, pubkey);
    }

    /// @inheritdoc ILockingPool
    function lockWithRewardRecipient(
        address signer,
        address rewardRecipient,
        uint256 amount,
        bytes calldata pubkey
    ) external whenNotPaused whitelistRequired {
        _lock(signer, rewardRecipient, amount, pubkey);
    }

    /// @inheritdoc ILockingPool
    function relock(uint256 seqId, uint256 amount, bool lockReward) external whenNotPaused whitelistRequired {
        LocalSequencer storage seq = _activeOf(seqId, msg.sender);
        uint256 fromReward = lockReward ? seq.reward : 0;
        if (lockReward) seq.reward = 0;
        seq.nonce++;
        seq.amount += amount + fromReward;
        LocalLockingInfo(escrow).increaseLocked(seqId, seq.nonce, msg.sender, seq.amount, amount, fromReward);
    }

    /// @inheritdoc ILockingPool
    function withdraw(uint256 seqId, uint256 amount) external whenNotPaused whitelistRequired {
        LocalSequencer storage seq = _activeOf(seqId, msg.sender);
        require(curBatchState.id > seq.updatedBatch, "withdraw throttle");
        seq.amount -= amount;
        seq.nonce++;
        seq.updatedBatch = curBatchState.id;
        LocalLockingInfo(escrow).withdrawLocking(seqId, msg.sender, seq.nonce, amount, seq.amount);
    }

    /// @inheritdoc ILockingPool
    function withdrawRewards(uint256 seqId, uint32 l2Gas) external payable whenNotPaused whitelistRequired {
        LocalSequencer storage seq = _activeOf(seqId, msg.sender);
        if (seq.rewardRecipient == address(0)) revert NoRewardRecipient();
        uint256 reward = seq.reward;
        // With no reward the call ends here and the ETH stays in this contract, as it does on the real one.
        if (reward == 0) return;
        seq.reward = 0;
        LocalLockingInfo(escrow).liquidateReward{value: msg.value}(seqId, reward, seq.rewardRecipient, l2Gas);
    }

    /// @inheritdoc ILockingPool
    function unlock(uint256 seqId, uint32 l2Gas) external payable whenNotPaused whitelistRequired {
        _activeOf(seqId, msg.sender);
        _checkVoluntaryExit();
        _unlock(seqId, l2Gas);
    }

    /// @notice Starts the exit of any position, even while paused. Only the owner of the pool.
    function forceUnlock(uint256 seqId, uint32 l2Gas) external payable onlyOwner {
        if (sequencers[seqId].status != Status.Active) revert SeqNotActive();
        _unlock(seqId, l2Gas);
    }

    /// @inheritdoc ILockingPool
    function unlockClaim(uint256 seqId, uint32 l2Gas) external payable whenNotPaused whitelistRequired {
        LocalSequencer storage seq = sequencers[seqId];
        if (seq.owner != msg.sender) revert NotSeqOwner();
        if (seq.rewardRecipient == address(0)) revert NoRewardRecipient();
        require(seq.status == Status.Inactive && seq.unlockClaimTime <= block.timestamp, "Not allowed to cliam");

        uint256 amount = seq.amount;
        uint256 reward = seq.reward;
        seq.amount = 0;
        seq.reward = 0;
        seq.nonce++;
        _move(seq, Status.Inactive, Status.Unlocked);
        delete seqOwners[msg.sender];
        _burnSigner(seq.signer);
        LocalLockingInfo(escrow).finalizeUnlock{value: msg.value}(
            msg.sender,
            seqId,
            amount,
            reward,
            seq.rewardRecipient,
            l2Gas
        );
    }

    /// @inheritdoc ILockingPool
    function setSequencerRewardRecipient(uint256 seqId, address recipient) external whitelistRequired {
        LocalSequencer storage seq = sequencers[seqId];
        if (seq.owner != msg.sender) revert NotSeqOwner();
        if (seq.status != Status.Active) revert SeqNotActive();
        if (recipient == address(0)) revert NullAddress();
        seq.rewardRecipient = recipient;
        emit SequencerRewardRecipientChanged(seqId, recipient);
    }

    /// @inheritdoc ILockingPool
    function setSequencerOwner(uint256 seqId, address newOwner) external whitelistRequired {
        if (newOwner == address(0)) revert NullAddress();
        LocalSequencer storage seq = _activeOf(seqId, msg.sender);
        _checkNewOwner(newOwner);
        seq.owner = newOwner;
        delete seqOwners[msg.sender];
        seqOwners[newOwner] = seqId;
        emit SequencerOwnerChanged(seqId, newOwner);
    }

    /// @notice Changes the signer's key. Only the signer itself, who need not be whitelisted.
    function updateSigner(uint256 seqId, bytes calldata pubkey) external whenNotPaused {
        LocalSequencer storage seq = sequencers[seqId];
        if (seq.status != Status.Active) revert SeqNotActive();
        if (seq.signer != msg.sender) revert NotSeqSigner();
        require(curBatchState.id >= seq.updatedBatch + signerUpdateThrottle, "signer updating throttle");
        address newSigner = _signerOf(pubkey);
        if (seqSigners[newSigner] != 0) revert SignerExisted();

        seq.pubkey = pubkey;
        seq.signer = newSigner;
        seqSigners[newSigner] = seqId;
        _burnSigner(msg.sender);
        seq.updatedBatch = curBatchState.id;
        seq.nonce++;
        LocalLockingInfo(escrow).logSignerChange(seqId, msg.sender, newSigner, seq.nonce, pubkey);
    }

    /// @notice Credits a batch of rewards, to active and inactive positions alike, and opens the next batch. Only the mpc, even while paused.
    function batchSubmitRewards(
        uint256 batchId,
        uint256 startEpoch,
        uint256 endEpoch,
        address[] calldata seqs,
        uint256[] calldata blocks
    ) external {
        require(msg.sender == mpcAddress, "not MPC");
        require(seqs.length == blocks.length && seqs.length > 0, "mismatch length");
        BatchState storage batch = curBatchState;
        require(batch.id + 1 == batchId, "invalid batch id");
        require(batch.endEpoch + 1 == startEpoch, "invalid startEpoch");
        require(startEpoch < endEpoch, "invalid endEpoch");

        uint256 rpb = rewardPerBlock;
        uint256 totalReward = 0;
        for (uint256 i = 0; i < seqs.length; i++) {
            LocalSequencer storage seq = sequencers[seqSigners[seqs[i]]];
            if (seq.status == Status.Unavailabe) revert NoSuchSeq();
            seq.reward += blocks[i] * rpb;
            totalReward += blocks[i] * rpb;
        }
        curBatchState = BatchState({id: batchId, number: block.number, startEpoch: startEpoch, endEpoch: endEpoch});
        LocalLockingInfo(escrow).distributeReward(batchId, totalReward);
        emit DistributeReward(batchId, startEpoch, endEpoch, totalReward, rpb);
    }

    function currentBatch() external view returns (uint256) {
        return curBatchState.id;
    }

    function paused() external view returns (bool) {
        return _paused;
    }

    function WITHDRAWAL_DELAY() external view returns (uint256) {
        return exitDelayPeriod;
    }

    function BLOCK_REWARD() external view returns (uint256) {
        return rewardPerBlock;
    }

    /// @dev Nothing on Sepolia: any owner may exit at any time.
    function _checkVoluntaryExit() internal view virtual {}

    /// @dev Sepolia refuses an owner who has a position.
    function _checkNewOwner(address newOwner) internal view virtual {
        if (seqOwners[newOwner] != 0) revert OwnedSequencer();
    }

    function _lock(address signer, address rewardRecipient, uint256 amount, bytes calldata pubkey) private {
        require(_signerOf(pubkey) == signer, "pubkey and address mismatch");
        if (seqOwners[msg.sender] != 0) revert OwnedSequencer();
        if (seqSigners[signer] != 0) revert SignerExisted();

        uint256 seqId = ++totalSequencers;
        uint256 batchId = curBatchState.id;
        seqOwners[msg.sender] = seqId;
        seqSigners[signer] = seqId;
        seqStatuses[Status.Active]++;
        LocalSequencer storage seq = sequencers[seqId];
        seq.amount = amount;
        seq.activationBatch = batchId;
        seq.updatedBatch = batchId;
        seq.nonce = 1;
        seq.owner = msg.sender;
        seq.signer = signer;
        seq.pubkey = pubkey;
        seq.rewardRecipient = rewardRecipient;
        seq.status = Status.Active;
        LocalLockingInfo(escrow).newSequencer(seqId, msg.sender, signer, amount, batchId, pubkey);
        emit SequencerOwnerChanged(seqId, msg.sender);
        emit SequencerRewardRecipientChanged(seqId, rewardRecipient);
    }

    function _unlock(uint256 seqId, uint32 l2Gas) private {
        LocalSequencer storage seq = sequencers[seqId];
        if (seq.rewardRecipient == address(0)) revert NoRewardRecipient();
        _move(seq, Status.Active, Status.Inactive);
        seq.deactivationBatch = curBatchState.id;
        seq.deactivationTime = block.timestamp;
        seq.unlockClaimTime = block.timestamp + exitDelayPeriod;
        seq.nonce++;
        uint256 reward = seq.reward;
        seq.reward = 0;
        LocalLockingInfo(escrow).initializeUnlock{value: msg.value}(seqId, reward, l2Gas, seq);
    }

    function _move(LocalSequencer storage seq, Status from, Status to) private {
        seqStatuses[from]--;
        seqStatuses[to]++;
        seq.status = to;
    }

    function _burnSigner(address signer) private {
        seqSigners[signer] = type(uint256).max;
    }

    function _activeOf(uint256 seqId, address caller) private view returns (LocalSequencer storage seq) {
        seq = sequencers[seqId];
        if (seq.status != Status.Active) revert SeqNotActive();
        if (seq.owner != caller) revert NotSeqOwner();
    }

    function _signerOf(bytes calldata pubkey) private pure returns (address signer) {
        require(pubkey.length == 64, "invalid pubkey");
        signer = address(uint160(uint256(keccak256(pubkey))));
        require(signer != address(0), "empty address");
    }
}
