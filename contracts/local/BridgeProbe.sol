// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IL1StandardBridge} from "../interfaces/metis/IL1StandardBridge.sol";
import {IL2StandardBridge} from "../interfaces/metis/IL2StandardBridge.sol";
import {IL2StandardERC20} from "../interfaces/metis/IL2StandardERC20.sol";

/// @title BridgeProbe
/// @notice Local only. Poses as a token on either chain, records what the bridges call, refuses when told to. Takes no native coin: it has no
/// `receive`.
/// @dev Stands on L1 with `peer` its twin on L2, or the other way round.
contract BridgeProbe is IL2StandardERC20 {
    address public l1Token;
    bool public isRefusing;
    uint256 public pulls;
    uint256 public payouts;
    uint256 public mints;
    uint256 public burns;
    address public lastAccount;
    uint256 public lastAmount;

    /// @notice It was told to refuse.
    error BridgeProbe__Refusing();

    constructor(address l1Token_) payable {
        l1Token = l1Token_;
    }

    function setL1Token(address l1Token_) external {
        l1Token = l1Token_;
    }

    function setRefusing(bool yes) external {
        isRefusing = yes;
    }

    /// @notice Deposits itself on L1: what arrives on L2 is a call of `peer.mint(to, amount)`.
    function depositSelf(
        IL1StandardBridge bridge,
        uint256 chainId,
        address peer,
        address to,
        uint256 amount,
        uint32 l2Gas
    ) external payable {
        bridge.depositERC20ToByChainId{value: msg.value}(chainId, address(this), peer, to, amount, l2Gas, "");
    }

    /// @notice Withdraws itself on L2: what arrives on L1 is a call of `l1Token.transfer(to, amount)`.
    function withdrawSelf(IL2StandardBridge bridge, address to, uint256 amount) external payable {
        bridge.withdrawTo{value: msg.value}(address(this), to, amount, 0, "");
    }

    /// @notice Withdraws its native METIS on L2.
    function withdrawMetis(IL2StandardBridge bridge, address to, uint256 amount) external payable {
        bridge.withdrawMetisTo{value: msg.value}(to, amount, 0, "");
    }

    function mint(address to, uint256 amount) external {
        _record(to, amount);
        mints++;
    }

    function burn(address from, uint256 amount) external {
        _record(from, amount);
        burns++;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _record(to, amount);
        payouts++;
        return true;
    }

    function transferFrom(address from, address, uint256 amount) external returns (bool) {
        _record(from, amount);
        pulls++;
        return true;
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == 0x01ffc9a7 || interfaceId == 0x1d1d8b63;
    }

    function _record(address account, uint256 amount) private {
        if (isRefusing) revert BridgeProbe__Refusing();
        lastAccount = account;
        lastAmount = amount;
    }
}
