// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title LocalCrossDomain
/// @notice Local only. What both messengers share: how a message is encoded, where the messenger of Metis lives, how a sender is aliased.
library LocalCrossDomain {
    /// @notice What a messenger holds while it relays nothing.
    address internal constant NO_SENDER = 0x000000000000000000000000000000000000dEaD;
    address internal constant L2_MESSENGER = 0x4200000000000000000000000000000000000007;
    uint160 private constant ALIAS = uint160(0x1111000000000000000000000000000000001111);

    /// @notice The call that relays a message. Its hash names the message on both chains.
    function encode(
        address target,
        address sender,
        bytes memory message,
        uint256 nonce
    ) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("relayMessage(address,address,bytes,uint256)", target, sender, message, nonce);
    }

    /// @notice Who an L1 contract is on L2.
    function toAlias(address l1Address) internal pure returns (address) {
        // Wraps around, as the addition of addresses does.
        unchecked {
            return address(uint160(l1Address) + ALIAS);
        }
    }
}
