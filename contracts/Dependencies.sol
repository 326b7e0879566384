// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

// Contracts of OpenZeppelin that are deployed as they are; importing them here has them compiled like ours.
// solhint-disable no-unused-import
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
