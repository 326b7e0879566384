// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IL1StandardBridge
/// @notice What we call of Metis's token bridge on Ethereum.
/// @dev Source: MetisProtocol/mvm at 79c1236, packages/contracts/contracts/L1/messaging/L1StandardBridge.sol. Its functions without
/// `ByChainId` are for chain 1088 only, so we call none of them.
interface IL1StandardBridge {
    /// @notice A deposit left for Metis.
    event ERC20DepositInitiated(
        address indexed l1Token,
        address indexed l2Token,
        address indexed from,
        address to,
        uint256 amount,
        bytes data
    );

    /// @notice A withdrawal arrived from Metis.
    event ERC20WithdrawalFinalized(
        address indexed l1Token,
        address indexed l2Token,
        address indexed from,
        address to,
        uint256 amount,
        bytes data
    );

    /// @notice Takes `amount` of `l1Token` from the caller and has `l2Token.mint(to, amount)` called on chain `chainId`.
    /// @dev `msg.value` is the fee: at least `max(l2Gas, minL2Gas) * discount` of the discount oracle; Metis keeps the surplus.
    /// `data` is only emitted. With METIS as `l1Token`, `l2Token` is ignored and the receiver's native balance grows.
    function depositERC20ToByChainId(
        uint256 chainId,
        address l1Token,
        address l2Token,
        address to,
        uint256 amount,
        uint32 l2Gas,
        bytes calldata data
    ) external payable;

    /// @notice What was deposited and not withdrawn for a pair of tokens. A withdrawal above it reverts.
    function deposits(address l1Token, uint256 chainId, address l2Token) external view returns (uint256);

    /// @notice Metis's address book on Ethereum.
    function addressmgr() external view returns (address);

    /// @notice METIS on Ethereum.
    function metis() external view returns (address);

    /// @notice L1CrossDomainMessenger.
    function messenger() external view returns (address);

    /// @notice L2StandardBridge.
    function l2TokenBridge() external view returns (address);
}
