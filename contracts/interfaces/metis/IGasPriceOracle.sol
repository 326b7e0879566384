// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IGasPriceOracle
/// @notice What we read of OVM_GasPriceOracle on Metis, at 0x420000000000000000000000000000000000000F.
/// @dev Source: MetisProtocol/mvm at 79c1236, packages/contracts/contracts/L2/predeploys/OVM_GasPriceOracle.sol.
interface IGasPriceOracle {
    /// @notice The fee of a withdrawal to Ethereum, in wei of METIS. Metis can change it at any time.
    function minErc20BridgeCost() external view returns (uint256);
}
