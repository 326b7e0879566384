// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title BridgeGas
/// @notice The gas on Metis that deliveries from Ethereum are paid for.
library BridgeGas {
    /// @notice For a message through the token-bridge channel: L2Gateway stores its hash.
    uint32 internal constant MESSAGE = 400_000;
    /// @notice For METIS, also when LockingPool sends it as a reward.
    uint32 internal constant METIS = 250_000;
}
