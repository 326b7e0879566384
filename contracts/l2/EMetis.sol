// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IEMetis} from "../interfaces/IEMetis.sol";
import {PermitToken} from "./PermitToken.sol";

/// @title EMetis
/// @notice See {IEMetis}.
contract EMetis is IEMetis, PermitToken {
    /// @notice Mints for the METIS it books, burns what its callers redeem.
    address public immutable STAKING_POOL;

    /// @notice Burns of its own what a loss takes from it.
    address public immutable SE_METIS;

    /// @notice Burns of its own what it has finalised.
    address public immutable REDEMPTION_QUEUE;

    constructor(address stakingPool, address seMetis, address queue) PermitToken("eMetis", "eMetis") {
        STAKING_POOL = stakingPool;
        SE_METIS = seMetis;
        REDEMPTION_QUEUE = queue;
    }

    /// @inheritdoc IEMetis
    function mint(address receiver, uint256 assets) external returns (uint256 supply) {
        require(msg.sender == STAKING_POOL, EMetis__Unauthorized(msg.sender));
        _mint(receiver, assets);
        return totalSupply();
    }

    /// @inheritdoc IEMetis
    function burn(address owner, uint256 assets) external returns (uint256 supply) {
        require(_isBurner(msg.sender, owner), EMetis__Unauthorized(msg.sender));
        _burn(owner, assets);
        return totalSupply();
    }

    function _isBurner(address caller, address owner) private view returns (bool) {
        if (caller == STAKING_POOL) return true;
        return caller == owner && (caller == SE_METIS || caller == REDEMPTION_QUEUE);
    }
}
