// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IEMetis
/// @notice eMetis: one wei of it stands for one wei of METIS held by the protocol on either chain. 18 decimals, no
/// rebase, no fee on transfer, no owner.
/// @dev ERC-2612 permits, in both forms, also take ERC-1271 signatures; the domain is readable by ERC-5267.
interface IEMetis is IERC20 {
    /// @notice `caller` may not mint, or may not burn what `owner` holds.
    error EMetis__Unauthorized(address caller);

    /// @notice Mints `assets` wei of eMetis to `receiver`.
    /// @dev Only StakingPool, which has booked the METIS behind it in the same transaction.
    /// @return supply Wei of eMetis in existence afterwards.
    function mint(address receiver, uint256 assets) external returns (uint256 supply);

    /// @notice Burns `assets` wei of eMetis held by `owner`.
    /// @dev StakingPool for the caller of its own functions; SEMetis and RedemptionQueue for themselves only.
    /// @return supply Wei of eMetis in existence afterwards.
    function burn(address owner, uint256 assets) external returns (uint256 supply);
}
