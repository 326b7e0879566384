// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title LocalMetis
/// @notice Local only. METIS on Ethereum.
/// @dev Keeps: a plain ERC-20 with 18 decimals, no fee and no callback, with the symbol of the real one. Leaves out: its revert strings (these
/// are OpenZeppelin 5's errors), its minters, and the purchase with ETH that Sepolia's has.
contract LocalMetis is ERC20, Ownable {
    constructor(address initialOwner) ERC20("Metis Token", "Metis") Ownable(initialOwner) {}

    /// @notice Creates METIS from nothing. Only the owner.
    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }
}
