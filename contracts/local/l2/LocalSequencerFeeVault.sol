// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title LocalSequencerFeeVault
/// @notice Local only. OVM_SequencerFeeVault at 0x4200000000000000000000000000000000000011, where the fees of withdrawals end.
/// @dev Keeps: takes any call with value. Leaves out: what Metis does with the fees.
contract LocalSequencerFeeVault {
    receive() external payable {}

    fallback() external payable {}
}
