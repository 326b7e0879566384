// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";

/// @title LocalProxy
/// @notice Local only. The proxy in front of each contract that Metis can upgrade on Ethereum.
/// @dev Keeps: the slots of ERC-1967, two cold storage reads a call, an admin who can only upgrade. Leaves out: the ProxyAdmin contract,
/// the ownership and pause of L1ChugSplashProxy, and the look-up by name of Lib_ResolvedDelegateProxy.
contract LocalProxy is Proxy {
    constructor(address implementation, address admin, bytes memory data) payable {
        ERC1967Utils.changeAdmin(admin);
        ERC1967Utils.upgradeToAndCall(implementation, data);
    }

    receive() external payable {
        _fallback();
    }

    /// @notice Changes the implementation. For anybody but the admin this is a call of the implementation.
    function upgradeTo(address implementation) external {
        if (msg.sender != ERC1967Utils.getAdmin()) _fallback();
        ERC1967Utils.upgradeToAndCall(implementation, "");
    }

    function _fallback() internal override {
        require(
            msg.sender != ERC1967Utils.getAdmin(),
            "TransparentUpgradeableProxy: admin cannot fallback to proxy target"
        );
        super._fallback();
    }

    function _implementation() internal view override returns (address) {
        return ERC1967Utils.getImplementation();
    }
}
