// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAddressManager} from "../../interfaces/metis/IAddressManager.sol";
import {LocalCrossDomain} from "../LocalCrossDomain.sol";

/// @title LocalTransactionChain
/// @notice Local only. CanonicalTransactionChain: the queue of transactions that wait on Ethereum to be executed on Metis.
/// @dev Keeps: one queue a chain, the hash of each element, the bounds of gas and size, the alias of the sender, the event that the sequencer
/// executes from. Leaves out: the sequencer's batches, and the L1 gas that is burned above 1,920,000 units of L2 gas.
contract LocalTransactionChain {
    struct QueueElement {
        bytes32 transactionHash;
        uint40 timestamp;
        uint40 blockNumber;
    }

    uint256 public constant MIN_ROLLUP_TX_GAS = 100_000;
    uint256 public constant MAX_ROLLUP_TX_SIZE = 50_000;
    uint256 public constant maxTransactionGasLimit = 15_000_000;

    address public libAddressManager;
    mapping(uint256 chainId => QueueElement[]) private _queue;

    event TransactionEnqueued(
        uint256 _chainId,
        address indexed _l1TxOrigin,
        address indexed _target,
        uint256 _gasLimit,
        bytes _data,
        uint256 indexed _queueIndex,
        uint256 _timestamp
    );

    constructor(address addressManager) {
        libAddressManager = addressManager;
    }

    function enqueueByChainId(uint256 chainId, address target, uint256 gasLimit, bytes calldata data) external {
        require(
            msg.sender == resolve("Proxy__OVM_L1CrossDomainMessenger"),
            "only the cross domain messenger can enqueue"
        );
        require(data.length <= MAX_ROLLUP_TX_SIZE, "Transaction data size exceeds maximum for rollup transaction.");
        require(gasLimit <= maxTransactionGasLimit, "Transaction gas limit exceeds maximum for rollup transaction.");
        require(gasLimit >= MIN_ROLLUP_TX_GAS, "Transaction gas limit too low to enqueue.");

        address origin = LocalCrossDomain.toAlias(msg.sender);
        QueueElement[] storage queue = _queue[chainId];
        queue.push(
            QueueElement(
                keccak256(abi.encode(origin, target, gasLimit, data)),
                uint40(block.timestamp),
                uint40(block.number)
            )
        );
        emit TransactionEnqueued(chainId, origin, target, gasLimit, data, queue.length - 1, block.timestamp);
    }

    function getQueueLengthByChainId(uint256 chainId) external view returns (uint40) {
        return uint40(_queue[chainId].length);
    }

    function getQueueElementByChainId(uint256 chainId, uint256 index) external view returns (QueueElement memory) {
        return _queue[chainId][index];
    }

    function resolve(string memory name) public view returns (address) {
        return IAddressManager(libAddressManager).getAddress(name);
    }
}
