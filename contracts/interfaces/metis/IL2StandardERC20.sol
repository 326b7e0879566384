// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title IL2StandardERC20
/// @notice What Metis's bridge on Metis calls of a token. The channel between our gateways answers it.
/// @dev Source: MetisProtocol/mvm at 79c1236, packages/contracts/contracts/standards/IL2StandardERC20.sol. The bridge asks ERC-165 for
/// 0x1d1d8b63, which is `mint ^ burn ^ l1Token` and so `type(IL2StandardERC20).interfaceId`: inherited functions do not count.
interface IL2StandardERC20 is IERC165 {
    /// @notice A deposit arrived. Only the bridge may call.
    function mint(address to, uint256 amount) external;

    /// @notice A withdrawal leaves. Only the bridge may call.
    function burn(address from, uint256 amount) external;

    /// @notice The token on Ethereum. The bridge mints only what comes from it.
    function l1Token() external view returns (address);
}
