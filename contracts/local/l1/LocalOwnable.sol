// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title LocalOwnable
/// @notice Local only. What Metis's upgradeable contracts on Ethereum take from OpenZeppelin 4: an initialiser that runs once, an owner,
/// a pause.
/// @dev Keeps the names, events and revert strings. Leaves out the lock of the implementation and the storage gaps.
abstract contract LocalOwnable {
    address public owner;
    uint8 private _initialized;
    bool internal _paused;

    event Initialized(uint8 version);
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);
    event Paused(address account);
    event Unpaused(address account);

    modifier initializer() {
        require(_initialized == 0, "Initializable: contract is already initialized");
        _initialized = 1;
        _setOwner(msg.sender);
        _;
        emit Initialized(1);
    }

    modifier onlyOwner() {
        require(msg.sender == owner, "Ownable: caller is not the owner");
        _;
    }

    modifier whenNotPaused() {
        require(!_paused, "Pausable: paused");
        _;
    }

    function transferOwnership(address newOwner) external onlyOwner {
        require(newOwner != address(0), "Ownable: new owner is the zero address");
        _setOwner(newOwner);
    }

    function renounceOwnership() external onlyOwner {
        _setOwner(address(0));
    }

    function _setPaused(bool yes) internal {
        require(_paused != yes, yes ? "Pausable: paused" : "Pausable: not paused");
        _paused = yes;
        if (yes) emit Paused(msg.sender);
        else emit Unpaused(msg.sender);
    }

    function _setOwner(address newOwner) private {
        emit OwnershipTransferred(owner, newOwner);
        owner = newOwner;
    }
}
