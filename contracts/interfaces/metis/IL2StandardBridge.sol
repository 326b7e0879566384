// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IL2StandardBridge
/// @notice What we call of Metis's token bridge on Metis, at 0x4200000000000000000000000000000000000010.
/// @dev Source: MetisProtocol/mvm at 79c1236, packages/contracts/contracts/L2/messaging/L2StandardBridge.sol.
interface IL2StandardBridge {
    /// @notice A withdrawal left for Ethereum.
    event WithdrawalInitiated(
        address indexed l1Token,
        address indexed l2Token,
        address indexed from,
        address to,
        uint256 amount,
        bytes data
    );

    /// @notice A deposit arrived and was minted.
    event DepositFinalized(
        address indexed l1Token,
        address indexed l2Token,
        address indexed from,
        address to,
        uint256 amount,
        bytes data
    );

    /// @notice A deposit arrived for a token that does not answer for it. The message is used up and nothing is sent back.
    event DepositFailed(
        address indexed l1Token,
        address indexed l2Token,
        address indexed from,
        address to,
        uint256 amount,
        bytes data
    );

    /// @notice Calls `l2Token.burn(caller, amount)` and has the bridge on Ethereum call `transfer(to, amount)` on its L1 token.
    /// @dev `msg.value` is the fee, at least `IGasPriceOracle.minErc20BridgeCost()`; all of it is kept. `l1Gas` is not used.
    function withdrawTo(
        address l2Token,
        address to,
        uint256 amount,
        uint32 l1Gas,
        bytes calldata data
    ) external payable;

    /// @notice Burns `amount` wei of the caller's native METIS, without allowance, and pays METIS to `to` on Ethereum.
    /// @dev The fee in `msg.value` is paid first and comes on top of `amount`.
    function withdrawMetisTo(address to, uint256 amount, uint32 l1Gas, bytes calldata data) external payable;
}
