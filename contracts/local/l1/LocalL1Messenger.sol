// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {LocalCrossDomain} from "../LocalCrossDomain.sol";

import {LocalAddressManager} from "./LocalAddressManager.sol";
import {LocalDiscountOracle} from "./LocalDiscountOracle.sol";
import {LocalOwnable} from "./LocalOwnable.sol";
import {LocalTransactionChain} from "./LocalTransactionChain.sol";

/// @title LocalL1Messenger
/// @notice Local only. L1CrossDomainMessenger: messages from Ethereum to Metis and back.
/// @dev Keeps: the whitelist and fee of senders, the queue, replay by anyone, relay by anyone after the challenge window, one success a message,
/// retry of a failed one, the sender seen by the target, pause and block list.
/// Leaves out: the proofs. A message from Metis is taken as proved from the moment the owner commits its hash, see {commit}.
contract LocalL1Messenger is LocalOwnable {
    struct ChainBatchHeader {
        uint256 batchIndex;
        bytes32 batchRoot;
        uint256 batchSize;
        uint256 prevTotalElements;
        bytes extraData;
    }

    struct ChainInclusionProof {
        uint256 index;
        bytes32[] siblings;
    }

    struct L2MessageInclusionProof {
        bytes32 stateRoot;
        ChainBatchHeader stateRootBatchHeader;
        ChainInclusionProof stateRootProof;
        bytes stateTrieWitness;
        bytes storageTrieWitness;
    }

    uint256 internal constant DEFAULT_CHAINID = 1088;

    LocalAddressManager public libAddressManager;
    mapping(bytes32 messageHash => bool) public blockedMessages;
    mapping(bytes32 relayId => bool) public relayedMessages;
    mapping(bytes32 messageHash => bool) public successfulMessages;
    address private _xDomainMsgSender;
    bool private _entered;

    /// @notice Local. Seconds from the commitment of a message to its relay.
    uint256 public challengeWindow;
    /// @notice Local. When a message from a chain was committed, Unix seconds, 0 for never.
    mapping(uint256 chainId => mapping(bytes32 messageHash => uint256)) public committedAt;

    event SentMessage(
        address indexed target,
        address sender,
        bytes message,
        uint256 messageNonce,
        uint256 gasLimit,
        uint256 chainId
    );
    event RelayedMessage(bytes32 indexed msgHash);
    event FailedRelayedMessage(bytes32 indexed msgHash);
    event MessageBlocked(bytes32 indexed _xDomainCalldataHash);
    event MessageAllowed(bytes32 indexed _xDomainCalldataHash);

    modifier nonReentrant() {
        require(!_entered, "ReentrancyGuard: reentrant call");
        _entered = true;
        _;
        _entered = false;
    }

    function initialize(address addressManager) external initializer {
        libAddressManager = LocalAddressManager(addressManager);
        _xDomainMsgSender = LocalCrossDomain.NO_SENDER;
        challengeWindow = 7 days;
    }

    /// @notice Local. Stands for the state batch that contains these messages of chain `chainId`. Only the owner.
    function commit(uint256 chainId, bytes32[] calldata messageHashes) external onlyOwner {
        for (uint256 i = 0; i < messageHashes.length; i++) committedAt[chainId][messageHashes[i]] = block.timestamp;
    }

    /// @notice Local. Stands for the deletion of the state batch by the fraud verifier: the messages wait for a new one. Only the owner.
    function uncommit(uint256 chainId, bytes32[] calldata messageHashes) external onlyOwner {
        for (uint256 i = 0; i < messageHashes.length; i++) delete committedAt[chainId][messageHashes[i]];
    }

    /// @notice Local. Only the owner.
    function setChallengeWindow(uint256 window) external onlyOwner {
        challengeWindow = window;
    }

    function pause() external onlyOwner {
        _setPaused(true);
    }

    function unpause() external onlyOwner {
        _setPaused(false);
    }

    function blockMessage(bytes32 messageHash) external onlyOwner {
        blockedMessages[messageHash] = true;
        emit MessageBlocked(messageHash);
    }

    function allowMessage(bytes32 messageHash) external onlyOwner {
        blockedMessages[messageHash] = false;
        emit MessageAllowed(messageHash);
    }

    function sendMessage(address target, bytes memory message, uint32 gasLimit) external payable {
        sendMessageViaChainId(DEFAULT_CHAINID, target, message, gasLimit);
    }

    function replayMessage(
        address target,
        address sender,
        bytes memory message,
        uint256 queueIndex,
        uint32 oldGasLimit,
        uint32 newGasLimit
    ) external {
        replayMessageViaChainId(DEFAULT_CHAINID, target, sender, message, queueIndex, oldGasLimit, newGasLimit);
    }

    function relayMessage(
        address target,
        address sender,
        bytes memory message,
        uint256 messageNonce,
        L2MessageInclusionProof memory proof
    ) external whenNotPaused {
        relayMessageViaChainId(DEFAULT_CHAINID, target, sender, message, messageNonce, proof);
    }

    function paused() external view returns (bool) {
        return _paused;
    }

    function xDomainMessageSender() external view returns (address) {
        require(_xDomainMsgSender != LocalCrossDomain.NO_SENDER, "xDomainMessageSender is not set");
        return _xDomainMsgSender;
    }

    /// @notice Queues a message for chain `chainId`. Only senders on the oracle's whitelist; `msg.value` is the fee.
    function sendMessageViaChainId(
        uint256 chainId,
        address target,
        bytes memory message,
        uint32 gasLimit
    ) public payable {
        LocalDiscountOracle oracle = LocalDiscountOracle(resolve("MVM_DiscountOracle"));
        oracle.processL2SeqGas{value: msg.value}(msg.sender, chainId);

        LocalTransactionChain queue = LocalTransactionChain(resolve("CanonicalTransactionChain"));
        uint40 nonce = queue.getQueueLengthByChainId(chainId);
        bytes memory data = LocalCrossDomain.encode(target, msg.sender, message, nonce);
        queue.enqueueByChainId(chainId, LocalCrossDomain.L2_MESSENGER, gasLimit, data);
        emit SentMessage(target, msg.sender, message, nonce, gasLimit, chainId);
    }

    /// @notice Queues a message a second time, with other gas. Anyone may call, free of charge; no `SentMessage` is emitted.
    function replayMessageViaChainId(
        uint256 chainId,
        address target,
        address sender,
        bytes memory message,
        uint256 queueIndex,
        uint32 oldGasLimit,
        uint32 newGasLimit
    ) public {
        LocalTransactionChain queue = LocalTransactionChain(resolve("CanonicalTransactionChain"));
        bytes memory data = LocalCrossDomain.encode(target, sender, message, queueIndex);
        bytes32 transactionHash = keccak256(
            abi.encode(LocalCrossDomain.toAlias(address(this)), LocalCrossDomain.L2_MESSENGER, oldGasLimit, data)
        );
        require(
            transactionHash == queue.getQueueElementByChainId(chainId, queueIndex).transactionHash,
            "Provided message has not been enqueued."
        );
        queue.enqueueByChainId(chainId, LocalCrossDomain.L2_MESSENGER, newGasLimit, data);
    }

    /// @notice Executes a message from Metis, once its challenge window is over. Anyone may call; a failed one can be tried again.
    function relayMessageViaChainId(
        uint256 chainId,
        address target,
        address sender,
        bytes memory message,
        uint256 messageNonce,
        L2MessageInclusionProof memory
    ) public nonReentrant whenNotPaused {
        bytes memory data = LocalCrossDomain.encode(target, sender, message, messageNonce);
        bytes32 messageHash = keccak256(data);
        uint256 since = committedAt[chainId][messageHash];
        require(since != 0 && since + challengeWindow <= block.timestamp, "Provided message could not be verified.");
        require(!successfulMessages[messageHash], "Provided message has already been received.");
        require(!blockedMessages[messageHash], "Provided message has been blocked.");
        require(target != resolve("CanonicalTransactionChain"), "Cannot send L2->L1 messages to L1 system contracts.");

        _xDomainMsgSender = sender;
        (bool success, ) = target.call(message);
        _xDomainMsgSender = LocalCrossDomain.NO_SENDER;

        if (success) {
            successfulMessages[messageHash] = true;
            emit RelayedMessage(messageHash);
        } else {
            emit FailedRelayedMessage(messageHash);
        }
        relayedMessages[keccak256(abi.encodePacked(data, msg.sender, block.number))] = true;
    }

    function resolve(string memory name) public view returns (address) {
        return libAddressManager.getAddress(name);
    }
}
