// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IDiscountOracle
/// @notice What we read of MVM_DiscountOracle, which prices messages to Metis.
/// @dev Source: MetisProtocol/mvm at 79c1236, packages/contracts/contracts/MVM/MVM_DiscountOracle.sol. The one in force is
/// `IAddressManager.getAddress("MVM_DiscountOracle")`.
interface IDiscountOracle {
    /// @notice Wei of ETH for one unit of L2 gas. 0 while messages are free.
    function getDiscount() external view returns (uint256);

    /// @notice The least L2 gas that is charged and passed on. The bridge reads its low 32 bits only.
    function getMinL2Gas() external view returns (uint256);
}
