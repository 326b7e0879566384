// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILockingPool} from "../../interfaces/metis/ILockingPool.sol";

/// @notice Local only. One position, in the order in which Metis stores it: 14 slots with a public key of 64 bytes.
struct LocalSequencer {
    uint256 amount;
    uint256 reward;
    uint256 activationBatch;
    uint256 updatedBatch;
    uint256 deactivationBatch;
    uint256 deactivationTime;
    uint256 unlockClaimTime;
    uint256 nonce;
    address owner;
    address signer;
    bytes pubkey;
    address rewardRecipient;
    ILockingPool.Status status;
}
