// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAddressManager} from "../../interfaces/metis/IAddressManager.sol";

import {LocalOwnable} from "./LocalOwnable.sol";

/// @title LocalAddressManager
/// @notice Local only. Lib_AddressManager, Metis's address book on Ethereum.
/// @dev Keeps: names to addresses, an owner, the event. Leaves out: nothing that we call.
contract LocalAddressManager is IAddressManager, LocalOwnable {
    mapping(bytes32 nameHash => address) private _addresses;

    event AddressSet(string indexed _name, address _newAddress, address _oldAddress);

    constructor() initializer {}

    function setAddress(string calldata name, address newAddress) external onlyOwner {
        bytes32 nameHash = keccak256(bytes(name));
        address oldAddress = _addresses[nameHash];
        _addresses[nameHash] = newAddress;
        emit AddressSet(name, newAddress, oldAddress);
    }

    /// @inheritdoc IAddressManager
    function getAddress(string calldata name) external view returns (address) {
        return _addresses[keccak256(bytes(name))];
    }
}
