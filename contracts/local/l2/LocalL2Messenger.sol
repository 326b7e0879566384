// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {LocalCrossDomain} from "../LocalCrossDomain.sol";

import {LocalDeployerWhitelist} from "./LocalDeployerWhitelist.sol";
import {LocalInitializable} from "./LocalInitializable.sol";

/// @title LocalL2Messenger
/// @notice Local only. L2CrossDomainMessenger at 0x4200000000000000000000000000000000000007.
/// @dev Keeps: the aliased L1 messenger as the only relayer; a failing target is recorded and can be tried again, it does not revert; one success a
/// message; the whitelist of senders; the whole value of a message goes to the fee vault. Leaves out: the message passer that L1 proves against,
/// and the older L1 timestamp that the block of a delivery carries.
contract LocalL2Messenger is LocalInitializable {
    address internal constant MESSAGE_PASSER = 0x4200000000000000000000000000000000000000;
    address internal constant DEPLOYER_WHITELIST = 0x4200000000000000000000000000000000000002;
    address payable internal constant SEQUENCER_FEE_WALLET = payable(0x4200000000000000000000000000000000000011);

    mapping(bytes32 relayId => bool) public relayedMessages;
    mapping(bytes32 messageHash => bool) public successfulMessages;
    mapping(bytes32 messageHash => bool) public sentMessages;
    uint256 public messageNonce;
    address private _xDomainMsgSender;
    address public l1CrossDomainMessenger;

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

    modifier onlyWhitelisted() {
        require(
            LocalDeployerWhitelist(DEPLOYER_WHITELIST).isXDomainSenderAllowed(msg.sender),
            "L2 to L1 messages are restricted to whitelisted senders."
        );
        _;
    }

    function initialize(address l1Messenger) external initializer {
        l1CrossDomainMessenger = l1Messenger;
        _xDomainMsgSender = LocalCrossDomain.NO_SENDER;
    }

    /// @notice Sends a message to Ethereum. Only whitelisted senders; all of `msg.value` is the fee.
    function sendMessage(address target, bytes memory message, uint32 gasLimit) external payable onlyWhitelisted {
        uint256 nonce = messageNonce;
        sentMessages[keccak256(LocalCrossDomain.encode(target, msg.sender, message, nonce))] = true;
        SEQUENCER_FEE_WALLET.transfer(msg.value);
        emit SentMessage(target, msg.sender, message, nonce, gasLimit, 1);
        messageNonce = nonce + 1;
    }

    /// @notice Executes a message from Ethereum. Only the aliased messenger of Ethereum.
    function relayMessage(address target, address sender, bytes memory message, uint256 nonce) external {
        require(
            msg.sender == LocalCrossDomain.toAlias(l1CrossDomainMessenger),
            "Provided message could not be verified."
        );
        bytes memory data = LocalCrossDomain.encode(target, sender, message, nonce);
        bytes32 messageHash = keccak256(data);
        require(!successfulMessages[messageHash], "Provided message has already been received.");
        if (target == MESSAGE_PASSER) {
            successfulMessages[messageHash] = true;
            return;
        }

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

    function xDomainMessageSender() external view returns (address) {
        require(_xDomainMsgSender != LocalCrossDomain.NO_SENDER, "xDomainMessageSender is not set");
        return _xDomainMsgSender;
    }
}
