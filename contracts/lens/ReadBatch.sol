// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title ReadBatch
/// @notice Many reads in one `eth_call`, all of the same block. Never deployed: the call carries this contract's creation
/// code and its constructor answers, so no contract has to be trusted, or exist, on the chain that is read.
/// @dev The answer must stay below the limit of EIP-170 (24,576 bytes), for nodes take it for the code of a new contract.
contract ReadBatch {
    /// @notice A call to `target`. Without `data` it asks for the balance of `target` in the chain's own coin, wei.
    struct Read {
        address target;
        bytes data;
    }

    /// @notice What came back: the result, or the revert's data; and the hash of the code at the target, which tells whether
    /// there is a contract, and which.
    struct Answer {
        bool isDone;
        bytes32 codeHash;
        bytes data;
    }

    /// @dev Answers abi.encode(chain id, block number, block timestamp, Answer[]).
    constructor(Read[] memory reads) {
        Answer[] memory answers = new Answer[](reads.length);
        for (uint256 i = 0; i < reads.length; i++) answers[i] = _answer(reads[i]);
        bytes memory output = abi.encode(block.chainid, block.number, block.timestamp, answers);
        // A constructor can return something else than code by no other means.
        assembly ("memory-safe") {
            return(add(output, 32), mload(output))
        }
    }

    function _answer(Read memory read) private view returns (Answer memory answer) {
        answer.codeHash = read.target.codehash;
        if (read.data.length == 0) {
            answer.isDone = true;
            answer.data = abi.encode(read.target.balance);
        } else {
            (answer.isDone, answer.data) = read.target.staticcall(read.data);
        }
    }
}
