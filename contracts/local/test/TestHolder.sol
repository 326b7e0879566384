// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

/// @title TestHolder
/// @notice A contract that holds tickets: it does what it is told, signs by naming a hash, and reacts to METIS and to tickets as
/// it was told.
contract TestHolder is IERC721Receiver, IERC1271 {
    /// @notice What it does with METIS or a ticket that comes in.
    enum Mood {
        Accept,
        Refuse,
        BurnAllGas,
        RefuseAtLength
    }

    /// @notice How METIS and tickets are met.
    Mood public mood;
    /// @notice Answers to the calls made while METIS or a ticket came in, empty for one that reverted.
    bytes[] public answers;
    /// @notice The hash that any signature is good for.
    bytes32 public signedHash;

    address private _target;
    bytes[] private _calls;

    /// @notice The holder is told to refuse.
    error TestHolder__Refused();

    receive() external payable {
        _react();
    }

    /// @notice Sets how the next METIS and tickets are met.
    function setMood(Mood newMood) external {
        mood = newMood;
    }

    /// @notice Signs `hash`.
    function sign(bytes32 hash) external {
        signedHash = hash;
    }

    /// @notice Sets the calls to `target` that are made, once, while METIS or a ticket comes in.
    function setCalls(address target, bytes[] calldata calls) external {
        _target = target;
        delete _calls;
        for (uint256 i = 0; i < calls.length; ++i) _calls.push(calls[i]);
        delete answers;
    }

    /// @notice Calls `target`.
    function execute(address target, bytes calldata data) external payable returns (bytes memory answer) {
        bool isDone;
        (isDone, answer) = target.call{value: msg.value}(data);
        if (isDone) return answer;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /// @inheritdoc IERC721Receiver
    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        _react();
        return IERC721Receiver.onERC721Received.selector;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4 magicValue) {
        return hash == signedHash ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    /// @notice How many answers there are.
    function answerCount() external view returns (uint256) {
        return answers.length;
    }

    function _react() private {
        if (mood == Mood.Refuse) revert TestHolder__Refused();
        if (mood == Mood.RefuseAtLength) {
            assembly ("memory-safe") {
                revert(0, 100000)
            }
        }
        if (mood == Mood.BurnAllGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        bytes[] memory calls = _calls;
        delete _calls;
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool isDone, bytes memory answer) = _target.call(calls[i]);
            answers.push(isDone ? answer : bytes(""));
        }
    }
}
