// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Messages} from "../../libraries/Messages.sol";

/// @title TestMessages
/// @notice The codec of {Messages}.
contract TestMessages {
    function encodeReport(Messages.Report memory report) external pure returns (bytes memory payload) {
        return Messages.encode(report);
    }

    function encodeL1Deposit(Messages.L1Deposit memory l1Deposit) external pure returns (bytes memory payload) {
        return Messages.encode(l1Deposit);
    }

    function kindOf(bytes calldata payload) external pure returns (Messages.Kind kind) {
        return Messages.kindOf(payload);
    }

    function decodeReport(bytes calldata payload) external pure returns (Messages.Report memory report) {
        return Messages.decodeReport(payload);
    }

    function decodeL1Deposit(bytes calldata payload) external pure returns (Messages.L1Deposit memory l1Deposit) {
        return Messages.decodeL1Deposit(payload);
    }

    function envelopeHash(
        Messages.Route memory route,
        uint256 number,
        bytes32 payloadHash
    ) external pure returns (bytes32 hash) {
        return Messages.envelopeHash(route, number, payloadHash);
    }

    function toChannel(bytes32 hash) external pure returns (address to, uint256 amount) {
        return Messages.toChannel(hash);
    }

    function fromChannel(address to, uint256 amount) external pure returns (bytes32 hash) {
        return Messages.fromChannel(to, amount);
    }

    function toAddress(Messages.Need memory need) external pure returns (address to) {
        return Messages.toAddress(need);
    }

    function toNeed(address to) external pure returns (Messages.Need memory need) {
        return Messages.toNeed(to);
    }
}
