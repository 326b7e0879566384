// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {LocalInitializable} from "./LocalInitializable.sol";

/// @title LocalDeployerWhitelist
/// @notice Local only. OVM_DeployerWhitelist at 0x4200000000000000000000000000000000000002: who may send messages from Metis to Ethereum.
/// @dev Keeps: the list of senders. Leaves out: the list of deployers; deploying is free on Metis.
contract LocalDeployerWhitelist is LocalInitializable {
    address public owner;
    mapping(address sender => bool) public xDomainWL;
    bool public allowAllXDomainSenders;

    modifier onlyOwner() {
        require(msg.sender == owner, "Function can only be called by the owner of this contract.");
        _;
    }

    function initialize(address owner_) external initializer {
        owner = owner_;
    }

    function setWhitelistedXDomainSender(address sender, bool isWhitelisted) external onlyOwner {
        xDomainWL[sender] = isWhitelisted;
    }

    function enableAllXDomainSenders() external onlyOwner {
        allowAllXDomainSenders = true;
    }

    function isXDomainSenderAllowed(address sender) external view returns (bool) {
        return allowAllXDomainSenders || xDomainWL[sender];
    }
}
