// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title LocalInitializable
/// @notice Local only. A genesis contract of Metis: its code is put at its address, so no constructor runs; it is filled in once.
abstract contract LocalInitializable {
    bool private _isInitialized;

    modifier initializer() {
        require(!_isInitialized, "Initializable: contract is already initialized");
        _isInitialized = true;
        _;
    }
}
