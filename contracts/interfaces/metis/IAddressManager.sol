// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IAddressManager
/// @notice What we call of Lib_AddressManager, Metis's address book on Ethereum.
/// @dev Source: MetisProtocol/mvm at 79c1236, packages/contracts/contracts/libraries/resolver/Lib_AddressManager.sol.
interface IAddressManager {
    /// @notice The address called `name`, 0 if there is none.
    function getAddress(string calldata name) external view returns (address);
}
