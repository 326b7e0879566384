// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IGasPriceOracle} from "../../interfaces/metis/IGasPriceOracle.sol";

import {LocalInitializable} from "./LocalInitializable.sol";

/// @title LocalGasPriceOracle
/// @notice Local only. OVM_GasPriceOracle at 0x420000000000000000000000000000000000000F.
/// @dev Keeps: the fee of a withdrawal, set by the owner without a bound. Leaves out: the price of L2 gas and of data on L1.
contract LocalGasPriceOracle is IGasPriceOracle, LocalInitializable {
    address public owner;
    uint256 public minErc20BridgeCost;

    event MinErc20BridgeCostUpdated(uint256);

    modifier onlyOwner() {
        require(msg.sender == owner, "Function can only be called by the owner of this contract.");
        _;
    }

    function initialize(address owner_, uint256 minCost) external initializer {
        owner = owner_;
        minErc20BridgeCost = minCost;
    }

    function setMinErc20BridgeCost(uint256 minCost) external onlyOwner {
        minErc20BridgeCost = minCost;
        emit MinErc20BridgeCostUpdated(minCost);
    }
}
