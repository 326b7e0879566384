// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IPermit} from "../interfaces/IPermit.sol";

/// @title PermitToken
/// @notice An ERC-20 of 18 decimals whose permits (ERC-2612) also take the signatures of contracts (ERC-1271).
/// @dev The EIP-712 domain, version "1", is readable by ERC-5267 and follows a fork of the chain.
abstract contract PermitToken is ERC20Permit, IPermit {
    /// @notice EIP-712 type of what an owner signs.
    bytes32 public constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    constructor(string memory name_, string memory symbol_) ERC20(name_, symbol_) ERC20Permit(name_) {}

    /// @inheritdoc IPermit
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _permit(owner, spender, value, deadline, signature);
    }

    /// @notice As the other form, with the signature in three parts: an ERC-1271 contract sees 65 bytes, `r`, `s`, `v`.
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) public override {
        _permit(owner, spender, value, deadline, abi.encodePacked(r, s, v));
    }

    function _permit(address owner, address spender, uint256 value, uint256 deadline, bytes memory signature) private {
        require(block.timestamp <= deadline, ERC2612ExpiredSignature(deadline));
        bytes32 hash = _hashTypedDataV4(
            keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, _useNonce(owner), deadline))
        );
        if (!SignatureChecker.isValidSignatureNow(owner, hash, signature)) {
            (address signer, , ) = ECDSA.tryRecover(hash, signature);
            revert ERC2612InvalidSigner(signer, owner);
        }
        _approve(owner, spender, value);
    }
}
