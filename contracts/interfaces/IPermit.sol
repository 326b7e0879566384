// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IPermit
/// @notice The form of an ERC-2612 permit that leaves the shape of the signature to its owner: 65 bytes of an account's key,
/// or whatever an ERC-1271 contract takes.
interface IPermit {
    /// @notice Sets `spender`'s allowance over `owner`'s tokens to `value`, by `owner`'s signature. Anyone may bring it.
    /// @dev Signs the same EIP-712 struct, with the same nonce, as the form with v, r, s. Valid until `deadline`, Unix seconds,
    /// that second included.
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature) external;
}
